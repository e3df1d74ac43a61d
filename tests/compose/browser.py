"""Somebody at the console's address: opens pages, presses buttons, follows where they lead."""

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import lxml.html

PATIENCE = 300.0


@dataclass
class AtProxy:
    """One browser, over TLS whose root is known."""

    client: httpx2.Client

    @classmethod
    def at(cls, address: str, root: str) -> "AtProxy":
        trusted = ssl.create_default_context(cadata=root)
        return cls(
            httpx2.Client(base_url=address, verify=trusted, follow_redirects=True, timeout=60)
        )

    def see(self, path: str) -> lxml.html.HtmlElement:
        """The page; raises HTTPStatusError when it is refused."""
        answer = self.client.get(path)
        answer.raise_for_status()
        return lxml.html.fromstring(answer.text)

    def press(
        self, path: str, button: str, files: list[Path] | None = None, **keyed: Any
    ) -> httpx2.Response:
        """Fill the form of the page that has this button, and press it; AssertionError when the
        console refuses."""
        page = self.see(path)
        [form, *_more] = page.xpath(f"//form[.//button[normalize-space()='{button}']]")
        held: dict[str, Any] = {}
        for name, value in form.form_values():
            held.setdefault(name, []).append(value)
        parts = [("files", (file.name, file.read_bytes())) for file in files or []]
        answer = self.client.post(form.action or path, data=held | keyed, files=parts or None)
        assert answer.is_success, (path, button, " ".join(_words(answer.text)))
        return answer


def _words(page: str) -> list[str]:
    found: list[str] = lxml.html.fromstring(page).xpath("//main//text()")
    return [word.strip() for word in found if word.strip()]


def wait_until(told: str, is_so: Callable[[], bool]) -> None:
    """Raises AssertionError when it does not come true."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"not within {PATIENCE:.0f} s: {told}"
        time.sleep(1)
