"""Who may do what: one table of acts and roles, which the screens and every stage use."""

from enum import StrEnum

from language import _
from models import User
from models.people import ROLE_WORDS, Role
from rules.errors import Forbidden
from workflows.people.excluded_roles import counting, excluding, in_words


class Act(StrEnum):
    """Something a person sees or does."""

    LOOK_AROUND = "look_around"
    SEE_CLAIMS = "see_claims"
    SEE_NUMBERS = "see_numbers"
    CORRECT = "correct"
    ANSWER = "answer"
    HOLD = "hold"
    HAND_IN = "hand_in"
    TAKE_SETTLEMENTS = "take_settlements"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    SEE_BATCHES = "see_batches"
    PAY = "pay"
    PROPOSE_PAYING_ACCOUNT = "propose_paying_account"
    CONFIRM_PAYING_ACCOUNT = "confirm_paying_account"
    SEE_FAILURES = "see_failures"
    RETRY = "retry"
    SEE_OWN_UNIT = "see_own_unit"
    SEE_UNITS = "see_units"
    CHANGE_UNITS = "change_units"
    SEE_MEMBERS = "see_members"
    SEE_ALL_MEMBERS = "see_all_members"
    CHANGE_MEMBERS = "change_members"
    TRANSFER = "transfer"
    SEE_ENROLMENTS = "see_enrolments"
    GET_COVER_PAPERS = "get_cover_papers"
    ENROL = "enrol"
    ANSWER_COPY = "answer_copy"
    DECIDE_CARDS = "decide_cards"
    CONFIRM_PAYEE = "confirm_payee"
    WAIVE = "waive"
    BOOK_FEES = "book_fees"
    SEE_BOOKS = "see_books"
    STATE_BALANCES = "state_balances"
    OPEN_BOOKS = "open_books"
    CLOSE_MONTH = "close_month"
    PROPOSE_VOUCHER = "propose_voucher"
    BOOK_VOUCHER = "book_voucher"
    SIGN_DAY = "sign_day"
    REFUND_FEES = "refund_fees"
    SEE_PEOPLE = "see_people"
    OPEN_ACCOUNTS = "open_accounts"
    SHUT_ACCOUNTS = "shut_accounts"
    CONFIRM_ACCOUNTS = "confirm_accounts"
    ASK_STAFF_NUMBER = "ask_staff_number"
    SET_STAFF_NUMBER = "set_staff_number"
    RESET_FACTORS = "reset_factors"
    SEE_BOARDS = "see_boards"
    SEE_STATISTICS = "see_statistics"
    APPLY_RELIEF = "apply_relief"
    DECIDE_RELIEF = "decide_relief"
    OBJECT = "object"
    HEAR = "hear"
    REVISE = "revise"
    LET_STAND = "let_stand"
    SEE_OBJECTIONS = "see_objections"
    SEE_RECOVERIES = "see_recoveries"
    BOOK_RECOVERY = "book_recovery"
    CONFIRM_RECEIPT = "confirm_receipt"
    ANSWER_LATE_RETURN = "answer_late_return"
    WRITE_OFF = "write_off"
    WRITE_TO_FUND = "write_to_fund"
    SET_OFF = "set_off"
    AGREE_INSTALMENTS = "agree_instalments"
    NOTE_EVENTS = "note_events"
    PLAN_CAMPAIGN = "plan_campaign"
    SEE_RENEWALS = "see_renewals"
    PAUSE_RENEWALS = "pause_renewals"
    GET_NOTICES = "get_notices"
    TAKE_ROSTERS = "take_rosters"
    EXPORT_PERSON = "export_person"
    SEE_LOG = "see_log"
    HOLD_RECORDS = "hold_records"
    ERASE = "erase"


OFFICE_ROLES = frozenset(Role) - {Role.UNIT_CLERK}
_CLERKS = {Role.CLERK, Role.SUPERVISOR}
_OFFICE = _CLERKS | {Role.CASHIER, Role.AUDITOR}

