"""A form whose answer is a file says so: the page would otherwise put the file in its own place."""

import re
from pathlib import Path

from settings import ROOT

_ROUTE = re.compile(r'@router\.post\("([^"]+)"[^)]*\)\ndef \w+\([^)]*\) -> FileAnswer:')
_FORM = re.compile(r'<form method="post" action="[^"]*/([a-z]+(?:\.[a-z]+)?)"([^>]*)>')


def texts(folder: str, pattern: str) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob(pattern)}


def test_each_form_that_is_answered_by_a_file_is_marked_as_a_download() -> None:
    pages = texts("console/pages", "*.py").values()
    answered = {route.rsplit("/", 1)[-1] for page in pages for route in _ROUTE.findall(page)}
    assert answered >= {"file", "draft", "faults", "roster"}
    forms = [
        (path.name, last, "data-download" in rest)
        for path, text in texts("templates/pages", "*.html").items()
        for last, rest in _FORM.findall(text)
    ]
    marked = {last for _name, last, is_marked in forms if is_marked}
    assert [each for each in forms if each[1] in answered and not each[2]] == []
    assert marked <= answered, "a page answers these forms"
