"""What docker-compose.yml promises, and that it passes every setting and no secret."""

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml
from pydantic import AliasChoices

from documents.sealing import KeyRing
from settings import ROOT, Settings

OF_OWNER = {"HUZHU_OWNER_DATABASE_URL", "HUZHU_REPORT_DATABASE_URL"}
"""What the service that migrates is given alone."""
OF_BACKUPS = {"HUZHU_BACKUP_KEYS"}
"""What only they are given who make backups and bring them back."""
THROUGH_FILES = {"DATABASE_URL", "REDIS_URL"} | OF_OWNER
APPLICATION = {"migrate", "web", "worker", "reader", "mailer", "beat", "keeper"}


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def variables() -> dict[str, bool]:
    """The environment variable of each setting, and whether it is a secret."""
    found = {}
    for name, each in Settings.model_fields.items():
        alias = each.validation_alias
        assert not isinstance(alias, AliasChoices)
        variable = str(alias or f"HUZHU_{name}".upper())
        found[variable] = "SecretStr" in str(each.annotation) or variable in THROUGH_FILES
    return found


def named(variables: set[str]) -> set[str]:
    """The files of these variables."""
    return {name.lower() for name in variables}


def test_every_setting_is_passed_and_every_secret_as_a_file() -> None:
    plain = {name for name, is_secret in variables().items() if not is_secret}
    secret = named({name for name, is_secret in variables().items() if is_secret})
    for name in APPLICATION:
        service = services()[name]
        assert set(service["environment"]) == plain, name
        not_given = {"migrate": set(), "keeper": OF_OWNER}.get(name, OF_OWNER | OF_BACKUPS)
        assert set(service["secrets"]) == secret - named(not_given), name


def test_no_secret_stands_in_the_environment_of_a_service() -> None:
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            told = re.search("password|secret|key|_url", variable.lower())
            assert not told or str(value).startswith("/run/secrets/"), (name, variable)


def test_secrets_reach_neither_git_nor_an_image(tmp_path: Path) -> None:
    for place in (".env", "secrets/huzhu_keys"):
        ignored = subprocess.run(["git", "check-ignore", "-q", place], cwd=ROOT, check=False)
        assert ignored.returncode == 0, place
    assert {".env", "secrets"} <= set((ROOT / ".dockerignore").read_text().split())


def test_secrets_are_made_once_each_for_the_services_that_name_them(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "make-secrets"
    script.parent.mkdir()
    script.write_bytes((ROOT / "deploy" / "make-secrets").read_bytes())
    folder = tmp_path / "secrets"

    subprocess.run(["sh", str(script)], check=True)
    made = {path.name: path.read_text() for path in folder.iterdir()}
    subprocess.run(["sh", str(script)], check=True)

    assert made == {path.name: path.read_text() for path in folder.iterdir()}
    assert set(made) == set(compose()["secrets"])
    assert folder.stat().st_mode & 0o077 == 0
    assert made["postgres_password"] in made["huzhu_owner_database_url"]
    assert made["postgres_password"] not in made["database_url"]
    assert KeyRing.from_text(made["huzhu_keys"], made["huzhu_index_key"])

    (folder / "huzhu_index_key").unlink()
    (tmp_path / ".env").write_text("HUZHU_CIPHER_SUITE=sm\n")
    subprocess.run(["sh", str(script)], check=True)
    assert (folder / "huzhu_index_key").read_text().startswith("sm3:")


def test_every_service_is_hardened() -> None:
    for name, service in services().items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert name == "proxy" or "cap_add" not in service, name
        assert name == "migrate" or "healthcheck" in service, name


def test_only_the_proxy_is_reached_from_outside_and_servers_reach_nobody() -> None:
    for name, service in services().items():
        assert ("ports" in service) == (name == "proxy"), name
    assert compose()["networks"]["back"] == {"internal": True}
    assert {"front"} == set(services()["proxy"]["networks"])
    for name in ("postgres", "valkey", "worker", "reader", "beat", "keeper", "migrate"):
        assert services()[name]["networks"] == ["back"], name


def test_the_drop_folder_is_one_that_people_reach() -> None:
    for name in APPLICATION:
        assert services()[name]["environment"]["HUZHU_INBOX"] == "/inbox", name
        assert "${HUZHU_DROP_FOLDER:-inbox}:/inbox" in services()[name]["volumes"], name


def test_the_versions_are_those_of_the_private_servers() -> None:
    assert services()["postgres"]["image"] == "${HUZHU_POSTGRES_IMAGE:-postgres:18}"
    assert services()["valkey"]["image"] == "${HUZHU_VALKEY_IMAGE:-valkey/valkey:9}"


def test_cookies_are_secure_and_the_account_that_pays_has_no_default() -> None:
    environment = services()["web"]["environment"]
    assert environment["HUZHU_SECURE_COOKIES"] == "true"
    for name in ("HUZHU_PAYER_NAME", "HUZHU_PAYER_ACCOUNT", "HUZHU_PAYER_BANK"):
        assert environment[name].startswith(f"${{{name}:?"), name


def test_each_process_is_asked_whether_it_is_ready_without_a_new_python() -> None:
    for name in APPLICATION - {"migrate"}:
        service = services()[name]
        port = service["environment"]["HUZHU_HEALTH_PORT"]
        asked = service["healthcheck"]["test"]
        assert asked[:3] == ["CMD", "bash", "-c"], name
        assert f"/dev/tcp/127.0.0.1/{port} " in asked[3], name
        assert "/readyz" in asked[3], name
