"""Reminders come due by date: each once, made up after a stop, never for who has renewed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import CoverYear, Enrolment, Renewal, RenewalLook, RenewalPause, User
from models.people import Role
from models.states import EnrolmentState
from rules.errors import BadInput, Refused
from rules.renewal import due_on, rungs
from tests.desk import Desk, an_id_number, at_once
from tests.races.order import meet
from tests.renewals import END, a_year, an_enrolment, rungs_of, set_day
from workflows.renewal import reminder_pauses
from workflows.renewal.reminders import held, let_out, locked_look, look
from workflows.renewal.renewed_years import renewed


def look_on(desk: Desk, day: date) -> None:
    set_day(desk, day)
    look(desk.office)


def remind(desk: Desk, day: date) -> None:
    """A look on this day, and everything it lets out is written and put on the unit's page."""
    look_on(desk, day)
    desk.work()


def paused(desk: Desk, unit_id: int | None = None, rung: int | None = None) -> int:
    with desk.office.sessions.unit_of_work() as session:
        boss = desk.user(Role.SUPERVISOR)
        return reminder_pauses.pause(session, desk.office, boss, unit_id, rung, "另行通知").id


def lifted(desk: Desk, pause_id: int) -> int:
    with desk.office.sessions.unit_of_work() as session:
        return reminder_pauses.lift(session, desk.office, desk.user(Role.SUPERVISOR), pause_id)


def test_every_rung_comes_due_on_its_day_and_not_before(desk: Desk) -> None:
    year = a_year(desk)
    for rung in rungs():
        day = due_on(END, rung)
        remind(desk, day - timedelta(days=1))
        assert rung not in rungs_of(desk, year)
        remind(desk, day)
        assert rungs_of(desk, year)[rung] == "posted"
    assert set(rungs_of(desk, year).values()) == {"posted"}


def test_the_first_look_ever_starts_from_yesterday(desk: Desk) -> None:
    today, gone_by = a_year(desk, END), a_year(desk, END - timedelta(days=1))
    look_on(desk, due_on(END, -30))
    assert rungs_of(desk, today) == {-30: "wanted"}
    assert rungs_of(desk, gone_by) == {}


def test_looking_again_on_the_same_day_makes_nothing_more(desk: Desk) -> None:
    year = a_year(desk)
    for _time in range(3):
        look_on(desk, due_on(END, -60))
    assert rungs_of(desk, year) == {-60: "wanted"}


def test_after_a_stop_every_missed_rung_has_its_row_and_only_the_newest_goes_out(
    desk: Desk,
) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -61))
    remind(desk, due_on(END, -6))
    assert rungs_of(desk, year) == {
        -60: "overtaken",
        -30: "overtaken",
        -15: "overtaken",
        -7: "posted",
    }


def test_a_clock_that_jumps_back_does_nothing(desk: Desk) -> None:
    look_on(desk, due_on(END, -15))
    year = a_year(desk)
    look_on(desk, due_on(END, -30))
    assert rungs_of(desk, year) == {}
    with desk.office.sessions.read_only() as session:
        assert session.get_one(RenewalLook, 1).looked_on == due_on(END, -15)


def test_two_first_looks_at_the_same_moment_make_each_reminder_once(desk: Desk) -> None:
    years = [a_year(desk) for _ in range(5)]
    set_day(desk, due_on(END, -60))
    at_once(*[lambda: look(desk.office)] * 4)
    assert [rungs_of(desk, year) for year in years] == [{-60: "wanted"}] * 5


def test_a_look_waits_for_the_one_before_it(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -61))
    set_day(desk, due_on(END, -60))
    met = meet(
        desk.office,
        lambda session: locked_look(session, desk.office).looked_on,
        lambda session: locked_look(session, desk.office).looked_on,
    )
    assert met.second_waited
    look(desk.office)
    assert rungs_of(desk, year) == {-60: "wanted"}


def test_a_cover_year_of_an_addition_is_reminded_of_by_itself(desk: Desk) -> None:
    main = a_year(desk, END, unit="增员单位工会")
    addition = a_year(desk, END + timedelta(days=31), unit="增员单位工会", born=("19900101",))
    an_enrolment(desk, main, EnrolmentState.UNPAID, kind="addition")
    look_on(desk, due_on(END, -60))
    assert (rungs_of(desk, main), rungs_of(desk, addition)) == ({-60: "wanted"}, {})


