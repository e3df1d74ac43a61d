"""What is promised of the books: they balance, and say what the acts say."""

from language import N_
from workflows.promises.promise import ARRIVED, AT_THE_BANK, Promise, yuan

# The credit that the books show for a right on accounts of these kinds.
_CREDIT = """coalesce(-sum(p.amount) FILTER (WHERE a.kind IN ({kinds})), 0)"""

# Of each right that was booked: what is owed of it, is at the bank and is asked back.
_BOOKED = f"""(SELECT p.entitlement_id,
    {_CREDIT.format(kinds="'payable', 'returned', 'kept_by_fund'")} AS owed,
    {_CREDIT.format(kinds="'in_transit'")} AS sent,
    -{_CREDIT.format(kinds="'recoverable'")} AS open,
    {_CREDIT.format(kinds="'kept_by_fund'")} AS fund,
    -{_CREDIT.format(kinds="'bank'")} AS bank
    FROM posting p JOIN ledger_account a ON a.id = p.account_id
    WHERE p.entitlement_id IS NOT NULL GROUP BY p.entitlement_id)"""  # noqa: S608

# The same of each right, as payments and recoveries say.
_TRUE = f"""(SELECT e.id, e.claim_id,
    CASE WHEN e.released_at IS NULL THEN e.amount ELSE 0 END AS granted,
    (SELECT coalesce(sum(amount), 0) FROM payment WHERE entitlement_id = e.id
        AND state IN ({AT_THE_BANK}, {ARRIVED})) AS gone,
    (SELECT coalesce(sum(amount), 0) FROM payment WHERE entitlement_id = e.id
        AND state IN ({AT_THE_BANK})) AS sent,
    coalesce(sum(r.amount - CASE WHEN r.state = 'written_off' THEN r.amount - r.received
        ELSE 0 END), 0) AS asked,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'open'), 0) AS open,
    coalesce(sum(r.amount - r.received) FILTER (WHERE r.state = 'written_off'), 0) AS lost,
    (SELECT coalesce(sum(amount), 0) FROM unclaimed_sum
        WHERE entitlement_id = e.id AND revived_at IS NULL) AS fund,
    (SELECT coalesce(sum(i.amount), 0) FROM recovery_receipt i JOIN recovery o
        ON o.id = i.recovery_id WHERE o.entitlement_id = e.id AND i.confirmed_at IS NOT NULL)
    - (SELECT coalesce(sum(amount), 0) FROM payment WHERE entitlement_id = e.id
        AND state = 'credited') AS bank
    FROM entitlement e LEFT JOIN recovery r
        ON r.entitlement_id = e.id AND r.state <> 'called_off'
    GROUP BY e.id)"""  # noqa: S608
_OWED = "t.granted - t.gone + t.asked + least(t.lost, greatest(0, t.gone - t.asked - t.granted))"

# What is approved, and not on its way to another decision.
_STANDS = """('approved', 'payable', 'sent', 'paid', 'returned', 'new_papers', 'written_to_fund',
    'denied')"""

