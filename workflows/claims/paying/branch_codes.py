"""The CNAPS codes (联行号) of the branches that payees name, from the list of the office's bank."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from banking.branch_lists import branch_key, branches_in
from banking.cards import bank_of_card, bank_of_name
from documents.handed_in_sheets import sheets_of
from language import _
from models import BankBranch, BankList, Payment, User
from rules.errors import Refused
from workflows.claims.paying.waiting_payments import QUEUED
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import Payee, payee_of, seal_payee

_AT_ONCE = 10_000
_SOME = 6
"""So many branches are told where a text may mean several."""
_IN_LIST = select(BankBranch).where(
    BankBranch.list_id == select(func.max(BankList.id)).scalar_subquery()
)


@dataclass(frozen=True)
class NewBankList:
    """A list as it comes in: where the office has it from, and of which day it is."""

    content: bytes
    source: str
    listed_on: date


def import_list(session: Session, office: Office, person: User, new: NewBankList) -> BankList:
    """Take a list over; from now on it alone counts."""
    require(person, Act.PAY)
    if not new.source.strip():
        raise Refused(_("请写明联行号表的来源"))
    if new.listed_on > office.today():
        raise Refused(_("联行号表的日期不能晚于今天"))
    sha256 = hashlib.sha256(new.content).hexdigest()
    if session.scalar(select(BankList.id).filter_by(sha256=sha256)):
        raise Refused(_("这份联行号表已经导入"))
    names = branches_in(sheets_of(new.content, office.limits))
    made = BankList(
        source=new.source.strip(),
        listed_on=new.listed_on,
        sha256=sha256,
        branches=len(names),
        imported_by=person.id,
        imported_at=office.clock(),
    )
    session.add(made)
    session.flush()
    rows = [
        {"list_id": made.id, "cnaps": cnaps, "name": name, "key": branch_key(name)}
        for cnaps, name in names.items()
    ]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(BankBranch), rows[start : start + _AT_ONCE])
    return made


def codes_of(session: Session, payees: Sequence[Payee]) -> list[str]:
    """The code of each payee's branch: of the one branch with its name, or of that of several which
    was named for him; empty where there is none."""
    keys = [branch_key(payee.bank_name) for payee in payees]
    own = any_of(BankBranch.key, list({*filter(None, keys)}))
    known: defaultdict[str, list[str]] = defaultdict(list)
    for branch in session.scalars(_IN_LIST.where(own)):
        known[branch.key].append(branch.cnaps)
    return [_code(payee, known[key]) for payee, key in zip(payees, keys, strict=True)]


def _code(payee: Payee, known: Sequence[str]) -> str:
    if payee.cnaps in known:
        return payee.cnaps
    return known[0] if len(known) == 1 else ""


def name_branches(session: Session, office: Office, payments: Sequence[Payment]) -> None:
    """Put the code of his branch beside each payee whose branch is in the list."""
    payees = [payee_of(office.keys, payment) for payment in payments]
    codes = codes_of(session, payees)
    for payment, payee, cnaps in zip(payments, payees, codes, strict=True):
        if cnaps != payee.cnaps:
            named = replace(payee, cnaps=cnaps)
            payment.payee = seal_payee(office.keys, payment.reference, named)


def name_branch(
    session: Session, office: Office, person: User, reference: str, branch: str
) -> None:
    """Take this branch of the list, by code or name, for the payee of a payment that waits.

    Refused where the list has none or several, and where it is another bank's than the card.
    """
    require(person, Act.PAY)
    waiting = QUEUED.where(Payment.reference == reference).with_for_update()
    payment = session.scalars(waiting).one_or_none()
    if payment is None:
        raise Refused(_("付款 %(reference)s 已不在待组批之列") % {"reference": reference})
    payee, found = payee_of(office.keys, payment), _branch(session, branch)
    its = bank_of_name(found.name)
    theirs = bank_of_card(payee.account) or bank_of_name(payee.bank_name)
    if its and theirs and its.name != theirs.name:
        words = {"branch": found.name, "bank": theirs.name}
        raise Refused(_("%(branch)s 不是收款账户的银行（%(bank)s）") % words, at="branch")
    named = replace(payee, bank_name=found.name, cnaps=found.cnaps)
    payment.payee = seal_payee(office.keys, reference, named)
    record(session, payment, "name_branch", office.clock(), person.id, cnaps=found.cnaps)


def _branch(session: Session, text: str) -> BankBranch:
    """The branch with this code or name; Refused with some of those that the text may mean."""
    key = branch_key(text)
    if not key:
        raise Refused(_("请写开户网点的名称或联行号"), at="branch")
    named = (BankBranch.cnaps == key) | (BankBranch.key == key)
    exact = session.scalars(_IN_LIST.where(named).limit(2)).all()
    if len(exact) == 1:
        return exact[0]
    like = _IN_LIST.where(BankBranch.key.contains(key, autoescape=True))
    some = session.scalars(like.order_by(BankBranch.cnaps).limit(_SOME)).all()
    told = "、".join(f"{each.name} {each.cnaps}" for each in some)
    if told:
        raise Refused(_("请写其中一个的联行号：%(branches)s") % {"branches": told}, at="branch")
    raise Refused(_("联行号表中没有这个网点：%(branch)s") % {"branch": text.strip()}, at="branch")
