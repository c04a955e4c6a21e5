"""A picture that may stay: its points painted anew, so that nothing but what the page showed is in the file."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from lxml import etree
from PIL import Image, ImageOps

from pipeline.word.names import PIC, A, R, local, qn

_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_MOST_POINTS = 60_000_000
_MOST_BYTES = 30 * 1024 * 1024
_SIDE = 2_000  # points: enough for a printed page, and all that is kept of a larger photograph
_SIDES = ("l", "t", "r", "b")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be written: its bytes and the ending of its part's name (png or jpeg)."""

    data: bytes
    ending: str


def embedded(drawing: etree._Element) -> tuple[str, tuple[float, float, float, float]] | None:
    """The relationship id of the one picture that a drawing shows, and the shares cropped off its four sides.

    ``None`` for a drawing that is more than one embedded picture (a group, a chart, a linked file, an old shape).
    """
    pictures = list(drawing.iter(qn(PIC, "pic")))
    blips = list(drawing.iter(qn(A, "blip")))
    if len(pictures) != 1 or len(blips) != 1 or blips[0].get(qn(R, "link")) or not blips[0].get(qn(R, "embed")):
        return None
    if any(local(node.tag) in ("txbxContent", "wgp", "chart", "relIds") for node in drawing.iter()):
        return None
    crop = next(drawing.iter(qn(A, "srcRect")), None)
    shares = [_share(crop.get(side)) if crop is not None else 0.0 for side in _SIDES]
    return blips[0].get(qn(R, "embed"), ""), (shares[0], shares[1], shares[2], shares[3])


def _share(value: str | None) -> float:
    try:
        return min(max(int(value or "0") / 100_000, 0.0), 0.95)
    except ValueError:
        return 0.0


def repainted(data: bytes, crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)) -> Picture | None:
    """The picture decoded, turned upright, cropped as the page showed it and saved without any of its metadata.

    Thumbnails, EXIF, XMP, comments, colour profiles, further frames and what lay outside the crop are gone.
    ``None`` for a picture that is too large, damaged or in a form that cannot be painted anew (EMF, WMF, SVG).
    """
    if len(data) > _MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _repainted(data, crop)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError, Warning):
        return None
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError):  # Pillow raises these on damaged files
        return None


def _repainted(data: bytes, crop: tuple[float, float, float, float]) -> Picture | None:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > _MOST_POINTS:
            return None
        photograph = image.format == "JPEG"
        image.draft("RGB", (2 * _SIDE, 2 * _SIDE))
        upright = ImageOps.exif_transpose(image)
        mode = "RGB" if photograph else "RGBA"
        painted = upright.convert(mode)
    left, top, right, bottom = crop
    if left + right < 1 and top + bottom < 1 and any(crop):
        width, height = painted.size
        painted = painted.crop(
            (int(width * left), int(height * top), max(int(width * (1 - right)), 1), max(int(height * (1 - bottom)), 1))
        )
    painted.thumbnail((_SIDE, _SIDE))
    clean = Image.frombytes(mode, painted.size, painted.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG" if photograph else "PNG", **({"quality": 88} if photograph else {"compress_level": 6}))
    return Picture(out.getvalue(), "jpeg" if photograph else "png")
