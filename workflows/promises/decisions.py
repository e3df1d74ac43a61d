"""What is promised of decisions, of the rights they give and of the limits they take from."""

from language import N_
from workflows.promises.promise import UNDER_REVISION, WAS_REVISED, Promise, yuan

_APPROVED = (
    "'approved', 'payable', 'sent', 'paid', 'returned', 'new_papers', 'denied', 'written_to_fund'"
)

_TOLD = (
    "'incomplete', 'denied', 'payable', 'sent', 'paid', 'returned', 'new_papers', 'written_to_fund'"
)

OF_DECISIONS = (
    Promise(
        "one_right_an_event",
        N_("每个事件至多一项有效权利"),
        "entitlement",
        """SELECT count(*) AS count, string_agg(c.number, '、' ORDER BY c.id) AS them
           FROM entitlement e JOIN claim c ON c.id = e.claim_id WHERE e.released_at IS NULL
           GROUP BY e.member_id, e.plan, e.event_print HAVING count(*) > 1""",
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
             AND (r.released_at IS NULL OR NOT {WAS_REVISED})""",  # noqa: S608
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
               OR d.superseded_at IS NOT NULL AND NOT {UNDER_REVISION})""",  # noqa: S608
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
           WHERE NOT {UNDER_REVISION} AND (e.id IS NOT NULL) <> (CASE
                WHEN c.state IN ('approved', 'payable', 'sent', 'paid', 'returned',
                    'new_papers', 'written_to_fund') THEN true
                WHEN c.state = 'proposed' THEN coalesce(d.outcome = 'pay', false)
                ELSE false END)
              OR c.state = 'proposed' AND coalesce(d.outcome NOT IN ('pay', 'deny'), true)
              OR c.state = 'denied' AND coalesce(d.outcome <> 'deny', true)""",  # noqa: S608
        N_("案件 %(number)s(%(state)s)的核定或权利与其状态不符"),
    ),
    Promise(
        "outcomes_are_approved",
        N_("给付与不予给付都经过审批"),
        f"claim WHERE state IN ({_APPROVED})",
        f"""SELECT c.number, c.state FROM claim c
           WHERE c.state IN ({_APPROVED})
             AND NOT EXISTS (SELECT FROM decision d JOIN approval_item i ON i.decision_id = d.id
               WHERE d.claim_id = c.id AND i.claim_id = c.id AND d.superseded_at IS NULL)""",  # noqa: S608
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
        "letters_are_asked_for",
        N_("该出的通知书都已登记"),
        f"claim WHERE state IN ({_TOLD})",
        f"""SELECT c.number, c.state FROM claim c
           WHERE c.state IN ({_TOLD})
             AND NOT EXISTS (SELECT FROM letter l WHERE l.claim_id = c.id AND l.kind =
                CASE c.state WHEN 'incomplete' THEN 'supplement_notice'
                     WHEN 'denied' THEN 'denial_notice' WHEN 'returned' THEN 'return_notice'
                     WHEN 'new_papers' THEN 'return_notice'
                     WHEN 'written_to_fund' THEN 'return_notice'
                     ELSE 'payment_notice' END
                OR l.claim_id = c.id AND l.kind = 'heir_notice'
                   AND c.state IN ('payable', 'sent', 'paid'))
             AND (c.state NOT IN ('returned', 'new_papers') OR EXISTS (
                 SELECT FROM payment p WHERE p.claim_id = c.id
                 AND p.state = 'returned' AND p.result_code IS DISTINCT FROM 'NOT_TAKEN'))""",  # noqa: S608
        N_("案件 %(number)s(%(state)s)没有通知书"),
    ),
    Promise(
        "packets_belong",
        N_("收下的材料都归入了案件"),
        "packet WHERE state IN ('stored', 'away') AND outcome IS NOT NULL",
        """SELECT p.id, p.outcome FROM packet p
           WHERE p.state IN ('stored', 'away') AND p.outcome <> 'rejected' AND (p.claim_id IS NULL
                 AND (p.outcome <> 'divided'
                     OR NOT EXISTS (SELECT FROM packet part WHERE part.part_of = p.id))
              OR p.outcome = 'taken' AND NOT EXISTS (SELECT FROM document d
                  WHERE d.packet_id = p.id AND d.claim_id = p.claim_id))""",
        N_("第 %(id)s 份材料没有归入案件"),
    ),
)
