"""The card of a model in the terminal."""

from __future__ import annotations

import dataclasses
import json as json_
import shlex
from pathlib import Path

from genstudio import api
from genstudio.api.file_says import file_says
from genstudio.api.model_card import (
    FOLDER,
    TITLES,
    came_from,
    limits,
    other_trainings,
    stands_for,
    trained,
    with_place,
)
from genstudio.cli.headless.evaluate import print_caveats, print_evaluation, print_meanings, values_of
from genstudio.cli.headless.terminal import kilobytes
from genstudio.settings import GENERATIVE


def show_card(model: str, json: bool, explain: bool) -> int:
    """Print all that is known of a model; nothing is drawn for it, so torch stays away."""
    from genstudio import store

    path = store.find_model(model)
    info, header = store.model_info(path), store.read_header(path)
    again = with_place(header.reproduce, header.dataset, place_of(header.dataset))
    found, time, siblings = store.evaluations(info), store.training_time(info), store.siblings(info)
    if json:
        told: dict[str, object] = {"reproduce": again, "origin": header.origin}
        told["training_time"] = dataclasses.asdict(time)
        told |= {"limits": limits(info), "evaluations": [values_of(one, info) for one in found]}
        told["siblings"] = [
            {"name": s.name, "seed": s.seed, "evaluations": [values_of(one, info) for one in s.evaluations]}
            for s in siblings
        ]
        print(json_.dumps({**dataclasses.asdict(info), **told}, indent=2, ensure_ascii=False))
        return 0
    facts = (
        ("Model", f"{info.name}, {TITLES.get(info.family, info.family)}"),
        ("Data", f"{api.called(info.dataset)}. {licence_of(info.dataset)}"),
        ("Pictures", f"{info.size} x {info.size}, {'grey' if info.channels == 1 else 'colour'}"),
        ("Classes", ", ".join(info.classes) or "none it could be asked for"),
        ("Trained", trained(info, time)),
        *([("Came from", came_from(header.origin))] if header.origin else []),
        ("Settings", ", ".join(f"{name} {value}" for name, value in dataclasses.asdict(info.settings).items())),
        ("Make it again", again or "its file does not say how"),
        *([(FOLDER, place)] if (place := stands_for(again, header.dataset)) else []),
        ("File", f"{Path(info.path).name}, {kilobytes(info.bytes)}, SHA-256 {info.sha256[:16]}…"),
        ("Its file says", file_says(info.quality) or "No numbers."),
        *([("Trained again", others)] if (others := other_trainings(siblings)) else []),
        ("Limits", limits(info)),
    )
    width = max(len(name) for name, _ in facts)
    for name, text in facts:
        print(f"{name:<{width}}  {text}")
    for one in sorted(found, key=lambda one: -one.count):  # those that say most first, then the newest
        print(f"\n{one.heading()}\n")
        print_evaluation(one)
        print_caveats(one, info)
    if found and explain:
        print_meanings(found)
    if not found and info.family in GENERATIVE:
        print(f"\nNothing has been measured here yet: genstudio evaluate {shlex.quote(model)}")
    return 0


def licence_of(dataset: str) -> str:
    """Under which licence its pictures are."""
    from genstudio.core.datasets import licence

    return licence(dataset)


def place_of(dataset: str) -> str:
    """What a command calls it here; "" if it is not known where it is."""
    from genstudio.core.datasets import default_data_dir, find

    return find(dataset, default_data_dir())