ROLES: dict[Act, frozenset[Role]] = {
    Act.LOOK_AROUND: frozenset(Role),
    Act.SEE_CLAIMS: frozenset(_CLERKS | {Role.UNIT_CLERK, Role.AUDITOR}),
    Act.SEE_NUMBERS: frozenset(_CLERKS),
    Act.CORRECT: frozenset({Role.CLERK}),
    Act.ANSWER: frozenset(_CLERKS),
    Act.HOLD: frozenset(_CLERKS),
    Act.HAND_IN: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.TAKE_SETTLEMENTS: frozenset({Role.CLERK}),
    Act.WITHDRAW: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.APPROVE: frozenset({Role.SUPERVISOR}),
    Act.SEE_BATCHES: frozenset({Role.CASHIER, Role.SUPERVISOR, Role.AUDITOR}),
    Act.PAY: frozenset({Role.CASHIER}),
    Act.PROPOSE_PAYING_ACCOUNT: frozenset({Role.CASHIER}),
    Act.CONFIRM_PAYING_ACCOUNT: frozenset({Role.SUPERVISOR}),
    Act.SEE_FAILURES: frozenset(_CLERKS | {Role.SYSTEM_ADMIN}),
    Act.RETRY: frozenset(_CLERKS | {Role.SYSTEM_ADMIN}),
    Act.SEE_OWN_UNIT: frozenset({Role.UNIT_CLERK}),
    Act.SEE_UNITS: frozenset(_OFFICE),
    Act.CHANGE_UNITS: frozenset({Role.CLERK}),
    Act.SEE_MEMBERS: frozenset(_CLERKS | {Role.UNIT_CLERK, Role.AUDITOR}),
    Act.SEE_ALL_MEMBERS: frozenset(_CLERKS | {Role.AUDITOR}),
    Act.CHANGE_MEMBERS: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.TRANSFER: frozenset({Role.CLERK}),
    Act.SEE_ENROLMENTS: frozenset(_OFFICE | {Role.UNIT_CLERK}),
    Act.GET_COVER_PAPERS: frozenset(_CLERKS | {Role.CASHIER, Role.UNIT_CLERK}),
    Act.ENROL: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.ANSWER_COPY: frozenset({Role.CLERK}),
    Act.DECIDE_CARDS: frozenset(_CLERKS),
    Act.CONFIRM_PAYEE: frozenset(_CLERKS),
    Act.WAIVE: frozenset({Role.SUPERVISOR}),
    Act.BOOK_FEES: frozenset({Role.CASHIER}),
    Act.SEE_BOOKS: frozenset({Role.SUPERVISOR, Role.CASHIER, Role.AUDITOR}),
    Act.STATE_BALANCES: frozenset({Role.CASHIER}),
    Act.OPEN_BOOKS: frozenset({Role.SUPERVISOR}),
    Act.CLOSE_MONTH: frozenset({Role.SUPERVISOR}),
    Act.PROPOSE_VOUCHER: frozenset({Role.CASHIER}),
    Act.BOOK_VOUCHER: frozenset({Role.SUPERVISOR}),
    Act.SIGN_DAY: frozenset({Role.SUPERVISOR, Role.AUDITOR}),
    Act.REFUND_FEES: frozenset({Role.SUPERVISOR}),
    Act.SEE_PEOPLE: frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}),
    Act.OPEN_ACCOUNTS: frozenset({Role.SYSTEM_ADMIN}),
    Act.SHUT_ACCOUNTS: frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
    Act.CONFIRM_ACCOUNTS: frozenset({Role.SECURITY_ADMIN}),
    Act.ASK_STAFF_NUMBER: frozenset({Role.SYSTEM_ADMIN}),
    Act.SET_STAFF_NUMBER: frozenset({Role.SECURITY_ADMIN}),
    Act.RESET_FACTORS: frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
    Act.SEE_BOARDS: frozenset(_CLERKS | {Role.UNIT_CLERK, Role.AUDITOR}),
    Act.SEE_STATISTICS: frozenset(_CLERKS | {Role.AUDITOR}),
    Act.APPLY_RELIEF: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.DECIDE_RELIEF: frozenset({Role.SUPERVISOR}),
    Act.OBJECT: frozenset(_CLERKS | {Role.UNIT_CLERK}),
    Act.HEAR: frozenset({Role.SUPERVISOR}),
    Act.REVISE: frozenset({Role.CLERK}),
    Act.LET_STAND: frozenset({Role.SUPERVISOR}),
    Act.SEE_OBJECTIONS: frozenset(_CLERKS | {Role.AUDITOR}),
    Act.SEE_RECOVERIES: frozenset(_OFFICE),
    Act.BOOK_RECOVERY: frozenset({Role.CASHIER}),
    Act.CONFIRM_RECEIPT: frozenset({Role.SUPERVISOR}),
    Act.ANSWER_LATE_RETURN: frozenset({Role.SUPERVISOR}),
    Act.WRITE_OFF: frozenset({Role.SUPERVISOR}),
    Act.WRITE_TO_FUND: frozenset({Role.SUPERVISOR}),
    Act.SET_OFF: frozenset({Role.SUPERVISOR}),
    Act.AGREE_INSTALMENTS: frozenset({Role.SUPERVISOR}),
    Act.NOTE_EVENTS: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.PLAN_CAMPAIGN: frozenset(_CLERKS),
    Act.SEE_RENEWALS: frozenset(_CLERKS | {Role.AUDITOR}),
    Act.PAUSE_RENEWALS: frozenset({Role.SUPERVISOR}),
    Act.GET_NOTICES: frozenset(_CLERKS | {Role.AUDITOR, Role.UNIT_CLERK}),
    Act.TAKE_ROSTERS: frozenset({Role.CLERK, Role.UNIT_CLERK}),
    Act.EXPORT_PERSON: frozenset({Role.SECURITY_ADMIN}),
    Act.SEE_LOG: frozenset({Role.AUDITOR}),
    Act.HOLD_RECORDS: frozenset({Role.SECURITY_ADMIN, Role.AUDITOR}),
    Act.ERASE: frozenset({Role.SECURITY_ADMIN}),
}


