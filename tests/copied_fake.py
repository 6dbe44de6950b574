"""What the fake session answers to requests of the page of copies: pictures with as many dark rows as they are near."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genstudio import api
from genstudio.api.copied import NEAREST, Yardstick

TRAINING, UNSEEN, FEW, LINE = 60_000, 400, 8, 10.0
HEART = "learnt by heart"  # in the name of a model: nearly all is near
NOISE = "noise"  # of one all of whose pictures are farther than unseen ones
SMOOTH = "smooth"  # of one nearly all of whose pictures are nearer than half of the unseen ones
LITTLE = "little"  # of one of whose data only a few pictures are unseen, and some new ones nearer than these
OWN = 3  # the class that has a line of its own, half as far


def distances(request: api.CopiedRequest) -> np.ndarray:
    """(N,): of two seeds not the same; that of picture 1 alone is near, of a model that repeats all but the last."""
    far = 12.0 + (np.arange(request.count) * 7 + request.seed) % 26
    far[1] = 6.0
    if HEART in request.model:
        far[:-1] = 1.0 + far[:-1] / 10
    if NOISE in request.model:
        far = 60.0 + far
    if SMOOTH in request.model:
        far[2:] = 12.0 + far[2:] / 10
    if LITTLE in request.model:
        far[:] = np.where(np.arange(len(far)) < 16, 1.0, 30.0)
    return far.astype(np.float32) / (10 if request.space == "classifier" else 1)


def find(
    request: api.CopiedRequest, images: np.ndarray
) -> Iterator[api.ProgressEvent | api.PicturesEvent | api.CopiedEvent]:
    """The pictures, then what is near: the picture itself, darker by its distance, and four that are farther."""
    yield api.ProgressEvent("Drawing", 0, request.count)
    yield api.PicturesEvent(request, images, 2.0 * request.count)
    found = distances(request)
    scale = 10 if request.space == "classifier" else 1
    apart = found[:, None] + np.arange(NEAREST, dtype=np.float32)
    darker = (apart * scale).astype(np.int16)[:, :, None, None, None]
    nearest = np.clip(images[:, None].astype(np.int16) - darker, 0, 255).astype(np.uint8)
    count = FEW if LITTLE in request.model else UNSEEN
    unseen = (LINE - 0.2 + 0.1 * np.arange(count, dtype=np.float32)) / scale
    labels = tuple(tuple(str((k + n) % 10) for n in range(NEAREST)) for k in range(request.count))
    all_, own = (np.quantile(unseen, (0.01, 0.5, 0.99)) for unseen in (unseen, unseen / 2))
    yield api.CopiedEvent(
        request=request,
        dataset=request.dataset or "mnist",
        images=images,
        nearest=nearest,
        labels=labels,
        distances=apart,
        unseen=unseen,
        yardsticks=(
            Yardstick("", count, LINE / scale, *map(float, all_[1:])),
            Yardstick(str(OWN), count // 2, LINE / scale / 2, *map(float, own[1:])),
        ),
        measured_by=np.array([int(of[0] == str(OWN) and LITTLE not in request.model) for of in labels]),
        faded=np.full(len(images), False),
        training=TRAINING,
        compute_ms=2.0 * request.count,
    )
