"""`evaluate`: how good a model is, by every meter that means something, and what was measured before."""

from __future__ import annotations

import dataclasses
import json as json_
import sys
from collections.abc import Sequence
from typing import Annotated, Literal

import tyro

from genstudio import api
from genstudio.api.caveats import caveats
from genstudio.api.comparison_text import unit_of
from genstudio.api.explained import explanation
from genstudio.api.noted import noted
from genstudio.cli.headless.look import Folder, Switch, print_table
from genstudio.cli.headless.pictures import Count, Word, check_way, suited
from genstudio.cli.headless.terminal import check_guidance, last_event, new_session

Model = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="MODEL")]
Name = Annotated[str, tyro.conf.arg(metavar="DATASET", help_behavior_hint="")]
Features = Literal["best", "classifier", "inception", "pixels"]


def evaluate(
    model: Model,
    dataset: Name = "",
    count: int = 10_000,
    features: Features = "best",
    sampler: Word = None,
    steps: Count = None,
    guidance: float = api.SampleRequest.guidance,
    spacing: Word = None,
    seed: int = 7,
    explain: Switch = False,
    json: Switch = False,
    off_the_card: Switch = False,
    data_dir: Folder = None,
) -> int:
    """Measure how good a model is: distances to held-out pictures, precision, recall, copies, time and more.

    Each number stands beside what as many real training pictures reach, and is written onto the model's card
    (`genstudio models MODEL`).

    Args:
        model: Its name or its file.
        dataset: Whose held-out pictures; those of the model's own dataset if left out.
        count: How many pictures are drawn; as many real ones, or as there are.
        features: What pictures are compared in; the best there is for them if left out.
        sampler: Diffusion models: how the noise is taken away; as suits the model if left out.
        steps: Diffusion models: number of steps; as suits the model if left out.
        guidance: Diffusion models: how strongly the class pulls; 1 is as trained.
        spacing: Diffusion models: which noise levels the steps visit; as suits the model if left out.
        seed: Of the pictures, and of which real ones are taken.
        explain: Say below the table what each number means, and whether high or low is good.
        json: As a JSON object, for programs.
        off_the_card: Write nothing onto the model's card.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    if count < 2:
        raise ValueError(f"--count is {count}; it must be at least 2")
    check_way(sampler, spacing)
    session = new_session("io", data_dir)
    info = session.handle(api.LoadRequest(model)).info
    check_guidance(info, guidance)
    way = suited(info, sampler, steps, spacing)
    sample = api.SampleRequest(model, seed, count, guidance=guidance, **way._asdict())
    eye: api.Eye | Literal[""] = "" if features == "best" else features
    request = api.EvaluateRequest(sample, dataset, eye, notes=not off_the_card)
    found: api.EvaluationEvent = last_event(session.stream(request))
    if found.evaluation.count < count:
        print(f"Only {found.evaluation.count:,} are held out, so as many were drawn.", file=sys.stderr)
    if request.notes:
        print(found.trouble or f"Written onto the card {found.card}.", file=sys.stderr)
    if json:
        of = {"model": model, "model_sha256": info.sha256}
        print(json_.dumps({**of, **values_of(found.evaluation, info)}))
        return 0
    print(f"{info.name}: {found.evaluation.heading()}\n")
    print_evaluation(found.evaluation)
    if explain:
        print_meanings([found.evaluation])
    for name, why in found.evaluation.missing.items():
        print(f"\n{api.METERS[name].title}: {why}", end="")
    if found.evaluation.missing:
        print()
    print_caveats(found.evaluation, info)
    return 0


def values_of(evaluation: api.Evaluation, info: api.ModelInfo) -> dict[str, object]:
    """An evaluation for programs, with the units of its numbers."""
    units = {name: unit_of(name) for name in evaluation.bands}
    told = {"units": units, "caveats": caveats(evaluation, info), "classes": _classes(evaluation)}
    return {**dataclasses.asdict(evaluation), **told}


def print_caveats(evaluation: api.Evaluation, info: api.ModelInfo) -> None:
    """What the numbers of a table do not say, below it."""
    for told in caveats(evaluation, info):
        print(f"\n{told}")


def print_evaluation(evaluation: api.Evaluation) -> None:
    """The table, how it was measured, and a table of the classes that are seen: of many those seen most often."""
    print_table(rows(evaluation))
    print(noted(evaluation))
    if seen := evaluation.classes_seen():
        print()
        print_table([("CLASS SEEN", "MEASURED", "REAL PICTURES"), *map(_class_row, seen)])
        if more := len(evaluation.shares) - len(seen):
            print(f"and {more:,} more (--json)")


def _class_row(seen: api.ClassSeen) -> tuple[str, str, str]:
    return seen.name, api.with_unit(seen.measured, "%"), api.with_unit(seen.real, "%") if seen.real else ""


def _classes(evaluation: api.Evaluation) -> dict[str, dict[str, object]]:
    """All that are seen, their shares with errors, beside those of real pictures."""
    return {
        seen.name: {
            "measured": dataclasses.asdict(seen.measured),
            "real": None if seen.real is None else dataclasses.asdict(seen.real),
        }
        for seen in evaluation.classes_seen(len(evaluation.shares))
    }


def print_meanings(found: Sequence[api.Evaluation]) -> None:
    """What each number means, once for all tables above."""
    print("\nWhat the numbers mean:")
    for name in (name for name in api.METERS if any(name in one.bands or name in one.missing for one in found)):
        print(f"- {explanation(name)}")


def rows(evaluation: api.Evaluation) -> list[tuple[str, ...]]:
    """A table: each number with its error, what real pictures reach, of how many it is, and which way is better."""
    table: list[tuple[str, ...]] = [("METER", "MEASURED", "REAL PICTURES", "OF", "BETTER IS")]
    for name, meter in api.METERS.items():
        if name in evaluation.bands:
            real = api.in_words(name, evaluation.floor[name]) if name in evaluation.floor else ""
            count = f"{evaluation.counts.get(name, evaluation.count):,}"
            table.append((meter.title, api.in_words(name, evaluation.bands[name]), real, count, meter.better))
    return table
