"""D's slopes as colours over pictures. No Qt."""

from __future__ import annotations

import numpy as np

from genstudio.api import Pictures

BRIGHTER, DARKER = "#56B4E9", "#E69F00"  # sky blue and orange: told apart by every kind of eye (Okabe & Ito 2008)
GROUND = 24  # grey level of a gradient without its picture
MOST = 0.9  # opacity of the steepest slope over its picture, of which something is to be seen


def overlaid(pictures: Pictures, levels: Pictures, mode: str) -> Pictures:
    """Pictures (N, H, W, 1 or 3) with the slopes (N, H, W, 1), 128 for none, as (N, H, W, 3).

    Args:
        mode: "picture", "gradient", or "both".
    """
    whole = np.broadcast_to(pictures, (*pictures.shape[:3], 3))
    if mode == "picture":
        return np.ascontiguousarray(whole)
    is_alone = mode == "gradient"
    below = np.full(whole.shape, GROUND, np.float32) if is_alone else whole.astype(np.float32)
    opacity = OPACITY[levels[..., 0]][..., None] * (1 if is_alone else MOST)
    return (below + (TINTS[levels[..., 0]] - below) * opacity + 0.5).astype(np.uint8)


def _rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


_SHARES = (np.arange(256, dtype=np.float32) - 128) / 127
OPACITY = np.minimum(np.abs(_SHARES), 1)  # of a level
TINTS = np.where((_SHARES > 0)[:, None], _rgb(BRIGHTER), _rgb(DARKER)).astype(np.float32)
