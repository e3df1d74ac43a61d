"""The CNAPS codes (联行号) of the branches that payees name, from the list of the office's bank."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from banking.branch_lists import branch_key, branches_in
from documents.handed_in_sheets import sheets_of
from language import _
from models import BankBranch, BankList, Payment, User
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.rights import Act, require
from workflows.sealed_values.claims import payee_of, seal_payee

_AT_ONCE = 10_000


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


def codes_of(session: Session, names: Iterable[str]) -> Mapping[str, str]:
    """The codes of the branches with these names; a name that two branches have is left out."""
    key_of = {name: branch_key(name) for name in names if name}
    newest = select(func.max(BankList.id)).scalar_subquery()
    found = (
        select(BankBranch.key, func.min(BankBranch.cnaps))
        .where(BankBranch.list_id == newest, any_of(BankBranch.key, list({*key_of.values()})))
        .group_by(BankBranch.key)
        .having(func.count() == 1)
    )
    codes = dict(session.execute(found).all()) if key_of else {}
    return {name: codes[key] for name, key in key_of.items() if key in codes}


def name_branches(session: Session, office: Office, payments: Sequence[Payment]) -> None:
    """Put the code of his branch beside each payee whose branch is in the list."""
    payees = [payee_of(office.keys, payment) for payment in payments]
    codes = codes_of(session, (payee.bank_name for payee in payees))
    for payment, payee in zip(payments, payees, strict=True):
        if (cnaps := codes.get(payee.bank_name, "")) != payee.cnaps:
            named = replace(payee, cnaps=cnaps)
            payment.payee = seal_payee(office.keys, payment.reference, named)
