"""The sheet of models side by side: what each gives back, what random codes become, what lies between two codes."""

from __future__ import annotations

from collections.abc import Callable, Generator

from genstudio import api
from genstudio.api import compare
from genstudio.api.model_card import SHORT_TITLES
from genstudio.errors import counted
from genstudio.export.columns import headed, side_by_side
from genstudio.export.letters import EMPTY, Tile
from genstudio.session import encoding, latent
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.study import StudyShelf

MOST = 8  # models
WIDE = compare.COLUMNS
Progress = Generator[api.ProgressEvent, None, list[Tile]]
Sampled = Callable[[Loaded, api.SampleRequest], Generator[api.ProgressEvent, None, api.Pictures]]


def sheet(models: ModelShelf, studies: StudyShelf, request: api.CompareRequest, sampled: Sampled) -> Progress:
    """All tiles row by row; `sampled` draws random pictures.

    Raises:
        ValueError: if the models do not know the same kind of pictures, or one of them finds no codes.
    """
    if not 1 <= len(request.models) <= MOST:
        raise ValueError(f"{len(request.models)} models side by side; 1 to {MOST} are allowed")
    infos = [models.get(name).info for name in request.models]
    size, channels = infos[0].size, infos[0].channels
    if any((info.size, info.channels) != (size, channels) for info in infos):
        raise ValueError("models side by side must know pictures of one size and kind")
    wanted = api.PickRequest(request.model, seed=request.seed, count=compare.HELD_OUT)
    picked = yield from studies.picked(wanted)
    blocks: list[list[Tile]] = [[*headed(("Held-out pictures,", "and what is given back"), WIDE), *picked.images]]
    blocks[0] += [*headed(("Random codes",), WIDE), *[EMPTY] * (compare.RANDOM - WIDE)]
    blocks[0] += [*headed(("Between the codes", "of two pictures"), WIDE), *[EMPTY] * (compare.BETWEEN - WIDE)]
    for done, info in enumerate(infos):
        yield api.ProgressEvent("Comparing", done, len(infos))
        name = request.models[done]
        blocks.append(headed((SHORT_TITLES[info.family], info.name, counted(info.latent_dim, "latent")), WIDE))
        random = yield from sampled(models.get(name), api.SampleRequest(name, request.seed, compare.RANDOM))
        blocks[-1] += [*_pictures(models, name, picked, random)]
    return side_by_side(blocks, WIDE)


def _pictures(models: ModelShelf, name: str, picked: api.PickedEvent, random: api.Pictures) -> list[api.Pictures]:
    encoded = encoding.encode(models, api.EncodeRequest(name, picked.images, invert=False))
    a, b = (tuple(float(x) for x in encoded.mu[k]) for k in compare.ends(picked.labels))
    between = latent.interpolate(models, api.InterpolateRequest(name, a, b, compare.BETWEEN, "lerp")).images
    return [*encoded.reconstructions, *random, *between]
