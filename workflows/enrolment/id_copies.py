"""Copies of ID cards (身份证复印件, article 7.2): kept with a roster, read, compared row by row.

A row whose copy differs holds up the roster until a new copy agrees, or the office says why not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_numbers
from documents.packets.opening import open_upload
from documents.reading.page import PageReading
from documents.rosters.id_copies import CopyResult, IdCard, RowCopy, cards_on, compare
from documents.rosters.roster_file import RosterRow
from language import _
from models import Enrolment, IdCopy, IdCopyAnswer, StoredReading, User
from models.states import EnrolmentState
from rules.errors import BadInput, Refused
from workflows.engine.history import record
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.screening import note_malware
from workflows.enrolment.roster_preview import preview
from workflows.page_readings import PageToRead
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require, require_for
from workflows.sealed_values.files import id_cards_of, reading_text, seal_id_cards


@dataclass(frozen=True)
class CopyCheck:
    """The rows that can be enrolled beside their copies, and the reasons people gave."""

    rows: tuple[RowCopy, ...]
    pages: int
    answers: Mapping[RowCopy, str]
    """The reasons, by what they were given for."""

    @property
    def differing(self) -> list[RowCopy]:
        return [each for each in self.rows if each.differs]

    @property
    def open(self) -> list[RowCopy]:
        """The rows that differ and have no reason."""
        return [each for each in self.differing if self.reason(each) is None]

    def reason(self, each: RowCopy) -> str | None:
        """Why this row may differ; None if no reason was given for exactly this difference."""
        return self.answers.get(each)

    def count(self, result: CopyResult) -> int:
        return sum(each.result is result for each in self.rows)


@dataclass(frozen=True)
class CopyOfRow:
    """A row of the roster beside the card on its copy, and the page that shows the card."""

    row: RosterRow
    card: IdCard
    sheet: PageToRead
    seen: PageReading


def copy_of_row(session: Session, office: Office, enrolment: Enrolment, row: int) -> CopyOfRow:
    """The row whose copy differs, with the page of its card; Refused if there is none."""
    found = _differing_row(session, office, enrolment, row)
    copies = [copy for copy in _copies(session, enrolment) if copy.cards is not None]
    seen = _seen(session, copies)
    # The last copy is the one that was compared where several show the same.
    for copy in reversed(copies):
        for number in range(copy.page_count, 0, -1):
            text = reading_text(office.keys, seen[copy.sha256, number])
            page = PageReading.from_json(text)
            if (card := next(cards_on([page]), None)) and card == found.card:
                sheet = PageToRead(copy.sha256, copy.media_type, number)
                return CopyOfRow(found.row, card, sheet, page)
    raise Refused(_("这一页无法显示"))


def _differing_row(session: Session, office: Office, enrolment: Enrolment, row: int) -> RowCopy:
    check = check_copies(session, office, enrolment, preview(session, office, enrolment).sound)
    for each in check.differing if check else []:
        if each.row.row == row:
            return each
    raise Refused(_("名册第 %(row)s 行没有不一致的复印件") % {"row": row})


def hand_in_copies(
    session: Session,
    office: Office,
    person: User,
    enrolment: Enrolment,
    files: Sequence[tuple[str, bytes]],
) -> int:
    """Keep the files and have them read; how many pages are new. Raises Refused or BadInput.

    One page holds the front of one card. What was handed in before stays.
    """
    require_for(person, enrolment.unit_id, Act.ENROL)
    if not files:
        raise Refused(_("请先选择要上传的文件"))
    opened = open_upload(enrolment.number, files, office.limits)
    if opened.refusals:
        if found := [each.infection for each in opened.refusals if each.infection]:
            note_malware(office, person, found)
        faults = (f"{mask_numbers(each.name)}：{each.reason}" for each in opened.refusals)
        raise BadInput("\n".join(faults))
    known = set(session.scalars(select(IdCopy.sha256).filter_by(enrolment_id=enrolment.id)))
    new = {file.sha256: file for file in opened.files if file.sha256 not in known}
    if not new:
        raise Refused(_("这些复印件已经交过"))
    pages = sum(file.pages for file in new.values())
    advance(session, enrolment, "hand_in_copies", office, person, pages=pages)
    for file in new.values():
        session.add(
            IdCopy(
                enrolment_id=enrolment.id,
                sha256=office.store.put(file.data),
                media_type=file.media_type,
                page_count=file.pages,
                handed_in_by=person.id,
                handed_in_at=office.clock(),
            )
        )
    return pages


def gather(session: Session, enrolment: Enrolment, office: Office) -> tuple[PageToRead, ...]:
    """The pages of the copies that have not been read."""
    copies = _copies(session, enrolment)
    seen = set(_seen(session, copies))
    return tuple(
        PageToRead(copy.sha256, copy.media_type, number)
        for copy in copies
        for number in range(1, copy.page_count + 1)
        if (copy.sha256, number) not in seen
    )


def record_copies(session: Session, enrolment: Enrolment, _result: None, office: Office) -> None:
    """Keep what was read on the new copies; the roster waits for a decision again."""
    copies = [copy for copy in _copies(session, enrolment) if copy.cards is None]
    seen = _seen(session, copies)
    for copy in copies:
        pages = [
            PageReading.from_json(reading_text(office.keys, seen[copy.sha256, number]))
            for number in range(1, copy.page_count + 1)
        ]
        cards = [(card.name, card.number) for card in cards_on(pages)]
        copy.cards = seal_id_cards(office.keys, copy, cards)
    advance(session, enrolment, "read_copies", office)


def copies_read(session: Session, enrolment: Enrolment) -> tuple[int, int]:
    """How many pages of the copies have been read, and how many there are."""
    copies = _copies(session, enrolment)
    return len(_seen(session, copies)), sum(copy.page_count for copy in copies)


def check_copies(
    session: Session, office: Office, enrolment: Enrolment, rows: Sequence[RosterRow]
) -> CopyCheck | None:
    """These rows beside the copies; None if no copies were handed in."""
    copies = [copy for copy in _copies(session, enrolment) if copy.cards is not None]
    if not copies:
        return None
    cards = [IdCard(*card) for copy in copies for card in id_cards_of(office.keys, copy)]
    compared, pages = compare(rows, cards), sum(copy.page_count for copy in copies)
    said = select(IdCopyAnswer).filter_by(enrolment_id=enrolment.id)
    reasons = {answer.compared: answer.reason for answer in session.scalars(said)}
    prints = {each: _print(office, each) for each in compared if each.differs}
    answers = {each: reasons[print_] for each, print_ in prints.items() if print_ in reasons}
    return CopyCheck(compared, pages, answers)


def require_copies_agree(
    session: Session, office: Office, enrolment: Enrolment, rows: Sequence[RosterRow]
) -> None:
    """Raise Refused, naming the rows, where copies differ and no person has said why."""
    check = check_copies(session, office, enrolment, rows)
    if check and check.open:
        numbers = "、".join(str(each.row.row) for each in check.open)
        sentence = _(
            "名册第 %(rows)s 行与身份证复印件不一致，请改正后重新报送，或由办事处经办写明原因"
        )
        raise Refused(sentence % {"rows": numbers})


def answer_copy(
    session: Session, office: Office, person: User, enrolment: Enrolment, row: int, reason: str
) -> None:
    """Say, for the office, why this row may be enrolled although its copy differs.

    The reason counts as long as the same person stands beside the same copy.
    """
    require(person, Act.ANSWER_COPY)
    if enrolment.state != EnrolmentState.CHECKED:
        raise Refused(_("只有待确认的名册可以说明复印件"))
    told = told_reason(reason, _("请写明原因"))
    found = _differing_row(session, office, enrolment, row)
    session.merge(
        IdCopyAnswer(
            enrolment_id=enrolment.id,
            compared=_print(office, found),
            difference=found.result,
            reason=told,
            answered_by=person.id,
            answered_at=office.clock(),
        )
    )
    record(session, enrolment, "answer_copy", office.clock(), person.id, row=row, reason=told)


def _print(office: Office, each: RowCopy) -> bytes:
    """The fingerprint of a row's person and of what his copy shows."""
    card = each.card or IdCard("", "")
    values = (each.row.name, each.row.id_number, card.name, card.number)
    return office.keys.fingerprint(json.dumps(values))


def _copies(session: Session, enrolment: Enrolment) -> Sequence[IdCopy]:
    query = select(IdCopy).filter_by(enrolment_id=enrolment.id)
    return session.scalars(query.order_by(IdCopy.handed_in_at, IdCopy.sha256)).all()


def _seen(session: Session, copies: Sequence[IdCopy]) -> dict[tuple[str, int], StoredReading]:
    found = session.scalars(
        select(StoredReading).where(any_of(StoredReading.sha256, [c.sha256 for c in copies]))
    )
    return {(each.sha256, each.number): each for each in found}
