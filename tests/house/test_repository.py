"""What may stand in the repository, and what the installed packages may not shadow."""

import importlib.util
import re
import subprocess
from pathlib import Path

import yaml

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


def compose() -> dict[str, dict[str, dict[str, object]]]:
    loaded: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(
        (ROOT / "docker-compose.yml").read_text()
    )
    return loaded


def test_compose_runs_the_versions_of_the_private_servers() -> None:
    services = compose()["services"]
    assert services["postgres"]["image"] == "postgres:18"
    assert services["valkey"]["image"] == "valkey/valkey:9"
    assert set(services) >= {"web", "worker", "reader", "beat", "migrate"}


def test_compose_has_no_default_secret_and_a_health_check_for_all_that_stays_up() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "HUZHU_KEYS", "HUZHU_SECRET"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
    for name, service in compose()["services"].items():
        assert name == "migrate" or "healthcheck" in service, name


def test_compose_passes_the_account_that_pays() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("HUZHU_PAYER_NAME", "HUZHU_PAYER_ACCOUNT", "HUZHU_PAYER_BANK"):
        assert f"{name}: ${{{name}:?" in text
    assert "HUZHU_PAYER_CNAPS: ${HUZHU_PAYER_CNAPS:-}" in text


def test_compose_keeps_its_data_in_named_volumes() -> None:
    assert set(compose()["volumes"]) == {"postgres", "data"}


def test_the_image_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER huzhu" in lines
    assert lines.index("USER huzhu") > max(
        at for at, line in enumerate(lines) if line.startswith("RUN")
    )