def may(person: User, act: Act) -> bool:
    """Whether the account is open and one of its roles, none that another excludes, allows this;
    of a program that acts in the person's name, whether its token does too."""
    if person.narrowed_to is not None and act not in person.narrowed_to:
        return False
    return person.disabled_at is None and bool(ROLES[act] & counting(person.roles))


def may_for(person: User, unit_id: int | None, act: Act) -> bool:
    """Whether the person may do this for this unit: a unit's clerk only for his own.

    `unit_id` None means that the matter belongs to the office itself.
    """
    by_the_office = bool(ROLES[act] & OFFICE_ROLES & set(person.roles))
    is_own = unit_id is not None and unit_id == person.unit_id
    return may(person, act) and (by_the_office or is_own)


def require(person: User, act: Act) -> None:
    """Raise Forbidden, with the roles that would do, unless the person may do this."""
    if may(person, act):
        return
    if person.narrowed_to is not None and ROLES[act] & counting(person.roles):
        raise Forbidden(_("这个接口令牌不能用于此操作"))
    if pair := excluding(person.roles, person.roles):
        raise Forbidden(
            _(
                "此账户兼有“%(one)s”和“%(other)s”岗位，不能由一人兼任，两者都不能办理；"
                "请停用此账户，为各岗位的人另开账户"
            )
            % in_words(pair)
        )
    words = "、".join(_(ROLE_WORDS[role]) for role in Role if role in ROLES[act])
    raise Forbidden(_("此操作需要“%(roles)s”岗位") % {"roles": words})


def require_for(person: User, unit_id: int | None, act: Act) -> None:
    """Raise Forbidden unless the person may do this for this unit."""
    require(person, act)
    if not may_for(person, unit_id, act):
        raise Forbidden(_("只能办理本单位的业务"))
