"""Says at once which pages of a packet are hard to read; they are taken in all the same."""

from collections.abc import Sequence

from documents.packets.page_flaws import in_words
from documents.packets.surveyed import SurveyedPage
from language import _

_MOST = 20
"""So many pages are named one by one."""


def hard_to_read(pages: Sequence[SurveyedPage]) -> list[str]:
    """A sentence for each flawed page, by its place among all pages of the packet, from 1."""
    flawed = [(place, page) for place, page in enumerate(pages, 1) if page.flaws]
    told = [_told(place, page) for place, page in flawed[:_MOST]]
    if more := len(flawed) - len(told):
        told.append(_("另有 %(count)s 页也可能读不清") % {"count": more})
    return told


def _told(place: int, page: SurveyedPage) -> str:
    words = {"n": place, "flaws": _("、").join(map(in_words, page.flaws))}
    return _("第 %(n)s 页%(flaws)s，可能读不清；可以重新拍照补交") % words
