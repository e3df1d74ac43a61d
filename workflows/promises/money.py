"""What is promised of the money: what is paid, to whom, in which batch, and what comes back."""

from language import N_
from workflows.promises.promise import (
    ARRIVED,
    AT_THE_BANK,
    LIVE,
    TRANSFERS,
    UNDER_REVISION,
    WAS_REVISED,
    Promise,
    yuan,
)

# Of each right: what it grants, what was paid, and what is asked back: in, still open, written off.
_BALANCE = f"""(SELECT e.id, e.claim_id,
    CASE WHEN e.released_at IS NULL THEN e.amount ELSE 0 END AS granted,
    (SELECT coalesce(sum(amount), 0) FROM payment
        WHERE entitlement_id = e.id AND state IN ({LIVE})) AS paid,
    coalesce(sum(r.received), 0) AS received,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'open'), 0) AS open,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'written_off'), 0) AS borne,
    (SELECT coalesce(sum(amount), 0) FROM unclaimed_sum
        WHERE entitlement_id = e.id AND revived_at IS NULL) AS fund
    FROM entitlement e LEFT JOIN recovery r
        ON r.entitlement_id = e.id AND r.state <> 'called_off'
    GROUP BY e.id)"""  # noqa: S608

# A transfer counts once a second person has confirmed it.
_COUNTS = "(i.kind = 'set_off' OR i.confirmed_at IS NOT NULL)"

