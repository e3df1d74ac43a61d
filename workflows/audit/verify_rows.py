"""Compares protected rows with the stamps that the program gave them, and opens every card."""

import hmac
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.sealing import KeyRing, SealBroken
from language import N_, _
from models import Base, Heir, Member, MemberCard, Payment, RowStamp
from workflows.engine.log_key import LogKey
from workflows.engine.office import Office
from workflows.engine.protected import PROTECTED
from workflows.engine.row_stamps import GONE, key_of, note_returned, write_stamps
from workflows.engine.sealed_column import ERASED_PRINT_BYTES
from workflows.engine.stamped_rows import NO_MARK, RowMark, is_genuine, is_marked, marks_in
from workflows.engine.turns import OneAtATime, wait_for
from workflows.proof import Invariant
from workflows.sealed_values.claims import heir_person, payee_of
from workflows.sealed_values.members import card_of, named_card

_AT_ONCE = 1000

WORDS = {
    "app_user": N_("用户"),
    "member": N_("会员"),
    "member_card": N_("收款卡"),
    "heir": N_("继承人"),
    "decision": N_("核定"),
    "entitlement": N_("给付权利"),
    "maker": N_("经手记录"),
    "approval": N_("审批"),
    "approval_item": N_("审批明细"),
    "paying_account": N_("付款账户"),
    "batch": N_("批次"),
    "payment": N_("付款"),
    "fee_receipt": N_("会费收据"),
    "reply_file": N_("回盘文件"),
    "reply_case": N_("回盘差异"),
    "bank_word": N_("银行答复"),
    "late_return": N_("迟到退票"),
    "bank_statement": N_("银行对账单"),
    "statement_line": N_("对账单的行"),
    "statement_payment": N_("对账单对上的付款"),
    "statement_receipt": N_("对账单对上的收据"),
    "second_factor": N_("动态口令设置"),
    "security_key": N_("安全密钥"),
    "api_token": N_("接口令牌"),
}
"""What people call the protected rows."""

_Known = dict[str, RowMark]
"""The last mark of each row of a table, by its key."""


def stamp_what_is_there(office: Office) -> None:
    """Stamp the rows of each table that never had a stamp, as they are found: at an upgrade."""
    for name in PROTECTED:
        with office.sessions.unit_of_work("stamp") as session:
            wait_for(session, OneAtATime.STAMP_ROWS)
            known = select(RowStamp.position).filter_by(subject=name).limit(1)
            if session.scalar(known) is not None:
                continue
            note_returned(session, Base.metadata.tables[name], ())
            for rows in _rows(session, name).partitions():
                note_returned(session, Base.metadata.tables[name], rows)
                write_stamps(session)


def rows_are_stamped(session: Session, office: Office) -> Invariant:
    """What was changed, added or removed without a stamp."""
    found: list[str] = []
    checked = 0
    for name in PROTECTED:
        known: _Known = {}
        found += _read_stamps(session, office.log_key, name, known)
        checked += len(known)
        found += _compared(session, office.log_key, name, known)
    return Invariant("stamped_rows", _("受保护的数据与写入时一致"), checked, tuple(found))


def cards_open(session: Session, office: Office) -> Invariant:
    """Each sealed card opens and is the one of the fingerprint beside it."""
    found, checked = [], 0
    for kind, opened in _CARDS.items():
        # The length of a fingerprint is stamped: nobody else makes a row pass as erased.
        there = func.length(kind.card_print) > ERASED_PRINT_BYTES
        asked = select(kind).where(there).execution_options(yield_per=500)
        for row in session.scalars(asked):
            checked += 1
            if not _is_its_card(office.keys, row, opened):
                words = {"what": _(WORDS[kind.__tablename__]), "id": row.id}
                found.append(_("%(what)s %(id)s 的卡号打不开，或与其指纹不符") % words)
            session.expunge(row)
    return Invariant("cards_open", _("卡号打得开，与其指纹相符"), checked, tuple(found))


def _is_its_card(keys: KeyRing, row: Any, opened: Any) -> bool:
    try:
        card = opened(keys, row)
    except (SealBroken, ValueError, TypeError):
        return False
    return bool(card) and hmac.compare_digest(keys.fingerprint(card), row.card_print)


_CARDS: dict[Any, Any] = {
    Member: card_of,
    MemberCard: named_card,
    Heir: lambda keys, heir: heir_person(keys, heir).account,
    Payment: lambda keys, payment: payee_of(keys, payment).account,
}


def _rows(session: Session, name: str) -> Any:
    table = Base.metadata.tables[name]
    columns = (table.c[each] for each in PROTECTED[name])
    return session.execute(select(*columns).execution_options(yield_per=_AT_ONCE))


def _read_stamps(session: Session, key: LogKey, name: str, known: _Known) -> Iterator[str]:
    """Fill in the last stamp of each row; what is wrong with the stamps themselves."""
    asked = select(RowStamp).filter_by(subject=name).order_by(RowStamp.position)
    nonces: set[bytes] = set()
    for kept in session.scalars(asked.execution_options(yield_per=_AT_ONCE)):
        words = {"what": _(WORDS[name]), "at": kept.position}
        if kept.nonce in nonces:
            yield _("%(what)s的第 %(at)s 条印记系重复使用") % words
        elif not is_genuine(key, kept):
            yield _("%(what)s的第 %(at)s 条印记被改动") % words
        else:
            known.update(marks_in(kept))
        nonces.add(kept.nonce)
        session.expunge(kept)


def _compared(session: Session, key: LogKey, name: str, known: _Known) -> Iterator[str]:
    """The rows of the table beside their stamps; whatever is left over was removed."""
    table = Base.metadata.tables[name]
    for row in session.execute(select(*table.columns).execution_options(yield_per=_AT_ONCE)):
        values = row._asdict()
        row_key = key_of(table, values)
        words = {"what": _(WORDS[name]), "key": row_key}
        mark = known.pop(row_key, NO_MARK)
        if mark.stamp == GONE:
            yield _("%(what)s %(key)s 不是本系统写入的") % words
        elif not is_marked(key, name, mark, values):
            yield _("%(what)s %(key)s 被改动") % words
    for row_key, mark in known.items():
        if mark.stamp != GONE:
            yield _("%(what)s %(key)s 被删除") % {"what": _(WORDS[name]), "key": row_key}