@pytest.mark.parametrize(
    ("state", "is_renewed"),
    [
        (EnrolmentState.CHECKED, False),
        (EnrolmentState.SHORT, False),
        (EnrolmentState.WITHDRAWN, False),
        (EnrolmentState.ACCEPTED, True),
        (EnrolmentState.UNPAID, True),
        (EnrolmentState.BACKDATED, True),
        (EnrolmentState.FUNDED, True),
    ],
)
def test_an_enrolment_counts_as_renewal_from_the_day_it_is_accepted(
    desk: Desk, state: EnrolmentState, is_renewed: bool
) -> None:
    year = a_year(desk)
    set_day(desk, END - timedelta(days=40))
    an_enrolment(desk, year, state)
    with desk.office.sessions.read_only() as session:
        assert renewed(session, [year]) == ({year.id} if is_renewed else set())


def test_what_renews_nothing(desk: Desk) -> None:
    year = a_year(desk)
    set_day(desk, END - timedelta(days=40))
    an_enrolment(desk, year, kind="addition")
    an_enrolment(desk, year, plan="accident-2022")
    an_enrolment(desk, year, asked_start=END)
    an_enrolment(desk, a_year(desk))
    before = an_enrolment(desk, year)
    with desk.office.sessions.unit_of_work() as session:
        long_ago = desk.clock() - timedelta(days=400)
        query = update(Enrolment).where(Enrolment.id == before)
        session.execute(query.values(handed_in_at=long_ago))
    with desk.office.sessions.read_only() as session:
        assert renewed(session, [session.get_one(CoverYear, year.id)]) == set()


def test_a_later_cover_year_of_the_family_renews_even_under_another_edition(desk: Desk) -> None:
    end = date(2025, 12, 31)
    ids = (an_id_number(),)
    old = a_year(desk, end, unit="换版单位工会", plan="main-2020", ids=ids)
    a_year(desk, end + timedelta(days=366), unit="换版单位工会", plan="main-2025", ids=ids)
    with desk.office.sessions.read_only() as session:
        assert renewed(session, [session.get_one(CoverYear, old.id)]) == {old.id}


def test_who_has_renewed_gets_no_further_rung(desk: Desk) -> None:
    year = a_year(desk)
    remind(desk, due_on(END, -60))
    an_enrolment(desk, year)
    remind(desk, due_on(END, 30))
    assert rungs_of(desk, year) == {-60: "posted"}


def test_who_renews_between_look_and_letter_gets_none(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -60))
    an_enrolment(desk, year)
    desk.work()
    assert rungs_of(desk, year) == {-60: "stopped"}


def test_a_reminder_stuck_on_its_way_gives_way_to_the_next(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -15))
    stuck, desk.bells[:] = list(desk.bells), []
    look_on(desk, due_on(END, -7))
    desk.bells[:0] = stuck
    desk.work()
    assert rungs_of(desk, year) == {-15: "overtaken", -7: "posted"}


def test_a_pause_holds_a_unit_and_lifting_it_lets_the_newest_out(desk: Desk) -> None:
    year, other = a_year(desk), a_year(desk)
    look_on(desk, due_on(END, -61))
    pause_id = paused(desk, unit_id=year.unit_id)
    remind(desk, due_on(END, -60))
    remind(desk, due_on(END, -30))
    assert rungs_of(desk, year) == {-60: "held", -30: "held"}
    assert rungs_of(desk, other) == {-60: "posted", -30: "posted"}
    assert lifted(desk, pause_id) == 1
    desk.work()
    assert rungs_of(desk, year) == {-60: "overtaken", -30: "posted"}


def test_a_pause_of_a_rung_holds_it_for_all_and_the_next_goes_out(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -16))
    pause_id = paused(desk, rung=-15)
    remind(desk, due_on(END, -15))
    assert rungs_of(desk, year) == {-15: "held"}
    remind(desk, due_on(END, -7))
    assert rungs_of(desk, year) == {-15: "overtaken", -7: "posted"}
    assert lifted(desk, pause_id) == 0


