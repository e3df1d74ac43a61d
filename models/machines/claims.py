"""The machines of what is handed in and decided: packet, claim, letter, relief, objection."""

from language import N_
from models.machines.machine import Machine, Move, Who
from models.states import ClaimState, LetterState, ObjectionState, PacketState, ReliefState

_P, _C, _L = PacketState, ClaimState, LetterState
_S, _O = ReliefState, ObjectionState

# Where a claim waits for a person before it is approved.
_WITH_PEOPLE = (_C.INCOMPLETE, _C.IN_QUESTION, _C.REFERRED, _C.PROPOSED)

PACKET = Machine(
    "packet",
    N_("收件"),
    {
        _P.NOTICED: N_("等待写完"),
        _P.SETTLED: N_("待收件"),
        _P.STORED: N_("已入库"),
        _P.AWAY: N_("已归位"),
        _P.GONE: N_("已取走"),
        _P.LEFT: N_("不收件"),
    },
    _P.NOTICED,
    (
        Move("settle", N_("写完"), _P.NOTICED, _P.SETTLED, Who.BEAT),
        Move("take_back", N_("取回"), _P.NOTICED, _P.GONE, Who.BEAT),
        # What other programs leave in the folder, and what cannot be looked at for now.
        Move("leave_be", N_("不收件"), _P.NOTICED, _P.LEFT, Who.BEAT),
        Move("take_back", N_("取回"), _P.LEFT, _P.GONE, Who.BEAT),
        Move("look_at", N_("可以查看"), _P.LEFT, _P.NOTICED, Who.BEAT),
        Move("disturb", N_("又有变动"), _P.SETTLED, _P.NOTICED, Who.STEP),
        Move("intake", N_("收件"), _P.SETTLED, _P.STORED, Who.STEP),
        Move("vanish", N_("取走"), _P.SETTLED, _P.GONE, Who.STEP),
        Move("put_away", N_("归位"), _P.STORED, _P.AWAY, Who.STEP),
    ),
)

