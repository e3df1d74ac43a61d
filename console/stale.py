"""Whether a form still shows what is kept: of two tabs, the later save must not win unseen."""

from collections.abc import Sequence
from hashlib import sha256

from console import formatting, labels
from console.event_form import FormLine
from documents.reading.fields import FieldName
from language import _
from models import Field, Heir
from rules.errors import Refused

SHOWN = "shown"
"""The form's hidden field: the mark of what the form showed."""

NEW = "new"
"""The mark of a form that shows nothing kept."""


class Stale(Refused):
    """What the form showed has been changed since; `shown` is the mark of what is kept now.

    The sentence names both values. With the new mark the person may save what he typed.
    """

    def __init__(self, sentence: str, at: str, shown: str) -> None:
        super().__init__(sentence, at)
        self.shown = shown


def mark_of_field(field: Field | None) -> str:
    """The mark of a value; each time it is kept it is another one."""
    return _mark(field.value) if field else NEW


def mark_of_event(lines: Sequence[FormLine]) -> str:
    """The mark of an event as its form shows it."""
    return _mark(repr([(line.name, line.value) for line in lines]).encode())


def mark_of_heirs(heirs: Sequence[Heir]) -> str:
    """The mark of the heirs in force."""
    return _mark(repr([heir.id for heir in heirs]).encode()) if heirs else NEW


def require_field_as_shown(
    shown: str, name: FieldName, field: Field | None, value: str, typed: str | None
) -> None:
    """Stale where another value was kept since; `typed` is the one to be kept, None where the one
    that was shown is only confirmed."""
    if shown in ("", now := mark_of_field(field)):
        return
    words = {"field": labels.field(name), "now": formatting.value(name, value)}
    if typed is None:
        sentence = _("“%(field)s”在本页打开之后已改为 %(now)s：请核对后再确认") % words
    else:
        words["typed"] = formatting.value(name, typed)
        sentence = _(
            "“%(field)s”在本页打开之后已改为 %(now)s，您填写的是 %(typed)s："
            "请核对；仍要保存的，再按一次"
        )
    raise Stale(sentence % words, "value", now)


def require_event_as_shown(
    shown: str, now: Sequence[FormLine] | None, typed: dict[str, str]
) -> None:
    """Stale where the event's form would show something else by now; None if there is no event."""
    mark = NEW if now is None else mark_of_event(now)
    if shown in ("", mark):
        return
    told = [
        _("%(field)s：现为“%(now)s”，您填写的是“%(typed)s”")
        % {"field": line.label, "now": _word(line, line.value), "typed": _word(line, mine)}
        for line in now or ()
        if (mine := typed.get(line.name, "").strip()) != line.value
    ]
    both = _("；").join(told)
    sentence = _("这个事件在本页打开之后已有变动（%(both)s）：请核对；仍要保存的，再按一次")
    raise Stale(sentence % {"both": both}, "", mark)


def require_heirs_as_shown(
    shown: str, heirs: Sequence[Heir], now: Sequence[str], typed: Sequence[str]
) -> None:
    """Stale where other heirs were keyed since; `now` and `typed` are their names and shares."""
    mark = mark_of_heirs(heirs)
    if shown in ("", mark):
        return
    words = {"now": _("、").join(now), "typed": _("、").join(typed)}
    sentence = _(
        "继承人在本页打开之后已改为 %(now)s，您填写的是 %(typed)s：请核对；仍要保存的，再按一次"
    )
    raise Stale(sentence % words, "", mark)


def _word(line: FormLine, value: str) -> str:
    return line.choices.get(value, value) or "—"


def _mark(what: bytes) -> str:
    return sha256(what).hexdigest()[:16]
