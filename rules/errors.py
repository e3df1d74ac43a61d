"""The whole error hierarchy; any other exception is a bug."""

from typing import ClassVar


class HuzhuError(Exception):
    """Root of what the program raises on purpose."""


class Refused(HuzhuError):
    """A person may not do this now; the message is the sentence for the screen.

    `at` is the field of the form the sentence is about, empty where it is about the whole form;
    `row` counts the fields of that name from 1.
    """

    def __init__(self, sentence: str, at: str = "", row: int = 1) -> None:
        super().__init__(sentence)
        self.at, self.row = at, row


class Forbidden(Refused):
    """The person may not do this, whenever he tries: that he tried is kept in the log.

    `why` is the word for that in the log.
    """

    why: ClassVar[str] = "right"


class OwnWork(Forbidden):
    """Another person has to check or decide what this one did himself."""

    why: ClassVar[str] = "own_work"


class BadInput(Refused):
    """What was handed in cannot be understood; the message names thing, field and value."""


class FieldFault(BadInput):
    """One field of a case does not fit: its `path` as the case writes it, and what is wrong."""

    def __init__(self, sentence: str, path: str, wrong: str) -> None:
        super().__init__(sentence)
        self.path, self.wrong = path, wrong


class Transient(HuzhuError):
    """The cause will pass: try again later."""
