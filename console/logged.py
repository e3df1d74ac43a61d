"""One event of the log in words, for the auditor's page and its export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from console import labels
from console.event_words import CHANNELS, FILES, WAYS, WHY
from console.queries.audit_log import LoggedEvent
from console.queries.history import told_of
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from models import AuditEvent, Installation
from models.machines import MACHINES
from models.people import ROLE_WORDS, Role
from workflows.audit.nightly_check import CHECKED
from workflows.engine.office import BEIJING
from workflows.engine.origin import Channel
from workflows.people.watched import REFUSAL, STRANGER, VIEW
from workflows.proof import called

_SHORT = 12
"""Signs of a fingerprint that are shown: enough to tell two from each other."""


@dataclass(frozen=True)
class ShownEvent:
    """What stands in one line of the log, all of it in words."""

    position: int
    at: str
    actor: str
    person: str
    roles: str
    channel: str
    address: str
    word: str
    subject: str
    number: str
    states: str
    told: str
    correlation: str
    is_refusal: bool


def line_of(logged: LoggedEvent) -> ShownEvent:
    """The event as it is shown."""
    event = logged.event
    return ShownEvent(
        position=event.position,
        at=f"{event.at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}",
        actor=logged.actor,
        person=event.person or "",
        roles=_("、").join(_(ROLE_WORDS[Role(role)]) for role in _listed(event.role)),
        channel=_(CHANNELS[Channel(event.channel)]) if event.channel else "",
        address=event.address or "",
        word=labels.verb(event.subject, event.verb),
        subject=called(event.subject),
        number=logged.number or _id_of(event),
        states=_states(event),
        told=_told(event.verb, logged.told),
        correlation=event.correlation or "",
        is_refusal=_is_refusal(event),
    )


def log_table(lines: Sequence[ShownEvent], since: date, until: date) -> Table:
    """The lines as a sheet."""
    return Table(
        name=_("操作记录"),
        title=_("%(since)s 至 %(until)s 的操作记录") % {"since": since, "until": until},
        columns=(
            TableColumn(_("序号"), Shape.COUNT, 10),
            TableColumn(_("时间"), width=20),
            TableColumn(_("谁"), width=12),
            TableColumn(_("工号"), width=12),
            TableColumn(_("岗位"), width=12),
            TableColumn(_("来源"), width=10),
            TableColumn(_("地址"), width=16),
            TableColumn(_("种类"), width=20),
            TableColumn(_("对象"), width=10),
            TableColumn(_("对象编号"), width=18),
            TableColumn(_("状态"), width=18),
            TableColumn(_("内容"), width=40),
            TableColumn(_("编号"), width=14),
        ),
        lines=[_cells(line) for line in lines],
    )


def _cells(line: ShownEvent) -> tuple[TableCell, ...]:
    return (
        line.position,
        line.at,
        line.actor,
        line.person,
        line.roles,
        line.channel,
        line.address,
        line.word,
        line.subject,
        line.number,
        line.states,
        line.told,
        line.correlation,
    )


def _id_of(event: AuditEvent) -> str:
    """There is one installation, so it needs none."""
    return "" if event.subject == Installation.__tablename__ else f"#{event.subject_id}"


def _listed(roles: str | None) -> list[str]:
    return roles.split(",") if roles else []


def _is_refusal(event: AuditEvent) -> bool:
    """Whether somebody was not let do what he tried, or the log is not what was signed."""
    is_bad_check = event.verb == CHECKED and bool(event.detail["broken"])
    return event.verb == REFUSAL or event.verb.startswith("fail_") or is_bad_check


def _states(event: AuditEvent) -> str:
    """From which state to which it led."""
    if event.subject not in MACHINES or not event.target:
        return ""
    states = MACHINES[event.subject].states
    told = [_(states[each]) for each in (event.source, event.target) if each]
    return " → ".join(dict.fromkeys(told))


def _told(verb: str, detail: Mapping[str, object]) -> str:
    if verb == STRANGER:
        words = {"print": str(detail["login_print"])[:_SHORT], "way": _(WAYS[str(detail["way"])])}
        return _("%(way)s，登录名指纹 %(print)s") % words
    if verb == VIEW:
        return _file(detail)
    if verb == REFUSAL:
        return labels.about(_(WHY[str(detail["why"])]), _asked(detail))
    if verb == CHECKED:
        return _check(detail)
    try:
        return told_of(verb, detail)
    except (KeyError, ValueError):
        return _("（旧版本的记录，现无对应说明）")


def _check(detail: Mapping[str, object]) -> str:
    broken = detail["broken"]
    assert isinstance(broken, list)
    return _("%(count)s 项不符") % {"count": len(broken)} if broken else _("全部相符")


def _file(detail: Mapping[str, object]) -> str:
    known = FILES.get(str(detail["what"]))
    numbers = detail["asked"]
    assert isinstance(numbers, dict)
    told = " ".join(str(number) for number in numbers.values())
    return labels.about(_(known), told) if known else _asked(detail)


def _asked(detail: Mapping[str, object]) -> str:
    """The route with its numbers in it, or the command."""
    what, numbers = str(detail["what"]), detail["asked"]
    assert isinstance(numbers, dict)
    for name, number in numbers.items():
        what = what.replace(f"{{{name}}}", str(number))
    return what