OF_MONEY = (
    Promise(
        "one_live_payment",
        N_("每项给付权利对每位收款人、每次给付至多一笔有效付款"),
        "entitlement",
        f"""SELECT c.number, count(*) AS count, string_agg(p.reference, '、' ORDER BY p.id) AS them
            FROM payment p JOIN claim c ON c.id = p.claim_id WHERE p.state IN ({TRANSFERS})
            GROUP BY p.entitlement_id, p.heir_id, p.round, c.number HAVING count(*) > 1""",  # noqa: S608
        N_("案件 %(number)s 有 %(count)s 笔有效付款：%(them)s"),
    ),
    Promise(
        "claims_have_their_payments",
        N_("案件的状态与其付款相符"),
        "claim",
        # A claim with several payments may wait at the bank with one while another came back.
        f"""SELECT c.number, c.state, coalesce(string_agg(p.state, '、'), '-') AS states
            FROM claim c LEFT JOIN payment p ON p.claim_id = c.id AND p.state IN ({LIVE})
            GROUP BY c.id HAVING NOT coalesce(CASE
                WHEN c.state = 'payable' THEN bool_or(p.state IN ('queued', 'frozen'))
                WHEN c.state = 'sent' THEN bool_or(p.state IN ({AT_THE_BANK}))
                WHEN c.state = 'paid' THEN bool_and(p.state IN ({ARRIVED}))
                WHEN c.state = 'written_to_fund'
                  THEN count(p.id) FILTER (WHERE p.state NOT IN ({ARRIVED})) = 0
                WHEN c.state IN ('returned', 'new_papers')
                  OR c.state IN ('proposed', 'approved') AND EXISTS (SELECT FROM payment r
                      WHERE r.claim_id = c.id AND r.state = 'returned')
                  THEN count(p.id) FILTER (WHERE p.state IN ('queued', 'frozen')) = 0
                ELSE count(p.id) FILTER (
                    WHERE p.state NOT IN ({ARRIVED}) OR NOT {WAS_REVISED}) = 0 END, false)""",  # noqa: S608
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
            WHERE p.state IN ({LIVE})
            GROUP BY e.id, c.id, b.paid, b.granted, b.received, b.open, b.borne
            HAVING bool_or(p.claim_id <> e.claim_id)
               OR b.paid - b.received - b.open - b.borne > b.granted AND NOT {UNDER_REVISION}
               OR e.released_at IS NOT NULL AND bool_or(p.state NOT IN ({ARRIVED}))""",  # noqa: S608
        N_("付款 %(them)s 共 %(yuan)s 元，其权利为 %(owed)s 元或已释放"),
    ),
    Promise(
        "rights_have_their_money",
        N_("每个事件、每项计划：已付 + 已转入基金 − 已追回 − 待追回 − 已核销 = 现行核定的金额"),
        "entitlement",
        # What the bank sent back is missing until it has been paid again. What was written off
        # counts as paid where more is granted later.
        f"""SELECT c.number, {yuan("b.granted")} AS owed, {yuan("b.paid")} AS yuan,
                {yuan("b.received")} AS received, {yuan("b.open")} AS open,
                {yuan("b.borne")} AS borne, {yuan("b.fund")} AS fund
            FROM {_BALANCE} b JOIN claim c ON c.id = b.claim_id
            WHERE b.granted NOT BETWEEN b.paid + b.fund - b.received - b.open - b.borne
                  AND b.paid + b.fund - b.received - b.open
              AND (c.state IN ('paid', 'denied', 'written_to_fund')
                OR c.state IN ('payable', 'sent') AND NOT EXISTS (SELECT FROM payment r
                    WHERE r.entitlement_id = b.id AND r.state = 'returned'))""",  # noqa: S608
        N_(
            "案件 %(number)s 的权利为 %(owed)s 元，付款合计 %(yuan)s 元，"
            "已追回 %(received)s 元，待追回 %(open)s 元，已核销 %(borne)s 元，"
            "已转入基金 %(fund)s 元"
        ),
    ),
    Promise(
        "fund_is_written_by_two",
        N_("转入基金的款项都由两人办理，并且只在已转入基金的案件中"),
        "unclaimed_sum",
        # Two persons proposed and agreed before it was written; once revived it is owed again.
        f"""SELECT c.number, {yuan("u.amount")} AS yuan FROM unclaimed_sum u
            JOIN claim c ON c.id = u.claim_id JOIN entitlement e ON e.id = u.entitlement_id
            WHERE e.claim_id <> u.claim_id
               OR u.revived_at IS NULL AND c.state <> 'written_to_fund'
               OR NOT EXISTS (SELECT FROM audit_event a JOIN audit_event p
                       ON p.subject = 'claim' AND p.subject_id = a.subject_id AND p.seq < a.seq
                      AND p.verb = 'propose_to_fund' AND p.actor_id = u.proposed_by
                   WHERE a.subject = 'claim' AND a.subject_id = u.claim_id
                     AND a.verb = 'write_to_fund' AND a.actor_id = u.written_by
                     AND NOT one_person(a.actor_id, p.actor_id))""",  # noqa: S608
        N_("案件 %(number)s 的 %(yuan)s 元不是由两人转入基金，或与案件状态不符"),
    ),
    Promise(
        "benefits_are_not_swapped",
        N_("为一项待遇所付的款项，不算作另一项待遇的给付"),
        "payment",
        # The decision that it carries out, or an earlier one, granted this very benefit under this
        # plan. Hours are no measure: the clocks of two machines differ.
        f"""SELECT p.reference, c.number FROM payment p JOIN claim c ON c.id = p.claim_id
            JOIN entitlement e ON e.id = p.entitlement_id
            WHERE p.state IN ({LIVE}) AND NOT EXISTS (SELECT FROM decision d
                JOIN decision_part t ON t.decision_id = d.id AND t.plan = e.plan
                JOIN decision_line l ON l.decision_id = d.id AND l.part = t.number
                WHERE d.claim_id = p.claim_id AND d.id <= p.decision_id
                  AND l.benefit = e.benefit)""",  # noqa: S608
        N_("案件 %(number)s 的付款 %(reference)s 归在另一项待遇的权利之下"),
    ),
    Promise(
        "recoveries_are_sums",
        N_("已追回的金额等于其入账之和"),
        "recovery",
        f"""SELECT r.number, {yuan("r.received")} AS yuan,
                {yuan(f"coalesce(sum(i.amount) FILTER (WHERE {_COUNTS}), 0)")} AS booked
            FROM recovery r
            LEFT JOIN recovery_receipt i ON i.recovery_id = r.id AND i.undone_at IS NULL
            GROUP BY r.id
            HAVING r.received <> coalesce(sum(i.amount) FILTER (WHERE {_COUNTS}), 0)
               OR r.waiting <> coalesce(sum(i.amount) FILTER (WHERE NOT {_COUNTS}), 0)""",  # noqa: S608
        N_("追回 %(number)s 记为 %(yuan)s 元，入账合计 %(booked)s 元"),
    ),
    Promise(
        "payees_give_back_their_own",
        N_("从每位收款人追回的金额不超过付给本人的金额"),
        "recovery WHERE state <> 'called_off'",
        f"""SELECT r.them, {yuan("r.asked")} AS asked, {yuan("coalesce(p.paid, 0)")} AS yuan
            FROM (SELECT r.entitlement_id, h.id_print, sum(r.amount) AS asked,
                    string_agg(r.number, '、' ORDER BY r.id) AS them
                FROM recovery r LEFT JOIN heir h ON h.id = r.heir_id
                WHERE r.state <> 'called_off' GROUP BY 1, 2) r
            LEFT JOIN (SELECT p.entitlement_id, h.id_print, sum(p.amount) AS paid
                FROM payment p LEFT JOIN heir h ON h.id = p.heir_id
                WHERE p.state IN ({ARRIVED}) GROUP BY 1, 2) p
                ON p.entitlement_id = r.entitlement_id
               AND p.id_print IS NOT DISTINCT FROM r.id_print
            WHERE r.asked > coalesce(p.paid, 0)""",  # noqa: S608
        N_("追回 %(them)s 共 %(asked)s 元，付给本人的只有 %(yuan)s 元"),
    ),
    Promise(
        "heirs_keep_their_shares",
        N_("案件办结后，每位继承人得到的不超过现行核定中其份额"),
        "payment WHERE heir_id IS NOT NULL",
        # A share is of what the member did not get himself. At most one fen less than there are
        # heirs stays where it is when sums are divided anew.
        f"""SELECT c.number, {yuan("g.held")} AS yuan, coalesce(s.share, 0) AS part
            FROM (SELECT x.entitlement_id, x.id_print, sum(x.amount) AS held FROM (
                    SELECT p.entitlement_id, h.id_print, p.amount FROM payment p
                        JOIN heir h ON h.id = p.heir_id WHERE p.state IN ({LIVE})
                    UNION ALL
                    SELECT r.entitlement_id, h.id_print, -r.amount FROM recovery r
                        JOIN heir h ON h.id = r.heir_id WHERE r.state <> 'called_off') x
                GROUP BY 1, 2) g
            JOIN entitlement e ON e.id = g.entitlement_id JOIN claim c ON c.id = e.claim_id
            LEFT JOIN LATERAL (SELECT h.share::numeric / h.share_of AS share FROM heir h
                WHERE h.claim_id = c.id AND h.id_print = g.id_print AND h.withdrawn_at IS NULL) s
                ON true
            LEFT JOIN LATERAL (SELECT coalesce(sum(o.amount), 0) AS own FROM (
                    SELECT amount FROM payment WHERE entitlement_id = e.id AND heir_id IS NULL
                        AND state IN ({LIVE})
                    UNION ALL
                    SELECT -amount FROM recovery WHERE entitlement_id = e.id AND heir_id IS NULL
                        AND state <> 'called_off') o) m ON true
            LEFT JOIN LATERAL (SELECT count(*) AS heirs FROM heir
                WHERE claim_id = c.id AND withdrawn_at IS NULL) n ON true
            WHERE c.state IN ('paid', 'denied', 'written_to_fund') AND NOT {UNDER_REVISION}
              AND g.held > n.heirs + coalesce(s.share, 0) * greatest(0, CASE
                WHEN e.released_at IS NULL THEN e.amount ELSE 0 END - m.own)""",  # noqa: S608
        N_("案件 %(number)s 的一位继承人得到 %(yuan)s 元，多于其份额 %(part)s"),
    ),
    Promise(
        "set_offs_are_receipts",
        N_("抵扣的付款与追回的抵扣入账逐笔相等，同属一名会员"),
        "payment WHERE state = 'set_off'",
        f"""SELECT coalesce(p.reference, '-') AS reference, {yuan("coalesce(p.amount, 0)")} AS yuan,
                {yuan("coalesce(i.amount, 0)")} AS booked
            FROM (SELECT * FROM payment WHERE state = 'set_off') p
            FULL JOIN (SELECT * FROM recovery_receipt
                WHERE kind = 'set_off' AND undone_at IS NULL) i ON i.payment_id = p.id
            LEFT JOIN recovery r ON r.id = i.recovery_id
            LEFT JOIN claim c ON c.id = p.claim_id LEFT JOIN claim f ON f.id = r.claim_id
            WHERE p.id IS NULL OR i.id IS NULL OR p.amount <> i.amount
               OR p.heir_id IS NOT NULL OR r.heir_id IS NOT NULL
               OR c.id = f.id OR c.member_id <> f.member_id""",  # noqa: S608
        N_("付款 %(reference)s 抵扣 %(yuan)s 元，追回入账 %(booked)s 元，或不属同一会员的另一案件"),
    ),
    Promise(
        "the_dead_are_not_paid",
        N_("已知身故的会员不再付款到本人的卡"),
        "payment",
        # What had left when the death became known, and when it was taken back, is written down
        # with it, under the lock that a release takes too: hours of two machines do not tell it.
        """SELECT p.reference FROM payment p JOIN batch b ON b.id = p.batch_id
           JOIN claim c ON c.id = p.claim_id JOIN known_death k ON k.member_id = c.member_id
           WHERE p.heir_id IS NULL AND b.state = 'released' AND p.id <> ALL (k.paid_before)
             AND (k.taken_back_at IS NULL OR p.id = ANY (k.paid_until))""",
        N_("付款 %(reference)s 在会员身故已知之后仍付给本人"),
    ),
    Promise(
        "deaths_are_known",
        N_("会员的材料、事件、核定或单位登记表明身故的，会员记为身故"),
        "member",
        # A claim that has not been checked has not told it yet. Only two people take back what a
        # claim no longer shows, or a unit told.
        """SELECT DISTINCT m.id, coalesce(c.number, '-') AS number FROM member m
           LEFT JOIN claim c ON c.member_id = m.id
               AND c.state NOT IN ('received', 'read', 'withdrawn')
               AND (c.tells_death
                 OR EXISTS (SELECT FROM document d JOIN page g ON g.document_id = d.id
                    WHERE d.claim_id = c.id AND (g.kind = 'death_certificate'
                        OR 'death_certificate' = ANY (g.also)
                            AND (g.kind_by IS NULL OR g.kind <> 'other')))
                 OR EXISTS (SELECT FROM decision d JOIN decision_part t ON t.decision_id = d.id
                    WHERE d.claim_id = c.id AND d.superseded_at IS NULL
                      AND t.of_death))
           WHERE c.id IS NOT NULL AND NOT EXISTS (SELECT FROM known_death k
                   WHERE k.member_id = m.id AND k.taken_back_at IS NULL)
              OR m.left_on IS NOT NULL AND NOT EXISTS (SELECT FROM known_death k
                   WHERE k.member_id = m.id) AND EXISTS (SELECT FROM audit_event e
                   WHERE e.subject = 'member' AND e.subject_id = m.id AND e.verb = 'leave'
                     AND e.detail ->> 'why' = 'died' AND NOT EXISTS (SELECT FROM audit_event l
                       WHERE l.subject = 'member' AND l.subject_id = m.id AND l.verb = 'leave'
                         AND l.seq > e.seq))""",
        N_("案件 %(number)s 或单位登记表明会员 %(id)s 身故，会员却未记为身故"),
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
        """SELECT p.reference FROM payment p WHERE NOT EXISTS (SELECT FROM approval_item i
               WHERE i.claim_id = p.claim_id AND i.decision_id = p.decision_id)""",
        N_("付款 %(reference)s 没有审批"),
    ),
)
