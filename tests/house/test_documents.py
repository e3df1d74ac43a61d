"""What the documents say is what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from models.machines.claims import CLAIM
from settings import ROOT, Settings
from tests.house.test_names import program_files

ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_drawing_of_the_claims_states_is_the_table_of_moves() -> None:
    drawn = set(re.findall(r"^ {4}(\w+) --> (\w+) : (\w+) \((\w+)\)$", ARCHITECTURE, re.MULTILINE))
    table = {(m.source, m.target, m.verb, str(m.who)) for m in CLAIM.moves}
    assert drawn == table


def test_every_folder_of_code_is_on_the_map() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"samples"}
    assert {f for f in folders if f"| `{f}/` |" not in ARCHITECTURE} == set()


def test_what_stands_below_the_stages_is_named_as_the_contract_has_it() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    [layers] = (each["layers"] for each in contracts if each.get("containers") == ["workflows"])
    stages = next(at for at, layer in enumerate(layers) if "claims" in layer.split(" | "))
    [named] = re.findall(r"side by side over (.*?) and do not", ARCHITECTURE, re.DOTALL)
    assert re.findall(r"`(\w+)`", named) == layers[stages + 1 :]


PAGES = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_a_document_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    paths = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|toml|md))`", text)
    assert [name for name in (*links, *paths) if not (ROOT / name).exists()] == []


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[<>=]", each)[0] for each in project["dependencies"]}
    table = ARCHITECTURE[ARCHITECTURE.index("## Dependencies") :].lower()
    implied = {"python-multipart", "tzdata", "numpy", "opencv-python-headless", "pypdfium2"}
    assert {name for name in names - implied if name not in table} == set()


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert Path(ROOT / "settings.py").exists()


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "docs/promises.md"])
def test_every_function_a_document_names_exists(page: str) -> None:
    """`module.function`, where the module is a file of any folder or the package itself."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)\.([a-z_]+)`", text))
    functions = {(m, f) for m, f in named if f not in {"py", "toml", "md"}}
    assert {f"{module}.{name}" for module, name in functions if not _defined(module, name)} == set()


def _defined(module: str, name: str) -> bool:
    files = [path for path in program_files() if module in (path.stem, path.parent.name)]
    return any(f"def {name}(" in file.read_text(encoding="utf-8") for file in files)


def test_every_test_a_document_names_exists() -> None:
    for page in ("ARCHITECTURE.md", "docs/promises.md", "SECURITY.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert [p for p in re.findall(r"`(tests/[\w/.]+)`", text) if not (ROOT / p).exists()] == []
