"""The one OCR engine of a process: finds lines of text in a picture and reads them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.looks.picture import Picture

Quad = NDArray[np.float32]
"""Four corners of a line of text, clockwise from its top left."""

# Shorter crops than this many heights are padded; the models' own 6.7 makes a form's many short
# cells cost twice as much and reads them no better.
_NARROWEST = 2.5


@dataclass(frozen=True)
class Reading:
    """The characters of one crop, with position along it (0 to 1) and confidence of each."""

    text: str
    at: tuple[float, ...]
    sure: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Average confidence; 0 where nothing was read."""
        return sum(self.sure) / len(self.sure) if self.sure else 0.0


def find(picture: Picture) -> list[Quad]:
    """Quads of the lines of text in a BGR picture, from top to bottom."""
    found = _engine().detector(picture)
    return [] if found.boxes is None else [np.array(box, np.float32) for box in found.boxes]


def read(crops: Sequence[Picture]) -> list[Reading]:
    """What is written in pictures of single upright lines."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    if not crops:
        return []
    found = _engine().recogniser(TextRecInput(img=list(crops), return_word_box=True))
    return [
        _reading(text, words) for text, words in zip(found.txts, found.word_results, strict=True)
    ]


def votes_upside_down(crops: Sequence[Picture]) -> float:
    """The share, from 0 to 1, of these pictures of lines that are upside down."""
    found = _engine().classifier(list(crops))
    votes = [(score if label == "180" else 1 - score) for label, score in found.cls_res]
    return float(np.mean(votes)) if votes else 0.0


def cut(picture: Picture, quad: Quad) -> Picture:
    """The part of the picture inside the quad, as a rectangle."""
    width = max(int(_span(quad[0], quad[1])), int(_span(quad[3], quad[2])), 2)
    height = max(int(_span(quad[0], quad[3])), int(_span(quad[1], quad[2])), 2)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(quad, flat)
    crop = cv2.warpPerspective(
        picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )
    return crop.astype(np.uint8, copy=False)


def _span(one: Quad, other: Quad) -> float:
    return float(np.linalg.norm(one - other))


def _reading(text: str, words: Any) -> Reading:
    """The library keeps spaces in `text` and `confs` but not in `word_cols`: spaces are dropped."""
    columns = [column for word in words.word_cols for column in word]
    kept = [(char, sure) for char, sure in zip(text, words.confs, strict=False) if char.strip()]
    length = words.line_txt_len or 1.0
    return Reading(
        "".join(char for char, _sure in kept),
        tuple(min((column + 0.5) / length, 1.0) for column in columns[: len(kept)]),
        tuple(float(sure) for _char, sure in kept),
    )


@dataclass(frozen=True)
class _Models:
    detector: Any
    classifier: Any
    recogniser: Any


_loading = threading.Lock()


def warm_up(threads: int | None = None) -> None:
    """Load the models now, to run on so many threads (all cores for None); later calls do nothing.

    A process that never calls this loads them at its first page, on all cores.
    """
    with _loading:
        if not _loaded:
            _loaded.append(_load(threads))


_loaded: list[_Models] = []


def _engine() -> _Models:
    warm_up()
    return _loaded[0]


def _load(threads: int | None) -> _Models:
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    _let_threads_sleep()
    ocr = RapidOCR(
        params={
            "Global.log_level": "error",
            "Det.limit_side_len": 32,  # the caller has chosen the size already
            "Det.limit_type": "min",
            "Rec.rec_batch_num": 1,  # padding to the widest costs more than calling again
            "Rec.rec_img_shape": [3, 48, int(48 * _NARROWEST)],
            "EngineConfig.onnxruntime.intra_op_num_threads": threads or -1,
        }
    )
    load: Any = ocr
    return _Models(load._load_det_model(), load._load_cls_model(), load._load_rec_model())


def _let_threads_sleep() -> None:
    """A thread that waits for its share of a page spins otherwise, and that costs as much
    processor time as the reading does; the library has no parameter for it."""
    from rapidocr.inference_engine.onnxruntime.main import OrtInferSession

    options: Any = OrtInferSession._init_sess_opts

    def sleeping(cfg: Any) -> Any:
        made = options(cfg)
        made.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return made

    session: Any = OrtInferSession
    session._init_sess_opts = staticmethod(sleeping)
