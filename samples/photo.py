"""Simulates a scanner, a fax or a phone on a clean page; a seed determines every effect."""

from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

# OpenCV declares its return types so loosely that the code needs this name for them.
Pixels = npt.NDArray[Any]


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


def grey_scanned(page: Image.Image, rng: Random) -> Image.Image:
    """An office scanner's draft: grey, fed askew, with low contrast, dust and a stripe."""
    pixels = _array(page.convert("L"))[..., :1].astype(np.float32)
    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-2.2, 2.2), 0.99)
    turned = cv2.warpAffine(pixels[..., 0], turn, (wide, high), borderValue=235)
    soft = cv2.GaussianBlur(turned, (3, 3), rng.uniform(0.4, 0.9))[..., None]
    grey = 30 + soft * rng.uniform(0.72, 0.85)
    stripe = rng.randrange(wide)
    grey[:, stripe : stripe + 2] *= 0.8
    return _noisy(np.repeat(grey, 3, axis=2), rng, rng.uniform(3, 8)).convert("L")


def faded(page: Image.Image, rng: Random) -> Image.Image:
    """Thermal paper after some months: pale, yellowish, paler in bands, then scanned."""
    pixels = _array(page).astype(np.float32)
    high = pixels.shape[0]
    down = np.linspace(0, rng.uniform(4, 9), high, dtype=np.float32)[:, None, None]
    strength = rng.uniform(0.45, 0.65) + 0.12 * np.sin(down + rng.uniform(0, 6))
    pale = 255 - (255 - pixels) * strength
    tint = np.array([0.98, 0.96, 0.88], np.float32)
    return scanned(Image.fromarray(np.clip(pale * tint, 0, 255).astype(np.uint8)), rng)


@dataclass(frozen=True)
class Shot:
    """How badly a photo is taken: 0 is careful, 1 is as bad as people still send in."""

    slant: float = 0.5
    dark: float = 0.5
    long_side: int = 1700


def photographed(page: Image.Image, rng: Random, shot: Shot) -> Image.Image:
    """The page on a desk, seen from the side, unevenly lit, with a shadow across it."""
    pixels = _array(page)
    laid = _laid_on_desk(pixels, rng, shot.slant)
    scale = shot.long_side / max(laid.shape[:2])
    size = (int(laid.shape[1] * scale), int(laid.shape[0] * scale))
    seen = cv2.resize(laid, size, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(seen * _light(size, rng, shot.dark), (3, 3), rng.uniform(0.4, 0.8))
    return _noisy(seen, rng, 1.8)


def _laid_on_desk(pixels: Pixels, rng: Random, slant: float) -> Pixels:
    high, wide = pixels.shape[:2]
    room = int(max(wide, high) * 0.08)
    size = (wide + 2 * room, high + 2 * room)
    warp = _slanted(wide, high, room, rng, slant)
    desk = _desk(*size, rng)
    seen = cv2.warpPerspective(pixels, warp, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, size)
    soft = cv2.GaussianBlur(mask, (5, 5), 0)[..., None].astype(np.float32) / 255
    return np.asarray(seen * soft + desk * (1 - soft))


def _slanted(wide: int, high: int, room: int, rng: Random, slant: float) -> Pixels:
    """Rotation and perspective of the camera as one matrix."""
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    reach = room * slant
    pulls = [[rng.uniform(-reach, reach) for _ in "xy"] for _ in corners]
    moved = corners + room + np.array(pulls, np.float32)
    middle = (wide / 2 + room, high / 2 + room)
    turn = cv2.getRotationMatrix2D(middle, rng.uniform(-4, 4) * slant, 0.98)
    warp = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    return np.asarray(np.vstack([turn, [0, 0, 1]]) @ warp)


def _desk(wide: int, high: int, rng: Random) -> Pixels:
    """The boards of a desk: a brown or grey background with long soft grain."""
    ground = np.array(
        rng.choice(((92, 64, 44), (128, 98, 70), (70, 74, 80), (160, 150, 138))), np.float32
    )
    grain: Pixels = _noise(rng).normal(0, 14, (high, max(wide // 40, 2)))
    grain = cv2.GaussianBlur(
        cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC), (0, 0), 3
    )
    return np.asarray(ground + grain[..., None])


def _light(size: tuple[int, int], rng: Random, dark: float) -> Pixels:
    """How bright each place is: a slope over the page and the soft edge of a shadow."""
    wide, high = size
    across = np.linspace(-1, 1, wide, dtype=np.float32)[None, :] * rng.uniform(-1, 1)
    down = np.linspace(-1, 1, high, dtype=np.float32)[:, None] * rng.uniform(-1, 1)
    slope = 0.9 + 0.1 * dark * (across + down)
    edge = across * rng.uniform(1, 3) + down * 2 + rng.uniform(-1, 1)
    shadow = 1 - 0.4 * dark / (1 + np.exp(-8 * edge))
    tint = np.array([1.0, rng.uniform(0.95, 1.0), rng.uniform(0.86, 1.0)], np.float32)
    return np.asarray((slope * shadow)[..., None] * tint)


def _noisy(pixels: Pixels, rng: Random, strength: float) -> Image.Image:
    """Add noise in brightness, not in colour, as cameras do; JPEG can compress it."""
    grain = _noise(rng).standard_normal((*pixels.shape[:2], 1), dtype=np.float32) * strength
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def _array(page: Image.Image) -> Pixels:
    return np.asarray(page.convert("RGB"))


def _noise(rng: Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(63))
