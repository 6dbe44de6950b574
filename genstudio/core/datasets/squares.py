"""One encoded picture of any size as a small square."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from genstudio.api.own_pictures import Taking

MAX_PIXELS = 80_000_000  # of one picture
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
TURNS = {  # EXIF's orientation -> how to set the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
GREY = ("1", "L", "LA", "La", "I", "F")  # modes without a colour; I;16 and its kin are others
Square = npt.NDArray[np.uint8]  # (size, size, 3)


def square(data: bytes, taking: Taking) -> tuple[Square, tuple[int, int]]:
    """An encoded picture as it is taken, (size, size, 3), and its own width and height; transparency becomes white.

    Raises:
        ValueError: if it has more than 80 million pixels; Pillow's own errors if it is broken.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        own = width, height = opened.size
        if width * height > MAX_PIXELS:
            raise ValueError(f"the picture is too large ({width} x {height})")
        opened.draft("RGB", (2 * taking.size, 2 * taking.size))  # a JPEG is decoded at an eighth of its size if enough
        picture = _plain(opened)
        photo = opened.format in ("JPEG", "MPO", "TIFF", "WEBP")
        turn = TURNS.get(opened.getexif().get(ExifTags.Base.Orientation, 1)) if photo else None
    picture = _fitted(picture, taking)
    if turn is not None:
        picture = picture.transpose(turn)
    if taking.colour == "grey":
        picture = picture.convert("L")
    return np.asarray(picture.convert("RGB")), own


def has_colour(data: bytes, taking: Taking) -> bool:
    """Whether an encoded picture has a colour as it is taken; of one that is stored as grey only the head is read.

    Raises:
        ValueError and others, as `square`.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.mode in GREY or opened.mode.startswith("I;16"):
            return False
    pixels, _ = square(data, taking)
    return bool((pixels != pixels[..., :1]).any())


def _fitted(picture: Image.Image, taking: Taking) -> Image.Image:
    """The middle square, all of it in a margin, or all of it pulled, as large as it is to be."""
    size, (width, height) = taking.size, picture.size
    if (width, height) == (size, size):
        return picture
    if taking.fit == "crop":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return _resized(picture.crop((left, top, left + side, top + side)), (size, size))
    if taking.fit == "stretch" or width == height:
        return _resized(picture, (size, size))
    scale = size / max(width, height)
    whole = _resized(picture, (max(round(width * scale), 1), max(round(height * scale), 1)))
    ground = Image.new(picture.mode, (size, size), _edge(whole))
    ground.paste(whole, ((size - whole.width) // 2, (size - whole.height) // 2))
    return ground


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _edge(picture: Image.Image) -> int | tuple[int, ...]:
    """The middle one of the colours along the edge."""
    pixels = np.asarray(picture)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])  # (n,) or (n, 3)
    middle = np.median(rim, axis=0).astype(int)
    return int(middle) if middle.ndim == 0 else tuple(int(value) for value in middle)


def _plain(image: Image.Image) -> Image.Image:
    """The picture as L or RGB."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode == "I" and values.max() > 255 else 255.0 if values.max() > 1 else 1.0
        return Image.fromarray(np.clip(np.nan_to_num(values) * 255 / top, 0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
