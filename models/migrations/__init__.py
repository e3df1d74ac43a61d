"""Runs the migrations of the schema with Alembic, up and down."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_INI = Path(__file__).parents[2] / "alembic.ini"


def upgrade(database_url: str, revision: str = "head", keys: object = None) -> None:
    """Bring the database up to this revision; rows that are there are sealed with this ring."""
    command.upgrade(config(database_url, keys), revision)


def downgrade(database_url: str, revision: str = "base", keys: object = None) -> None:
    """Take the database back down to this revision; what was clear there is opened with this."""
    command.downgrade(config(database_url, keys), revision)


def config(database_url: str, keys: object = None) -> Config:
    """The Alembic configuration for this database."""
    found = Config(str(_INI))
    found.attributes["database_url"] = database_url
    found.attributes["keys"] = keys
    return found
