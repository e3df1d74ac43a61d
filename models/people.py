"""Who may log in, and as what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from language import N_
from models.base import Audited, Base, Instant, Key
from rules.approval_limits import ApproverLevel


class Role(StrEnum):
    """What a person may do; no administrator may also be supervisor or cashier."""

    UNIT_CLERK = "unit_clerk"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    CASHIER = "cashier"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


ROLE_WORDS = {
    Role.UNIT_CLERK: N_("单位经办"),
    Role.CLERK: N_("经办"),
    Role.SUPERVISOR: N_("审批"),
    Role.CASHIER: N_("出纳"),
    Role.SYSTEM_ADMIN: N_("系统管理员"),
    Role.SECURITY_ADMIN: N_("安全管理员"),
    Role.AUDITOR: N_("审计员"),
}


class User(Audited, Base):
    """An account by which a person logs in. `unit_id` is set for unit clerks only.

    `staff_number` (工号) tells the person: accounts with the same one are one person's.
    `asked_staff_number` waits for a second administrator; None when nothing is asked.
    `level` says up to which sum it approves; it means something for supervisors only.
    `must_change_password` is True while another person knows the password; where that has a
    `first_password_until`, it lets in once and before then.
    """

    __tablename__ = "app_user"
    __table_args__ = (
        CheckConstraint(
            "cardinality(roles) = 1"
            " OR NOT roles && ARRAY['system_admin', 'security_admin', 'auditor']",
            name="three_administrators_are_three_people",
        ),
        CheckConstraint(
            "(asked_staff_number IS NULL) = (staff_number_asked_by IS NULL)",
            name="number_asked_by_somebody",
        ),
        CheckConstraint("cardinality(roles) > 0", name="has_a_role"),
        CheckConstraint("staff_number <> ''", name="belongs_to_a_person"),
        CheckConstraint(
            "level = 'ordinary' OR 'supervisor' = ANY(roles)", name="only_approvers_have_a_level"
        ),
    )

    id: Mapped[Key]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    staff_number: Mapped[str] = mapped_column(index=True)
    asked_staff_number: Mapped[str | None]
    staff_number_asked_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    password_hash: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    level: Mapped[str] = mapped_column(default=ApproverLevel.ORDINARY)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    disabled_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    first_password_until: Mapped[datetime | None]

    @property
    def narrowed_to(self) -> frozenset[str] | None:
        """The acts that a program may do in the person's name; None where he acts himself."""
        narrowed: frozenset[str] | None = self.__dict__.get("_narrowed_to")
        return narrowed

    def narrow(self, acts: frozenset[str]) -> None:
        """A program acts in the person's name, and may do no more than this."""
        self.__dict__["_narrowed_to"] = acts


class FormerPassword(Base):
    """The hash of a password that a person had before: he may not take it again."""

    __tablename__ = "former_password"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    password_hash: Mapped[str]
    replaced_at: Mapped[Instant]
