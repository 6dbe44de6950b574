"""Ways from the same noise to pictures side by side: their steps in turns, and the sheet of one moment."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import numpy as np

from genstudio import api
from genstudio.api.differences import difference, mean_square
from genstudio.api.numbers import milliseconds, short
from genstudio.core.levels import SPACINGS
from genstudio.core.samplers import SAMPLERS
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.errors import counted, sentence
from genstudio.export.columns import headed, side_by_side
from genstudio.export.letters import EMPTY, Tile, Tiles, in_channels
from genstudio.session import diffusion
from genstudio.session.models import ModelShelf

Levels = tuple[float, ...]
Progress = Generator[api.ProgressEvent, None, Tiles]
Choose = Callable[[api.DenoiseRequest], ThreadChooser | None]


def check(models: ModelShelf, request: api.CompareSamplersRequest) -> None:
    """Refuse what cannot stand side by side.

    Raises:
        ValueError: saying what was given and what is allowed.
    """
    if not 1 <= len(request.ways) <= api.MOST_WAYS:
        raise ValueError(f"{len(request.ways)} columns side by side; 1 to {api.MOST_WAYS} are allowed")
    if not 1 <= request.count <= api.MOST_BESIDE:
        raise ValueError(f"count is {request.count}; 1 to {api.MOST_BESIDE} pictures of each column can be compared")


def levels_of(models: ModelShelf, way: api.DenoiseRequest) -> Levels:
    """The noise's share of the amplitude of each state of a process, from about 1 to 0.

    Raises:
        ValueError, FileNotFoundError: if it cannot go.
    """
    loaded = models.get(way.model)
    diffusion.check(way)
    diffusion.labels_of(loaded.info, way.label, range(way.count))
    levels = SPACINGS[way.spacing](loaded.schedule(), way.steps)
    return tuple(level.noise / (level.signal + level.noise) for level in levels)


def compare(
    models: ModelShelf, request: api.CompareSamplersRequest, choose: Choose = lambda way: None
) -> Iterator[api.CompareSamplersEvent]:
    """One event for each step of a column; the next is that of the column with the most noise.

    So they are at the same noise level all the way and end together. Each column is that of its own DenoiseRequest,
    bit for bit. One that cannot go is told of, and the others go on.

    Raises:
        ValueError: for too many columns or pictures.
    """
    check(models, request)
    ways = api.columns_of(request)
    levels: list[Levels] = []
    failed: list[tuple[int, str]] = []
    for column, way in enumerate(ways):
        try:
            levels.append(levels_of(models, way))
        except (ValueError, OSError) as error:
            levels.append(())
            failed.append((column, sentence(error)))
    yield api.CompareSamplersEvent(request, levels=tuple(levels), failed=tuple(failed))
    running = {k: diffusion.denoise(models, way, choose(way)) for k, way in enumerate(ways) if levels[k]}
    done = dict.fromkeys(running, 0)
    while running:
        column = max(running, key=lambda k: levels[k][done[k]])
        event = next(running[column])
        if event is not None:
            yield api.CompareSamplersEvent(request, tuple((column, step) for step in event.steps))
        done[column] += 1
        if done[column] == len(levels[column]):
            del running[column]


# ---- the sheet ------------------------------------------------------------------------------------------


def sheet(models: ModelShelf, request: api.SamplersSheetRequest) -> Progress:
    """All tiles of one moment row by row.

    Raises:
        ValueError: if a column cannot go, or they draw pictures of different sizes.
    """
    return (yield from _sheets(models, request, [request.place], until_there=True))[0]


def film(models: ModelShelf, request: api.SamplersSheetRequest) -> Generator[api.ProgressEvent, None, list[Tiles]]:
    """The same of each moment of the whole way."""
    return (yield from _sheets(models, request, list(np.linspace(0, 1, request.frames())), until_there=False))


def _sheets(
    models: ModelShelf, request: api.SamplersSheetRequest, places: list[float], until_there: bool
) -> Generator[api.ProgressEvent, None, list[Tiles]]:
    ways = request.asked.ways
    check(models, request.asked)
    infos = [models.get(way.model).info for way in ways]
    if any((info.size, info.channels) != (infos[0].size, infos[0].channels) for info in infos):
        raise ValueError("columns side by side must draw pictures of one size and kind")
    if len(request.ms) != len(ways):
        raise ValueError(f"{len(request.ms)} times of {len(ways)} columns")
    wanted: list[list[int]] = []  # of each column the step at each place
    kept: list[dict[int, tuple[api.Pictures, int]]] = [{} for _ in ways]  # the pictures and calls of these
    done, count = 0, sum(way.steps + 1 for way in ways)
    for event in compare(models, request.asked):
        if event.failed:
            raise ValueError(event.failed[0][1])
        for levels in event.levels:
            known = api.places_of(levels, request.by)
            wanted.append([api.step_at(known, place) for place in places])
        for column, step in event.steps:
            done += 1
            if step.index in wanted[column]:
                kept[column][step.index] = (step.layers[request.layer], step.calls)
        yield api.ProgressEvent("Denoising", done, count)
        if until_there and wanted and all(steps[-1] in kept[k] for k, steps in enumerate(wanted)):
            break
    calls = [max(number for _, number in steps.values()) for steps in kept]
    shown = [[kept[k][steps[moment]] for k, steps in enumerate(wanted)] for moment in range(len(places))]
    return [_tiles(request, moment, calls) for moment in shown]


def _tiles(request: api.SamplersSheetRequest, moment: list[tuple[api.Pictures, int]], calls: list[int]) -> list[Tile]:
    """The columns beside each other, of each its headings, pictures, and the difference to the first."""
    channels, wide, high = moment[0][0].shape[3], request.wide(), request.high()
    blocks: list[list[Tile]] = []
    for k, (pictures, so_far) in enumerate(moment):
        heading = _heading(request.asked, k, so_far, request.ms[k] * so_far / max(calls[k], 1))
        block = headed(heading, wide, 1 if wide > 1 else 2)
        block += [*pictures, *[EMPTY] * (wide * high - len(pictures))]
        if request.difference and k == 0:
            block += [EMPTY] * (wide * (high + 1))
        elif request.difference:
            other = moment[0][0]
            block += headed(("Difference to the first,", f"mean squared {short(mean_square(pictures, other))}"), wide)
            block += [*difference(pictures, other, request.difference), *[EMPTY] * (wide * high - len(pictures))]
        blocks.append(block)
    return in_channels(side_by_side(blocks, wide), 3 if request.difference == "signed" else channels)


def _heading(asked: api.CompareSamplersRequest, column: int, calls: int, ms: float) -> tuple[str, ...]:
    """Sampler, steps, what else tells the column from others, calls, and the time of all its pictures."""
    way = asked.ways[column]
    names = {
        "guidance": f"guidance {way.guidance:g}", "eta": f"η {way.eta:g}", "spacing": way.spacing,
        "model": way.model.rpartition("/")[2].removesuffix(".safetensors"),
    }  # fmt: skip
    differs = [words for name, words in names.items() if len({getattr(other, name) for other in asked.ways}) > 1]
    steps = ", ".join([counted(way.steps, "step"), *differs])
    took = f"{milliseconds(ms)} for {counted(asked.count, 'picture')}" if ms > 0 else ""
    return SAMPLERS[way.sampler].title, steps, counted(calls, "network call"), took
