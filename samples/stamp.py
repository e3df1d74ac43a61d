"""Red round stamps, as hospitals, unions and bureaus press them."""

from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from samples.fonts import font
from samples.sheet import RED, Sheet

SIZE = 640  # drawn large and made smaller, so that the turned letters stay clean


def press(
    sheet: Sheet, x: int, y: int, owner: str, rng: Random, words: str = "", diameter: int = 230
) -> None:
    """Press a round stamp with its middle near x, y; it is a little turned and faint."""
    stamp = _round(owner, words).rotate(rng.uniform(-18, 18), Image.Resampling.BICUBIC)
    alpha = stamp.getchannel("A").resize((diameter, diameter), Image.Resampling.LANCZOS)
    alpha = alpha.point(_faint(rng.uniform(0.6, 0.9)))
    left, top = x - diameter // 2, y - diameter // 2
    sheet.stamp(left + rng.randrange(-8, 9), top + rng.randrange(-8, 9), alpha)


def _faint(strength: float) -> list[int]:
    return [int(value * strength) for value in range(256)]


def _round(owner: str, words: str) -> Image.Image:
    stamp = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((12, 12, SIZE - 12, SIZE - 12), outline=RED, width=16)
    middle = SIZE / 2
    draw.polygon(_star(middle, middle - 5, 88), fill=RED)
    draw.text((middle, SIZE * 0.74), words, font=font("hei", 52), fill=RED, anchor="mm")
    _arc(stamp, owner)
    return stamp


def _arc(stamp: Image.Image, owner: str) -> None:
    size = min(76, 1150 // max(len(owner), 8))
    spread = min(1.5 * pi, 0.29 * len(owner) + 0.5)
    radius = SIZE / 2 - 36 - size / 2
    for place, letter in enumerate(owner):
        angle = -spread / 2 + spread * place / max(len(owner) - 1, 1)
        tile = Image.new("RGBA", (size * 2, size * 2), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text(
            (size, size),
            letter,
            font=font("song", size),
            fill=RED,
            anchor="mm",
            stroke_width=1,
            stroke_fill=RED,
        )
        tile = tile.rotate(-angle * 180 / pi, Image.Resampling.BICUBIC)
        x, y = SIZE / 2 + radius * sin(angle), SIZE / 2 - radius * cos(angle)
        stamp.alpha_composite(tile, (int(x - size), int(y - size)))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        points.append((x + reach * sin(corner * pi / 5), y - reach * cos(corner * pi / 5)))
    return points
