"""Colours of OFD: RGB, grey or CMYK values, and how much of them is seen on white paper."""

from lxml import etree

from documents.packets.ofd.package import name_of

Rgb = tuple[int, int, int]

BLACK: Rgb = (0, 0, 0)
_WHITE = 255


def colour_of(element: "etree._Element | None", otherwise: Rgb | None) -> Rgb | None:
    """The colour that this FillColor or StrokeColor says, mixed with white as far as it lets
    through; `otherwise` where it says none, None where nothing is seen of it."""
    if element is None:
        return otherwise
    alpha = _values(element.get("Alpha", "255"))
    seen = alpha[0] / _WHITE if alpha else 1.0
    if seen <= 0:
        return None
    values = _values(element.get("Value", "")) or _first_of_shade(element)
    colour = _rgb(values) if values else (otherwise or BLACK)
    return (_mixed(colour[0], seen), _mixed(colour[1], seen), _mixed(colour[2], seen))


def _first_of_shade(element: "etree._Element") -> list[int]:
    """Of a colour that changes along the way its first one."""
    for part in element.iter():
        if name_of(part) == "Color" and (values := _values(part.get("Value", ""))):
            return values
    return []


def _values(text: str) -> list[int]:
    """Numbers from 0 to 255, some written `#FF`."""
    try:
        found = [
            int(word[1:], 16) if word[:1] == "#" else round(float(word))
            for word in text.split(maxsplit=4)[:4]
        ]
    except (ValueError, OverflowError):
        return []
    return [min(max(value, 0), _WHITE) for value in found]


def _rgb(values: list[int]) -> Rgb:
    match values:
        case [red, green, blue]:
            return red, green, blue
        case [cyan, magenta, yellow, black]:
            light = (_WHITE - black) / _WHITE
            return (
                round((_WHITE - cyan) * light),
                round((_WHITE - magenta) * light),
                round((_WHITE - yellow) * light),
            )
        case _:
            return values[0], values[0], values[0]


def _mixed(value: int, seen: float) -> int:
    return min(max(round(value * seen + _WHITE * (1 - seen)), 0), _WHITE)
