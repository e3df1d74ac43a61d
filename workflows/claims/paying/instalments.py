"""Instalments (分期) of a recovery (R36): days and sums agreed with who gives back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from language import _
from models import Recovery, RecoveryInstalment, User
from models.states import RecoveryState
from rules.errors import Refused
from rules.money import Fen, yuan
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.paying.recovery import open_amount
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.rights import Act, require


@dataclass(frozen=True)
class DueInstalment:
    """One instalment, and what of it is still to come in."""

    due_on: date
    amount: Fen
    left: Fen

    def days_late(self, today: date) -> int:
        """For how many days it has been overdue; 0 where it is not."""
        return (today - self.due_on).days if self.left and self.due_on < today else 0


def agree(
    session: Session,
    office: Office,
    person: User,
    recovery: Recovery,
    plan: Sequence[tuple[date, Fen]],
) -> None:
    """Keep the days and sums that were agreed, in the place of an earlier plan; who gives back is
    written to.

    Refused unless the days follow each other from today on, and the sums are all that is open.
    """
    require(person, Act.AGREE_INSTALMENTS)
    session.refresh(recovery, with_for_update=True)
    _refuse_what_does_not_fit(office, recovery, plan)
    now = office.clock()
    for earlier in recovery.instalments:
        earlier.replaced_at = now
    session.flush()
    agreed = [
        RecoveryInstalment(
            recovery_id=recovery.id,
            due_on=day,
            amount=amount,
            agreed_by=person.id,
            agreed_at=now,
        )
        for day, amount in plan
    ]
    session.add_all(agreed)
    session.flush()
    session.expire(recovery, ["instalments"])
    occasion = occasions.of_instalments([each.id for each in agreed])
    told = {"count": len(plan), "letter": occasion}
    advance(session, recovery, "agree_instalments", office, person, **told)
    want_letters(session, office, LetterKind.INSTALMENT_NOTICE, {recovery.claim: occasion})


def instalments(recovery: Recovery) -> Iterator[DueInstalment]:
    """The instalments in force, in order of day: what has come in fills the oldest first.

    What is asked back no longer counts as if it had come in.
    """
    plan = recovery.instalments
    is_open = recovery.state == RecoveryState.OPEN
    owed = recovery.amount - recovery.received if is_open else 0
    filled = max(0, sum(each.amount for each in plan) - owed)
    for each in plan:
        own = min(filled, each.amount)
        filled -= own
        yield DueInstalment(each.due_on, each.amount, Fen(each.amount - own))


def _refuse_what_does_not_fit(
    office: Office, recovery: Recovery, plan: Sequence[tuple[date, Fen]]
) -> None:
    if recovery.waiting:
        words = {"number": recovery.number, "sum": yuan(recovery.waiting)}
        raise Refused(_("追回 %(number)s 有 %(sum)s 元退款待确认，确认之后才能约定分期") % words)
    for day, amount in plan:
        if amount <= 0:
            words = {"day": day.isoformat(), "sum": yuan(amount)}
            raise Refused(_("%(day)s 的分期金额 %(sum)s 元须大于零") % words)
    days = [office.today(), *(day for day, _amount in plan)]
    for before, day in pairwise(days):
        if day < before or (day == before and before != days[0]):
            words = {"day": day.isoformat(), "before": before.isoformat()}
            raise Refused(_("分期日期须从今天起依次往后：%(day)s 不晚于 %(before)s") % words)
    total, left = Fen(sum(amount for _day, amount in plan)), open_amount(recovery)
    if total != left or not plan:
        words = {"total": yuan(total), "left": yuan(left)}
        raise Refused(_("各期合计 %(total)s 元，须等于待收回的 %(left)s 元") % words)
