"""Payment batches: freeze, take the file, release by a second person, load the bank's reply."""

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from banking.formats import available
from banking.shaping import BatchShape
from console import formatting
from console.forms import ReasonField, ShownProposal
from console.guard import BatchPayer, BatchReader, TheOffice
from console.opening_turns import OPENS_FILES
from console.pages.batch_form import shape_of_form
from console.pages.download import FileAnswer, attachment, kept_file
from console.queries.bank_papers import refuse_another_file
from console.queries.batches import (
    batch_numbered,
    batch_view,
    latest_batches,
    waiting_of,
)
from console.queries.books import limited_funds
from console.queries.reply_cases import count_of_file
from console.queries.waiting_payments import waiting_for_batch
from console.render import back_to, page
from language import _
from models import Batch
from workflows.claims.paying import (
    bank_reply,
    batches,
    branch_codes,
    payment_files,
    sent_batches,
    taken_out,
)

router = APIRouter(prefix="/batches")


@router.get("")
def listed(request: Request, office: TheOffice, person: BatchReader) -> Response:
    """All batches, and the payments that wait for the next one."""
    with office.sessions.read_only() as session:
        rows, waiting = latest_batches(session), waiting_for_batch(session, office)
        funds = limited_funds(session)
    forms = available().values()
    return page(request, "batches.html", rows=rows, waiting=waiting, forms=forms, funds=funds)


@router.post("")
def freeze(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    asked: Annotated[BatchShape, Depends(shape_of_form)],
    code: Annotated[str, Form()] = batches.USUAL_FORMAT,
) -> Response:
    """Put what waits into batches as asked, whose files will be in this format."""
    with office.sessions.unit_of_work() as session:
        made = batches.freeze(session, office, person, code, asked)
    sentence = "；".join(map(_in_words, made))
    # Of several batches, each is looked at from the list.
    path = f"/batches/{made[0].number}" if len(made) == 1 else "/batches"
    return back_to(request, path, sentence)


