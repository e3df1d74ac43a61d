"""What a scanner, a fax or a phone does to a clean page; every effect is drawn from a seed."""

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]


def scanned(page: Image.Image, rng: Random) -> Image.Image:
    """A flat-bed scan: slightly askew, paper not quite white, a little soft."""
    pixels = _array(page)
    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-0.9, 0.9), 1.0)
    pixels = cv2.warpAffine(
        pixels, turn, (wide, high), borderValue=(250, 250, 250), flags=cv2.INTER_AREA
    )
    pixels = cv2.GaussianBlur(pixels, (3, 3), rng.uniform(0.3, 0.7))
    return _noisy(pixels.astype(np.float32) * rng.uniform(0.95, 1.0), rng, 1.0)


def faxed(page: Image.Image, rng: Random) -> Image.Image:
    """Black and white only, with the specks of an office copier."""
    grey = np.asarray(scanned(page, rng).convert("L")).astype(np.float32)
    spots = _noise(rng).random(grey.shape) < 0.00004
    dots = cv2.dilate(spots.astype(np.uint8), np.ones((2, 2), np.uint8))
    grey[dots > 0] = 0
    return Image.fromarray(np.where(grey > 165, 255, 0).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )


@dataclass(frozen=True)
class Shot:
    """How badly a photo is taken: 0 is careful, 1 is as bad as people still send in."""

    slant: float = 0.5
    dark: float = 0.5
    long_side: int = 1700


def photographed(page: Image.Image, rng: Random, shot: Shot) -> Image.Image:
    """The page on a desk, seen from the side, unevenly lit, with a shadow across it."""
    pixels = _array(page)
    high, wide = pixels.shape[:2]
    scale = shot.long_side / max(high, wide)
    room = int(max(wide, high) * 0.08)
    out_wide, out_high = wide + 2 * room, high + 2 * room
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    reach = room * shot.slant
    moved = (
        corners
        + room
        + np.array([[rng.uniform(-reach, reach) for _ in "xy"] for _ in corners], np.float32)
    )
    warp = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    turn = cv2.getRotationMatrix2D(
        (out_wide / 2, out_high / 2), rng.uniform(-4, 4) * shot.slant, 0.98
    )
    warp = np.vstack([turn, [0, 0, 1]]) @ warp
    desk = _desk(out_high, out_wide, rng)
    seen = cv2.warpPerspective(pixels, warp, (out_wide, out_high), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, (out_wide, out_high))
    soft = cv2.GaussianBlur(mask, (5, 5), 0)[..., None].astype(np.float32) / 255
    whole = seen * soft + desk * (1 - soft)
    size = (int(out_wide * scale * 0.87), int(out_high * scale * 0.87))
    lit = cv2.resize(whole, size, interpolation=cv2.INTER_AREA) * _light(
        size[1], size[0], rng, shot.dark
    )
    lit = cv2.GaussianBlur(lit, (3, 3), rng.uniform(0.4, 0.8))
    return _noisy(lit, rng, 1.8)


def _desk(high: int, wide: int, rng: Random) -> npt.NDArray[np.float32]:
    """Boards of a desk: a brown or grey ground with long soft grain."""
    ground = np.array(
        rng.choice(((92, 64, 44), (128, 98, 70), (70, 74, 80), (160, 150, 138))), np.float32
    )
    grain = _noise(rng).normal(0, 14, (high, max(wide // 40, 2))).astype(np.float32)
    grain = cv2.GaussianBlur(
        cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC), (0, 0), 3
    )
    return np.asarray(ground + grain[..., None], np.float32)


def _light(high: int, wide: int, rng: Random, dark: float) -> npt.NDArray[np.float32]:
    """How bright each place is: a slope over the page and the soft edge of a shadow."""
    across = np.linspace(-1, 1, wide, dtype=np.float32)[None, :] * rng.uniform(-1, 1)
    down = np.linspace(-1, 1, high, dtype=np.float32)[:, None] * rng.uniform(-1, 1)
    slope = 0.9 + 0.1 * dark * (across + down)
    edge = across * rng.uniform(1, 3) + down * 2 + rng.uniform(-1, 1)
    shadow = 1 - 0.4 * dark / (1 + np.exp(-8 * edge))
    tint = np.array([1.0, rng.uniform(0.95, 1.0), rng.uniform(0.86, 1.0)], np.float32)
    return np.asarray((slope * shadow)[..., None] * tint, np.float32)


def _noisy(pixels: npt.NDArray[np.floating], rng: Random, strength: float) -> Image.Image:
    noise = _noise(rng).normal(0, strength, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def _array(page: Image.Image) -> Pixels:
    return np.asarray(page.convert("RGB"))


def _noise(rng: Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(63))
