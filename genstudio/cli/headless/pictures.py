"""`sample`, `interpolate` and `denoise`: the window's requests, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from genstudio import api
from genstudio.cli.headless.terminal import (
    ProgressLine,
    check_choice,
    check_guidance,
    check_output,
    class_number,
    last_event,
    new_session,
    tell_saved,
)
from genstudio.errors import either
from genstudio.settings import DENOISING

if TYPE_CHECKING:
    from genstudio.session import Session

Model = Annotated[str, tyro.conf.arg(metavar="MODEL")]
Class = Annotated[str | None, tyro.conf.arg(name="class", metavar="CLASS", help_behavior_hint="")]
Count = Annotated[int | None, tyro.conf.arg(metavar="INT", help_behavior_hint="")]
Word = Annotated[str | None, tyro.conf.arg(metavar="STR", help_behavior_hint="")]
Picture = Annotated[Path | None, tyro.conf.arg(name="from", metavar="PICTURE", help_behavior_hint="")]
FILMS = (".png", ".webp", ".gif", ".mp4")
EVERY = "all"  # in place of a class


def sample(
    model: Model,
    /,
    out: Path,
    seed: int = 0,
    rows: int = 8,
    cols: int = 8,
    count: Count = None,
    label: Class = None,
    sampler: Word = None,
    steps: Count = None,
    guidance: float = api.SampleRequest.guidance,
    eta: float = api.SampleRequest.eta,
    spacing: Word = None,
    gap: int = api.GridLayout.gap,
    scale: int = api.GridLayout.scale,
) -> int:
    """Draw new pictures into a grid (.png) or an array (.npz).

    Picture k depends on the seed and k alone, so a wider grid begins with the same pictures.

    Args:
        model: A model's name (see `genstudio models`) or the path of a checkpoint.
        out: Where to write: .png for a grid with a receipt; .npz for uint8 `images` (N, H, W, C),
            with `labels` where the model has classes.
        seed: The same seed gives the same pictures.
        rows: Rows of the grid.
        cols: Columns of the grid.
        count: Number of pictures, in place of rows x cols.
        label: A class by name or number, "none" for the network's "no class"; all in turn if left out. With "all" each
            class has a row of its own, after its name, and each column one code: --rows and --count do not matter then.
        sampler: Diffusion models: how the noise is taken away; as suits the model if left out.
        steps: Diffusion models: number of steps; as suits the model if left out.
        guidance: Diffusion models: how strongly the class pulls; 1 is as trained.
        eta: Diffusion models: how much fresh noise DDIM adds; 0 is none.
        spacing: Diffusion models: `uniform` steps, `trailing` ones, of which the last is as long as the others, or
            `karras`: shorter ones where there is little noise; as suits the model if left out.
        gap: Pixels between the pictures, before scaling.
        scale: Each pixel becomes scale x scale.
    """
    check_output(out, ".png", ".npz")
    if rows < 1 or cols < 1:
        raise ValueError(f"A grid of {rows} x {cols} has no pictures; --rows and --cols are at least 1.")
    session = new_session()
    check_way(sampler, spacing)
    info = session.handle(api.LoadRequest(model)).info
    sampler, steps, spacing = suited(info, sampler, steps, spacing, eta)
    by_class = label == EVERY and EVERY not in info.classes
    number = class_number(info, "0" if by_class else label)  # says so of a model without classes
    check_guidance(info, guidance, number)
    if by_class:
        labels = tuple(range(len(info.classes)))
        table = api.ClassGridRequest(model, labels, seed, cols, sampler, steps, guidance, eta, spacing)
        return _class_grid(session, table, out, api.GridLayout(0, gap, scale))
    request = api.SampleRequest(
        model=model,
        seed=seed,
        count=rows * cols if count is None else count,
        label=number,
        sampler=sampler,
        steps=steps,
        guidance=guidance,
        eta=eta,
        spacing=spacing,
    )
    if out.suffix.lower() == ".npz":
        tell_saved(_write_arrays(session, request, out))
    else:
        export = api.ExportGridRequest(request, api.GridLayout(cols, gap, scale), str(out))
        tell_saved(last_event(session.stream(export)))
    return 0


def _class_grid(session: Session, table: api.ClassGridRequest, out: Path, layout: api.GridLayout) -> int:
    if out.suffix.lower() != ".png":
        raise ValueError(f"A table of all classes is written as .png, not as {out.name}; leave --class out for .npz.")
    tell_saved(last_event(session.stream(api.ExportGridRequest(table, layout, str(out)))))
    return 0


def check_way(sampler: str | None, spacing: str | None) -> None:
    """Refuse unknown words of a way from noise to picture.

    Raises:
        ValueError: naming those there are.
    """
    from genstudio.core.levels import SPACINGS
    from genstudio.core.samplers import SAMPLERS

    if sampler is not None:
        check_choice("--sampler", sampler, SAMPLERS)
    if spacing is not None:
        check_choice("--spacing", spacing, SPACINGS)


def suited(
    info: api.ModelInfo, sampler: str | None, steps: int | None, spacing: str | None, eta: float = 0.0
) -> api.UsualWay:
    """The way as asked for; number and spacing of the steps that are usual for its family go with its usual sampler.

    Raises:
        ValueError: if what was asked for would change nothing.
    """
    usual, plain = api.usual_way(info.family, info.settings), api.UsualWay()
    flags = {"--sampler": sampler, "--steps": steps, "--spacing": spacing, "--eta": eta or None}
    _check_effect(info, sampler or usual.sampler, {flag: value for flag, value in flags.items() if value is not None})
    rest = usual if sampler in (None, usual.sampler) else plain
    return api.UsualWay(
        sampler or usual.sampler, rest.steps if steps is None else steps, rest.spacing if spacing is None else spacing
    )


def _check_effect(info: api.ModelInfo, sampler: str, given: dict[str, str | float]) -> None:
    """Refuse flags of diffusion models for others, and fresh noise for a sampler that adds as much as it does."""
    from genstudio.core.samplers import SAMPLERS

    if given and info.family not in DENOISING:
        flag, value = next(iter(given.items()))
        raise ValueError(f"{flag} {value} changes nothing: this model is no diffusion model, and draws at once")
    if "--eta" in given and not SAMPLERS[sampler].uses_eta:
        takers, eta = either([name for name, one in SAMPLERS.items() if one.uses_eta]), given["--eta"]
        raise ValueError(f"--eta {eta} changes nothing: it is for {takers}, and the sampler here is {sampler}")


def _write_arrays(session: Session, request: api.SampleRequest, out: Path) -> api.SavedEvent:
    import numpy as np

    from genstudio.files import atomic_write
    from genstudio.session.exporting import sample_labels, sampled
    from genstudio.steps import finish

    loaded = session.models.get(request.model)
    line = ProgressLine()
    drawn = finish(sampled(loaded, request), lambda event: line.show(f"{event.what}: {event.done} of {event.total}"))
    line.clear()
    arrays: dict[str, Any] = {"images": drawn}
    labels = sample_labels(loaded.info, request)
    if labels is not None:
        arrays["labels"] = labels
    with atomic_write(out) as file:
        np.savez_compressed(file, **arrays)
    return api.SavedEvent(str(out), out.stat().st_size)


def interpolate(
    model: Model,
    /,
    out: Path,
    seed_a: int = 0,
    seed_b: int = 1,
    steps: int = api.InterpolateRequest.steps,
    path: Literal["lerp", "slerp"] = "slerp",
    fps: float = api.ExportFilmRequest.fps,
    gap: int = api.GridLayout.gap,
    scale: int = api.GridLayout.scale,
) -> int:
    """Walk from one random code to another: a strip (.png) or a film (.webp, .gif, .mp4).

    Args:
        model: The name of a VAE or a GAN (see `genstudio models`) or the path of a checkpoint.
        out: Where to write; .png is a strip, the others are films.
        seed_a: Seed of the first code.
        seed_b: Seed of the last code.
        steps: Number of pictures, both ends included.
        path: In a straight line, or along a great circle.
        fps: Pictures per second of a film.
        gap: Pixels between the pictures, before scaling.
        scale: Each pixel becomes scale x scale.
    """
    check_output(out, *FILMS)
    for flag, seed in (("--seed-a", seed_a), ("--seed-b", seed_b)):
        if seed < 0:
            raise ValueError(f"{flag} is {seed}; it must not be negative.")
    session = new_session()
    info = session.handle(api.LoadRequest(model)).info
    if info.latent_dim == 0:
        raise ValueError(f"{info.name} is a diffusion model and has no codes to walk between; take a VAE or a GAN.")
    ends = [tuple(map(float, api.noise(seed, 0, (info.latent_dim,)))) for seed in (seed_a, seed_b)]
    request = api.InterpolateRequest(model, ends[0], ends[1], steps, path)
    layout = api.GridLayout(steps, gap, scale)
    if out.suffix.lower() == ".png":
        stream = session.stream(api.ExportGridRequest(request, layout, str(out)))
    else:
        stream = session.stream(api.ExportFilmRequest(request, api.GridLayout(1, gap, scale), str(out), fps))
    tell_saved(last_event(stream))
    return 0


def denoise(
    model: Model,
    /,
    out: Path,
    seed: int = 0,
    count: int = api.DenoiseRequest.count,
    cols: int = 0,
    label: Class = None,
    sampler: Word = None,
    steps: Count = None,
    guidance: float = api.DenoiseRequest.guidance,
    eta: float = api.DenoiseRequest.eta,
    spacing: Word = None,
    picture: Picture = None,
    strength: float = api.Start.strength,
    layer: api.Layer = api.ExportFilmRequest.layer,
    fps: float = api.ExportFilmRequest.fps,
    gap: int = api.GridLayout.gap,
    scale: int = api.GridLayout.scale,
) -> int:
    """Film the way from noise to pictures (.webp, .png, .gif, .mp4).

    Args:
        model: The name of a diffusion model (see `genstudio models`) or the path of a checkpoint.
        out: Where to write the film; a .png is animated.
        seed: The same seed gives the same film.
        count: Number of pictures side by side.
        cols: Columns of the grid; 0 chooses a near-square one.
        label: A class by name or number, "none" for the network's "no class"; all in turn if left out.
        sampler: How the noise is taken away; as suits the model if left out.
        steps: Number of steps; as suits the model if left out.
        guidance: How strongly the class pulls; 1 is as trained.
        eta: How much fresh noise DDIM adds; 0 is none.
        spacing: `uniform` steps, `trailing` ones, of which the last is as long as the others, or `karras`: shorter
            ones where there is little noise; as suits the model if left out.
        picture: Begin with this picture and some noise, not with noise alone: variants of it (SDEdit).
        strength: How far up to noise that picture goes: 1 is nearly pure noise, a little hardly changes it.
        layer: The noisy picture, the clean one it predicts, or the noise it predicts.
        fps: Steps per second.
        gap: Pixels between the pictures, before scaling.
        scale: Each pixel becomes scale x scale.
    """
    check_output(out, *FILMS)
    session = new_session()
    check_way(sampler, spacing)
    info = session.handle(api.LoadRequest(model)).info
    sampler, steps, spacing = suited(info, sampler, steps, spacing, eta)
    number = class_number(info, label)
    check_guidance(info, guidance, number)
    request = api.DenoiseRequest(
        model=model,
        seed=seed,
        count=count,
        label=number,
        sampler=sampler,
        steps=steps,
        guidance=guidance,
        eta=eta,
        spacing=spacing,
        start=None if picture is None else _start(info, picture, strength),
    )
    film = api.ExportFilmRequest(request, api.GridLayout(cols, gap, scale), str(out), fps, layer)
    tell_saved(last_event(session.stream(film)))
    return 0


def _start(info: api.ModelInfo, path: Path, strength: float) -> api.Start:
    """A picture of a file, as large as the model's."""
    from genstudio.core.fitting import fit_pictures
    from genstudio.export import read_picture

    fitted = fit_pictures(read_picture(path)[None], info.channels, info.size)
    return api.Start(api.pack(fitted.images[0]), strength)