@router.post("/branch")
def name_branch(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    reference: Annotated[str, Form(max_length=40)],
    branch: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Say which branch of the bank's list a payee's account is at."""
    with office.sessions.unit_of_work() as session:
        branch_codes.name_branch(session, office, person, reference, branch)
    return back_to(request, "/batches", _("已填入开户网点"))


def _in_words(batch: Batch) -> str:
    words = {"number": batch.number, "count": batch.count, "sum": formatting.money(batch.sum)}
    return _("批次 %(number)s：%(count)s 笔，合计 %(sum)s 元") % words


@router.get("/{number}")
def one(request: Request, office: TheOffice, person: BatchReader, number: str) -> Response:
    """One batch with its payments."""
    with office.sessions.read_only() as session:
        batch = batch_numbered(session, number)
        return page(request, "batch.html", batch=batch_view(session, office, person, batch))


@router.post("/{number}/discard")
def discard(request: Request, office: TheOffice, person: BatchPayer, number: str) -> Response:
    """Undo a batch that has not been released."""
    with office.sessions.unit_of_work() as session:
        batches.discard(session, office, person, batch_numbered(session, number))
    sentence = _("批次 %(number)s 已作废，付款重新等待组批") % {"number": number}
    return back_to(request, "/batches", sentence)


@router.post("/{number}/discards")
def ask_discard(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    not_taken: Annotated[list[str], Form(default_factory=list)],
    paper: Annotated[UploadFile, File()],
    bank_word: Annotated[str, Form()] = "",
    whole: Annotated[bool, Form()] = False,
) -> Response:
    """Ask a second person to discard a released batch, upon the bank's paper; `whole` says that it
    took nothing of it."""
    content = paper.file.read()
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        taken = waiting_of(batch) if whole else not_taken
        sent_batches.ask_discard(session, office, person, batch, bank_word, taken, content)
    return back_to(request, f"/batches/{number}", _("已提请作废，等另一位出纳办理"))


@router.post("/{number}/discards/agree")
def agree_discard(
    request: Request, office: TheOffice, person: BatchPayer, number: str, shown: ShownProposal
) -> Response:
    """Discard a released batch as another person asked."""
    with office.sessions.unit_of_work() as session:
        sent_batches.agree_discard(session, office, person, batch_numbered(session, number), shown)
    sentence = _("批次 %(number)s 已作废：银行未受理的可重新付款，其余去向不明") % {
        "number": number
    }
    return back_to(request, f"/batches/{number}", sentence)


@router.post("/{number}/discards/refuse")
def refuse_discard(
    request: Request, office: TheOffice, person: BatchPayer, number: str, shown: ShownProposal
) -> Response:
    """Leave a released batch as it is."""
    with office.sessions.unit_of_work() as session:
        sent_batches.refuse_discard(session, office, person, batch_numbered(session, number), shown)
    return back_to(request, f"/batches/{number}", _("批次不作废"))


@router.get("/{number}/kept/{sha256}")
def kept(office: TheOffice, person: BatchReader, number: str, sha256: str) -> FileAnswer:
    """A file of the batch as it went to the bank, or a paper as it came from there."""
    with office.sessions.read_only() as session:
        refuse_another_file(session, batch_numbered(session, number), sha256)
    return kept_file(office, number, sha256)


@router.post("/{number}/release")
def release(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    digest: Annotated[str, Form()],
) -> Response:
    """Let the batch go to the bank as it was shown."""
    with office.sessions.unit_of_work() as session:
        batches.release(session, office, person, batch_numbered(session, number), digest)
    sentence = _("批次 %(number)s 已放行") % {"number": number}
    return back_to(request, f"/batches/{number}", sentence)


@router.post("/{number}/payments/{reference}/out")
def ask_take_out(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    reference: str,
    reason: ReasonField = "",
) -> Response:
    """Ask a second person to take a payment out of the batch."""
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        taken_out.ask_take_out(session, office, person, batch, reference, reason)
    return back_to(request, f"/batches/{number}", _("已提请抽出，等另一位出纳办理"))


@router.post("/{number}/payments/{reference}/out/agree")
def agree_take_out(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    reference: str,
    shown: ShownProposal,
) -> Response:
    """Take the payment out as another person asked."""
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        taken_out.agree_take_out(session, office, person, batch, reference, shown)
    sentence = _("付款 %(reference)s 已抽出，重新等待组批") % {"reference": reference}
    return back_to(request, f"/batches/{number}", sentence)


@router.post("/{number}/payments/{reference}/out/refuse")
def refuse_take_out(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    reference: str,
    shown: ShownProposal,
) -> Response:
    """Leave the payment in the batch."""
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        taken_out.refuse_take_out(session, office, person, batch, reference, shown)
    return back_to(request, f"/batches/{number}", _("付款不抽出"))


@router.post("/{number}/file")
def file(office: TheOffice, person: BatchPayer, number: str) -> FileAnswer:
    """The released batch's file: the same bytes each time."""
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        made = payment_files.write_file(session, office, person, batch)
    return attachment(made.content, made.name, made.media_type)


@router.post("/{number}/draft")
def draft(office: TheOffice, person: BatchPayer, number: str) -> FileAnswer:
    """What the batch will pay, as a sheet that no bank takes."""
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        made = payment_files.draft_file(session, office, person, batch)
    return attachment(made.content, made.name, made.media_type)


@router.post("/{number}/replies", dependencies=[OPENS_FILES])
def load_reply(
    request: Request,
    office: TheOffice,
    person: BatchPayer,
    number: str,
    reply: Annotated[UploadFile, File()],
) -> Response:
    """Take in the bank's reply file: a table in any form the bank has."""
    content = reply.file.read()
    with office.sessions.unit_of_work() as session:
        batch = batch_numbered(session, number)
        loaded = bank_reply.load_reply(session, office, person, batch, content)
        odd = count_of_file(session, loaded)
    sentence = _("回盘已载入：到账 %(credited)s 笔，退票 %(returned)s 笔，未明 %(unknown)s 笔") % {
        "credited": loaded.credited,
        "returned": loaded.returned,
        "unknown": loaded.unknown,
    }
    if loaded.others:
        sentence += _("；其中批次 %(numbers)s 的付款，请到各该批次载入同一文件") % {
            "numbers": loaded.others
        }
    if odd:
        sentence += _("；%(n)s 行对不上，未作变动，见退票与差异") % {"n": odd}
    if loaded.doubted:
        words = {"references": loaded.doubted}
        sentence += (
            _("；付款 %(references)s 银行前后说法不一，未作变动，由审批人员向银行核实") % words
        )
    return back_to(request, f"/batches/{number}", sentence)
