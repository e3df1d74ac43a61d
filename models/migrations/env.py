"""Connects Alembic to the database: by the URL passed in, or by DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import create_engine

from models import Base

url = context.config.attributes.get("database_url") or os.environ["DATABASE_URL"]
engine = create_engine(url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        # Two processes that start at once must not both migrate.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7241)")
        context.run_migrations()
engine.dispose()
