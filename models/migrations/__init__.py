"""Runs the migrations of the schema with Alembic, up and down."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_INI = Path(__file__).parents[2] / "alembic.ini"


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database up to this revision."""
    command.upgrade(config(database_url), revision)


def downgrade(database_url: str, revision: str = "base") -> None:
    """Take the database back down to this revision."""
    command.downgrade(config(database_url), revision)


def config(database_url: str) -> Config:
    """The Alembic configuration for this database."""
    found = Config(str(_INI))
    found.attributes["database_url"] = database_url
    return found
