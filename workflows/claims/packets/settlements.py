"""A settlement file of the medical-insurance side: what it would do, and doing it.

Each row that is a member's stay becomes a paper of the claim that holds the stay, or opens one. The
paper's bytes follow from the row, so that a file that comes again adds nothing.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from documents.packets.file_names import clean
from documents.packets.media_types import OFD
from documents.settlements.settlement_file import SettlementFile, StayFault, read_settlements
from documents.settlements.stay_paper import paper_of, reading_of
from language import N_, _
from models import Claim, Packet, StoredReading, User
from rules.errors import Refused
from workflows.claims.acts.papers_added import ArrivedFile, add_files, take_papers
from workflows.claims.packets.inbox import begun
from workflows.claims.packets.intake import TAKEN_IN
from workflows.claims.packets.settled_stays import PlacedStay, StayOutcome, placed
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.engine.turns import OneAtATime, wait_for
from workflows.people.claim_makers import Made, note_maker
from workflows.people.rights import Act, require
from workflows.sealed_values.files import seal_reading

SETTLEMENTS = "settlements"
_ENTRY = re.compile(SETTLEMENTS + "-[0-9a-f]{32}")

OUTCOME_WORDS = {
    StayOutcome.OPENS: N_("新开案件"),
    StayOutcome.JOINS: N_("归入已有案件"),
    StayOutcome.DIFFERS: N_("与已有案件所述不同，请人核对"),
    StayOutcome.HELD: N_("已有案件，内容一致"),
    StayOutcome.WITHDRAWN: N_("案件已撤回，不再收件"),
    StayOutcome.NO_MEMBER: N_("不是会员"),
    StayOutcome.ANOTHER_NAME: N_("姓名与名册不一致，没有收件"),
    StayOutcome.NOT_READ_BACK: N_("此行的内容程序读不准，请凭材料办理"),
}
_TAKEN = (StayOutcome.OPENS, StayOutcome.JOINS, StayOutcome.DIFFERS)


@dataclass(frozen=True)
class SettlementPreview:
    """What a file would do: what becomes of each stay, and the faults of the other rows."""

    stays: tuple[PlacedStay, ...]
    faults: tuple[StayFault, ...]

    @property
    def counts(self) -> Mapping[StayOutcome, int]:
        """How many rows have each outcome."""
        return Counter(each.outcome for each in self.stays)


def preview(
    session: Session, office: Office, person: User, read: SettlementFile
) -> SettlementPreview:
    """What the file would do if it were taken in now."""
    require(person, Act.TAKE_SETTLEMENTS)
    return SettlementPreview(tuple(placed(session, office, read.stays)), read.faults)


def opened_settlements(office: Office, content: bytes) -> SettlementFile:
    """The rows of the file; no transaction is held while it is opened."""
    return read_settlements(content, office.limits)


def keep_shown(office: Office, person: User, name: str, content: bytes) -> str:
    """Keep the file sealed until it is taken in, or until the night; the name it is kept under."""
    require(person, Act.TAKE_SETTLEMENTS)
    entry = f"{SETTLEMENTS}-{uuid4().hex}"
    office.spool.put(entry, [(clean(name), BytesIO(content))])
    return entry


def shown_file(office: Office, person: User, entry: str) -> tuple[str, bytes]:
    """Name and content of the file that was shown; Refused if it is kept no longer."""
    require(person, Act.TAKE_SETTLEMENTS)
    if not _ENTRY.fullmatch(entry) or not office.spool.has(entry):
        raise Refused(_("文件已不在，请重新选择"))
    [(name, content)] = office.spool.get(entry)
    return name, content


def take_settlements(
    session: Session, office: Office, person: User, name: str, content: bytes, read: SettlementFile
) -> SettlementPreview:
    """Take the file in: what it did, by row. Faulty rows are left out, as the preview said."""
    require(person, Act.TAKE_SETTLEMENTS)
    if not read.stays:
        raise Refused(_("文件里没有可以收件的住院记录"))
    # Two files with the same row would each open a claim of it.
    wait_for(session, OneAtATime.TAKE_SETTLEMENTS)
    done = preview(session, office, person, read)
    packet = _packet(session, office, person, name, content)
    for each in done.stays:
        if each.outcome in _TAKEN:
            _take(session, office, person, packet, each)
    words = {_(OUTCOME_WORDS[outcome]): n for outcome, n in done.counts.items()}
    packet.notes = [f"{word} {number}" for word, number in words.items()]
    if done.faults:
        packet.notes = [*packet.notes, _("有误未收 %(n)s 行") % {"n": len(done.faults)}]
    return done


def _packet(session: Session, office: Office, person: User, name: str, content: bytes) -> Packet:
    """The file as a packet that nothing is left to do with."""
    packet = begun(
        session,
        office,
        clean(name),
        person,
        folder=SETTLEMENTS,
        sent_by=person.id,
        outcome=TAKEN_IN,
        digest=hashlib.sha256(content).hexdigest(),
    )
    advance(session, packet, "take_back", office, person)
    return packet


def _take(session: Session, office: Office, person: User, packet: Packet, each: PlacedStay) -> None:
    data, reading = paper_of(each.stay), reading_of(each.stay)
    sha256 = office.store.put(data)
    sealed = seal_reading(office.keys, sha256, 1, reading.to_json())
    kept = insert(StoredReading).values(sha256=sha256, number=1, reading=sealed)
    session.execute(kept.on_conflict_do_nothing())
    if is_new := each.claim is None:
        claim = _opened(session, office, person, each, sha256)
    else:
        claim = session.get_one(Claim, each.claim.id, with_for_update=True)
    note_maker(session, claim, person, Made.PAPERS)
    file = ArrivedFile(packet.id, sha256, f"{_('医保结算数据')}.ofd", OFD, len(data), 1)
    added = add_files(session, office, claim, [file])
    if added and not is_new:
        session.flush()
        session.expire(claim, ["documents"])
        take_papers(session, office, claim, added, person)


def _opened(session: Session, office: Office, person: User, each: PlacedStay, sha256: str) -> Claim:
    claim = Claim(
        digest=hashlib.sha256(sha256.encode()).hexdigest(),
        received_on=office.today(),
        received_at=office.clock(),
        member_id=each.member.id if each.member else None,
    )
    claim.id = next_id(session, Claim)
    claim.number = numbered("HZ", office.today(), claim.id)
    start(session, claim, "receive", office, person)
    return claim
