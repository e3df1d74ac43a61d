"""What the file of a format cannot carry, told at freezing by claim, payment and field."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from banking.batch import PaymentLine, line_faults
from banking.formats.layout import Layout
from documents.shown_values import name
from language import _
from models import Claim, Payment
from rules.errors import Refused
from workflows.claims.paying.batch_content import line_of
from workflows.engine.office import Office


def refuse_unwritable(
    session: Session, office: Office, form: Layout, payments: Sequence[Payment]
) -> None:
    """Refused, with a sentence for each field of these payments that a file cannot carry."""
    told = []
    for payment in payments:
        line = line_of(office, payment)
        if faults := list(_faults(form, line)):
            number = session.get_one(Claim, payment.claim_id).number
            words = {"number": number, "reference": payment.reference, "name": name(line.name)}
            sentence = _("案件 %(number)s 的付款 %(reference)s（%(name)s）：%(fault)s")
            told += [sentence % {**words, "fault": fault} for fault in faults]
    if told:
        told.append(_("请更正，或留下这些付款，或改用别的格式"))
        raise Refused("\n".join(told))


def _faults(form: Layout, line: PaymentLine) -> Iterator[str]:
    yield from line_faults(line)
    for fault in form.faults([line]):
        words = {"field": _(fault.field), "why": fault.why}
        yield _("%(field)s不能写入银行文件：%(why)s") % words
