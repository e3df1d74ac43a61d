"""Fixtures of the sample tests: the truth files, and Chinese fonts where a test draws."""

import json
import os
from typing import Any

import pytest

from samples.fonts import NoChineseFontError, font
from samples.make import HERE


@pytest.fixture(scope="session")
def truths() -> dict[str, dict[str, Any]]:
    paths = sorted((HERE / "truth").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="session")
def chinese_font() -> None:
    try:
        font("song", 20)
    except NoChineseFontError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
