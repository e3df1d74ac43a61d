"""The commands that need no database, as people run them."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from typer.main import get_group

from huzhu import MODULES
from settings import ROOT
from tests.sheets import a_sheet, an_id

CASE = {
    "plan": "main-2020",
    "received_on": "2026-04-20",
    "member": {"birth_date": "1985-03-17", "sex": "F"},
    "unit_city": "长春市",
    "coverages": [{"start": "2025-07-01", "end": "2026-06-30"}],
    "history": [
        {
            "benefit": "hospital_allowance",
            "admitted_on": "2025-09-02",
            "paid_days": 10,
            "amount": "500.00",
        }
    ],
    "event": {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": "2026-03-02",
        "discharged_on": "2026-03-14",
        "hospital": {"name": "吉林大学第一医院", "city": "长春市", "level": 3},
    },
}


Huzhu = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def huzhu() -> Huzhu:
    """Runs a command as people do: `huzhu("plans", "list")`, with `said` as its input."""
    bare = {k: v for k, v in os.environ.items() if not k.endswith("_URL")}

    def run(*arguments: str, said: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "huzhu", *arguments],
            cwd=ROOT,
            env=bare | {"HUZHU_DATA": "/nonexistent"} | more,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_version_is_the_one_of_the_project_file(huzhu: Huzhu) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert huzhu("--version").stdout == f"{project['version']}\n"


def test_assess_prints_one_object_with_the_sum_explained(huzhu: Huzhu, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps(CASE), encoding="utf-8")
    result = huzhu("assess", str(case))
    verdict = json.loads(result.stdout)
    assert result.returncode == 0
    assert (verdict["decision"], verdict["amount"]) == ("pay", "600.00")
    assert verdict["lines"][0]["text"] == "12 天 × 50 元 = 600 元"
    assert verdict["period"] == {"start": "2025-07-01", "end": "2026-06-30"}


def test_assess_reads_standard_input_and_a_trial_edition(huzhu: Huzhu, tmp_path: Path) -> None:
    plan = (ROOT / "rules/plans/main-2020.toml").read_text(encoding="utf-8")
    trial = tmp_path / "main-2020.toml"
    trial.write_text(plan.replace('"50.00"', '"60.00"').replace('"4500.00"', '"5400.00"'), "utf-8")
    result = huzhu("assess", "-", "--plan", str(trial), said=json.dumps(CASE))
    assert json.loads(result.stdout)["amount"] == "720.00", result.stderr


@pytest.mark.parametrize(
    ("field", "case"),
    [
        ("admitted_on", CASE | {"event": CASE["event"] | {"admitted_on": "2026-13-02"}}),  # type: ignore[operator]
        ("birth_date", CASE | {"member": {"birth_date": None, "sex": "F"}}),
        ("plan", CASE | {"plan": "no-such-plan"}),
        ("coverages", {k: v for k, v in CASE.items() if k != "coverages"}),
    ],
)
def test_bad_input_ends_with_status_2_and_one_sentence_naming_the_field(
    huzhu: Huzhu, field: str, case: dict[str, object]
) -> None:
    result = huzhu("assess", "-", said=json.dumps(case))
    assert result.returncode == 2
    assert result.stdout == ""
    assert field in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_what_is_not_json_or_not_there_is_said_in_a_sentence(huzhu: Huzhu) -> None:
    for result in (huzhu("assess", "-", said="{"), huzhu("assess", "/no/such/case.json")):
        assert result.returncode == 2
        assert "Traceback" not in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1


def test_plans_are_listed_shown_and_checked(huzhu: Huzhu, tmp_path: Path) -> None:
    assert "main-2020" in huzhu("plans", "list").stdout
    assert "R16" in huzhu("plans", "show", "main-2020").stdout
    broken = tmp_path / "trial.toml"
    text = (ROOT / "rules/plans/main-2020.toml").read_text(encoding="utf-8")
    broken.write_text(text.replace('code = "main-2020"', 'code = "trial"\nspeling = 1'), "utf-8")
    result = huzhu("plans", "check", str(broken))
    assert result.returncode == 2
    assert "speling" in result.stderr
    assert "trial.toml" in result.stderr


def test_what_cannot_be_read_is_refused_in_a_sentence(huzhu: Huzhu, tmp_path: Path) -> None:
    liar = tmp_path / "scan.jpg"
    liar.write_bytes(b"MZ\x90\x00 this program cannot be run in DOS mode")
    for path in (liar, tmp_path / "missing.pdf", tmp_path):
        result = huzhu("read", str(path), "--json")
        assert result.returncode == 2, result.stderr
        assert "Traceback" not in result.stderr
        assert result.stderr.strip()


def test_a_roster_is_checked_by_row_and_column_without_a_database(
    huzhu: Huzhu, tmp_path: Path
) -> None:
    roster = tmp_path / "roster.xlsx"
    roster.write_bytes(a_sheet([["姓名", "身份证号"], ["张三", an_id(1)], ["", an_id(1)]]))
    asked = ("roster", "check", str(roster), "--plan", "main-2020", "--start", "2026-01-01")
    result = huzhu(*asked, "--json")
    report = json.loads(result.stdout)
    assert (result.returncode, report["rows"]) == (0, 2)
    assert [list(fault) for fault in report["faults"]] == [["row", "column", "code", "text"]] * 2
    assert [(f["row"], f["column"], f["code"]) for f in report["faults"]] == [
        (3, "姓名", "NAME_MISSING"),
        (3, "身份证号", "DUPLICATE_IN_FILE"),
    ]
    assert "NAME_MISSING" in huzhu(*asked).stdout


def test_the_template_that_is_written_has_no_fault(huzhu: Huzhu, tmp_path: Path) -> None:
    file = tmp_path / "名册.xlsx"
    assert huzhu("roster", "template", str(file)).returncode == 0
    asked = ("roster", "check", str(file), "--plan", "main", "--start", "2026-01-01", "--json")
    told = json.loads(huzhu(*asked).stdout)
    assert told == {"rows": 0, "faults": [], "notes": ["读的是工作表“参保名单”，其中 0 人"]}


@pytest.mark.parametrize(
    "asked",
    [
        ("README.md", "--plan", "main-2020", "--start", "2026-01-01"),
        ("no-such.xlsx", "--plan", "main-2020", "--start", "2026-01-01"),
        ("samples/roster.xlsx", "--plan", "no-such", "--start", "2026-01-01"),
        ("samples/roster.xlsx", "--plan", "main-2020", "--start", "2026-02-30"),
    ],
)
def test_a_roster_that_cannot_be_checked_ends_with_status_2_and_one_sentence(
    huzhu: Huzhu,
    asked: tuple[str, ...],
) -> None:
    result = huzhu("roster", "check", *asked, "--json")
    assert (result.returncode, result.stdout) == (2, "")
    assert len(result.stderr.strip().splitlines()) == 1


HEAVY = {
    *("sqlalchemy", "psycopg", "alembic", "celery", "redis", "fastapi", "jinja2", "argon2"),
    *("docx", "xlsxwriter", "python_calamine", "lxml"),
    *("cv2", "numpy", "PIL", "pypdfium2", "onnxruntime", "rapidocr"),
}
TELLS_WHAT_IT_LOADED = """
import sys, huzhu
try:
    huzhu.main()