OF_BOOKS = (
    Promise(
        "vouchers_balance",
        N_("每张记账凭证借贷相等"),
        "voucher",
        """SELECT v.month, v.number FROM voucher v LEFT JOIN posting p ON p.voucher_id = v.id
            GROUP BY v.id HAVING count(p.line) < 2 OR sum(p.amount) <> 0""",
        N_("%(month)s 第 %(number)s 号凭证借贷不等"),
    ),
    Promise(
        "vouchers_are_numbered",
        N_("每月的凭证连续编号，没有缺号"),
        "book_month",
        """SELECT m.first_on, m.vouchers, count(v.id) AS count FROM book_month m
            LEFT JOIN voucher v ON v.month = m.first_on GROUP BY m.first_on, m.vouchers
            HAVING count(v.id) <> m.vouchers OR coalesce(max(v.number), 0) <> m.vouchers""",
        N_("%(first_on)s 起的月份编到第 %(vouchers)s 号，实有 %(count)s 张凭证"),
    ),
    Promise(
        "balances_are_sums",
        N_("每个科目的余额是其分录之和"),
        "ledger_account",
        f"""SELECT a.code, {yuan("a.balance")} AS balance,
                {yuan("coalesce(sum(p.amount), 0)")} AS posted
            FROM ledger_account a LEFT JOIN posting p ON p.account_id = a.id
            GROUP BY a.id HAVING a.balance <> coalesce(sum(p.amount), 0)""",  # noqa: S608
        N_("科目 %(code)s 余额 %(balance)s 元，分录合计 %(posted)s 元"),
    ),
    Promise(
        "books_follow_rights",
        N_("账上每项权利的应付款等于核定减已付加应追回"),
        "entitlement",
        f"""SELECT c.number, {yuan("coalesce(b.owed, 0)")} AS booked, {yuan(_OWED)} AS owed
            FROM {_TRUE} t JOIN claim c ON c.id = t.claim_id
            LEFT JOIN {_BOOKED} b ON b.entitlement_id = t.id, books
            WHERE books.first_on IS NOT NULL AND c.state IN {_STANDS}
              AND coalesce(b.owed, 0) <> {_OWED}""",  # noqa: S608
        N_("案件 %(number)s 账上应付 %(booked)s 元，应为 %(owed)s 元"),
    ),
    Promise(
        "books_follow_payments",
        N_("账上的银行收付、在途付款、应收追回和转入基金与付款、退款和追回的记录相等"),
        "entitlement",
        f"""SELECT c.number, {yuan("coalesce(b.sent, 0)")} AS sent,
                {yuan("coalesce(b.open, 0)")} AS open, {yuan("coalesce(b.fund, 0)")} AS fund,
                {yuan("coalesce(b.bank, 0)")} AS bank
            FROM {_TRUE} t JOIN claim c ON c.id = t.claim_id
            LEFT JOIN {_BOOKED} b ON b.entitlement_id = t.id, books
            WHERE books.first_on IS NOT NULL AND (coalesce(b.sent, 0), coalesce(b.open, 0),
                coalesce(b.fund, 0), coalesce(b.bank, 0)) <> (t.sent, t.open, t.fund, t.bank)""",  # noqa: S608
        N_(
            "案件 %(number)s 账上银行收付 %(bank)s 元、在途 %(sent)s 元、应收追回 %(open)s 元、"
            "转入基金 %(fund)s 元，与付款和追回不符"
        ),
    ),
    Promise(
        "balances_are_named",
        N_("应付、在途、退票、应收和预收的每一笔分录，都写明是哪项权利或哪份名册的"),
        "posting",
        """SELECT v.month, v.number, a.code FROM posting p JOIN voucher v ON v.id = p.voucher_id
            JOIN ledger_account a ON a.id = p.account_id
            WHERE a.kind IN ('payable', 'in_transit', 'returned', 'recoverable', 'kept_by_fund')
                AND p.entitlement_id IS NULL
                OR a.kind IN ('prepaid_fees', 'subsidy_due')
                AND (a.unit_id IS NULL OR v.subject NOT IN ('fee_receipt', 'enrolment'))""",
        N_("%(month)s 第 %(number)s 号凭证记入 %(code)s，没有写明是谁的"),
    ),
    Promise(
        "reserved_is_in_batches",
        N_("资金中已占用的等于各批次中银行未答复的付款"),
        "ledger_account",
        """SELECT n.name, to_char(n.reserved / 100.0, 'FM999999999990.00') AS reserved,
                to_char(n.held / 100.0, 'FM999999999990.00') AS held
            FROM (SELECT coalesce(y.bank, '-') AS name,
                (SELECT coalesce(sum(a.reserved), 0) FROM ledger_account a
                    WHERE a.kind = 'bank' AND a.paying_account_id = y.id) AS reserved,
                (SELECT coalesce(sum(p.amount), 0) FROM payment p JOIN batch b ON b.id = p.batch_id
                    WHERE b.paying_account_id = y.id
                        AND p.state IN ('frozen', 'sent', 'unknown')) AS held
                FROM paying_account y) n, books
            WHERE books.first_on IS NOT NULL AND n.reserved <> n.held""",
        N_("付款账户 %(name)s 已占用 %(reserved)s 元，批次中有 %(held)s 元"),
    ),
    Promise(
        "books_follow_fees",
        N_("账上的会费和补助与收据、与生效的名册相等"),
        "enrolment",
        f"""SELECT e.number, {yuan("m.booked")} AS booked, {yuan("m.moved")} AS moved
            FROM (SELECT e.id,
                (SELECT coalesce(sum(amount), 0) FROM fee_receipt WHERE enrolment_id = e.id)
                + CASE e.state WHEN 'covered' THEN e.fee_due + e.subsidy_due ELSE 0 END AS moved,
                (SELECT coalesce(sum(p.amount) FILTER (WHERE a.kind = 'bank'), 0)
                    - coalesce(sum(p.amount) FILTER (WHERE a.kind IN ('fees', 'subsidy')), 0)
                    FROM voucher v JOIN posting p ON p.voucher_id = v.id
                    JOIN ledger_account a ON a.id = p.account_id
                    WHERE v.subject = 'enrolment' AND v.subject_id = e.id
                        OR v.subject = 'fee_receipt' AND v.subject_id IN (
                            SELECT id FROM fee_receipt WHERE enrolment_id = e.id)) AS booked
            FROM enrolment e) m JOIN enrolment e ON e.id = m.id, books
            WHERE books.first_on IS NOT NULL AND m.booked <> m.moved""",  # noqa: S608
        N_("名册 %(number)s 账上收付和入账合计 %(booked)s 元，应为 %(moved)s 元"),
    ),
    Promise(
        "books_are_opened_by_two",
        N_("启用账簿和重新打开月份，都由提请人以外的人办理"),
        "audit_event WHERE subject = 'installation' AND verb IN ('open_books', 'reopen_month')",
        # Who asked last before it, of the same month.
        """SELECT e.at::date AS day, u.login FROM audit_event e JOIN app_user u ON u.id = e.actor_id
            LEFT JOIN LATERAL (SELECT a.actor_id FROM audit_event a
                WHERE a.subject = e.subject AND a.subject_id = e.subject_id AND a.seq < e.seq
                    AND a.verb = CASE e.verb WHEN 'open_books' THEN 'state_balances'
                        ELSE 'ask_reopen_month' END
                    AND a.detail ->> 'month' IS NOT DISTINCT FROM e.detail ->> 'month'
                ORDER BY a.seq DESC LIMIT 1) asked ON true
            WHERE e.subject = 'installation' AND e.verb IN ('open_books', 'reopen_month')
                AND one_person(asked.actor_id, e.actor_id) IS NOT FALSE
            UNION ALL SELECT opened_at::date, '-' FROM books WHERE opened_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM audit_event WHERE verb = 'open_books'
                    AND subject = 'installation')""",
        N_("%(day)s 启用账簿或重新打开月份的 %(login)s 没有另一人提请"),
    ),
    Promise(
        "vouchers_by_hand_by_two",
        N_("手工凭证由一人填制、另一人复核，金额没有改动"),
        "manual_voucher WHERE is_booked",
        """SELECT m.day, m.id AS number FROM manual_voucher m WHERE m.is_booked
            AND (one_person(m.asked_by, m.decided_by) OR (SELECT count(*) FROM audit_event e
                WHERE e.subject = 'installation' AND e.detail ->> 'voucher' = m.id::text
                    AND e.detail ->> 'sum' = m.amount::text
                    AND (e.verb, e.actor_id) IN (('propose_voucher', m.asked_by),
                        ('book_voucher', m.decided_by))) <> 2)""",
        N_("%(day)s 的手工凭证 %(number)s 不是由两人填制和复核，或金额被改动"),
    ),
    Promise(
        "statement_lines_are_booked_once",
        N_("对账单的每一行只登记一次，收据、凭证与其金额相符"),
        "statement_line",
        # By receipts, or by one voucher over all of it, or by nothing.
        f"""SELECT l.day, l.place, {yuan("abs(l.amount)")} AS amount FROM statement_line l
            LEFT JOIN manual_voucher m ON m.id = l.voucher_id AND m.is_booked IS NOT FALSE,
            LATERAL (SELECT coalesce(sum(r.amount), 0) * sign(l.amount) AS booked
                FROM statement_receipt t JOIN fee_receipt r ON r.id = t.receipt_id
                WHERE t.line_id = l.id AND NOT EXISTS (
                    SELECT FROM fee_receipt v WHERE v.reverses_id = r.id)) b
            WHERE b.booked NOT BETWEEN 0 AND abs(l.amount) OR m.id IS NOT NULL AND (
                b.booked <> 0 OR l.set_aside_by IS NOT NULL OR m.day <> l.day
                OR m.paying_account_id <> l.paying_account_id OR abs(m.amount) <> abs(l.amount)
                OR (SELECT count(*) FROM statement_line o WHERE o.voucher_id = m.id) > 1)""",  # noqa: S608
        N_("对账单 %(day)s 第 %(place)s 行（%(amount)s 元）登记的与其不符"),
    ),
    Promise(
        "statement_lines_are_the_money_of_payments",
        N_("对账单上属于付款的每一行，金额与其付款之和相等，没有另作登记"),
        "statement_line l WHERE EXISTS (SELECT FROM statement_payment t WHERE t.line_id = l.id)",
        f"""SELECT l.day, l.place, {yuan("abs(l.amount)")} AS amount FROM statement_line l,
            LATERAL (SELECT sum(p.amount) AS paid, bool_or(t.is_back <> (l.amount > 0)) AS strange
                FROM statement_payment t JOIN payment p ON p.id = t.payment_id
                WHERE t.line_id = l.id) s
            WHERE s.paid <> abs(l.amount) OR s.strange OR s.paid IS NOT NULL AND (
                l.voucher_id IS NOT NULL OR l.set_aside_by IS NOT NULL
                OR EXISTS (SELECT FROM statement_receipt r WHERE r.line_id = l.id))""",  # noqa: S608
        N_("对账单 %(day)s 第 %(place)s 行（%(amount)s 元）与其付款不符"),
    ),
)
