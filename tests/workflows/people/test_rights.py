"""Who may do what, act by act and role by role, as a table to read."""

import pytest

from models import User
from models.machines import MACHINES
from models.machines.machine import Who
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk
from workflows.people.excluded_roles import EXCLUDING
from workflows.people.rights import ROLES, Act, may, may_for, require, require_for

# U unit clerk, C clerk, S supervisor, K cashier, Y system, X security administrator, A auditor.
RIGHTS = """
look_around      U C S K Y X A
see_claims       U C S . . . A
see_numbers      . C S . . . .
correct          . C . . . . .
answer           . C S . . . .
answer_copy      . C . . . . .
hold             . C S . . . .
withdraw         U C . . . . .
hand_in          U C . . . . .
take_settlements . C . . . . .
approve          . . S . . . .
see_batches      . . S K . . A
pay              . . . K . . .
propose_paying_account . . . K . . .
confirm_paying_account . . S . . . .
see_failures     . C S . Y . .
retry            . C S . Y . .
see_own_unit     U . . . . . .
see_units        . C S K . . A
change_units     . C . . . . .
see_members      U C S . . . A
see_all_members  . C S . . . A
change_members   U C . . . . .
transfer         . C . . . . .
see_enrolments   U C S K . . A
get_cover_papers U C S K . . .
enrol            U C . . . . .
waive            . . S . . . .
book_fees        . . . K . . .
refund_fees      . . S . . . .
see_books        . . S K . . A
state_balances   . . . K . . .
open_books       . . S . . . .
close_month      . . S . . . .
propose_voucher  . . . K . . .
book_voucher     . . S . . . .
sign_day         . . S . . . A
see_people       . . . . Y X A
open_accounts    . . . . Y . .
shut_accounts    . . . . Y X .
confirm_accounts . . . . . X .
ask_staff_number . . . . Y . .
set_staff_number . . . . . X .
reset_factors    . . . . Y X .
see_boards       U C S . . . A
see_statistics   . C S . . . A
apply_relief     U C . . . . .
decide_relief    . . S . . . .
object           U C S . . . .
hear             . . S . . . .
let_stand        . . S . . . .
confirm_receipt  . . S . . . .
answer_late_return . . S . . . .
decide_cards     . C S . . . .
confirm_payee    . C S . . . .
revise           . C . . . . .
see_objections   . C S . . . A
see_recoveries   . C S K . . A
book_recovery    . . . K . . .
set_off          . . S . . . .
agree_instalments . . S . . . .
write_off        . . S . . . .
write_to_fund    . . S . . . .
note_events      U C . . . . .
plan_campaign    . C S . . . .
see_renewals     . C S . . . A
pause_renewals   . . S . . . .
get_notices      U C S . . . A
take_rosters     U C . . . . .
export_person    . . . . . X .
see_log          . . . . . . A
hold_records     . . . . . X A
erase            . . . . . X .
"""
# The right that each move of a person asks for.
MOVES = """
claim add_papers hand_in
claim recheck correct
claim decide_relief decide_relief
claim join approve
claim leave answer
claim approve approve
claim deny approve
claim send_back approve
claim send pay
claim pay_again correct
claim question_payee correct
claim read_filed correct
claim propose_to_fund write_to_fund
claim refuse_to_fund write_to_fund
claim write_to_fund write_to_fund
claim revive correct
claim hold hold
claim resume hold
claim divide correct
claim withdraw withdraw
claim propose_denial approve
claim reopen revise
claim uphold hear
claim reopen_relief revise
claim uphold_relief hear
claim set_off set_off
claim undo_set_off set_off
relief grant decide_relief
relief refuse decide_relief
relief reopen revise
relief withdraw apply_relief
objection uphold hear
objection reject hear
objection withdraw hear
payment freeze pay
payment cancel approve
payment thaw pay
payment take_out pay
payment send pay
payment lose pay
payment set_off set_off
payment undo_set_off set_off
batch release pay
batch discard pay
batch ask_discard pay
batch refuse_discard pay
batch agree_discard pay
batch ask_take_out pay
batch refuse_take_out pay
batch agree_take_out pay
recovery book book_recovery
recovery receive confirm_receipt
recovery receive_last confirm_receipt
recovery refuse_receipt confirm_receipt
recovery agree_instalments agree_instalments
recovery set_off set_off
recovery set_off_all set_off
recovery undo_set_off set_off
recovery lower approve
recovery close approve
recovery call_off approve
recovery propose_write_off write_off
recovery refuse_write_off write_off
recovery write_off write_off
enrolment hand_in_copies enrol
enrolment accept enrol
enrolment hold enrol
enrolment let_pass waive
enrolment fund book_fees
enrolment hold_start book_fees
enrolment begin_tomorrow waive
enrolment reopen_fee book_fees
enrolment withdraw enrol
"""
LETTERS = dict(zip("UCSKYXA", Role, strict=True))


