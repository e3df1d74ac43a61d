"""Burns as one line of text, which people can read and key: 躯干 Ⅲ度 10%；左上肢 Ⅲ度 5%."""

import re
from collections.abc import Mapping
from typing import Any

from documents.plain_text import squeezed
from documents.reading.burns import DEGREE, ReadBurn, area_of, degree_of
from language import _
from rules.burns import AREA_NAMES
from rules.errors import BadInput
from rules.facts.one_body import beyond_the_whole, told_twice

_FORM = re.compile(rf"(?P<place>.+?)(?P<degree>{DEGREE.pattern})(?P<share>.+)")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)[%％]?")
_DEGREES = "ⅠⅡⅢⅣ"


def written(event: Mapping[str, Any]) -> str:
    """The burns of an event as text; one told by area and percentage is of the third degree."""
    one = {name: event[name] for name in ("area", "percent") if event.get(name)}
    burns = event.get("burns") or ([one] if len(one) > 1 else [])
    return "；".join(map(_in_words, burns))


def keyed(text: str) -> list[ReadBurn]:
    """The burns a person keyed; BadInput names the region and what cannot be."""
    burns = [_burn(part) for part in re.split("[；;]", squeezed(text)) if part]
    if place := told_twice(burns):
        raise BadInput(_("烧烫伤：“%(place)s”填写了两次") % {"place": place}, "burns")
    if whole := beyond_the_whole(burns):
        wrong = _("烧烫伤：各部位面积相加 %(whole)g%%，超过 100%%") % {"whole": whole}
        raise BadInput(wrong, "burns")
    return burns


def _in_words(burn: Mapping[str, Any]) -> str:
    place = burn.get("place") or AREA_NAMES[burn["area"]]
    return f"{place} {_DEGREES[burn.get('degree', 3) - 1]}度 {burn['percent']:g}%"


def _burn(part: str) -> ReadBurn:
    form = _FORM.fullmatch(part)
    share = _SHARE.fullmatch(form["share"]) if form else None
    if form is None or share is None:
        text = _("烧烫伤应写作“躯干 Ⅲ度 10%%”，多处用分号分开：%(text)s")
        raise BadInput(text % {"text": part[:40]}, "burns")
    place, degree = form["place"], degree_of(form["degree"])
    area = next((one for one, name in AREA_NAMES.items() if name == place), area_of(place))
    if area is None or degree is None:
        text = _("烧烫伤：分不清“%(place)s”是头颈手部还是其他部位，请分开填写")
        raise BadInput(text % {"place": place[:40]}, "burns")
    return ReadBurn(area, float(share[1]), degree, place)
