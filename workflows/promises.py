"""The promises that two queries can check: how many rows there are, and which of them break it."""

from dataclasses import dataclass

from language import N_
from models.states import CLAIM, LIVE_PAYMENT_STATES, Who

_LIVE = ", ".join(f"'{state}'" for state in LIVE_PAYMENT_STATES)

# What a person does to a claim as checker, as payer or as onlooker; all else is making.
_NOT_MAKING = ", ".join(
    f"'{verb}'"
    for verb in sorted(
        {"retry", "reveal", "hold", "resume"}
        | {m.verb for m in CLAIM.moves if m.who in (Who.SUPERVISOR, Who.CASHIER, Who.BANK)}
        - {"propose_denial", "uphold"}
    )
)

# A decided claim on its way to another decision; what was paid stays booked meanwhile.
_UNDER_REVISION = "EXISTS (SELECT FROM revision v WHERE v.claim_id = c.id AND v.closed_at IS NULL)"
_WAS_REVISED = "EXISTS (SELECT FROM revision v WHERE v.claim_id = c.id)"

# Of each right: what it grants, what was paid, and what is asked back: in, still open, written off.
_BALANCE = f"""(SELECT e.id, e.claim_id,
    CASE WHEN e.released_at IS NULL THEN e.amount ELSE 0 END AS granted,
    (SELECT coalesce(sum(amount), 0) FROM payment
        WHERE entitlement_id = e.id AND state IN ({_LIVE})) AS paid,
    coalesce(sum(r.received), 0) AS received,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'open'), 0) AS open,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'written_off'), 0) AS borne
    FROM entitlement e LEFT JOIN recovery r
        ON r.entitlement_id = e.id AND r.state <> 'called_off'
    GROUP BY e.id)"""  # noqa: S608

_ENROLLED = "'unpaid', 'backdated', 'funded', 'covered'"


@dataclass(frozen=True)
class Promise:
    """`violating` finds the rows that break it; `sentence` says so of one, by the row's columns."""

    code: str
    name: str
    counted: str
    violating: str
    sentence: str


def yuan(column: str) -> str:
    """SQL that shows fen as people read them."""
    return f"to_char({column} / 100.0, 'FM999999999990.00')"


