"""What a batch (批次) holds: its payments as they are, and as they were when it was frozen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking.batch import Payer, PaymentBatch, PaymentLine
from language import _
from models import Batch, Payment, PaymentFile
from rules.errors import Refused
from settings import SAMPLE_PAYER
from workflows.engine.office import Office
from workflows.sealed_values.claims import payee_of

PURPOSE = "职工互助金"


def batch_of(office: Office, batch: Batch, payments: list[Payment]) -> PaymentBatch:
    """The batch as the banking layer knows it."""
    return PaymentBatch(
        number=batch.number,
        created_at=batch.frozen_at,
        execute_on=batch.execute_on,
        payer=Payer(batch.payer_name, batch.payer_account, batch.payer_bank, batch.payer_cnaps),
        payments=tuple(line_of(office, payment) for payment in payments),
    )


def refuse_sample_account(office: Office, account: str) -> None:
    """Refuse to pay from the sample account, but for the demonstration on its own data."""
    if is_unusable_sample(office, account):
        raise Refused(_("样例账户不能付款：请另提付款账户"))


def is_unusable_sample(office: Office, account: str) -> bool:
    """Whether this is the sample account, and not the demonstration that may use it."""
    return account == SAMPLE_PAYER and not office.settings.sample_log_ins.exists()


def has_file(session: Session, batch: Batch) -> bool:
    """Whether a file of the batch was made."""
    made = select(PaymentFile.name).filter_by(batch_id=batch.id).limit(1)
    return session.scalar(made) is not None


def refuse_if_file(session: Session, batch: Batch) -> None:
    """Refused where there is a file of the batch, which a bank may have taken."""
    if has_file(session, batch):
        words = {"number": batch.number}
        raise Refused(_("批次 %(number)s 已有银行文件，只能凭银行答复由两人作废") % words)


def line_of(office: Office, payment: Payment) -> PaymentLine:
    """The payment as the banking layer knows it."""
    payee = payee_of(office.keys, payment)
    return PaymentLine(
        reference=payment.reference,
        name=payee.name,
        account=payee.account,
        bank_name=payee.bank_name,
        cnaps=payee.cnaps or None,
        amount=payment.amount,
        purpose=PURPOSE,
    )


def lock_batch(session: Session, batch: Batch) -> list[Payment]:
    """The batch and its payments as they are now, locked until the end of the transaction."""
    # A refresh drops what is not written yet, such as the event of the same act before.
    session.flush()
    session.refresh(batch, with_for_update=True)
    rows = select(Payment).where(Payment.batch_id == batch.id).order_by(Payment.id)
    fresh = rows.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def as_frozen(office: Office, batch: Batch, payments: list[Payment]) -> PaymentBatch:
    """The content of the batch; Refused if a row is not what it was when the batch was frozen."""
    content = batch_of(office, batch, payments)
    if content.digest() != batch.digest:
        raise Refused(_("批次 %(number)s 的内容与组批时不符") % {"number": batch.number})
    return content
