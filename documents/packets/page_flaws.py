"""What makes the picture of a page hard to read, and the words in which it is told at once; imports
nothing slow, so that the child starts fast."""

from enum import StrEnum

from language import N_, _


class PageFlaw(StrEnum):
    """A flaw of a picture; the value travels between the program and its child process."""

    DARK = "dark"
    BLURRED = "blurred"
    CUT_OFF = "cut_off"
    GLARE = "glare"
    SEALED = "sealed"


_WORDS = {
    PageFlaw.DARK: N_("太暗"),
    PageFlaw.BLURRED: N_("模糊"),
    PageFlaw.CUT_OFF: N_("边上的字没有拍全"),
    PageFlaw.GLARE: N_("有反光"),
    PageFlaw.SEALED: N_("有印章盖在字上"),
}


def in_words(flaw: PageFlaw) -> str:
    """The words for who has the paper."""
    return _(_WORDS[flaw])
