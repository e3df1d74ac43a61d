"""Ties what a second person decides to the proposal he was shown, not to one made since."""

import hashlib
import json

from language import _
from rules.errors import Refused


def mark_of(*told: object) -> str:
    """What a form sends back of all that it told of a proposal, so that another one is noticed."""
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:20]


def refuse_another(now: str, shown: str) -> None:
    """Refused where the proposal of this mark is not the one that was shown."""
    if now != shown:
        raise Refused(_("所提的内容在显示之后已有变动，请重新核对"))
