"""Time passes at random over units with cover that ends; no reminder is lost, doubled or late."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from models import CoverYear, Renewal, RenewalPause
from models.people import Role
from models.states import EnrolmentState, RenewalState
from rules.renewal import due_on, rungs, rungs_within
from tests.conftest import empty
from tests.desk import Desk
from tests.renewals import END, a_year, an_enrolment, rungs_of, set_day
from tests.smtp import MailServer, mail_server
from workflows.proof import check
from workflows.renewal import reminder_pauses
from workflows.renewal.reminders import LET_OUT, look
from workflows.sweep import sweep

ENDS = (END, END, END + timedelta(days=9))
START = due_on(END, -63)
some = st.integers(0, 20)


class ReminderMachine(RuleBasedStateMachine):
    """Three units, a supervisor, a mail server with moods, and a clock that may jump."""

    desk: Desk
    server: MailServer

    def __init__(self) -> None:
        super().__init__()
        empty(self.desk.office.sessions)
        self.desk.bells.clear()
        for kept in (self.server.kept, self.server.raw, self.server.recipients):
            kept.clear()
        self.server.on_rcpt, self.server.on_data = [], []
        set_day(self.desk, START)
        self.addresses = [f"unit{at}@example.cn" for at in range(len(ENDS))]
        self.years = [
            a_year(self.desk, end, email=mail, born=("19850317",))
            for end, mail in zip(ENDS, self.addresses, strict=True)
        ]
        self.boss = self.desk.user(Role.SUPERVISOR)
        self.looked: date | None = None
        self.expected: dict[int, set[int]] = defaultdict(set)
        self.mails_when_renewed: dict[int, int] = {}

    @rule(days=st.sampled_from([0, 1, 1, 3, 8, 20, 45]))
    def a_day_when_the_server_runs(self, days: int) -> None:
        self._move(days)
        today = self.desk.office.today()
        looked = self.looked or today - timedelta(days=1)
        for year in self.years:
            if year.id not in self.mails_when_renewed:
                self.expected[year.id] |= set(rungs_within(year.ends_on, looked, today))
        self.looked = max(looked, today)
        look(self.desk.office)

    @rule(days=st.integers(1, 20))
    def the_clock_jumps_back(self, days: int) -> None:
        self._move(-days)
        look(self.desk.office)

    @rule()
    def work(self) -> None:
        self.desk.work()

    @rule(hours=st.sampled_from([1, 12]))
    def sweep(self, hours: int) -> None:
        self.desk.clock.pass_(hours=hours)
        sweep(self.desk.office)

    @rule(which=some)
    def lose_a_bell(self, which: int) -> None:
        if self.desk.bells:
            self.desk.bells.pop(which % len(self.desk.bells))

    @rule(mood=st.sampled_from(["451 busy", "550 no", "die", "keep and die"]))
    def the_mail_server_is_in_a_mood(self, mood: str) -> None:
        (self.server.on_data if "die" in mood else self.server.on_rcpt).append(mood)

    @rule(which=some, state=st.sampled_from([EnrolmentState.ACCEPTED, EnrolmentState.CHECKED]))
    def hand_in(self, which: int, state: EnrolmentState) -> None:
        year = self.years[which % len(self.years)]
        an_enrolment(self.desk, year, state)
        if state == EnrolmentState.ACCEPTED:
            self.mails_when_renewed.setdefault(year.id, self._mails(year))

    @rule(unit=st.integers(0, 3), rung=st.sampled_from([None, *rungs()]))
    def pause(self, unit: int, rung: int | None) -> None:
        unit_id = self.years[unit].unit_id if unit < len(self.years) else None
        with self.desk.unless_refused() as session:
            reminder_pauses.pause(session, self.desk.office, self.boss, unit_id, rung, "停")
            # The calendar has been looked at: what comes due from now on is made up for.
            self.looked = self.looked or self.desk.office.today() - timedelta(days=1)

    @rule(which=some)
    def lift(self, which: int) -> None:
        with self.desk.unless_refused() as session:
            found = session.scalars(select(RenewalPause.id).filter_by(lifted_at=None)).all()
            if found:
                pause_id = found[which % len(found)]
                reminder_pauses.lift(session, self.desk.office, self.boss, pause_id)

    @invariant()
    def each_rung_that_came_due_has_one_row_and_no_other_has(self) -> None:
        for year in self.years:
            assert set(rungs_of(self.desk, year)) == self.expected[year.id]

    @invariant()
    def nothing_older_waits_behind_what_was_let_out(self) -> None:
        for year in self.years:
            states = rungs_of(self.desk, year)
            newest = max((r for r, s in states.items() if s in LET_OUT), default=-1000)
            held = [r for r, s in states.items() if s == RenewalState.HELD]
            assert all(rung > newest for rung in held)

    @invariant()
    def a_unit_that_has_renewed_gets_no_mail(self) -> None:
        for year in self.years:
            if year.id in self.mails_when_renewed:
                assert self._mails(year) == self.mails_when_renewed[year.id]

    @invariant()
    def every_notice_has_one_message_however_often_it_was_sent(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            rows = session.scalars(select(Renewal).where(Renewal.message_id.is_not(None))).all()
        known = {row.message_id for row in rows}
        assert len(known) == len(rows)
        assert self.server.message_ids <= known
        sent = {row.message_id for row in rows if row.state == RenewalState.SENT}
        assert sent <= self.server.message_ids
        # A message that was sent again has the same bytes.
        assert len(set(self.server.raw)) == len(self.server.message_ids)

    def teardown(self) -> None:
        with self.desk.office.sessions.read_only() as session:
            broken = [found for found in check(session, self.desk.office) if found.violations]
        assert broken == []

    def _mails(self, year: CoverYear) -> int:
        return self.server.recipients.count([self.addresses[self.years.index(year)]])

    def _move(self, days: int) -> None:
        self.desk.clock.pass_(days=days)


def test_no_reminder_is_lost_doubled_or_sent_too_late(desk: Desk) -> None:
    with mail_server() as server:
        changed = {
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_security": "none",
            "mail_from": "huzhu@office.example",
        }
        with_mail = desk.office.settings.model_copy(update=changed)

        class RemindersAtDesk(ReminderMachine):
            pass

        RemindersAtDesk.desk = Desk(
            replace(desk.office, settings=with_mail), desk.clock, desk.bells
        )
        RemindersAtDesk.server = server
        run_state_machine_as_test(
            RemindersAtDesk,
            settings=settings(
                max_examples=8,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate, Phase.shrink],
            ),
        )