def listed() -> dict[str, set[Role]]:
    """The roles that the table above gives each act."""
    lines = (line.split() for line in RIGHTS.split("\n") if line)
    return {act: {LETTERS[mark] for mark in marks if mark != "."} for act, *marks in lines}


def somebody(*roles: Role, unit_id: int | None = None) -> User:
    return User(roles=[role.value for role in roles], unit_id=unit_id)


def test_each_role_may_do_what_the_table_lists_and_nothing_else() -> None:
    assert set(listed()) == set(Act)
    for act, roles in listed().items():
        for role in Role:
            assert may(somebody(role), Act(act)) == (role in roles), (act, role)


def test_the_tables_of_moves_name_the_first_role_that_may_make_each() -> None:
    asks = {
        tuple(names): act for *names, act in (line.split() for line in MOVES.split("\n") if line)
    }
    made = {
        (machine.name, move.verb): move.who
        for machine in MACHINES.values()
        for move in machine.moves
        if move.who not in (Who.STEP, Who.BEAT, Who.BANK)
    }
    assert set(asks) == set(made)
    for move, who in made.items():
        may_make = ROLES[Act(asks[move])]
        role = Role.SUPERVISOR if who is Who.COMMITTEE else Role(who)
        before = (Role.CLERK, Role.SUPERVISOR, Role.CASHIER)
        assert role == next(each for each in before if each in may_make), move


def test_two_roles_together_may_do_what_either_may() -> None:
    both = somebody(Role.CLERK, Role.CASHIER)
    assert may(both, Act.CORRECT)
    assert may(both, Act.PAY)
    assert not may(both, Act.APPROVE)


def test_a_disabled_account_may_do_nothing(desk: Desk) -> None:
    clerk = somebody(Role.CLERK)
    clerk.disabled_at = desk.clock()
    assert not any(may(clerk, act) or may_for(clerk, 1, act) for act in Act)
    with pytest.raises(Refused):
        require(clerk, Act.CORRECT)


def test_the_roles_that_are_needed_are_named_in_chinese() -> None:
    require(somebody(Role.CLERK), Act.PLAN_CAMPAIGN)
    with pytest.raises(Refused, match="“经办、审批”"):
        require(somebody(Role.CASHIER), Act.PLAN_CAMPAIGN)


def test_a_units_clerk_acts_for_his_own_unit_and_the_office_for_every_unit() -> None:
    own, office = somebody(Role.UNIT_CLERK, unit_id=1), somebody(Role.CLERK)
    require_for(own, 1, Act.ENROL)
    require_for(office, 1, Act.ENROL)
    with pytest.raises(Refused, match="本单位"):
        require_for(own, 2, Act.ENROL)
    with pytest.raises(Refused, match="岗位"):
        require_for(somebody(Role.CASHIER), 1, Act.ENROL)


def test_what_belongs_to_the_office_itself_is_not_a_units_clerks() -> None:
    assert may_for(somebody(Role.CLERK), None, Act.NOTE_EVENTS)
    for unit_id in (None, 1):
        assert not may_for(somebody(Role.UNIT_CLERK, unit_id=unit_id), None, Act.NOTE_EVENTS)


def test_roles_that_exclude_each_other_count_for_nothing_in_an_account_that_holds_both() -> None:
    for held in EXCLUDING:
        person = somebody(*held, unit_id=1)
        assert not any(may(person, act) or may_for(person, 1, act) for act in Act)
    with pytest.raises(Refused, match="兼有“经办”和“审批”岗位"):
        require(somebody(Role.SUPERVISOR, Role.CLERK), Act.APPROVE)
    old = somebody(Role.CLERK, Role.SUPERVISOR, Role.CASHIER)
    assert not any(may(old, act) for act in (Act.CORRECT, Act.APPROVE, Act.PAY))
