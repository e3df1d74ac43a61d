"""Where sealed values stand: the list of all columns that hold them."""

from workflows.engine.detail_keys import DETAIL_KEY
from workflows.engine.sealed_column import SealedColumn

FIELD = SealedColumn("field", "value", ("claim_id", "name"))
PAYEE = SealedColumn("payment", "payee", ("reference",))
HARDSHIP = SealedColumn("relief", "hardship", ("number",))
HEIR = SealedColumn("heir", "person", ("ref",))
OBJECTION = SealedColumn("objection", "said", ("number",))
PACKET_NAME = SealedColumn("packet", "name", ("name_print",))
DOCUMENT_NAME = SealedColumn("document", "name", ("claim_id", "sha256"))
READING = SealedColumn("page_reading", "reading", ("sha256", "number"))
ID_CARDS = SealedColumn("id_copy", "cards", ("enrolment_id", "sha256"))
ID_NUMBER = SealedColumn("member", "id_number", ("ref",))
CARD = SealedColumn("member", "card", ("ref",))
PHONE = SealedColumn("member", "phone", ("ref",))
SAID_CARD = SealedColumn("roster_change", "card", ("enrolment_id", "member_id"))
SAID_PHONE = SealedColumn("roster_change", "phone", ("enrolment_id", "member_id"))
NAMED_CARD = SealedColumn("member_card", "card", ("ref",))
TOTP_SECRET = SealedColumn("second_factor", "secret", ("user_id",))
EVENTS = SealedColumn("claim", "events", ("id",))
ABOUT = SealedColumn("claim_answer", "about", ("id",))
GIVEN_REASON = SealedColumn("claim_answer", "reason", ("id",))
FACTS = SealedColumn("decision_part", "facts", ("decision_id", "number"))
LINE = SealedColumn("decision_line", "text", ("decision_id", "part", "number"))
REASON = SealedColumn("decision_reason", "text", ("decision_id", "part", "number"))
PAST = SealedColumn("entitlement", "past", ("decision_id", "part"))

PLACES = (
    FIELD,
    PAYEE,
    HARDSHIP,
    HEIR,
    OBJECTION,
    PACKET_NAME,
    DOCUMENT_NAME,
    READING,
    ID_CARDS,
    ID_NUMBER,
    CARD,
    PHONE,
    SAID_CARD,
    SAID_PHONE,
    NAMED_CARD,
    TOTP_SECRET,
    EVENTS,
    ABOUT,
    GIVEN_REASON,
    FACTS,
    LINE,
    REASON,
    PAST,
    DETAIL_KEY,
)
"""Every column of sealed values."""
