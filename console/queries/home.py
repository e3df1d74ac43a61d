"""The work that waits for this person: one tile for each kind that the roles allow."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from console import labels
from console.queries.claims import has_late_papers_for
from console.queries.late_returns import count_late_returns
from console.queries.paying_accounts import accounts_to_confirm
from console.queries.recoveries import open_sum, receipts_to_confirm
from console.queries.reply_cases import count_asked, count_open
from console.queries.statements import count_waiting_lines
from console.queries.unanswered import count_waiting_words
from console.queries.undelivered import count_for_the_fund
from language import _
from models import (
    Batch,
    Books,
    Claim,
    CoverYear,
    DayProof,
    Decision,
    Enrolment,
    ManualVoucher,
    Member,
    MemberCard,
    Objection,
    Payment,
    Relief,
    Unit,
    User,
)
from models.machines.claims import CLAIM
from models.machines.enrolment import ENROLMENT
from models.machines.money import BATCH, PAYMENT
from models.states import (
    AT_THE_BANK_STATES,
    BatchState,
    ClaimState,
    EnrolmentState,
    ObjectionState,
    PaymentState,
    ReliefState,
)
from rules.money import Fen
from workflows import failures
from workflows.audit.nightly_check import CHECKED, last_check
from workflows.books.stated_balances import waiting_balances
from workflows.claims.acts.overdue_revisions import oldest_revision
from workflows.claims.packets.refusals import UNSEEN_REFUSAL
from workflows.engine.office import Office
from workflows.enrolment.roster_cards import rosters_with_cards
from workflows.people.rights import Act, may
from workflows.people.visibility import claims_seen_by


@dataclass(frozen=True)
class Tile:
    """A number, its meaning, the work to do, and the path of the page for it."""

    count: int
    word: str
    hint: str
    path: str
    sum: Fen | None = None
    is_trouble: bool = False


def tiles(session: Session, office: Office, person: User) -> list[Tile]:
    """The tiles for the roles of this person."""
    return [
        *(_of_a_supervisor(session, person) if may(person, Act.APPROVE) else ()),
        *(_of_a_committee(session) if may(person, Act.DECIDE_RELIEF) else ()),
        *(_of_a_clerk(session, person) if may(person, Act.CORRECT) else ()),
        *(_revisions(session, office) if may(person, Act.HOLD) else ()),
        *(_cards_of_rosters(session) if may(person, Act.DECIDE_CARDS) else ()),
        *(_of_a_cashier(session) if may(person, Act.PAY) else ()),
        *(_paying_accounts(session) if may(person, Act.CONFIRM_PAYING_ACCOUNT) else ()),
        *(_books(session, person) if may(person, Act.SEE_BOOKS) else ()),
        *(_receipts(session) if may(person, Act.CONFIRM_RECEIPT) else ()),
        *(_for_the_fund(session, office, person) if may(person, Act.WRITE_TO_FUND) else ()),
        *(_bank_words(session) if may(person, Act.ANSWER_LATE_RETURN) else ()),
        *(_late_returns(session, office) if may(person, Act.SEE_RECOVERIES) else ()),
        *(_failed(session) if may(person, Act.SEE_FAILURES) else ()),
        *(_changed_log(session, person) if may(person, Act.SEE_PEOPLE) else ()),
    ]


def _changed_log(session: Session, person: User) -> Iterator[Tile]:
    """That the log is not what was signed, for administrators and the auditor."""
    last = last_check(session)
    if last is not None and last.broken:
        hint = _("请运行 huzhu audit verify，查明被改动的数据")
        path = f"/log?verb={CHECKED}" if may(person, Act.SEE_LOG) else "/people"
        yield Tile(len(last.broken), _("操作记录校验不符"), hint, path, is_trouble=True)


def _of_a_clerk(session: Session, person: User) -> Iterator[Tile]:
    found = _claims(session, person)
    for state, hint in (
        (ClaimState.IN_QUESTION, _("对照图像确认或更正")),
        (ClaimState.REFERRED, _("看原因，补充事实")),
        (ClaimState.RETURNED, _("核实卡号后重新付款")),
        (ClaimState.INCOMPLETE, _("等单位补交材料")),
    ):
        word = labels.state(CLAIM, state)
        yield Tile(found.get(state, 0), word, hint, f"/claims?state={state}")
    yield _late_papers(session, person, _("看后重新办理，或写明不影响决定"))
    refused = session.scalar(select(func.count()).where(UNSEEN_REFUSAL)) or 0
    yield Tile(refused, _("未能收件"), _("看原因，重新扫描"), "/packets?outcome=rejected")
    yield _rosters(session, EnrolmentState.CHECKED, _("名册待确认"), _("看预览，确认或撤回"))


def _cards_of_rosters(session: Session) -> Iterator[Tile]:
    waiting = select(func.count()).select_from(rosters_with_cards().subquery())
    if count := session.scalar(waiting) or 0:
        word, hint = _("名册换卡待确认"), _("对照登记的卡，确认或不换")
        yield Tile(count, word, hint, "/enrolments?cards=1")
    named = select(func.count(), func.min(MemberCard.id)).where(
        MemberCard.confirmed_at.is_(None), MemberCard.dropped_at.is_(None)
    )
    count, first = session.execute(named).one()
    if count:
        member = session.scalars(select(Member.ref).join(MemberCard).where(MemberCard.id == first))
        word, hint = _("换卡待确认"), _("由提出人以外的人对照两张卡")
        yield Tile(count, word, hint, f"/members/{member.one()}")


def _of_a_supervisor(session: Session, person: User) -> Iterator[Tile]:
    in_force = (Decision.claim_id == Claim.id) & Decision.superseded_at.is_(None)
    queued = select(func.count(), func.coalesce(func.sum(Decision.amount), 0)).select_from(Claim)
    count, total = session.execute(
        queued.join(Decision, in_force).where(Claim.state == ClaimState.PROPOSED)
    ).one()
    word, hint = labels.state(CLAIM, ClaimState.PROPOSED), _("异常在前，整批批准")
    yield Tile(count, word, hint, "/approvals", sum=Fen(int(total)))
    word = labels.state(ENROLMENT, EnrolmentState.SHORT)
    waiting = select(func.count()).where(Objection.state == ObjectionState.REGISTERED)
    heading, hint = _("待听取的异议"), _("由未参与原决定的人听取")
    yield Tile(session.scalar(waiting) or 0, heading, hint, "/objections")
    if not may(person, Act.REVISE):
        yield _late_papers(session, person, _("经办认为不影响决定的，由您确认"))
    yield from _resting(session, ClaimState.REFERRED, _("有的问题由您答复"))
    yield from _resting(session, ClaimState.HELD, _("看原因和再看日期"))
    yield _rosters(session, EnrolmentState.SHORT, word, _("准予参保，或由单位补充名册"))
    word = labels.state(ENROLMENT, EnrolmentState.BACKDATED)
    yield _rosters(session, EnrolmentState.BACKDATED, word, _("准予，或改为次日起保"))
    yield from _cities(session)


def _cities(session: Session) -> Iterator[Tile]:
    """Units with a city that a clerk asked for, in the register or for a cover year."""
    asked = union_all(
        select(Unit.id).where(Unit.city_asked.is_not(None)),
        select(CoverYear.unit_id).where(CoverYear.city_asked.is_not(None)),
    ).subquery()
    count, first = session.execute(select(func.count(), func.min(asked.c.id))).one()
    if count:
        hint = _("本地和外地按城市核定，对照后确认")
        yield Tile(count, _("城市更正待确认"), hint, f"/units/{first}")


def _of_a_committee(session: Session) -> Iterator[Tile]:
    query = select(func.count(), func.coalesce(func.sum(Relief.asked), 0))
    count, total = session.execute(query.where(Relief.state == ReliefState.APPLIED)).one()
    hint = _("记录评审会的决定")
    yield Tile(count, _("待评审救助"), hint, "/boards/relief", sum=Fen(int(total)))
    in_doubt = select(func.count()).where(Relief.look_again_for.is_not(None))
    if doubted := session.scalar(in_doubt) or 0:
        heading, hint = _("待复看的救助"), _("原案件已重新核定，维持或重新决定")
        yield Tile(doubted, heading, hint, "/boards/relief", is_trouble=True)


def _of_a_cashier(session: Session) -> Iterator[Tile]:
    queued = select(func.count(), func.coalesce(func.sum(Payment.amount), 0))
    count, total = session.execute(queued.where(Payment.state == PaymentState.QUEUED)).one()
    word = labels.state(PAYMENT, PaymentState.QUEUED)
    yield Tile(count, word, _("组成付款批次"), "/batches", sum=Fen(int(total)))
    frozen = select(func.count()).where(Batch.state == BatchState.FROZEN)
    word = labels.state(BATCH, BatchState.FROZEN)
    yield Tile(session.scalar(frozen) or 0, word, _("由第二人放行"), "/batches")
    asked = select(func.count()).where(Payment.out_asked_by.is_not(None))
    if count := session.scalar(asked) or 0:
        yield Tile(count, _("待同意的抽出"), _("由提请人以外的出纳办理"), "/batches")
    sent = select(func.count()).where(Payment.state.in_(AT_THE_BANK_STATES))
    hint = _("载入银行回盘文件，久无答复的向银行查询")
    yield Tile(session.scalar(sent) or 0, _("待回盘"), hint, "/unanswered")
    if cases := count_open(session):
        hint = _("对照付款匹配、保留或记为有误")
        yield Tile(cases, _("回盘差异"), hint, "/reply-cases", is_trouble=True)
    count, total = open_sum(session)
    yield Tile(count, _("待收回的款项"), _("退款到账后入账"), "/recoveries", sum=total)
    yield _rosters(session, EnrolmentState.UNPAID, _("名册待缴费"), _("会费到账后登记收据"))


def _books(session: Session, person: User) -> Iterator[Tile]:
    """What of the books waits: to be opened, or for a second person."""
    if may(person, Act.BOOK_FEES) and (lines := count_waiting_lines(session)):
        word, hint = _("对账单明细待办"), _("登记收款、填制凭证，或说明不办理的理由")
        yield Tile(lines, word, hint, "/statements")
    books = session.get(Books, 1)
    if books is None:
        return
    if books.opening is not None and may(person, Act.OPEN_BOOKS):
        yield Tile(1, _("银行余额待确认"), _("对照银行对账单，启用账簿或退回"), "/books")
    elif books.first_on is None:
        yield Tile(1, _("账簿待启用"), _("填报今天的银行余额，由另一人确认"), "/books")
    if books.reopen_asked_by is not None and may(person, Act.CLOSE_MONTH):
        yield Tile(1, _("月份待重新打开"), _("看原因，同意或不同意"), "/books")
    by_hand = select(func.count()).where(ManualVoucher.is_booked.is_(None))
    if may(person, Act.BOOK_VOUCHER) and (count := session.scalar(by_hand)):
        yield Tile(count, _("手工凭证待复核"), _("对照银行回单，入账或退回"), "/books")
    if may(person, Act.BOOK_VOUCHER) and (waiting := waiting_balances(session)):
        word, hint = _("对账单余额待复核"), _("对照银行对账单，相符的予以复核")
        yield Tile(len(waiting), word, hint, f"/books/{waiting[0].day:%Y-%m}")
    unsigned = select(func.count(), func.min(DayProof.day)).filter_by(signed_by=None)
    count, first = session.execute(unsigned).one()
    if count and may(person, Act.SIGN_DAY):
        word, hint = _("当日核对待签核"), _("看差异，从最早的一天签起")
        yield Tile(count, word, hint, f"/books/days/{first}")


def _paying_accounts(session: Session) -> Iterator[Tile]:
    if count := accounts_to_confirm(session):
        hint = _("对照银行开户资料，确认或不同意")
        yield Tile(count, _("付款账户待确认"), hint, "/paying-accounts")


def _resting(session: Session, state: ClaimState, hint: str) -> Iterator[Tile]:
    """Claims in this state: how many, and since when the oldest was handed in."""
    resting = select(func.count(), func.min(Claim.received_on)).where(Claim.state == state)
    count, since = session.execute(resting).one()
    if count:
        words = {"day": since.isoformat(), "hint": hint}
        word = labels.state(CLAIM, state)
        yield Tile(
            count, word, _("最早的 %(day)s 收件；%(hint)s") % words, f"/claims?state={state}"
        )


def _late_papers(session: Session, person: User, hint: str) -> Tile:
    late = select(func.count()).where(has_late_papers_for(person), claims_seen_by(person))
    return Tile(session.scalar(late) or 0, _("后补材料待看"), hint, "/claims?late=1")


def _revisions(session: Session, office: Office) -> Iterator[Tile]:
    """Decided claims that wait for people to be decided anew."""
    count, last = oldest_revision(session)
    if last is not None:
        hint = _("最早的须在 %(day)s 前办完；逾期由审批人员了结") % {"day": last.isoformat()}
        is_late = office.today() > last
        yield Tile(count, _("重新办理未了结"), hint, "/claims?revised=1", is_trouble=is_late)


def _receipts(session: Session) -> Iterator[Tile]:
    if count := receipts_to_confirm(session):
        yield Tile(count, _("退款待确认"), _("对照银行流水确认"), "/recoveries")


def _for_the_fund(session: Session, office: Office, person: User) -> Iterator[Tile]:
    if count := count_for_the_fund(session, office, person):
        hint = _("长期无法付出的，由两人转入基金")
        yield Tile(count, _("退票待转入基金"), hint, "/undelivered")


def _bank_words(session: Session) -> Iterator[Tile]:
    if count := count_waiting_words(session):
        hint = _("对照银行的书面答复或回盘，确认或不采用")
        yield Tile(count, _("银行答复待确认"), hint, "/unanswered")
    if count := count_asked(session):
        hint = _("看回盘中的行和理由，同意或不同意")
        yield Tile(count, _("回盘差异待同意"), hint, "/reply-cases")


def _late_returns(session: Session, office: Office) -> Iterator[Tile]:
    if late := count_late_returns(session):
        hint = _("向银行核实，由审批人员登记结果")
        yield Tile(late, _("迟到退票"), hint, "/reply-cases", is_trouble=True)


def _rosters(session: Session, state: EnrolmentState, word: str, hint: str) -> Tile:
    count = session.scalar(select(func.count()).where(Enrolment.state == state)) or 0
    return Tile(count, word, hint, f"/enrolments?state={state}")


def _failed(session: Session) -> Iterator[Tile]:
    count = sum(failure.count for failure in failures.failures(session))
    hint = _("看原因，重试")
    yield Tile(count, _("失败清单"), hint, "/failures", is_trouble=count > 0)


def _claims(session: Session, person: User) -> dict[str, int]:
    query = select(Claim.state, func.count()).where(claims_seen_by(person)).group_by(Claim.state)
    return dict(session.execute(query).all())
