"""What is promised of the people who decide: each act has its second person."""

from language import N_
from models.machines.claims import CLAIM
from models.machines.machine import Who
from workflows.people.excluded_roles import EXCLUDING
from workflows.promises.promise import Promise

# The verbs of those who check, pay or look at a claim; every other verb makes something.
_NOT_MAKING = ", ".join(
    f"'{verb}'"
    for verb in sorted(
        {"retry", "reveal", "hold", "resume", "refuse_let_stand", "approve_in_part"}
        | {m.verb for m in CLAIM.moves if m.who in (Who.SUPERVISOR, Who.CASHIER, Who.BANK)}
        - {"propose_denial", "set_off", "uphold", "uphold_relief"}
    )
)

# Nothing is made by looking again at a claim as it is.
_LOOKING = """e.verb IN ('recheck', 'add_papers') AND NOT e.detail ?| ARRAY['after', 'papers']"""

# What took the place of an event e before the approval i: the same made again, a new decision.
_UNDONE = """EXISTS (SELECT FROM audit_event l WHERE l.subject = 'claim'
        AND l.subject_id = e.subject_id AND l.seq > e.seq AND l.seq <= i.claim_version
        AND (l.verb = 'correct' AND l.detail ->> 'changed' = 'true'
                AND e.verb IN ('correct', 'answer')
                AND l.detail ->> 'field' IN (e.detail ->> 'field', e.detail ->> 'about')
            OR l.verb = 'name_kind' AND l.detail ->> 'before' <> l.detail ->> 'after'
                AND e.verb IN ('name_kind', 'answer')
                AND l.detail ->> 'page' IN (e.detail ->> 'page', e.detail ->> 'about')
            OR l.verb IN ('reopen', 'uphold', 'reopen_relief', 'uphold_relief')
                AND e.verb IN ('reopen', 'uphold', 'reopen_relief', 'uphold_relief',
                    'decide_relief', 'pay_again', 'question_payee', 'read_filed', 'revive',
                    'leave', 'propose_let_stand', 'let_stand')
            OR l.verb = 'undo_set_off' AND e.verb = 'set_off'
                AND l.detail ->> 'receipt' = e.detail ->> 'receipt'
            OR l.verb = 'resume' AND e.verb = 'withdraw'))
    OR e.verb = 'propose_denial' AND NOT EXISTS (SELECT FROM decision d
        WHERE d.id = i.decision_id AND one_person(d.proposed_by, e.actor_id))
    OR e.verb IN ('answer_question', 'confirm_answer') AND NOT EXISTS (SELECT FROM claim_answer w
        WHERE w.claim_id = e.subject_id AND (one_person(e.actor_id, w.answered_by)
                OR one_person(e.actor_id, w.confirmed_by))
            AND CASE WHEN e.detail ? 'given' THEN w.id = (e.detail ->> 'given')::bigint
                ELSE w.event = (e.detail ->> 'event')::int END
            AND w.question = e.detail ->> 'question'
            AND (w.withdrawn_at IS NULL OR w.withdrawn_at > a.approved_at))"""

# Relief is paid as the claim it follows: who keyed that payee does not approve it.
_OF_THE_PAYEE = "'member_name', 'bank_card_number', 'bank_name'"

# The register's card came with a roster of who sent the papers too, and until the approval nobody
# else confirmed it and no money left for it. Papers of the drop folder are anybody's of the office.
_OF_ONE_PERSON = """EXISTS (SELECT FROM member m
        JOIN LATERAL (SELECT e.verb, e.detail FROM audit_event e
            WHERE e.subject = 'member' AND e.subject_id = m.id AND e.at <= a.approved_at
                AND (e.verb IN ('enrol', 'change_card')
                    OR e.verb = 'change' AND e.detail -> 'fields' ? 'card')
            ORDER BY e.seq DESC LIMIT 1) came ON came.verb <> 'change_card'
        JOIN enrolment n ON n.number = came.detail ->> 'enrolment'
        JOIN app_user h ON h.id = n.handed_in_by
        JOIN packet k ON k.claim_id = c.id AND k.outcome = 'taken'
            AND k.noticed_at <= a.approved_at
            AND (one_person(k.sent_by, h.id) OR k.sent_by IS NULL AND h.unit_id IS NULL)
        WHERE m.id = c.member_id AND m.card_print = p.card_print
            AND NOT EXISTS (SELECT FROM member_card w WHERE w.member_id = m.id
                AND w.card_print = p.card_print AND w.confirmed_at <= a.approved_at)
            AND NOT EXISTS (SELECT FROM payment q JOIN claim o ON o.id = q.claim_id
                JOIN batch b ON b.id = q.batch_id AND b.released_at <= a.approved_at
                WHERE o.member_id = m.id AND q.card_print = p.card_print))"""

