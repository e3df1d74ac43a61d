"""Claims that nothing but a settlement file tells of: one person took the file in."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.kinds import Kind
from language import _
from models import Document, Packet, Page, User
from rules.second_look import Look, LookReason
from workflows.engine.rows import any_of


def settled_by_file(
    session: Session, claim_ids: Collection[int]
) -> Mapping[int, tuple[LookReason, ...]]:
    """By claim without any other paper, who took in the file: nothing but a person does."""
    query = (
        select(Document.claim_id, func.min(User.name))
        .join(Page, Page.document_id == Document.id)
        .join(Packet, Packet.id == Document.packet_id)
        .join(User, User.id == Packet.sent_by)
        .where(any_of(Document.claim_id, claim_ids))
        .group_by(Document.claim_id)
        .having(func.bool_and(Page.kind == Kind.INSURANCE_RECORD))
    )
    text = _("没有其他材料，只凭%(name)s收的医保结算数据")
    return {
        claim_id: (LookReason(Look.SETTLED_BY_FILE, text % {"name": name}),)
        for claim_id, name in session.execute(query)
    }
