"""Where a person says of an event something else than the papers show, or what denies it."""

from collections.abc import Mapping

from workflows.claims.events.events_read import (
    STAY,
    kind_of,
    read_event,
    said_of,
    stay_shown,
    which_stay,
)
from workflows.claims.events.papers_show import PapersShow

# To name an illness is to choose among those the papers suggest.
_NAMING = ("illness", "to_name")


def needs_why(papers: PapersShow, told: Mapping[str, object]) -> bool:
    """Whether what is told of an event needs a reason, whatever was decided of it before."""
    kind = kind_of(told)
    shown = stay_shown(which_stay(told)) if kind == STAY else {"kind": kind}
    said = {name: value for name, value in said_of(told).items() if name not in _NAMING}
    return bool(told.get("first_doubted")) or _differs(read_event(papers, shown), said)


def _differs(shown: Mapping[str, object], said: Mapping[str, object]) -> bool:
    return any(name in shown and _is_other(shown[name], value) for name, value in said.items())


def _is_other(shown: object, said: object) -> bool:
    if isinstance(shown, Mapping) and isinstance(said, Mapping):
        return _differs(shown, said)
    return shown is not None and str(shown) != str(said)
