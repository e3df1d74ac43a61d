"""The files of a batch for the bank, one in each format it is asked for."""

import os
from pathlib import Path

from sqlalchemy.orm import Session

from banking import formats
from banking.formats import BankFile
from language import _
from models import Batch, PaymentFile
from models.states import BatchState
from rules.errors import Refused
from workflows.claims.paying.batch_content import as_frozen, lock_batch
from workflows.engine.office import Office


def write_file(session: Session, office: Office, batch: Batch, format_code: str) -> BankFile:
    """The batch's file in this format: a pure function of the batch, or Refused if it is not."""
    payments = lock_batch(session, batch)
    if batch.state == BatchState.DISCARDED:
        raise Refused(_("批次 %(number)s 已经作废") % {"number": batch.number})
    file = formats.write(format_code, as_frozen(office, batch, payments))
    sha256 = office.store.put(file.content)
    known = session.get(PaymentFile, (batch.id, format_code))
    if known is None:
        made = PaymentFile(
            batch_id=batch.id,
            format=format_code,
            name=file.name,
            sha256=sha256,
            made_at=office.clock(),
        )
        session.add(made)
    elif known.sha256 != sha256:
        raise Refused(_("批次 %(number)s 已有另一份不同的文件") % {"number": batch.number})
    return file


def save_file(office: Office, batch: Batch, file: BankFile) -> Path:
    """Lay the file where the cashier takes it from, readable by its owner alone."""
    folder = office.settings.out_folder / batch.number
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(file.content)
    return path
