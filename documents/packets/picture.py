"""Opens scanned images with Pillow: counts, checks and draws them (runs in the child process)."""

from io import BytesIO
from typing import BinaryIO

from PIL import (  # noqa: F401
    Image,
    ImageOps,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from documents.packets import media_types
from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.jpeg_end import with_end

# Pillow may try this one decoder only: rare decoders are a risk.
_FORMATS = {
    media_types.JPEG: "JPEG",
    media_types.PNG: "PNG",
    media_types.TIFF: "TIFF",
    media_types.HEIC: "HEIF",
    media_types.WEBP: "WEBP",
    media_types.BMP: "BMP",
    media_types.GIF: "GIF",
}
# The process that runs this can open no file later on, not even Pillow's own decoders.
Image.preinit()
_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")


def count_pages(source: BinaryIO, media_type: str, limits: Limits) -> tuple[int, int]:
    """How many pages there are, each of them decoded to its last pixel; and the longest side of
    the first one."""
    with _open(source, media_type, limits) as image:
        pages, side = _frames(image, media_type), max(image.size)
        if pages > limits.max_pages:
            raise Unusable(FileFault.FILE_TOO_LONG)
        for number in range(pages):
            _load(image, number, limits)
        return pages, side


def draw(source: BinaryIO, media_type: str, page: int, limits: Limits) -> Image.Image:
    """One page, counted from 1, as the camera was held, in RGB on white."""
    with _open(source, media_type, limits) as image:
        _load(image, page - 1, limits)
        return _on_white(ImageOps.exif_transpose(image))


def cut(source: BinaryIO, media_type: str, first: int, last: int, limits: Limits) -> bytes:
    """These pages of a TIFF as one of their own, without loss; the same bytes each time."""
    with _open(source, media_type, limits) as image:
        frames = []
        for number in range(first - 1, last):
            _load(image, number, limits)
            frames.append(image.copy())
        out = BytesIO()
        frames[0].save(
            out,
            "TIFF",
            save_all=True,
            append_images=frames[1:],
            compression="tiff_adobe_deflate",
            exif=image.getexif(),
        )
        return out.getvalue()


def _open(source: BinaryIO, media_type: str, limits: Limits) -> Image.Image:
    # This limit on pixels is checked before decoding; Pillow's own limit only warns.
    Image.MAX_IMAGE_PIXELS = None
    if media_type == media_types.HEIC:
        from pillow_heif import register_heif_opener  # slow to import and rarely needed

        register_heif_opener(thumbnails=False, decode_threads=1)
    whole = with_end(source, limits.max_pixels) if media_type == media_types.JPEG else source
    return Image.open(whole, formats=[_FORMATS[media_type]])


def _frames(image: Image.Image, media_type: str) -> int:
    # Only in TIFF are frames pages; elsewhere they are previews, depth maps or animation.
    return int(getattr(image, "n_frames", 1)) if media_type == media_types.TIFF else 1


def _load(image: Image.Image, frame: int, limits: Limits) -> None:
    if frame:
        image.seek(frame)
    if image.width * image.height > limits.max_pixels:
        raise Unusable(FileFault.TOO_MANY_PIXELS)
    image.load()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BITS:
        image = image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
