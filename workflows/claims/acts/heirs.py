"""Heirs (继承人): keyed by one person, confirmed by another, then paid (R25, R35)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.kinds import KIND_NAMES, Kind
from documents.masks import mask_card, mask_id
from documents.reading.fields import FieldName
from documents.typed_values import typed_number
from language import N_, _
from models import Claim, Heir, Page, Payment, User
from models.states import LIVE_PAYMENT_STATES, ClaimState
from rules.errors import BadInput, OwnWork, Refused
from rules.shares import require_whole, share_from, share_text
from workflows.claims.acts.correction import can_correct, check_again
from workflows.claims.acts.heirs_known import heirs_known
from workflows.claims.acts.heirs_unread import compare_with_papers
from workflows.claims.acts.keyed_heirs import KeyedHeir, refuse_shared_proofs, refuse_twice
from workflows.claims.judging.facts import goes_to_heirs
from workflows.claims.judging.reversal import can_reverse
from workflows.claims.papers.field_forms import fault_in_words, fault_of
from workflows.claims.papers.pages import page_of
from workflows.claims.sums.payees import heir_share, other_bank
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.claim_makers import Made, note_maker
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import HeirPerson, heir_person, seal_heir
from workflows.sealed_values.members import card_of, id_number_of

RELATIONS = {
    "spouse": N_("配偶"),
    "child": N_("子女"),
    "parent": N_("父母"),
    "sibling": N_("兄弟姐妹"),
    "grandparent": N_("祖父母、外祖父母"),
    "grandchild": N_("孙子女、外孙子女"),
    "other": N_("其他"),
}


def key_heirs(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    keyed: Sequence[KeyedHeir],
    statement_page: int | None,
) -> None:
    """Keep the heirs in the place of those keyed before; they count once another person confirms.

    BadInput names the heir, the field and the value; then nothing is kept.
    """
    require(person, Act.CORRECT)
    if not can_correct(claim):
        raise Refused(_("案件 %(number)s 现在不能修改") % {"number": claim.number})
    if not goes_to_heirs(session, office, claim):
        raise Refused(_("会员没有身故，互助金付给会员本人"))
    known = {heir.id: heir for heir in (*heirs_known(session, claim), *claim.heirs)}
    statement = _page(
        session, claim, known.values(), statement_page, Kind.JOINT_STATEMENT, "statement_page"
    )
    taken = [known[each.before] for each in keyed if each.before in known]
    keyed = [_with_numbers(office, known, each) for each in keyed]
    now = office.clock()
    new = [
        _heir(session, office, person, claim, known.values(), number, each, statement, now)
        for number, each in enumerate(keyed, 1)
    ]
    require_whole([heir_share(heir) for heir in new])
    refuse_twice(keyed)
    refuse_shared_proofs(session, office, keyed, [heir.proof_page_id for heir in new])
    _refuse_change_of_paid(session, office, claim, keyed, new)
    compare_with_papers(session, office, new)
    _replace(session, claim, new, now)
    _note_makers(session, claim, person, taken)
    others = sorted({heir.claim_id for heir in taken} - {claim.id})
    record(session, claim, "key_heirs", now, person.id, heirs=len(new), known_from=others)
    # What was proposed was for the heirs before; what was paid in part is paid again as it is.
    if claim.state == ClaimState.PROPOSED and can_reverse(session, claim):
        check_again(session, office, person, claim)


def _note_makers(session: Session, claim: Claim, person: User, taken: Sequence[Heir]) -> None:
    """Who keyed and confirmed the heirs that were taken over made these too."""
    makers = {each for heir in taken for each in (heir.keyed_by, heir.confirmed_by)}
    for maker in session.scalars(select(User).where(User.id.in_(makers - {None} | {person.id}))):
        note_maker(session, claim, maker, Made.HEIRS)


def _replace(session: Session, claim: Claim, new: Sequence[Heir], at: datetime) -> None:
    for before in claim.heirs:
        before.withdrawn_at = at
    session.flush()
    session.add_all(new)
    session.flush()
    session.expire(claim, ["heirs"])


def confirm_heirs(
    session: Session, office: Office, person: User, claim: Claim, shown: Sequence[int]
) -> None:
    """Agree to the heirs another person keyed, by the ids that were shown; a claim that waits for
    them is judged again."""
    require(person, Act.ANSWER)
    if [heir.id for heir in claim.heirs] != list(shown):
        raise Refused(_("继承人在显示之后已有变动，请重新核对"))
    waiting = [heir for heir in claim.heirs if heir.confirmed_at is None]
    if not waiting:
        raise Refused(_("没有待确认的继承人"))
    if _has_keyed(session, person, waiting):
        raise OwnWork(_("继承人须由录入人以外的人确认"))
    now = office.clock()
    for heir in waiting:
        heir.confirmed_by, heir.confirmed_at = person.id, now
    note_maker(session, claim, person, Made.HEIRS)
    record(session, claim, "confirm_heirs", now, person.id, heirs=len(waiting))
    if claim.state == ClaimState.REFERRED:
        check_again(session, office, person, claim)


def _has_keyed(session: Session, person: User, waiting: Sequence[Heir]) -> bool:
    """Whether the person keyed one of these heirs, or ever keyed the account of one, for any claim:
    a number that another person left as it was stays his."""
    own = own_accounts(session, person)
    earlier = select(Heir.id).where(
        Heir.keyed_by.in_(own), any_of(Heir.card_print, [heir.card_print for heir in waiting])
    )
    keyed = own.intersection(heir.keyed_by for heir in waiting)
    return bool(keyed) or session.scalar(earlier.limit(1)) is not None


def _with_numbers(office: Office, known: Mapping[int, Heir], keyed: KeyedHeir) -> KeyedHeir:
    before = known.get(keyed.before or 0)
    if before is None:
        return keyed
    told = heir_person(office.keys, before)
    return replace(
        keyed,
        id_number=keyed.id_number or told.id_number,
        account=keyed.account or told.account,
    )


def _heir(
    session: Session,
    office: Office,
    person: User,
    claim: Claim,
    known: Collection[Heir],
    number: int,
    keyed: KeyedHeir,
    statement: Page,
    now: datetime,
) -> Heir:
    try:
        told, share = _person(office, claim, keyed), share_from(keyed.share)
        proof = _page(
            session, claim, known, keyed.proof_page, Kind.RELATIONSHIP_PROOF, "proof_page"
        )
    except BadInput as fault:
        words = {"number": number, "name": keyed.name[:20], "fault": fault}
        sentence = _("第 %(number)s 位继承人“%(name)s”：%(fault)s") % words
        raise BadInput(sentence, fault.at, keyed.row) from fault
    ref = uuid4()
    return Heir(
        claim_id=claim.id,
        ref=ref,
        person=seal_heir(office.keys, ref, told),
        id_print=office.keys.fingerprint(told.id_number),
        card_print=office.keys.fingerprint(told.account),
        relation=keyed.relation,
        share=share.numerator,
        share_of=share.denominator,
        proof_page_id=proof.id,
        statement_page_id=statement.id,
        keyed_by=person.id,
        keyed_at=now,
    )


def _person(office: Office, claim: Claim, keyed: KeyedHeir) -> HeirPerson:
    told = HeirPerson(
        name=keyed.name.strip(),
        id_number=typed_number(keyed.id_number),
        account=typed_number(keyed.account),
        bank_name=keyed.bank_name.strip(),
    )
    if keyed.relation not in RELATIONS:
        raise BadInput(_("请选择与会员的关系"), "relation")
    for at, field, value in (
        ("name", FieldName.MEMBER_NAME, told.name),
        ("id_number", FieldName.ID_NUMBER, told.id_number),
        ("account", FieldName.BANK_CARD_NUMBER, told.account),
        ("bank_name", FieldName.BANK_NAME, told.bank_name),
    ):
        if fault := fault_of(field, value):
            raise BadInput(fault_in_words(field, value, fault), at)
    if fault := other_bank(told.bank_name, told.account):
        raise BadInput(fault, "bank_name")
    _refuse_the_dead(office, claim, told)
    return told


def _refuse_the_dead(office: Office, claim: Claim, told: HeirPerson) -> None:
    if claim.member is None:
        return
    if told.id_number == id_number_of(office.keys, claim.member):
        words = {"id": mask_id(told.id_number)}
        raise BadInput(_("身份证号 %(id)s 是已故会员本人的，不能作为继承人") % words, "id_number")
    if told.account == card_of(office.keys, claim.member):
        words = {"card": mask_card(told.account)}
        raise BadInput(_("银行卡 %(card)s 是已故会员本人的，不能收款") % words, "account")


def _refuse_change_of_paid(
    session: Session,
    office: Office,
    claim: Claim,
    keyed: Sequence[KeyedHeir],
    new: Sequence[Heir],
) -> None:
    """Who has been paid keeps his share: the others cannot divide it among themselves any more."""
    shares = {heir.id_print: heir_share(heir) for heir in new}
    for heir in session.scalars(
        select(Heir)
        .join(Payment, Payment.heir_id == Heir.id)
        .where(Payment.claim_id == claim.id, Payment.state.in_(LIVE_PAYMENT_STATES))
    ):
        if shares.get(heir.id_print) != heir_share(heir):
            told = heir_person(office.keys, heir)
            words = {"name": told.name, "share": share_text(heir_share(heir))}
            rows = (line.row for line, each in zip(keyed, new, strict=True) if _is_same(each, heir))
            sentence = _("已向%(name)s付款，其份额 %(share)s 不能更改") % words
            raise BadInput(sentence, "share", next(rows, 1))


def _is_same(one: Heir, other: Heir) -> bool:
    return one.id_print == other.id_print


def _page(
    session: Session,
    claim: Claim,
    known: Collection[Heir],
    page_id: int | None,
    kind: Kind,
    at: str,
) -> Page:
    """The page of the claim with this id, or that by which a known heir was proved; it must be of
    this kind. `at` is the form's field."""
    proved = {each for heir in known for each in (heir.proof_page_id, heir.statement_page_id)}
    page = session.get(Page, page_id) if page_id in proved else page_of(session, claim, page_id)
    if page is None or page.kind != kind:
        raise BadInput(_("请指明“%(paper)s”在哪一页") % {"paper": _(KIND_NAMES[kind])}, at)
    return page
