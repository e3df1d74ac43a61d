"""What may stand in the repository, and what the installed packages may not shadow."""

import importlib.util
import re
import subprocess
from pathlib import Path

from settings import ROOT

OURS = [path.parent.name for path in ROOT.glob("*/__init__.py")] + [
    "huzhu",
    "settings",
    "crash_points",
]
# Registry hosts, and folders of one machine, have no business in the repository.
UNWANTED = re.compile(rb"pypi\.org|pythonhosted|registry\.npmjs|/root/|\.library|/work/main")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_no_file_names_a_registry_or_a_machine() -> None:
    here = Path(__file__)
    named = [
        path.relative_to(ROOT)
        for path in tracked()
        if path != here and path.is_file() and UNWANTED.search(path.read_bytes())
    ]
    assert named == []


def test_no_installed_package_carries_one_of_our_names() -> None:
    for name in OURS:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
        assert all(str(place).startswith(str(ROOT)) for place in places), name
        assert "site-packages" not in str(places)


def test_locked_requirements_carry_hashes_for_every_package() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        for block in re.split(r"\n(?=\S)", path.read_text().strip()):
            assert "--hash=sha256:" in block, f"{path.name}: {block[:40]}"


def test_the_image_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER huzhu" in lines
    assert lines.index("USER huzhu") > max(
        at for at, line in enumerate(lines) if line.startswith("RUN")
    )
