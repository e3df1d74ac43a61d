"""The statistics as spreadsheets, for printing and for the public list."""

from collections.abc import Sequence

from console.queries.activities import ActivityRow, UnitActivities
from console.queries.participation import UnitFigures
from console.queries.statistics import FailedCode, MonthRow, Published, SentBack
from documents.letters.subsidy_statement import SubsidyStatement
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from rules.scoring import scale


def ranking(rows: Sequence[UnitFigures], year: int, plan: str) -> Table:
    """The participation board."""
    basis = _("统计口径：起始日在 %(year)s 年的保障期；计划：%(plan)s")
    marks = () if scale().confirmed else (scale().note,)
    return Table(
        name=_("参保排名"),
        title=_("%(year)s 年各单位参保与赔付排名") % {"year": year},
        notes=(basis % {"year": year, "plan": plan}, *marks),
        columns=(
            TableColumn(_("名次"), Shape.COUNT, 6),
            TableColumn(_("单位"), width=36),
            TableColumn(_("评分"), Shape.TENTHS, 8),
            TableColumn(_("在职人数"), Shape.COUNT, 10),
            TableColumn(_("参保人数"), Shape.COUNT, 10),
            TableColumn(_("应参保"), Shape.COUNT, 10),
            TableColumn(_("参保率"), Shape.BASIS_POINTS, 10),
            TableColumn(_("会费（元）"), Shape.FEN, 14),
            TableColumn(_("给付件数"), Shape.COUNT, 10),
            TableColumn(_("给付金额（元）"), Shape.FEN, 14),
            TableColumn(_("赔付率"), Shape.BASIS_POINTS, 10),
            TableColumn(_("二次救助（元）"), Shape.FEN, 14),
            TableColumn(_("平均办理天数"), Shape.TENTHS, 12),
        ),
        lines=list(map(_ranked, rows)),
    )


def _ranked(row: UnitFigures) -> tuple[TableCell, ...]:
    return (
        row.rank,
        row.unit,
        row.score,
        row.eligible,
        row.insured,
        row.required or None,
        row.rate,
        row.fees,
        row.cases,
        row.paid,
        row.ratio,
        row.relief,
        row.days,
    )


def statistics(
    year: int, months: Sequence[MonthRow], back: SentBack, failed: Sequence[FailedCode]
) -> list[Table]:
    """The figures of the year, a sheet for each table."""
    return [_by_month(year, months), _sent_back(year, back), _failed(year, failed)]


def _by_month(year: int, months: Sequence[MonthRow]) -> Table:
    """Cover and benefits month by month, a line for each plan."""
    return Table(
        name=_("分月"),
        title=_("%(year)s 年分月统计") % {"year": year},
        columns=(
            TableColumn(_("月份"), Shape.COUNT, 6),
            TableColumn(_("计划"), width=36),
            TableColumn(_("月末参保人数"), Shape.COUNT, 14),
            TableColumn(_("给付人数"), Shape.COUNT, 10),
            TableColumn(_("给付人次"), Shape.COUNT, 10),
            TableColumn(_("给付金额（元）"), Shape.FEN, 14),
            TableColumn(_("退回金额（元）"), Shape.FEN, 14),
        ),
        lines=[(m.month, m.plan, m.covered, m.people, m.cases, m.sum, m.came_back) for m in months],
    )


def _sent_back(year: int, back: SentBack) -> Table:
    """Why papers were asked for."""
    return Table(
        name=_("补件原因"),
        title=_("%(year)s 年通知补件的原因") % {"year": year},
        notes=(
            _("收件 %(received)s 件，通知补件 %(back)s 件")
            % {"received": back.received, "back": back.sent_back},
        ),
        columns=(
            TableColumn(_("所缺材料"), width=30),
            TableColumn(_("件数"), Shape.COUNT, 8),
            TableColumn(_("占收件"), Shape.BASIS_POINTS, 10),
        ),
        lines=[(reason.word, reason.count, reason.share) for reason in back.reasons],
    )


def _failed(year: int, failed: Sequence[FailedCode]) -> Table:
    """Why the banks sent payments back."""
    return Table(
        name=_("退票原因"),
        title=_("%(year)s 年退票的原因") % {"year": year},
        columns=(
            TableColumn(_("代码"), width=8),
            TableColumn(_("原因"), width=30),
            TableColumn(_("笔数"), Shape.COUNT, 8),
            TableColumn(_("金额（元）"), Shape.FEN, 14),
        ),
        lines=[(each.code, each.word, each.count, each.sum) for each in failed],
    )


def public_list(rows: Sequence[Published], year: int) -> Table:
    """The public list (公示): no illness, no hospital, names masked."""
    return Table(
        name=_("公示"),
        title=_("%(year)s 年互助金给付公示") % {"year": year},
        notes=(_("负数为当月退回的款项"),) if any(row.amount < 0 for row in rows) else (),
        columns=(
            TableColumn(_("月份"), Shape.COUNT, 6),
            TableColumn(_("单位"), width=36),
            TableColumn(_("会员"), width=10),
            TableColumn(_("待遇"), width=12),
            TableColumn(_("金额（元）"), Shape.FEN, 14),
        ),
        lines=[(row.month, row.unit, row.name, row.benefit, row.amount) for row in rows],
    )


def activities(
    rows: Sequence[ActivityRow], units: Sequence[UnitActivities], year: int
) -> list[Table]:
    """The yearly report of prevention activities: by unit, and one by one."""
    return [
        Table(
            name=_("分单位"),
            title=_("%(year)s 年病前预防活动年报") % {"year": year},
            columns=(
                TableColumn(_("举办单位"), width=36),
                TableColumn(_("健康讲座"), Shape.COUNT, 10),
                TableColumn(_("文体活动"), Shape.COUNT, 10),
                TableColumn(_("签到人数"), Shape.COUNT, 10),
            ),
            lines=[(each.unit, each.lectures, each.events, each.signed_in) for each in units],
        ),
        Table(
            name=_("明细"),
            title=_("%(year)s 年病前预防活动明细") % {"year": year},
            columns=(
                TableColumn(_("日期"), Shape.DAY, 12),
                TableColumn(_("类别"), width=10),
                TableColumn(_("名称"), width=36),
                TableColumn(_("地点"), width=24),
                TableColumn(_("举办单位"), width=36),
                TableColumn(_("签到人数"), Shape.COUNT, 10),
            ),
            lines=[(r.held_on, r.word, r.title, r.place, r.unit, r.signed_in) for r in rows],
        ),
    ]


def subsidy_table(statement: SubsidyStatement) -> Table:
    """What the provincial-organs union owes for a quarter (article 5)."""
    basis = _("按保障办理生效的日期：%(first)s 至 %(last)s")
    return Table(
        name=_("补助结算单"),
        title=_("%(quarter)s补助结算单") % {"quarter": statement.number},
        notes=(basis % {"first": statement.first_day, "last": statement.last_day},),
        columns=(
            TableColumn(_("单位"), width=36),
            TableColumn(_("人数"), Shape.COUNT, 10),
            TableColumn(_("补助金额（元）"), Shape.FEN, 16),
        ),
        lines=[
            *((line.unit, line.heads, line.sum) for line in statement.lines),
            (_("合计"), statement.heads, statement.total),
        ],
    )
