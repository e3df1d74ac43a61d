"""The settings of intake: how long it waits for what is dropped, and how long it keeps it."""

from pydantic import Field, NonNegativeInt, PositiveInt
from pydantic_settings import BaseSettings


class IntakeSettings(BaseSettings):
    """How patient the drop folder is, and what is kept of what came."""

    keep_originals_days: NonNegativeInt = Field(
        default=0,
        description="Days for which what was dropped or uploaded is kept, sealed, beside the papers"
        " in the store; 0: removed once it is taken in",
    )
    keep_refused_days: PositiveInt = Field(
        default=30,
        description="Days for which what holds a file that could not be used is kept, sealed, for a"
        " person to look at; nothing goes that nobody could look at",
    )
    quiet_seconds: float = Field(
        default=10.0, description="A dropped file counts once it has not changed for this long"
    )
    folder_quiet_seconds: float = Field(
        default=45.0,
        description="The same of a dropped folder, which people and flatbed scanners fill slowly",
    )
    unfinished_seconds: float = Field(
        default=300.0,
        description="A file whose end is not there yet is waited for so long after its last change",
    )
    same_name_minutes: NonNegativeInt = Field(
        default=60,
        description="What is dropped under the same name within so many minutes joins the claim"
        " that the first one made",
    )
    look_seconds: float = Field(default=2.0, description="Time between looks into the drop folder")