CLAIM = Machine(
    "claim",
    N_("案件"),
    {
        _C.RECEIVED: N_("待识读"),
        _C.READ: N_("待审核"),
        _C.INCOMPLETE: N_("待补件"),
        _C.IN_QUESTION: N_("待核对"),
        _C.COMPLETE: N_("待核定"),
        _C.REFERRED: N_("转人工"),
        _C.PROPOSED: N_("待审批"),
        _C.APPROVED: N_("已审批"),
        _C.PAYABLE: N_("待拨付"),
        _C.SENT: N_("拨付中"),
        _C.PAID: N_("已到账"),
        _C.RETURNED: N_("退票"),
        _C.NEW_PAPERS: N_("退票待识读"),
        _C.DENIED: N_("不予给付"),
        _C.HELD: N_("搁置"),
        _C.WITHDRAWN: N_("已撤回"),
        _C.JOINED: N_("已并入"),
        _C.WRITTEN_TO_FUND: N_("已转入基金"),
    },
    _C.RECEIVED,
    (
        Move("read", N_("识读"), _C.RECEIVED, _C.READ, Who.STEP),
        Move("find_complete", N_("材料齐全"), _C.READ, _C.COMPLETE, Who.STEP),
        Move("ask_for_papers", N_("通知补件"), _C.READ, _C.INCOMPLETE, Who.STEP),
        Move("question", N_("提请核对"), _C.READ, _C.IN_QUESTION, Who.STEP),
        Move("add_papers", N_("收到补件"), _C.INCOMPLETE, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.IN_QUESTION, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.REFERRED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.READ, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.COMPLETE, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.PROPOSED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.RECEIVED, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.HELD, _C.RECEIVED, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.WITHDRAWN, _C.RECEIVED, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.INCOMPLETE, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.IN_QUESTION, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.REFERRED, _C.READ, Who.CLERK),
        Move("recheck", N_("重新审核"), _C.PROPOSED, _C.READ, Who.CLERK),
        Move("decide_relief", N_("救助评审"), _C.RECEIVED, _C.PROPOSED, Who.COMMITTEE),
        Move("decide_relief", N_("救助评审"), _C.REFERRED, _C.PROPOSED, Who.COMMITTEE),
        Move("propose", N_("核定"), _C.COMPLETE, _C.PROPOSED, Who.STEP),
        Move("refer", N_("转人工"), _C.COMPLETE, _C.REFERRED, Who.STEP),
        Move("join", N_("并入已有案件"), _C.REFERRED, _C.JOINED, Who.SUPERVISOR),
        # A settlement file opened a claim for the stay of these papers.
        Move("merge", N_("并入同一住院的案件"), _C.READ, _C.JOINED, Who.STEP),
        Move("leave", N_("撤销并入"), _C.JOINED, _C.RECEIVED, Who.CLERK),
        Move("approve", N_("批准给付"), _C.PROPOSED, _C.APPROVED, Who.SUPERVISOR),
        Move("deny", N_("批准不予给付"), _C.PROPOSED, _C.DENIED, Who.SUPERVISOR),
        Move("send_back", N_("退回"), _C.PROPOSED, _C.REFERRED, Who.SUPERVISOR),
        Move("prepare_payment", N_("备付"), _C.APPROVED, _C.PAYABLE, Who.STEP),
        # It became known after the approval that the member has died.
        Move("refer", N_("转人工"), _C.APPROVED, _C.REFERRED, Who.STEP),
        Move("send_back", N_("退回"), _C.PAYABLE, _C.REFERRED, Who.SUPERVISOR),
        Move("send", N_("报盘"), _C.PAYABLE, _C.SENT, Who.CASHIER),
        Move("credit", N_("到账"), _C.SENT, _C.PAID, Who.BANK),
        Move("return", N_("退票"), _C.SENT, _C.RETURNED, Who.BANK),
        Move("return", N_("退票"), _C.PAID, _C.RETURNED, Who.BANK),
        # It had not come back after all.
        Move("credit", N_("到账"), _C.RETURNED, _C.PAID, Who.BANK),
        Move("credit", N_("到账"), _C.PAYABLE, _C.PAID, Who.BANK),
        Move("pay_again", N_("重新付款"), _C.RETURNED, _C.PROPOSED, Who.CLERK),
        Move("pay_again", N_("重新付款"), _C.PROPOSED, _C.PROPOSED, Who.CLERK),
        # What comes after a return is read, and the payee is checked before it is paid again.
        Move("add_papers", N_("收到补件"), _C.RETURNED, _C.NEW_PAPERS, Who.CLERK),
        Move("add_papers", N_("收到补件"), _C.NEW_PAPERS, _C.NEW_PAPERS, Who.CLERK),
        Move("read_filed", N_("识读附卷材料"), _C.RETURNED, _C.NEW_PAPERS, Who.CLERK),
        Move("read", N_("识读"), _C.NEW_PAPERS, _C.RETURNED, Who.STEP),
        Move("question_payee", N_("提请核对收款账户"), _C.RETURNED, _C.RETURNED, Who.CLERK),
        # It could not be delivered for years (R37), and goes on as returned if the member comes.
        Move("propose_to_fund", N_("提请转入基金"), _C.RETURNED, _C.RETURNED, Who.SUPERVISOR),
        Move("refuse_to_fund", N_("不同意转入基金"), _C.RETURNED, _C.RETURNED, Who.SUPERVISOR),
        Move("write_to_fund", N_("转入基金"), _C.RETURNED, _C.WRITTEN_TO_FUND, Who.SUPERVISOR),
        Move("revive", N_("恢复领取"), _C.WRITTEN_TO_FUND, _C.RETURNED, Who.CLERK),
        *(Move("hold", N_("搁置"), state, _C.HELD, Who.CLERK) for state in _WITH_PEOPLE),
        Move("resume", N_("恢复办理"), _C.HELD, _C.READ, Who.CLERK),
        Move("resume", N_("恢复办理"), _C.WITHDRAWN, _C.READ, Who.CLERK),
        *(
            Move("withdraw", N_("撤回申请"), state, _C.WITHDRAWN, Who.CLERK)
            for state in (*_WITH_PEOPLE, _C.HELD, _C.RECEIVED, _C.READ, _C.COMPLETE)
        ),
        # Its papers were those of several people, who each get a claim of their own.
        Move("divide", N_("按人分开"), _C.IN_QUESTION, _C.WITHDRAWN, Who.CLERK),
        *(
            Move("propose_denial", N_("提请不予给付"), state, _C.PROPOSED, Who.SUPERVISOR)
            for state in (_C.INCOMPLETE, _C.IN_QUESTION, _C.REFERRED)
        ),
        Move("reopen", N_("重新办理"), _C.DENIED, _C.RECEIVED, Who.CLERK),
        Move("reopen", N_("重新办理"), _C.PAID, _C.RECEIVED, Who.CLERK),
        Move("reopen", N_("重新办理"), _C.RETURNED, _C.RECEIVED, Who.CLERK),
        Move("uphold", N_("异议成立"), _C.DENIED, _C.RECEIVED, Who.SUPERVISOR),
        Move("uphold", N_("异议成立"), _C.PAID, _C.RECEIVED, Who.SUPERVISOR),
        Move("uphold", N_("异议成立"), _C.RETURNED, _C.RECEIVED, Who.SUPERVISOR),
        # Of second relief the committee decides again.
        *(
            Move(verb, word, state, _C.REFERRED, who)
            for verb, word, who in (
                ("reopen_relief", N_("交评审会重新决定"), Who.CLERK),
                ("uphold_relief", N_("异议成立，交评审会"), Who.SUPERVISOR),
            )
            for state in (_C.DENIED, _C.PAID, _C.RETURNED)
        ),
        Move("owe_nothing", N_("无须再付"), _C.APPROVED, _C.PAID, Who.STEP),
        # All of it was set off against what the member owes: there is nothing to transfer.
        Move("set_off", N_("抵扣追回"), _C.PAYABLE, _C.PAID, Who.SUPERVISOR),
        Move("undo_set_off", N_("取消抵扣"), _C.PAID, _C.PAYABLE, Who.SUPERVISOR),
    ),
)

