"""Starts docker-compose.yml for real, walks one packet to a bank file, and restarts every service.

Nothing is fetched but packages: the base images are stand-ins (stand_ins.py). Without an engine it
says so and ends well.
"""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pyotp

from settings import ROOT
from tests.compose import stand_ins, walk
from tests.compose.browser import AtProxy, wait_until
from tests.compose.engine import Engine, NoEngine, running

PORT = "18443"
SETTINGS = {
    "COMPOSE_PROJECT_NAME": "huzhu-compose-test",
    "HUZHU_PUBLIC_PORT": PORT,
    "HUZHU_PAYER_NAME": "样例职工互助保障专户",
    # Made up; not the sample one, from which nothing is paid.
    "HUZHU_PAYER_ACCOUNT": "22001450100059999999",
    "HUZHU_PAYER_BANK": "中国建设银行",
}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="huzhu-compose-"))
    try:
        with running(folder, **SETTINGS) as engine:
            _say("base images")
            stand_ins.make(engine, folder)
            _in_a_copy(engine, folder)
    except NoEngine as error:
        _say(f"skipped: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_a_copy(engine: Engine, folder: Path) -> None:
    """Start it in a folder of its own: the secrets of this clone's owner are not touched."""
    copy = folder / "clone"
    subprocess.run(["git", "checkout-index", "-a", f"--prefix={copy}/"], cwd=ROOT, check=True)
    subprocess.run([copy / "deploy" / "make-secrets"], check=True)
    engine = engine.in_folder(copy)
    _say("image of the program")
    engine.compose("build", "--quiet", "migrate")
    _say("start")
    try:
        engine.compose("up", "--detach", "--no-build")
        _use(engine, folder)
    except BaseException:
        print(engine.compose("ps"), engine.compose("logs", "--tail=40"), sep="\n")
        raise
    finally:
        engine.compose("down", "--volumes", "--timeout", "20")


def _use(engine: Engine, folder: Path) -> None:
    proxy = _wait_for(engine, "proxy")
    root = engine.docker("exec", proxy, "cat", "/data/caddy/pki/authorities/local/root.crt")
    program = (ROOT / "tests" / "compose" / "prepare.py").read_text()
    log_ins = json.loads(engine.compose("exec", "-T", "web", "python", "-", text=program))

    def person(login: str) -> AtProxy:
        found = AtProxy.at(f"https://localhost:{PORT}", root)
        password, secret = log_ins[login]
        found.press("/login", "登录", login=login, password=password)
        if secret:
            found.press("/second-factor", "登录", code=pyotp.TOTP(secret).now())
        return found

    number = walk.hand_in(person("clerk"))
    _say(f"claim {number}")
    walk.approve(person("supervisor"), number)
    _restart_each(engine)
    file = walk.pay(person("cashier"), person("cashier2"), folder)
    _say(f"bank file: {file.stat().st_size} bytes")
    assert file.stat().st_size > 0


def _restart_each(engine: Engine) -> None:
    """Whatever is restarted, the line goes on: the claim is paid after this."""
    for name in engine.compose("config", "--services").split():
        if name != "migrate":
            engine.compose("restart", "--timeout", "30", name)
            _wait_for(engine, name)
            _say(f"restarted {name}")


def _wait_for(engine: Engine, name: str) -> str:
    """Until the service is well; its container."""
    container = engine.compose("ps", "--quiet", name).strip()
    wait_until(f"{name} is well", lambda: engine.health(container) == "healthy")
    return container


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", flush=True)


if __name__ == "__main__":
    main()
