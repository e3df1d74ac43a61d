"""What is promised of batches: their sums, their files, and the two people behind each."""

from language import N_
from workflows.promises.promise import AT_THE_BANK, Promise, yuan

OF_BATCHES = (
    Promise(
        "accounts_by_two",
        N_("付款账户都由一人提出、另一人确认"),
        "paying_account WHERE confirmed_at IS NOT NULL",
        # The first one came from the settings. What its history says, the row says too.
        """SELECT a.account FROM paying_account a
           LEFT JOIN audit_event p ON p.subject = 'paying_account' AND p.subject_id = a.id
               AND p.verb IN ('propose', 'take_over')
           LEFT JOIN audit_event c ON c.subject = 'paying_account' AND c.subject_id = a.id
               AND c.verb = 'confirm'
           WHERE a.confirmed_at IS NOT NULL
             AND (p.seq IS NULL
               OR (p.detail ->> 'family', p.detail ->> 'name', p.detail ->> 'account',
                   p.detail ->> 'bank', p.detail ->> 'cnaps', p.detail ->> 'first_on')
                 IS DISTINCT FROM (coalesce(a.family, ''), a.name, a.account, a.bank,
                   coalesce(a.cnaps, ''), to_char(a.first_on, 'YYYY-MM-DD'))
               OR p.verb = 'propose'
                 AND (c.actor_id IS NULL OR one_person(c.actor_id, p.actor_id)))""",
        N_("付款账户 %(account)s 没有由两人办理，或与所提不同"),
    ),
    Promise(
        "batches_have_their_account",
        N_("批次从组批当日该计划的付款账户付款"),
        "batch WHERE paying_account_id IS NOT NULL",
        # Each plan once, or every payment would meet every cover of its plan.
        """WITH known AS MATERIALIZED (SELECT DISTINCT plan, family FROM coverage)
           SELECT b.number FROM batch b JOIN paying_account a ON a.id = b.paying_account_id
           WHERE a.confirmed_at IS NULL
              OR (b.payer_name, b.payer_account, b.payer_bank, coalesce(b.payer_cnaps, ''))
                  <> (a.name, a.account, a.bank, coalesce(a.cnaps, ''))
              OR (b.frozen_at AT TIME ZONE 'Asia/Shanghai')::date
                  NOT BETWEEN a.first_on AND coalesce(a.last_on, 'infinity')
              OR a.family IS NOT NULL AND EXISTS (SELECT FROM payment p
                  JOIN entitlement e ON e.id = p.entitlement_id
                  JOIN known c ON c.plan = e.plan
                  WHERE p.batch_id = b.id AND c.family <> a.family)""",
        N_("批次 %(number)s 的付款账户不是组批当日该计划的账户"),
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
        "payment WHERE batch_id IS NOT NULL OR state NOT IN ('queued', 'cancelled', 'set_off')",
        """SELECT p.reference, p.state, coalesce(b.number, '-') AS batch
           FROM payment p LEFT JOIN batch b ON b.id = p.batch_id
           WHERE (b.id IS NULL) <> (p.state IN ('queued', 'cancelled', 'set_off'))
              OR b.state = 'discarded' AND (p.state = 'sent' OR b.released_at IS NULL
                AND NOT EXISTS (SELECT FROM audit_event e WHERE e.subject = 'batch'
                    AND e.subject_id = b.id AND e.verb = 'agree_discard'))
              OR (b.state = 'frozen') <> (p.state = 'frozen')""",
        N_("付款 %(reference)s(%(state)s)与其批次 %(batch)s 的状态不符"),
    ),
    Promise(
        "files_have_their_events",
        N_("银行文件都在放行之后生成，并有生成人、时间和校验值的记录"),
        "payment_file",
        # Of files from before each was an event, the maker is not known.
        """SELECT b.number, coalesce(f.sha256, e.detail ->> 'sha256') AS hash
           FROM payment_file f
           FULL JOIN (SELECT * FROM audit_event
               WHERE subject = 'batch' AND verb = 'make_file') e
               ON e.subject_id = f.batch_id AND e.detail ->> 'sha256' = f.sha256
           JOIN batch b ON b.id = coalesce(f.batch_id, e.subject_id)
           LEFT JOIN audit_event r ON r.subject = 'batch' AND r.subject_id = b.id
               AND r.verb = 'release'
           WHERE f.batch_id IS NULL OR f.made_by IS NOT NULL
             AND (e.actor_id IS NULL OR r.seq IS NULL OR e.seq < r.seq)""",
        N_("批次 %(number)s 的文件 %(hash)s 没有生成记录，或在放行之前生成"),
    ),
    Promise(
        "discarded_by_two",
        N_("已放行或已有银行文件的批次都由两人凭银行的答复作废"),
        "batch WHERE released_at IS NOT NULL",
        # Each agreement follows another person's request, which gives the bank's word.
        """SELECT b.number FROM batch b
           LEFT JOIN audit_event a ON a.subject = 'batch' AND a.subject_id = b.id
               AND a.verb = 'agree_discard'
           LEFT JOIN LATERAL (SELECT * FROM audit_event q WHERE q.subject = 'batch'
                   AND q.subject_id = b.id AND q.verb = 'ask_discard' AND q.seq < a.seq
               ORDER BY q.seq DESC LIMIT 1) q ON true
           WHERE b.state = 'discarded' AND (b.released_at IS NOT NULL
               OR EXISTS (SELECT FROM payment WHERE batch_id = b.id))
             AND (a.actor_id IS NULL OR q.actor_id IS NULL OR one_person(a.actor_id, q.actor_id)
               OR coalesce(q.detail ->> 'reason', '') = '')""",
        N_("批次 %(number)s 作废，没有两人办理或没有银行的答复"),
    ),
    Promise(
        "bank_words_by_two",
        N_("没有回盘而记为到账或退票的付款，都由两人凭银行的答复办理"),
        "bank_word WHERE agreed",
        # Who agreed moved the payment; who told it stands in the payment's history before that.
        """SELECT p.reference FROM bank_word w JOIN payment p ON p.id = w.payment_id
           LEFT JOIN reply_case c ON c.id = w.reply_case_id
           LEFT JOIN reply_file f ON f.id = c.reply_file_id
           WHERE w.agreed AND (one_person(w.asked_by, w.dealt_by)
             OR f.id IS NOT NULL AND one_person(f.loaded_by, w.dealt_by)
             OR NOT EXISTS (SELECT FROM audit_event a JOIN audit_event t
                     ON t.subject = a.subject AND t.subject_id = a.subject_id AND t.seq < a.seq
                    AND t.verb = 'tell_bank_word' AND t.actor_id = w.asked_by
                    AND t.detail ->> 'sha256' IS NOT DISTINCT FROM w.sha256
                 WHERE a.subject = 'payment' AND a.subject_id = p.id AND a.actor_id = w.dealt_by
                   AND a.verb = CASE w.outcome WHEN 'credited' THEN 'credit' ELSE 'return' END))""",
        N_("付款 %(reference)s 的结果不是由两人凭银行的答复记下的"),
    ),
    Promise(
        "words_wait_at_the_bank",
        N_("待确认的银行答复都针对没有结果的付款"),
        "bank_word",
        f"""SELECT p.reference FROM bank_word w JOIN payment p ON p.id = w.payment_id
            WHERE w.agreed IS NULL AND p.state NOT IN ({AT_THE_BANK})""",  # noqa: S608
        N_("付款 %(reference)s 已有结果，仍有银行答复待确认"),
    ),
    Promise(
        "odd_lines_are_answered",
        N_("回盘中对不上的行都由人办理：匹配的是本批次同样金额的付款，不匹配的经两人"),
        # Of a matched line the payment's history says the same, or its late return the contrary.
        "reply_case WHERE answer IS NOT NULL",
        """SELECT b.number, c.place FROM reply_case c
           JOIN reply_file f ON f.id = c.reply_file_id JOIN batch b ON b.id = f.batch_id
           LEFT JOIN payment p ON p.id = c.payment_id
           WHERE c.answer IS NOT NULL
             AND (NOT EXISTS (SELECT FROM audit_event e WHERE e.subject = 'reply_case'
                     AND e.subject_id = c.id AND e.verb = 'answer_line'
                     AND e.actor_id = c.answered_by AND e.detail ->> 'answer' = c.answer)
               OR c.answer = 'matched' AND (c.amount IS DISTINCT FROM p.amount
                 OR p.batch_id <> f.batch_id
                 OR c.outcome <> 'unknown'
                   AND NOT EXISTS (SELECT FROM late_return l WHERE l.payment_id = p.id)
                   AND NOT EXISTS (SELECT FROM audit_event e WHERE e.subject = 'payment'
                     AND e.subject_id = p.id AND e.verb =
                       CASE c.outcome WHEN 'credited' THEN 'credit' ELSE 'return' END))
               OR c.answer <> 'matched' AND c.payment_id IS NOT NULL AND c.outcome <> 'unknown'
                 AND (c.agreed_by IS NULL OR one_person(c.agreed_by, c.answered_by)))""",
        N_("批次 %(number)s 回盘第 %(place)s 行没有按规定办理，或匹配的付款不同"),
    ),
    Promise(
        "taken_out_by_two",
        N_("从待放行批次抽出的付款都由两人办理"),
        "audit_event WHERE subject = 'batch' AND verb = 'agree_take_out'",
        """SELECT b.number FROM audit_event a JOIN batch b ON b.id = a.subject_id
           LEFT JOIN LATERAL (SELECT * FROM audit_event q WHERE q.subject = 'batch'
                   AND q.subject_id = b.id AND q.verb = 'ask_take_out' AND q.seq < a.seq
                   AND q.detail ->> 'reference' = a.detail ->> 'reference'
               ORDER BY q.seq DESC LIMIT 1) q ON true
           WHERE a.subject = 'batch' AND a.verb = 'agree_take_out'
             AND (a.actor_id IS NULL OR q.actor_id IS NULL OR one_person(a.actor_id, q.actor_id)
               OR coalesce(q.detail ->> 'reason', '') = '')""",
        N_("批次 %(number)s 有付款不是由两人抽出的"),
    ),
    Promise(
        "payers_did_not_approve",
        N_("组批和放行的人没有审批过其中的案件"),
        "batch WHERE state = 'released'",
        """SELECT DISTINCT b.number, u.login FROM batch b
           JOIN payment p ON p.batch_id = b.id
           JOIN approval_item i ON i.decision_id = p.decision_id
           JOIN approval a ON a.id = i.approval_id JOIN app_user u ON u.id = a.approver_id
           WHERE one_person(a.approver_id, b.frozen_by)
              OR one_person(a.approver_id, b.released_by)""",
        N_("批次 %(number)s 由审批人 %(login)s 组批或放行"),
    ),
    Promise(
        "released_by_another",
        N_("批次都由组批人以外的人放行"),
        "batch WHERE state = 'released'",
        """SELECT number FROM batch WHERE state = 'released'
              AND (released_by IS NULL OR one_person(released_by, frozen_by))""",
        N_("批次 %(number)s 由组批人放行"),
    ),
)
