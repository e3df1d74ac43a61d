"""The file of a batch for the bank, and the draft of it that people see before the release."""

import hashlib
import os
from pathlib import Path

from sqlalchemy.orm import Session

from banking import formats
from banking.draft import write_draft
from banking.formats import BankFile
from language import _
from models import Batch, PaymentFile, User
from models.states import BatchState
from rules.errors import Refused
from workflows.claims.paying.batch_content import as_frozen, lock_batch, refuse_sample_account
from workflows.claims.paying.tampered import refuse_tampered
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.rights import Act, require


def write_file(session: Session, office: Office, person: User, batch: Batch) -> BankFile:
    """The released batch's file in its format: a pure function of the batch, or Refused.

    Each time is an event of the batch with the person and the file's hash.
    """
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    if batch.state == BatchState.FROZEN:
        words = {"number": batch.number}
        raise Refused(_("批次 %(number)s 尚未放行，只能看样稿，不能生成银行文件") % words)
    if batch.state == BatchState.DISCARDED:
        raise Refused(_("批次 %(number)s 已经作废") % {"number": batch.number})
    refuse_sample_account(office, batch.payer_account)
    refuse_tampered(session, office, person, payments, batch)
    file = formats.write(batch.format, as_frozen(office, batch, payments))
    sha256 = office.store.put(file.content)
    known = session.get(PaymentFile, (batch.id, batch.format))
    if known is None:
        made = PaymentFile(
            batch_id=batch.id,
            format=batch.format,
            name=file.name,
            sha256=sha256,
            made_at=office.clock(),
            made_by=person.id,
        )
        session.add(made)
    elif known.sha256 != sha256:
        raise Refused(_("批次 %(number)s 已有另一份不同的文件") % {"number": batch.number})
    _note(session, office, person, batch, "make_file", sha256)
    return file


def draft_file(session: Session, office: Office, person: User, batch: Batch) -> BankFile:
    """What a batch that waits for its release will pay, payees masked, for people to look at."""
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    if batch.state != BatchState.FROZEN:
        raise Refused(_("只有待放行的批次才有样稿"))
    file = write_draft(as_frozen(office, batch, payments), batch.edition)
    _note(session, office, person, batch, "make_draft", hashlib.sha256(file.content).hexdigest())
    return file


def save_file(folder: Path, file: BankFile) -> Path:
    """Lay the file into this folder, readable by its owner alone.

    It names payees and accounts, so the program keeps none itself: it is made again when asked for.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / file.name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(file.content)
    return path


def _note(
    session: Session, office: Office, person: User, batch: Batch, verb: str, sha256: str
) -> None:
    told = {"format": batch.format, "sha256": sha256}
    record(session, batch, verb, office.clock(), person.id, **told)
