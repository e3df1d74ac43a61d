"""The one way to say that there is no such thing, or that this person must not know of it."""

from rules.errors import Refused


class NotFound(Refused):
    """Nothing of this number that the person may see."""