_EXCLUDING = ", ".join(
    f"('{one}', '{other}')" for one, other in sorted(sorted(pair) for pair in EXCLUDING)
)

OF_PEOPLE = (
    Promise(
        "posts_exclude_each_other",
        N_("同一人启用的账户没有不能兼任的岗位"),
        "app_user WHERE disabled_at IS NULL",
        f"""SELECT DISTINCT a.staff_number AS number, a.login, b.login AS other
            FROM app_user a JOIN app_user b ON b.staff_number = a.staff_number
            JOIN (VALUES {_EXCLUDING}) x (one, other)
                ON x.one = ANY(a.roles) AND x.other = ANY(b.roles)
            WHERE a.disabled_at IS NULL AND b.disabled_at IS NULL""",  # noqa: S608
        N_("工号 %(number)s 的账户 %(login)s 和 %(other)s 的岗位不能由一人兼任"),
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
                    AND one_person(e.actor_id, a.approver_id) AND e.verb NOT IN ({_NOT_MAKING})
                    AND NOT ({_LOOKING}) AND NOT ({_UNDONE}))
               OR EXISTS (SELECT FROM packet p JOIN audit_event e ON e.subject = 'packet'
                    AND e.subject_id = p.id AND e.verb = 'intake' AND e.at <= a.approved_at
                    WHERE p.claim_id = i.claim_id AND one_person(p.sent_by, a.approver_id))
               OR EXISTS (SELECT FROM relief r JOIN audit_event o ON o.subject = 'claim'
                    AND o.subject_id = r.claim_id AND o.verb = 'receive'
                    JOIN audit_event e ON e.subject = 'claim' AND e.subject_id = r.after_claim_id
                    AND e.seq <= (o.detail ->> 'payee_of')::int AND e.verb = 'correct'
                    AND e.detail ->> 'field' IN ({_OF_THE_PAYEE})
                    WHERE r.claim_id = i.claim_id AND one_person(e.actor_id, a.approver_id)
                      AND NOT EXISTS (SELECT FROM audit_event l WHERE l.subject = 'claim'
                        AND l.subject_id = e.subject_id AND l.seq > e.seq AND l.verb = 'correct'
                        AND l.seq <= (o.detail ->> 'payee_of')::int
                        AND l.detail ->> 'changed' = 'true'
                        AND l.detail ->> 'field' = e.detail ->> 'field'))""",  # noqa: S608
        N_("案件 %(number)s 由经手人 %(login)s 审批"),
    ),
    Promise(
        "approved_as_often_as_asked",
        N_("超过审批限额的案件由规定人数的不同审批人批准"),
        "approval_item WHERE asked > 1",
        # What was approved last before the claim moved is what it moved upon.
        """SELECT c.number, v.asked, v.persons
           FROM audit_event e JOIN claim c ON c.id = e.subject_id
           JOIN LATERAL (SELECT max(i.asked) AS asked, count(DISTINCT u.staff_number) AS persons
               FROM approval_item i JOIN approval a ON a.id = i.approval_id
               JOIN app_user u ON u.id = a.approver_id
               WHERE i.claim_id = c.id AND i.claim_version = (SELECT max(l.claim_version)
                   FROM approval_item l WHERE l.claim_id = c.id AND l.claim_version < e.seq)) v
               ON v.persons < v.asked
           WHERE e.subject = 'claim' AND e.verb IN ('approve', 'deny')""",
        N_("案件 %(number)s 须由 %(asked)s 人审批，只有 %(persons)s 人"),
    ),
    Promise(
        "clean_payees_are_seen",
        N_("无异常批准的案件，收款信息没有只经一人改动或报送的"),
        "approval_item WHERE looks = '{}'",
        f"""SELECT DISTINCT c.number FROM approval_item i JOIN claim c ON c.id = i.claim_id
            JOIN approval a ON a.id = i.approval_id
            JOIN payment p ON p.decision_id = i.decision_id AND p.heir_id IS NULL
            WHERE i.looks = '{{}}' AND (
                EXISTS (SELECT FROM audit_event e WHERE e.subject = 'claim'
                    AND e.subject_id = c.id AND e.seq <= i.claim_version AND e.verb = 'correct'
                    AND e.detail ->> 'field' IN ({_OF_THE_PAYEE})
                    AND e.detail ->> 'changed' = 'true')
                OR EXISTS (SELECT FROM audit_event e WHERE e.subject = 'claim'
                    AND e.subject_id = c.id AND e.seq <= i.claim_version
                    AND e.verb IN ('answer', 'confirm_payee')
                    AND coalesce(e.detail ->> 'about', 'bank_card_number') IN ({_OF_THE_PAYEE}))
                OR EXISTS (SELECT FROM member_card m WHERE m.member_id = c.member_id
                    AND m.card_print = p.card_print AND m.confirmed_at <= a.approved_at
                    AND m.confirmed_at > a.approved_at - interval '30 days')
                OR {_OF_ONE_PERSON})""",  # noqa: S608
        N_("案件 %(number)s 无异常批准，其收款信息却经人改动，或只由一人报送"),
    ),
    Promise(
        "cards_are_confirmed_by_others",
        N_("提出或确认收款卡的人不审批付到此卡的案件"),
        "member_card",
        """SELECT DISTINCT c.number, u.login FROM member_card m
           JOIN claim c ON c.member_id = m.member_id
           JOIN payment p ON p.claim_id = c.id AND p.card_print = m.card_print
           JOIN approval_item i ON i.decision_id = p.decision_id
           JOIN approval a ON a.id = i.approval_id AND a.approved_at >= m.confirmed_at
           JOIN app_user u ON u.id = a.approver_id
           WHERE (one_person(a.approver_id, m.asked_by)
               OR one_person(a.approver_id, m.confirmed_by)) AND a.approved_at <= p.queued_at""",
        N_("案件 %(number)s 付到的卡由审批人 %(login)s 提出或确认"),
    ),
    Promise(
        "objections_are_decided_by_others",
        N_("有人提出异议之后，新决定由未审批过原决定的人审批"),
        "objection",
        """SELECT DISTINCT c.number, u.login FROM objection o
           JOIN claim c ON c.id = o.claim_id
           JOIN approval_item i ON i.claim_id = c.id
               AND i.decision_id > coalesce(o.approvers_free_until, o.decision_id)
           JOIN approval a ON a.id = i.approval_id
           JOIN approval_item f ON f.claim_id = c.id AND f.decision_id <= o.decision_id
           JOIN approval b ON b.id = f.approval_id
               AND one_person(b.approver_id, a.approver_id)
           JOIN app_user u ON u.id = a.approver_id""",
        N_("案件 %(number)s 的原决定与新决定都由 %(login)s 审批"),
    ),
    Promise(
        "objections_are_heard_by_others",
        N_("异议由未参与原决定的人听取"),
        "objection WHERE heard_by IS NOT NULL",
        f"""SELECT DISTINCT o.number, u.login FROM objection o JOIN app_user u ON u.id = o.heard_by
            JOIN approval_item i ON i.claim_id = o.claim_id AND i.decision_id <= o.decision_id
            JOIN approval a ON a.id = i.approval_id
            WHERE one_person(a.approver_id, o.heard_by) OR EXISTS (SELECT FROM audit_event e
                WHERE e.subject = 'claim' AND e.subject_id = o.claim_id
                  AND e.seq <= i.claim_version AND one_person(e.actor_id, o.heard_by)
                  AND e.verb NOT IN ({_NOT_MAKING}))""",  # noqa: S608
        N_("异议 %(number)s 由参与过原决定的 %(login)s 听取"),
    ),
    Promise(
        "objections_and_recoveries_are_told",
        N_("听取过或者撤回的异议、每项追回和每次分期都有通知书"),
        "letter WHERE kind IN ('objection_answer', 'objection_withdrawn', 'recovery_notice',"
        " 'instalment_notice')",
        """SELECT x.number FROM (
               SELECT number, claim_id, 'objection_answer' AS kind, 'objection-' || id AS occasion
               FROM objection WHERE heard_by IS NOT NULL
               UNION ALL
               SELECT number, claim_id, 'objection_withdrawn', 'objection-' || id
               FROM objection WHERE state = 'withdrawn' AND withdrawal_by IS NOT NULL
               UNION ALL
               SELECT number, claim_id, 'recovery_notice', 'recovery-' || id FROM recovery
               UNION ALL
               SELECT r.number, r.claim_id, 'instalment_notice', e.detail ->> 'letter'
               FROM recovery r JOIN audit_event e ON e.subject = 'recovery'
                   AND e.subject_id = r.id AND e.verb = 'agree_instalments'
               WHERE e.detail ? 'letter') x
           WHERE NOT EXISTS (SELECT FROM letter l WHERE l.claim_id = x.claim_id
               AND l.kind = x.kind AND l.occasion = x.occasion)""",
        N_("%(number)s 没有通知书"),
    ),
)
