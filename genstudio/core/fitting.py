"""Pictures of any kind made what a model knows: its size, its channels, its light on its dark."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from genstudio.api import Pictures
from genstudio.api.borders import is_inverted

CONTENT = 8  # grey levels between the darkest and the lightest pixel below which a picture shows nothing


@dataclass(frozen=True, eq=False)
class Fitted:
    """Pictures (N, size, size, channels), and what was done to them in words, "" if nothing."""

    images: Pictures
    done: str


def fit_pictures(
    images: Pictures, channels: int, size: int, *, rim: float | None = None, invert: bool | None = None
) -> Fitted:
    """The middle squares of pictures (N, H, W, C), resized, grey or coloured as asked, inverted where that helps.

    Args:
        rim: Grey level, 0 to 1, of the border of the pictures the model knows; it decides where `invert` does not.
        invert: Turn light and dark round; None where the pictures' own border is nearer to the opposite of `rim`.
    Raises:
        ValueError: if these are no pictures, or one shows nothing.
    """
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape or images.dtype != np.uint8:
        raise ValueError(f"pictures have the shape (N, H, W, 1 or 3) in uint8, not {images.shape} {images.dtype}")
    if int(images.max()) - int(images.min()) < CONTENT:
        raise ValueError("there is nothing in this picture: all of it has one shade")
    done = []
    height, width = images.shape[1:3]
    if images.shape[3] == 3 and channels == 1:
        if (images != images[..., :1]).any():
            done.append("made grey")
        images = grey(images)
    elif images.shape[3] < channels:
        images = np.repeat(images, 3, axis=3)
    if (height, width) != (size, size):
        images = np.stack([middle_square(image, size) for image in images])
        done.append(f"resized from {width}×{height} px" + (", its middle" if width != height else ""))
    if invert is None:
        invert = rim is not None and is_inverted(images, rim)
    if invert:
        images = 255 - images
        done.append("inverted")
    return Fitted(images, ", ".join(done))


def grey(images: Pictures) -> Pictures:
    """(N, H, W, 3) as (N, H, W, 1) by the eye's weights (ITU-R BT.601, as Pillow's "L")."""
    weights = np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return (images.astype(np.float32) @ weights + 0.5).astype(np.uint8)[..., None]


def middle_square(image: Pictures, size: int) -> Pictures:
    """The middle square of (H, W, C), resized to (size, size, C)."""
    height, width, channels = image.shape
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    picture = Image.fromarray(image[..., 0] if channels == 1 else image)
    box = (left, top, left + side, top + side)
    resized = np.asarray(picture.resize((size, size), Image.Resampling.LANCZOS, box=box, reducing_gap=3.0))
    return resized.reshape(size, size, channels)