PROMISES = (
    Promise(
        "one_live_payment",
        N_("每项给付权利对每位收款人、每次给付至多一笔有效付款"),
        "entitlement",
        f"""SELECT c.number, count(*) AS count, string_agg(p.reference, '、' ORDER BY p.id) AS them
            FROM payment p JOIN claim c ON c.id = p.claim_id WHERE p.state IN ({_LIVE})
            GROUP BY p.entitlement_id, p.heir_id, p.round, c.number HAVING count(*) > 1""",  # noqa: S608
        N_("案件 %(number)s 有 %(count)s 笔有效付款：%(them)s"),
    ),
    Promise(
        "one_right_an_event",
        N_("每个事件至多一项有效权利"),
        "entitlement",
        """SELECT count(*) AS count, string_agg(c.number, '、' ORDER BY c.id) AS them
           FROM entitlement e JOIN claim c ON c.id = e.claim_id WHERE e.released_at IS NULL
           GROUP BY e.member_id, e.plan, e.event HAVING count(*) > 1""",
        N_("同一事件有 %(count)s 项有效权利，案件 %(them)s"),
    ),
    Promise(
        "counters_are_sums",
        N_("限额计数等于有效占用之和"),
        "limit_counter",
        f"""SELECT c.member_id, c.benefit, c.period_start, c.times, c.days,
                   {yuan("c.amount")} AS yuan, coalesce(sum(r.times), 0) AS held_times,
                   coalesce(sum(r.days), 0) AS held_days,
                   {yuan("coalesce(sum(r.amount), 0)")} AS held_yuan
            FROM limit_counter c
            LEFT JOIN reservation r ON r.counter_id = c.id AND r.released_at IS NULL
            GROUP BY c.id HAVING c.times <> coalesce(sum(r.times), 0)
               OR c.days <> coalesce(sum(r.days), 0)
               OR c.amount <> coalesce(sum(r.amount), 0)""",  # noqa: S608
        N_(
            "会员 %(member_id)s 自 %(period_start)s 起的限额计为 %(times)s 次 %(days)s 天"
            " %(yuan)s 元，有效占用合计 %(held_times)s 次 %(held_days)s 天 %(held_yuan)s 元"
        ),
    ),
    Promise(
        "limits_hold",
        N_("限额没有超出"),
        "limit_counter",
        f"""SELECT member_id, period_start, times, {yuan("amount")} AS yuan FROM limit_counter
            WHERE times > times_limit OR amount > amount_limit""",  # noqa: S608
        N_("会员 %(member_id)s 自 %(period_start)s 起已用 %(times)s 次 %(yuan)s 元，超出限额"),
    ),
    Promise(
        "reservations_follow_rights",
        N_("限额占用与其给付权利同时有效、同时释放"),
        "reservation",
        # A revised right gives back what it took, and takes anew what it is granted now.
        f"""SELECT c.number FROM reservation r JOIN entitlement e ON e.id = r.entitlement_id
           JOIN claim c ON c.id = e.claim_id
           WHERE (r.released_at IS NULL) <> (e.released_at IS NULL)
             AND (r.released_at IS NULL OR NOT {_WAS_REVISED})""",  # noqa: S608
        N_("案件 %(number)s 的占用与权利不一致"),
    ),
    Promise(
        "rights_follow_decisions",
        N_("有效权利都来自现行的给付核定，金额相同"),
        "entitlement",
        f"""SELECT c.number, {yuan("e.amount")} AS yuan, {yuan("p.amount")} AS decided
            FROM entitlement e JOIN decision d ON d.id = e.decision_id
            JOIN decision_part p ON p.decision_id = e.decision_id AND p.number = e.part
            JOIN claim c ON c.id = e.claim_id
            WHERE e.released_at IS NULL AND (e.amount <> p.amount OR e.plan <> p.plan
               OR p.outcome <> 'pay' OR d.outcome <> 'pay' OR d.claim_id <> e.claim_id
               OR d.superseded_at IS NOT NULL AND NOT {_UNDER_REVISION})""",  # noqa: S608
        N_("案件 %(number)s 的权利为 %(yuan)s 元，核定为 %(decided)s 元或已失效"),
    ),
    Promise(
        "decisions_are_their_parts",
        N_("核定的结论与金额由其各部分得出"),
        "decision",
        f"""SELECT c.number, {yuan("d.amount")} AS yuan,
                {yuan("coalesce(sum(p.amount), 0)")} AS parts
            FROM decision d JOIN claim c ON c.id = d.claim_id
            LEFT JOIN decision_part p ON p.decision_id = d.id
            GROUP BY d.id, c.number HAVING count(p.number) = 0
               OR d.outcome = 'pay' AND d.amount <> sum(p.amount)
               OR d.outcome <> CASE WHEN bool_or(p.outcome = 'refer') THEN 'refer'
                    WHEN bool_or(p.outcome = 'pay') THEN 'pay' ELSE 'deny' END""",  # noqa: S608
        N_("案件 %(number)s 的核定为 %(yuan)s 元，各部分合计 %(parts)s 元"),
    ),
    Promise(
        "parts_that_pay_are_rights",
        N_("应给付的每一部分都有一项有效权利"),
        "decision WHERE superseded_at IS NULL AND outcome = 'pay'",
        """SELECT c.number, p.number AS part FROM decision d JOIN claim c ON c.id = d.claim_id
           JOIN decision_part p ON p.decision_id = d.id AND p.outcome = 'pay'
           WHERE d.superseded_at IS NULL AND d.outcome = 'pay' AND NOT EXISTS (
               SELECT FROM entitlement e WHERE e.decision_id = d.id AND e.part = p.number
                  AND e.released_at IS NULL)""",
        N_("案件 %(number)s 核定的第 %(part)s 部分没有有效权利"),
    ),
    Promise(
        "claims_hold_their_rights",
        N_("案件的状态与其核定和权利相符"),
        "claim",
        f"""SELECT c.number, c.state FROM claim c
           LEFT JOIN decision d ON d.claim_id = c.id AND d.superseded_at IS NULL
           LEFT JOIN LATERAL (SELECT min(id) AS id FROM entitlement
               WHERE claim_id = c.id AND released_at IS NULL) e ON true
           WHERE NOT {_UNDER_REVISION} AND (e.id IS NOT NULL) <> (CASE
                WHEN c.state IN ('approved', 'payable', 'sent', 'paid', 'returned') THEN true
                WHEN c.state = 'proposed' THEN coalesce(d.outcome = 'pay', false)
                ELSE false END)
              OR c.state = 'proposed' AND coalesce(d.outcome NOT IN ('pay', 'deny'), true)
              OR c.state = 'denied' AND coalesce(d.outcome <> 'deny', true)""",  # noqa: S608
        N_("案件 %(number)s(%(state)s)的核定或权利与其状态不符"),
    ),
    Promise(
        "claims_have_their_payments",
        N_("案件的状态与其付款相符"),
        "claim",
        # A claim with several payments may wait at the bank with one while another came back.
        f"""SELECT c.number, c.state, coalesce(string_agg(p.state, '、'), '-') AS states
            FROM claim c LEFT JOIN payment p ON p.claim_id = c.id AND p.state IN ({_LIVE})
            GROUP BY c.id HAVING NOT coalesce(CASE
                WHEN c.state = 'payable' THEN bool_or(p.state IN ('queued', 'frozen'))
                WHEN c.state = 'sent' THEN bool_or(p.state = 'sent')
                WHEN c.state = 'paid' THEN bool_and(p.state = 'credited')
                WHEN c.state = 'returned'
                  OR c.state IN ('proposed', 'approved') AND EXISTS (SELECT FROM payment r
                      WHERE r.claim_id = c.id AND r.state = 'returned')
                  THEN count(p.id) FILTER (WHERE p.state IN ('queued', 'frozen')) = 0
                ELSE count(p.id) FILTER (
                    WHERE p.state <> 'credited' OR NOT {_WAS_REVISED}) = 0 END, false)""",  # noqa: S608
        N_("案件 %(number)s(%(state)s)的有效付款：%(states)s"),
    ),
    Promise(
        "payments_follow_rights",
        N_("有效付款合计不超过其权利与待追回的金额"),
        "payment",
        f"""SELECT string_agg(p.reference, '、' ORDER BY p.id) AS them,
                {yuan("b.paid")} AS yuan, {yuan("b.granted")} AS owed
            FROM payment p JOIN entitlement e ON e.id = p.entitlement_id
            JOIN claim c ON c.id = e.claim_id JOIN {_BALANCE} b ON b.id = e.id
            WHERE p.state IN ({_LIVE})
            GROUP BY e.id, c.id, b.paid, b.granted, b.received, b.open, b.borne
            HAVING bool_or(p.claim_id <> e.claim_id)
               OR b.paid - b.received - b.open - b.borne > b.granted AND NOT {_UNDER_REVISION}
               OR e.released_at IS NOT NULL AND bool_or(p.state <> 'credited')""",  # noqa: S608
        N_("付款 %(them)s 共 %(yuan)s 元，其权利为 %(owed)s 元或已释放"),
    ),
    Promise(
        "rights_have_their_money",
        N_("每个事件、每项计划：已付 − 已追回 − 待追回 − 已核销 = 现行核定的金额"),
        "entitlement",
        # What the bank sent back is missing until it has been paid again. What was written off
        # counts as paid where more is granted later.
        f"""SELECT c.number, {yuan("b.granted")} AS owed, {yuan("b.paid")} AS yuan,
                {yuan("b.received")} AS received, {yuan("b.open")} AS open,
                {yuan("b.borne")} AS borne
            FROM {_BALANCE} b JOIN claim c ON c.id = b.claim_id
            WHERE b.granted NOT BETWEEN b.paid - b.received - b.open - b.borne
                  AND b.paid - b.received - b.open
              AND (c.state IN ('paid', 'denied') OR c.state IN ('payable', 'sent')
                AND NOT EXISTS (SELECT FROM payment r
                    WHERE r.entitlement_id = b.id AND r.state = 'returned'))""",  # noqa: S608
        N_(
            "案件 %(number)s 的权利为 %(owed)s 元，付款合计 %(yuan)s 元，"
            "已追回 %(received)s 元，待追回 %(open)s 元，已核销 %(borne)s 元"
        ),
    ),
    Promise(
        "recoveries_are_sums",
        N_("已追回的金额等于其入账之和"),
        "recovery",
        f"""SELECT r.number, {yuan("r.received")} AS yuan,
                {yuan("coalesce(sum(i.amount), 0)")} AS booked
            FROM recovery r LEFT JOIN recovery_receipt i ON i.recovery_id = r.id
            GROUP BY r.id HAVING r.received <> coalesce(sum(i.amount), 0)""",  # noqa: S608
        N_("追回 %(number)s 记为 %(yuan)s 元，入账合计 %(booked)s 元"),
    ),
    Promise(
        "revisions_are_approved_by_others",
        N_("重新办理的案件由未审批过原决定的人审批"),
        "revision",
        """SELECT DISTINCT c.number, u.login FROM audit_event o
           JOIN claim c ON c.id = o.subject_id
           JOIN approval_item i ON i.claim_id = c.id AND i.claim_version > o.seq
           JOIN approval a ON a.id = i.approval_id
           JOIN approval_item f ON f.claim_id = c.id AND f.claim_version < o.seq
           JOIN approval b ON b.id = f.approval_id AND b.approver_id = a.approver_id
           JOIN app_user u ON u.id = a.approver_id
           WHERE o.subject = 'claim' AND o.verb IN ('reopen', 'uphold')""",
        N_("案件 %(number)s 的原决定与新决定都由 %(login)s 审批"),
    ),
    Promise(
        "objections_are_heard_by_others",
        N_("异议由未参与原决定的人听取"),
        "objection WHERE heard_by IS NOT NULL",
        f"""SELECT DISTINCT o.number, u.login FROM objection o JOIN app_user u ON u.id = o.heard_by
            JOIN approval_item i ON i.claim_id = o.claim_id AND i.decision_id <= o.decision_id
            JOIN approval a ON a.id = i.approval_id
            WHERE a.approver_id = o.heard_by OR EXISTS (SELECT FROM audit_event e
                WHERE e.subject = 'claim' AND e.subject_id = o.claim_id
                  AND e.seq <= i.claim_version AND e.actor_id = o.heard_by
                  AND e.verb NOT IN ({_NOT_MAKING}))""",  # noqa: S608
        N_("异议 %(number)s 由参与过原决定的 %(login)s 听取"),
    ),
    Promise(
        "objections_and_recoveries_are_told",
        N_("听取过的异议和每项追回都有通知书"),
        "letter WHERE kind IN ('objection_answer', 'recovery_notice')",
        """SELECT x.number FROM (
               SELECT number, claim_id, 'objection_answer' AS kind, 'objection-' || id AS occasion
               FROM objection WHERE heard_by IS NOT NULL
               UNION ALL
               SELECT number, claim_id, 'recovery_notice', 'recovery-' || id FROM recovery) x
           WHERE NOT EXISTS (SELECT FROM letter l WHERE l.claim_id = x.claim_id
               AND l.kind = x.kind AND l.occasion = x.occasion)""",
        N_("%(number)s 没有通知书"),
    ),
    Promise(
        "the_dead_are_not_paid",
        N_("已知身故的会员不再付款到本人的卡"),
        "payment",
        """SELECT p.reference FROM payment p JOIN batch b ON b.id = p.batch_id
           JOIN claim c ON c.id = p.claim_id
           WHERE p.heir_id IS NULL AND EXISTS (SELECT FROM claim o
               JOIN decision d ON d.claim_id = o.id AND d.superseded_at IS NULL
               JOIN decision_part t ON t.decision_id = d.id
               WHERE o.member_id = c.member_id AND d.made_at < b.released_at
                 AND t.facts @> '{"event": {"outcome": "death"}}')""",
        N_("付款 %(reference)s 在会员身故已知之后仍付给本人"),
    ),
    Promise(
        "heirs_are_confirmed",
        N_("付给继承人的，继承人都属于本案并经另一人确认"),
        "payment WHERE heir_id IS NOT NULL",
        """SELECT p.reference FROM payment p JOIN heir h ON h.id = p.heir_id
           WHERE h.claim_id <> p.claim_id OR h.confirmed_at IS NULL
              OR h.confirmed_at > p.queued_at""",
        N_("付款 %(reference)s 的继承人不属于本案或未经确认"),
    ),
    Promise(
        "heirs_share_the_whole",
        N_("每案继承人的份额合计为全部"),
        "heir WHERE withdrawn_at IS NULL",
        # Thirds have no exact decimals.
        """SELECT c.number, round(sum(h.share::numeric / h.share_of) * 100, 2) AS percent
           FROM heir h JOIN claim c ON c.id = h.claim_id WHERE h.withdrawn_at IS NULL
           GROUP BY c.id HAVING abs(sum(h.share::numeric / h.share_of) - 1) > 0.000000000001""",
        N_("案件 %(number)s 的继承人份额合计为 %(percent)s%%"),
    ),
    Promise(
        "payments_are_approved",
        N_("付款都经过审批"),
        "payment",
        # By its right's decision, or by the one that was in force when it was queued.
        """SELECT p.reference FROM payment p JOIN entitlement e ON e.id = p.entitlement_id
           WHERE NOT EXISTS (SELECT FROM approval_item i JOIN decision d ON d.id = i.decision_id
               WHERE i.claim_id = p.claim_id AND (d.id = e.decision_id
                  OR d.made_at <= p.queued_at AND d.superseded_at >= p.queued_at))""",
        N_("付款 %(reference)s 没有审批"),
    ),
    Promise(
        "outcomes_are_approved",
        N_("给付与不予给付都经过审批"),
        "claim WHERE state IN ('approved', 'payable', 'sent', 'paid', 'returned', 'denied')",
        """SELECT c.number, c.state FROM claim c
           WHERE c.state IN ('approved', 'payable', 'sent', 'paid', 'returned', 'denied')
             AND NOT EXISTS (SELECT FROM decision d JOIN approval_item i ON i.decision_id = d.id
               WHERE d.claim_id = c.id AND i.claim_id = c.id AND d.superseded_at IS NULL)""",
        N_("案件 %(number)s(%(state)s)的现行核定没有审批"),
    ),
    Promise(
        "approved_sums",
        N_("审批的笔数与金额等于所批核定之和"),
        "approval",
        f"""SELECT a.id, a.count, {yuan("a.sum")} AS yuan, count(d.id) AS decisions,
                   {yuan("coalesce(sum(d.amount), 0)")} AS decided
            FROM approval a LEFT JOIN approval_item i ON i.approval_id = a.id
            LEFT JOIN decision d ON d.id = i.decision_id AND d.claim_id = i.claim_id
            GROUP BY a.id HAVING a.count <> count(d.id) OR a.sum <> coalesce(sum(d.amount), 0)
               OR a.sum <> coalesce(sum(i.amount), 0)""",  # noqa: S608
        N_(
            "第 %(id)s 次审批记为 %(count)s 笔 %(yuan)s 元，所批核定为 %(decisions)s 笔"
            " %(decided)s 元"
        ),
    ),
    Promise(
        "maker_is_not_checker",
        N_("无人审批自己经手的案件"),
        "approval_item",
        f"""SELECT DISTINCT c.number, u.login FROM approval_item i
            JOIN approval a ON a.id = i.approval_id JOIN app_user u ON u.id = a.approver_id
            JOIN claim c ON c.id = i.claim_id
            WHERE EXISTS (SELECT FROM audit_event e WHERE e.subject = 'claim'
                    AND e.subject_id = i.claim_id AND e.seq <= i.claim_version
                    AND e.actor_id = a.approver_id AND e.verb NOT IN ({_NOT_MAKING}))
               OR EXISTS (SELECT FROM packet p JOIN audit_event e ON e.subject = 'packet'
                    AND e.subject_id = p.id AND e.verb = 'intake' AND e.at <= a.approved_at
                    WHERE p.claim_id = i.claim_id AND p.sent_by = a.approver_id)""",  # noqa: S608
        N_("案件 %(number)s 由经手人 %(login)s 审批"),
    ),
    Promise(
        "batch_sums",
        N_("批次的笔数与金额等于其付款之和"),
        "batch WHERE state <> 'discarded'",
        f"""SELECT b.number, b.count, {yuan("b.sum")} AS yuan, count(p.id) AS payments,
                   {yuan("coalesce(sum(p.amount), 0)")} AS paid
            FROM batch b LEFT JOIN payment p ON p.batch_id = b.id WHERE b.state <> 'discarded'
            GROUP BY b.id
            HAVING b.count <> count(p.id) OR b.sum <> coalesce(sum(p.amount), 0)""",  # noqa: S608
        N_("批次 %(number)s 记为 %(count)s 笔 %(yuan)s 元，其付款为 %(payments)s 笔 %(paid)s 元"),
    ),
    Promise(
        "payments_follow_batches",
        N_("付款只在一个批次中，状态与批次相符"),
        "payment WHERE batch_id IS NOT NULL OR state NOT IN ('queued', 'cancelled')",
        """SELECT p.reference, p.state, coalesce(b.number, '-') AS batch
           FROM payment p LEFT JOIN batch b ON b.id = p.batch_id
           WHERE (b.id IS NULL) <> (p.state IN ('queued', 'cancelled'))
              OR b.state = 'discarded'
              OR (b.state = 'frozen') <> (p.state = 'frozen')""",
        N_("付款 %(reference)s(%(state)s)与其批次 %(batch)s 的状态不符"),
    ),
    Promise(
        "released_by_another",
        N_("批次都由组批人以外的人放行"),
        "batch WHERE state = 'released'",
        """SELECT number FROM batch WHERE state = 'released'
              AND (released_by IS NULL OR released_by = frozen_by)""",
        N_("批次 %(number)s 由组批人放行"),
    ),
    Promise(
        "letters_are_asked_for",
        N_("该出的通知书都已登记"),
        "claim WHERE state IN ('incomplete', 'denied', 'payable', 'sent', 'paid', 'returned')",
        """SELECT c.number, c.state FROM claim c
           WHERE c.state IN ('incomplete', 'denied', 'payable', 'sent', 'paid', 'returned')
             AND NOT EXISTS (SELECT FROM letter l WHERE l.claim_id = c.id AND l.kind =
                CASE c.state WHEN 'incomplete' THEN 'supplement_notice'
                     WHEN 'denied' THEN 'denial_notice' WHEN 'returned' THEN 'return_notice'
                     ELSE 'payment_notice' END
                OR l.claim_id = c.id AND l.kind = 'heir_notice'
                   AND c.state IN ('payable', 'sent', 'paid'))""",
        N_("案件 %(number)s(%(state)s)没有通知书"),
    ),
    Promise(
        "packets_belong",
        N_("收下的材料都归入了案件"),
        "packet WHERE state IN ('stored', 'away') AND outcome IS NOT NULL",
        """SELECT p.id, p.outcome FROM packet p
           WHERE p.state IN ('stored', 'away') AND p.outcome <> 'rejected' AND (p.claim_id IS NULL
              OR p.outcome = 'taken' AND NOT EXISTS (SELECT FROM document d
                  WHERE d.packet_id = p.id AND d.claim_id = p.claim_id))""",
        N_("第 %(id)s 份材料没有归入案件"),
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
        N_("参保率不足或起保日待审的由未经手的审批人准予"),
        "audit_event WHERE subject = 'enrolment' AND verb = 'let_pass'",
        """SELECT e.number, u.name FROM audit_event p
           JOIN audit_event m ON m.subject = p.subject AND m.subject_id = p.subject_id
              AND m.actor_id = p.actor_id
              AND m.verb IN ('hand_in', 'hold', 'accept', 'note_receipt')
           JOIN enrolment e ON e.id = p.subject_id JOIN app_user u ON u.id = p.actor_id
           WHERE p.subject = 'enrolment' AND p.verb = 'let_pass'""",
        N_("名册 %(number)s 由经手人 %(name)s 准予"),
    ),
)
