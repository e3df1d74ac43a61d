"""What is promised of rosters, fees and cover, and of the reminders to renew."""

from language import N_
from workflows.promises.promise import Promise, yuan

_ENROLLED = "'unpaid', 'backdated', 'funded', 'covered'"
_MAKING = "'hand_in', 'hold', 'accept', 'note_receipt', 'confirm_moves'"

OF_ENROLMENT = (
    Promise(
        "rosters_are_gone_through",
        N_("录入过的名册逐行处理完毕"),
        f"enrolment WHERE state IN ({_ENROLLED})",
        f"""SELECT number, rows, rows_done, count(l.member_id) AS lines
            FROM enrolment e LEFT JOIN enrolment_line l ON l.enrolment_id = e.id
            WHERE e.state IN ({_ENROLLED}) GROUP BY e.id
            HAVING rows_done <> rows OR count(l.member_id) > rows_done""",  # noqa: S608
        N_("名册 %(number)s 共 %(rows)s 行，处理 %(rows_done)s 行，录入 %(lines)s 人"),
    ),
    Promise(
        "fees_are_sums",
        N_("应缴会费等于各行会费之和"),
        f"enrolment WHERE state IN ({_ENROLLED})",
        f"""SELECT number, {yuan("fee_due")} AS fee, {yuan("subsidy_due")} AS subsidy,
                {yuan("coalesce(sum(l.fee - l.subsidy), 0)")} AS fees,
                {yuan("coalesce(sum(l.subsidy), 0)")} AS subsidies
            FROM enrolment e
            LEFT JOIN enrolment_line l ON l.enrolment_id = e.id AND l.struck_at IS NULL
            WHERE e.state IN ({_ENROLLED}) GROUP BY e.id
            HAVING fee_due <> coalesce(sum(l.fee - l.subsidy), 0)
               OR subsidy_due <> coalesce(sum(l.subsidy), 0)""",  # noqa: S608
        N_(
            "名册 %(number)s 应缴 %(fee)s 元、补助 %(subsidy)s 元，"
            "各行合计 %(fees)s 元、%(subsidies)s 元"
        ),
    ),
    Promise(
        "cover_is_paid_for",
        N_("缴清会费的才生效，缴清的不再等待"),
        f"enrolment WHERE state IN ({_ENROLLED})",
        f"""SELECT e.number, e.state, {yuan("fee_due")} AS due,
                {yuan("coalesce(sum(r.amount), 0)")} AS received
            FROM enrolment e LEFT JOIN fee_receipt r ON r.enrolment_id = e.id AND r.payer = 'unit'
            WHERE e.state IN ({_ENROLLED}) AND fee_due > 0 GROUP BY e.id
            HAVING (coalesce(sum(r.amount), 0) >= fee_due) <> (e.state <> 'unpaid')""",  # noqa: S608
        N_("名册 %(number)s(%(state)s)应缴 %(due)s 元，实收 %(received)s 元"),
    ),
    Promise(
        "refunds_hold",
        N_("退还的会费没有超过收到的"),
        "fee_receipt",
        f"""SELECT e.number, {yuan("sum(r.amount)")} AS left_over
            FROM fee_receipt r JOIN enrolment e ON e.id = r.enrolment_id
            GROUP BY e.id, r.payer HAVING sum(r.amount) < 0""",  # noqa: S608
        N_("名册 %(number)s 收支相抵为 %(left_over)s 元"),
    ),
    Promise(
        "lines_are_covered",
        N_("生效名册的每一行都有保障，份数相同"),
        "enrolment_line",
        """SELECT e.number, l.row FROM enrolment_line l JOIN enrolment e ON e.id = l.enrolment_id
           WHERE e.state = 'covered' AND l.struck_at IS NULL AND NOT EXISTS (
              SELECT FROM coverage c WHERE c.member_id = l.member_id AND c.plan = e.plan
              AND c.cover_year_id = e.cover_year_id AND c.shares = l.shares)""",
        N_("名册 %(number)s 第 %(row)s 行没有相应的保障"),
    ),
    Promise(
        "cover_has_a_roster",
        N_("保障都来自生效的名册或旧系统转入"),
        "coverage",
        """SELECT c.member_id, c.starts_on FROM coverage c JOIN cover_year y
              ON y.id = c.cover_year_id
           WHERE NOT EXISTS (SELECT FROM enrolment_line l JOIN enrolment e
              ON e.id = l.enrolment_id AND e.cover_year_id = c.cover_year_id
              WHERE l.member_id = c.member_id AND l.struck_at IS NULL)
           AND NOT EXISTS (SELECT FROM audit_event a WHERE a.subject = 'unit'
              AND a.subject_id = y.unit_id AND a.verb = 'take_over'
              AND a.detail ->> 'cover_year' = y.id::text)""",
        N_("会员 %(member_id)s 自 %(starts_on)s 起的保障没有来历"),
    ),
    Promise(
        "shortfalls_are_let_pass",
        N_("参保率或本人同意不足、起保日待审的由未经手的审批人准予"),
        "audit_event WHERE subject = 'enrolment' AND verb = 'let_pass'",
        f"""SELECT e.number, u.name FROM audit_event p
           JOIN audit_event m ON m.subject = p.subject AND m.subject_id = p.subject_id
              AND one_person(m.actor_id, p.actor_id)
              AND m.verb IN ({_MAKING})
           JOIN enrolment e ON e.id = p.subject_id JOIN app_user u ON u.id = p.actor_id
           WHERE p.subject = 'enrolment' AND p.verb = 'let_pass'""",  # noqa: S608
        N_("名册 %(number)s 由经手人 %(name)s 准予"),
    ),
    Promise(
        "roster_cards_are_confirmed",
        N_("名册引起的换卡由未经手名册的人确认"),
        "roster_change WHERE card_decided_by IS NOT NULL",
        f"""SELECT e.number, u.name FROM roster_change c JOIN enrolment e ON e.id = c.enrolment_id
           JOIN app_user u ON u.id = c.card_decided_by
           WHERE one_person(c.card_decided_by, e.handed_in_by) OR EXISTS (SELECT FROM audit_event m
              WHERE m.subject = 'enrolment' AND m.subject_id = e.id
              AND m.verb IN ({_MAKING})
              AND one_person(m.actor_id, c.card_decided_by)
              AND m.seq < (SELECT max(d.seq) FROM audit_event d
                JOIN enrolment_line l ON l.enrolment_id = e.id AND l.member_id = c.member_id
                WHERE d.subject = 'enrolment' AND d.subject_id = e.id
                  AND d.verb IN ('confirm_card', 'refuse_card')
                  AND d.detail ->> 'row' = l.row::text))""",  # noqa: S608
        N_("名册 %(number)s 由经手人 %(name)s 确认换卡"),
    ),
    Promise(
        "reminders_say_who_got_them",
        N_("发出的续保提醒都有文件、文号和去向"),
        "renewal WHERE state IN ('written', 'sent', 'posted')",
        """SELECT r.id, u.name FROM renewal r JOIN unit u ON u.id = r.unit_id
           WHERE r.state IN ('written', 'sent', 'posted')
             AND (r.letter_sha256 IS NULL OR r.roster_sha256 IS NULL OR r.number IS NULL
                OR r.mailed_roster_sha256 IS NULL OR r.written_at IS NULL)
              OR (r.state = 'sent') <> (r.mailed_at IS NOT NULL)
              OR r.state = 'sent' AND r.message_id IS NULL""",
        N_("%(name)s 的第 %(id)s 号续保提醒缺少文件、文号或发送记录"),
    ),
    Promise(
        "no_reminder_after_renewal",
        N_("续保之后不再发出提醒"),
        "renewal WHERE state IN ('sent', 'posted')",
        # It is asked before the papers are written and again before they go. What was under way
        # when the roster was accepted may still arrive: an hour is more than a step may take.
        """SELECT r.id, u.name FROM renewal r JOIN unit u ON u.id = r.unit_id
           JOIN cover_year y ON y.id = r.cover_year_id
           JOIN audit_event w ON w.subject = 'renewal' AND w.subject_id = r.id
               AND w.verb IN ('mail_renewal', 'post')
           JOIN cover_year l ON l.unit_id = y.unit_id AND l.starts_on > y.ends_on
           JOIN enrolment e ON e.cover_year_id = l.id AND e.kind <> 'addition'
           JOIN audit_event a ON a.subject = 'enrolment' AND a.subject_id = e.id
               AND a.verb IN ('accept', 'let_pass') AND a.at < w.at - interval '1 hour'
           WHERE EXISTS (SELECT family FROM coverage WHERE cover_year_id = y.id
               INTERSECT SELECT family FROM coverage WHERE cover_year_id = l.id)
           AND NOT EXISTS (SELECT FROM coverage c WHERE c.cover_year_id = y.id
               AND NOT EXISTS (SELECT FROM coverage d WHERE d.member_id = c.member_id
                   AND d.family = c.family AND d.starts_on > y.ends_on))
           GROUP BY r.id, u.name""",
        N_("%(name)s 续保之后又收到第 %(id)s 号续保提醒"),
    ),
    Promise(
        "one_reminder_at_a_time",
        N_("同一期保障的提醒按次序发出，后一次发出后前一次不再留存"),
        "renewal",
        """SELECT r.id, u.name FROM renewal r JOIN unit u ON u.id = r.unit_id
           WHERE r.state = 'held' AND EXISTS (SELECT FROM renewal n
               WHERE n.cover_year_id = r.cover_year_id AND n.rung > r.rung
                 AND n.state IN ('wanted', 'written', 'sent', 'posted'))""",
        N_("%(name)s 的第 %(id)s 号续保提醒已被后一次取代，却仍在等待"),
    ),
)