LETTER = Machine(
    "letter",
    N_("通知书"),
    {_L.WANTED: N_("待出具"), _L.WRITTEN: N_("已出具")},
    _L.WANTED,
    (Move("write_letter", N_("出具"), _L.WANTED, _L.WRITTEN, Who.STEP),),
)

RELIEF = Machine(
    "relief",
    N_("二次救助"),
    {
        _S.APPLIED: N_("待评审"),
        _S.GRANTED: N_("予以救助"),
        _S.REFUSED: N_("不予救助"),
        _S.WITHDRAWN: N_("已撤回"),
    },
    _S.APPLIED,
    (
        Move("grant", N_("予以救助"), _S.APPLIED, _S.GRANTED, Who.SUPERVISOR),
        Move("refuse", N_("不予救助"), _S.APPLIED, _S.REFUSED, Who.SUPERVISOR),
        Move("reopen", N_("退回评审"), _S.GRANTED, _S.APPLIED, Who.CLERK),
        Move("reopen", N_("退回评审"), _S.REFUSED, _S.APPLIED, Who.CLERK),
        Move("withdraw", N_("撤回"), _S.APPLIED, _S.WITHDRAWN, Who.CLERK),
    ),
)

OBJECTION = Machine(
    "objection",
    N_("异议"),
    {
        _O.REGISTERED: N_("待听取"),
        _O.UPHELD: N_("异议成立"),
        _O.REJECTED: N_("异议不成立"),
        _O.WITHDRAWN: N_("已撤回"),
    },
    _O.REGISTERED,
    (
        Move("uphold", N_("异议成立"), _O.REGISTERED, _O.UPHELD, Who.SUPERVISOR),
        Move("reject", N_("异议不成立"), _O.REGISTERED, _O.REJECTED, Who.SUPERVISOR),
        Move("withdraw", N_("撤回"), _O.REGISTERED, _O.WITHDRAWN, Who.SUPERVISOR),
    ),
)
