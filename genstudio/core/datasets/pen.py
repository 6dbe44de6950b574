"""A soft round pen: polylines to antialiased grey pictures, many at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from genstudio.api import Floats

EDGE_PX = 1.35  # how far the ink takes to fade from full to none


def ink(a: Floats, b: Floats, radius_a: Floats, radius_b: Floats, size: int) -> npt.NDArray[np.uint8]:
    """Pictures of P pen paths of S segments each, (P, size, size), 255 where the pen has been.

    A pixel's ink depends on how deep it lies inside the pen's trace: radius minus distance, the
    largest over the segments. Only pixels near a segment are looked at, a square window for each.

    Args:
        a, b: Ends of the segments in px, (P, S, 2) as x, y; (0, 0) is the centre of the first pixel.
        radius_a, radius_b: The pen's radius in px at these ends, (P, S).
    """
    pictures, segments = radius_a.shape
    depth = np.full((pictures, size * size), -9.0, dtype=np.float32)
    reach = np.maximum(radius_a, radius_b) + EDGE_PX / 2
    low = np.floor(np.minimum(a, b) - reach[..., None] + 1).clip(0, size - 1)  # (P, S, 2)
    high = np.ceil(np.maximum(a, b) + reach[..., None] - 1).clip(0, size - 1)
    windows = (high - low).max(axis=(0, 2)).astype(np.int64) + 1  # (S,)
    d = b - a
    inverse = 1 / np.maximum((d * d).sum(-1), 1e-12)
    first = np.arange(pictures, dtype=np.int64) * size * size
    for s in range(segments):
        w = int(windows[s])
        corner = np.minimum(low[:, s], size - w)  # (P, 2)
        offset = np.arange(w, dtype=np.float32)
        x = corner[:, :1] + offset - a[:, s, :1]  # (P, w)
        y = corner[:, 1:] + offset - a[:, s, 1:]
        dx, dy, scale = d[:, s, :1], d[:, s, 1:], inverse[:, s, None]
        t = (x * (dx * scale))[:, None, :] + (y * (dy * scale))[:, :, None]  # (P, w, w)
        np.clip(t, 0, 1, out=t)
        ex = x[:, None, :] - t * dx[..., None]
        ey = y[:, :, None] - t * dy[..., None]
        ex *= ex
        ey *= ey
        ex += ey
        np.sqrt(ex, out=ex)
        t *= (radius_b - radius_a)[:, s, None, None]
        t += radius_a[:, s, None, None]
        t -= ex
        start = first + corner[:, 1].astype(np.int64) * size + corner[:, 0].astype(np.int64)
        pixels = start[:, None] + (np.arange(w)[:, None] * size + np.arange(w)).ravel()  # (P, w * w)
        flat = depth.ravel()
        flat[pixels] = np.maximum(flat.take(pixels), t.reshape(pictures, -1))
    depth /= EDGE_PX
    depth += 0.5
    np.clip(depth, 0, 1, out=depth)
    smooth = depth * depth * (3 - 2 * depth)
    pixels_8bit: npt.NDArray[np.uint8] = np.rint(smooth * 255).astype(np.uint8)
    return pixels_8bit.reshape(pictures, size, size)