finally:
    print(*sys.modules)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("--version",),
        ("assess", "pyproject.toml"),
        ("plans", "list"),
        ("roster", "check", "README.md", "--plan", "main-2020", "--start", "2026-01-01"),
        ("roster", "check", "samples/roster.xlsx", "--plan", "main-2020", "--start", "2026-01-01"),
    ],
)
def test_what_needs_no_office_loads_none_of_it(command: tuple[str, ...]) -> None:
    child = [sys.executable, "-c", TELLS_WHAT_IT_LOADED, *command]
    said = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    loaded = set(said.splitlines()[-1].split())
    assert "typer" in loaded
    assert not loaded & HEAVY
    assert command[0] == "assess" or "rules.facts.case" not in loaded


def test_an_unknown_command_is_answered_with_the_nearest(huzhu: Huzhu) -> None:
    assert "claims" in huzhu("clams").stderr


def test_every_command_that_is_written_can_be_given() -> None:
    for module in set(MODULES.values()):
        written = get_group(import_module(module).commands).commands
        assert {name for name, place in MODULES.items() if place == module} == set(written)


def test_help_names_every_command(huzhu: Huzhu) -> None:
    told = huzhu("--help").stdout
    assert all(name in told for name in MODULES)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HUZHU_PORT", "abc", "HUZHU_PORT 的值不能用：abc"),
        ("HUZHU_DATA", __file__, f"不能使用 {__file__}："),
    ],
)
def test_a_wrong_set_up_ends_in_one_sentence(
    huzhu: Huzhu, name: str, value: str, sentence: str
) -> None:
    done = huzhu("claims", "list", **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
