"""The whole error hierarchy; anything else that flies is a bug."""


class HuzhuError(Exception):
    """Root of what the program raises on purpose."""


class Refused(HuzhuError):
    """A person may not do this now; the message is the sentence for the screen."""


class BadInput(Refused):
    """What was handed in cannot be understood; the message names thing, field and value."""


class Transient(HuzhuError):
    """The cause will pass: try again later."""
