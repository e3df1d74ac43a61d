"""What gave cause to a letter, as its row keeps it; the same occasion asks for one letter only."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, SQLColumnExpression, func

_PACKET = "packet-"


def of_decision(decision_id: int) -> str:
    """A decision that was approved."""
    return f"decision-{decision_id}"


def of_heir(decision_id: int, heir_id: int) -> str:
    """A decision that was approved, told to one heir."""
    return f"decision-{decision_id}-heir-{heir_id}"


def of_any_heir(decision_id: int) -> str:
    """The pattern of SQL for the same decision told to any heir."""
    return f"decision-{decision_id}-heir-%"


def of_packet(packet_id: int) -> str:
    """A packet that became a claim."""
    return f"{_PACKET}{packet_id}"


def of_packet_in_sql(packet_id: SQLColumnExpression[int]) -> ColumnElement[str]:
    """The same, for a query that goes by many packets."""
    return func.concat(_PACKET, packet_id)


def of_check(claim_version: int) -> str:
    """A document check that asked for papers, by the claim's version then."""
    return f"check-{claim_version}"


def of_payments(payment_ids: Iterable[int]) -> str:
    """Payments that came back together."""
    return f"payments-{'-'.join(map(str, payment_ids))}"


def of_objection(objection_id: int) -> str:
    """An objection that was heard or taken back."""
    return f"objection-{objection_id}"


def of_set_off(decision_id: int, receipt_id: int) -> str:
    """A payment of this decision that was set off."""
    return f"decision-{decision_id}-set-off-{receipt_id}"


def of_set_off_undone(decision_id: int, receipt_id: int) -> str:
    """A payment of this decision that is set off no longer."""
    return f"decision-{decision_id}-set-off-{receipt_id}-undone"


def of_recovery(recovery_id: int) -> str:
    """Money that is asked back."""
    return f"recovery-{recovery_id}"


def of_instalments(instalment_ids: Iterable[int]) -> str:
    """Instalments that were agreed together."""
    return f"instalments-{'-'.join(map(str, instalment_ids))}"


def ids_in(occasion: str) -> list[int]:
    """The ids that the occasion was made of, in the same order."""
    return [int(digits) for digits in re.findall(r"\d+", occasion)]
