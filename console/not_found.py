"""The one way to say that there is no such thing, or that this person must not know of it."""

from typing import ClassVar

from rules.errors import Forbidden


class NotFound(Forbidden):
    """Nothing of this number that the person may see."""

    why: ClassVar[str] = "not_found"
