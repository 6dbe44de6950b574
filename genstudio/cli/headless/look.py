"""`models` and `datasets`: what is there."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import tyro

from genstudio import api
from genstudio.cli.headless.terminal import kilobytes, last_event, new_session
from genstudio.errors import sentence, whole

QUALITY_WORDS = """\
DISTANCE   Fréchet distance from generated pictures to real test pictures, lower is better; the floor is that of real
           training pictures.
INCEPTION  Inception score, higher is better.
CLASSES    How many of the dataset's classes are among the generated pictures.
RATE       What a VAE's code tells of a picture, in nats; DISTORTION what stays unknown. Minus their sum is the ELBO."""
Name = Annotated[str | None, tyro.conf.arg(metavar="NAME", help_behavior_hint="")]
Card = Annotated[str | None, tyro.conf.Positional, tyro.conf.arg(metavar="[MODEL]", help_behavior_hint="")]
Folder = Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")]
Own = Annotated[str | None, tyro.conf.arg(metavar="PATH", help_behavior_hint="")]
Switch = Annotated[bool, tyro.conf.arg(help_behavior_hint="")]


def models(model: Card = None, explain: Switch = False, json: Switch = False) -> int:
    """List the models, bundled ones first; or show the card of one.

    Args:
        model: Show all that is known of this one: a name, or a file.
        explain: With a model: say what each number that was measured means, and whether high or low is good.
        json: As JSON, for programs.
    """
    from genstudio import store

    if model is not None:
        from genstudio.cli.headless.card import show_card

        return show_card(model, json, explain)
    if explain:
        raise ValueError("--explain says what is on the card of a model; name one, as in models mnist-ddpm --explain")
    found, left_out = store.look_through((store.pretrained_dir(), store.models_dir()))
    for error in left_out:
        print(f"Left out: {whole(sentence(error))}", file=sys.stderr)
    if json:
        _print_json([{**dataclasses.asdict(info), "latent_dim": info.latent_dim} for info in found])
        return 0
    facts: tuple[str, ...] = ("NAME", "FAMILY", "DATASET", "PICTURES", "LATENTS", "ITERATION", "FILE")
    rows = [(*facts, "DISTANCE", "INCEPTION", "CLASSES", "RATE", "DISTORTION")]
    for info in found:
        latents = str(info.latent_dim or "-")
        size = kilobytes(info.bytes)
        facts = (info.name, info.family, info.dataset, _shape(info), latents, f"{info.iteration:,}", size)
        rows.append((*facts, *_quality(info)))
    print_table(rows)
    if any("frechet" in info.quality for info in found):
        print(f"\n{QUALITY_WORDS}")
    return 0


def _quality(info: api.ModelInfo) -> tuple[str, ...]:
    """Distance, inception score, classes, rate and distortion of a model in words; "-" for what was not measured."""
    from genstudio.core.datasets import DATASETS

    told = info.quality
    distance = f"{told['frechet']:.1f}" if "frechet" in told else "-"
    if told.get("floor", 0) > 0 and "frechet" in told:
        distance += f" ({told['frechet'] / told['floor']:.1f} x floor)"
    inception = f"{told['inception']:.2f}" if "inception" in told else "-"
    known = len(DATASETS[info.dataset].classes) if info.dataset in DATASETS else 0
    classes = f"{told['classes']:.0f}" + (f" of {known}" if known else "") if "classes" in told else "-"
    nats = tuple(f"{told[name]:.1f}" if name in told else "-" for name in ("rate", "distortion"))
    return distance, inception, classes, *nats


def datasets(json: Switch = False, download: Name = None, inspect: Own = None, data_dir: Folder = None) -> int:
    """List the datasets, download one, or look into a folder or zip.

    Args:
        json: As a JSON list, for programs.
        download: Fetch this dataset into the data folder first; Ctrl-C stops and leaves nothing half done.
        inspect: Tell what is in this folder or zip of pictures: classes, copies, and what cannot be read. It may say
            how its pictures are taken, photos.zip#size=28,colour=grey,fit=pad,test=20, as --dataset of `train` does.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    from genstudio.core import datasets as sets

    folder = data_dir or sets.default_data_dir()
    if inspect:
        return _inspect(inspect, json, folder)
    if download:
        last_event(new_session("io", folder).stream(api.DownloadRequest(download)))
    found = sets.infos(folder)
    if json:
        _print_json([dataclasses.asdict(info) for info in found])
        return 0
    rows = [("NAME", "TITLE", "PICTURES", "COUNT", "CLASSES", "THERE")]
    for info in found:
        there = "yes" if info.available else f"no, {info.download_mb} MB to download"
        count = f"{info.count:,}" if info.count else "-"
        rows.append((info.name, info.title, _shape(info), count, str(len(info.classes) or "-"), there))
    print_table(rows)
    print(f"\nData folder: {folder}")
    return 0


def _inspect(name: str, as_json: bool, folder: Path) -> int:
    from genstudio.cli.headless import inside

    event = last_event(new_session("io", folder).stream(api.InspectRequest(name)))
    if as_json:
        _print_json(inside.values_of(event))
        return 0
    print("\n".join(inside.lines_of(event)))
    if rows := inside.rows_of(event):
        print()
        print_table(rows)
    return 0


def _shape(info: api.ModelInfo | api.DatasetInfo) -> str:
    return f"{info.size}x{info.size} {'grey' if info.channels == 1 else 'colour'}"


def _print_json(values: Any) -> None:
    print(json.dumps(values, indent=2, ensure_ascii=False))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