def test_a_missed_rung_goes_out_where_the_newest_is_paused(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -16))
    pause_id = paused(desk, rung=-7)
    remind(desk, due_on(END, -6))
    assert rungs_of(desk, year) == {-15: "posted", -7: "held"}
    assert lifted(desk, pause_id) == 1


def test_two_pauses_hold_until_both_are_lifted(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, END - timedelta(days=1))
    first, second = paused(desk, unit_id=year.unit_id), paused(desk, rung=0)
    look_on(desk, END)
    assert (lifted(desk, first), lifted(desk, second)) == (0, 1)


def test_a_held_reminder_stops_once_the_unit_has_renewed(desk: Desk) -> None:
    year = a_year(desk)
    look_on(desk, due_on(END, -8))
    pause_id = paused(desk, unit_id=year.unit_id)
    look_on(desk, due_on(END, -7))
    an_enrolment(desk, year)
    assert lifted(desk, pause_id) == 0
    assert rungs_of(desk, year) == {-7: "stopped"}


def test_only_a_supervisor_pauses_and_says_why_what_there_is(desk: Desk) -> None:
    boss = desk.user(Role.SUPERVISOR)
    year = a_year(desk)
    with desk.office.sessions.unit_of_work() as session:

        def pause(
            unit_id: int | None, rung: int | None, person: User = boss, reason: str = "停"
        ) -> None:
            reminder_pauses.pause(session, desk.office, person, unit_id, rung, reason)

        for role in set(Role) - {Role.SUPERVISOR}:
            with pytest.raises(Refused, match="审批"):
                pause(year.unit_id, None, person=desk.user(role))
        with pytest.raises(Refused, match=r"^请写明暂停的理由$"):
            pause(year.unit_id, None, reason=" ")
        with pytest.raises(Refused, match="请选择"):
            pause(None, None)
        with pytest.raises(BadInput, match=rf"^没有这个单位：{10**9}$"):
            pause(10**9, None)
        with pytest.raises(BadInput, match="没有这一次提醒"):
            pause(None, -61)
        pause(None, -60, reason="会员 220102199003071524 来电")
        with pytest.raises(Refused, match="已经暂停"):
            pause(None, -60)
    with desk.office.sessions.read_only() as session:
        kept = session.scalars(select(RenewalPause)).one()
        assert (kept.paused_by, kept.lifted_at) == (boss.id, None)
        assert "199003071524" not in kept.reason


def test_only_a_supervisor_lifts_and_only_once(desk: Desk) -> None:
    pause_id = paused(desk, rung=0)
    with desk.office.sessions.unit_of_work() as session, pytest.raises(Refused, match="审批"):
        reminder_pauses.lift(session, desk.office, desk.user(Role.CLERK), pause_id)
    lifted(desk, pause_id)
    with pytest.raises(Refused, match="已经解除"):
        lifted(desk, pause_id)
    paused(desk, rung=0)


def test_a_pause_that_meets_a_look_holds_all_or_comes_too_late(desk: Desk) -> None:
    year, boss = a_year(desk), desk.user(Role.SUPERVISOR)
    look_on(desk, due_on(END, -61))
    set_day(desk, due_on(END, -60))

    def hold(session: Session) -> RenewalPause:
        return reminder_pauses.pause(session, desk.office, boss, year.unit_id, None, "停")

    met = meet(desk.office, hold, lambda session: let_out(session, desk.office, held(session)))
    look(desk.office)
    assert met.second == 0
    assert rungs_of(desk, year) == {-60: "held"}


def test_numbers_run_through_a_year_without_a_gap_and_begin_anew(desk: Desk) -> None:
    years = [a_year(desk) for _ in range(3)]
    remind(desk, due_on(END, -60))
    remind(desk, due_on(END, 15))
    with desk.office.sessions.read_only() as session:
        rows = session.scalars(select(Renewal).order_by(Renewal.issued_on, Renewal.number))
        numbers = [(row.issued_on.year, row.number) for row in rows if row.issued_on]
    count = len(years)
    assert numbers == [(y, n) for y in (2026, 2027) for n in range(1, count + 1)]
