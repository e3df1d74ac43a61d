"""The queries behind the screens; nothing here changes anything."""

from console.queries.history import story_of

__all__ = ["story_of"]
