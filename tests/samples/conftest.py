"""Fixtures of the sample tests."""

import json
from typing import Any

import pytest

from samples.make import HERE


@pytest.fixture(scope="session")
def truths() -> dict[str, dict[str, Any]]:
    paths = sorted((HERE / "truth").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
