"""`likelihood` and `factors`: what a latent model is worth in numbers."""

from __future__ import annotations

import dataclasses
import json as json_
from typing import Annotated

import tyro

from genstudio import api
from genstudio.cli.headless.look import Folder, Switch
from genstudio.cli.headless.terminal import last_event, new_session

Model = Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="MODEL")]
Name = Annotated[str, tyro.conf.arg(metavar="DATASET", help_behavior_hint="")]


def likelihood(
    model: Model,
    dataset: Name = "",
    count: int = 500,
    samples: int = 5000,
    seed: int = 0,
    json: Switch = False,
    data_dir: Folder = None,
) -> int:
    """Tell how likely a VAE finds held-out pictures: the ELBO and the importance-weighted bound, in nats per picture.

    Args:
        model: A VAE by its name or its file.
        dataset: Whose held-out pictures; those of the model's own dataset if left out.
        count: How many of them.
        samples: Codes per picture in the importance-weighted bound.
        seed: Of the codes, and of the pixels where the model learned from binarised ones.
        json: As a JSON object, for programs.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    _check_positive(count=count, samples=samples)
    request = api.LikelihoodRequest(model, dataset, count, samples, seed)
    found: api.LikelihoodEvent = last_event(new_session("io", data_dir).stream(request))
    if json:
        print(json_.dumps(dataclasses.asdict(found)))
        return 0
    pixels = {"grey": "grey values", "binary": "pixels drawn as black or white"}[found.pixels]
    print(f"{model} on {found.what}, {pixels}, in nats per picture:")
    print(f"  ELBO                        {found.elbo:9.2f} ± {found.elbo_error:.2f}")
    print(f"  importance-weighted, {samples:<6} {found.weighted:9.2f} ± {found.weighted_error:.2f}")
    return 0


def factors(
    model: Model, dataset: Name = "", count: int = 10_000, json: Switch = False, data_dir: Folder = None
) -> int:
    """Tell which latent knows which factor of generated pictures: mutual information in nats, and its gap.

    Args:
        model: A VAE, an autoencoder or PCA by its name or its file.
        dataset: Pictures whose factors are known: shapes or strokes; those that the model can read if left out.
        count: How many of the held-out ones.
        json: As a JSON object, for programs.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    _check_positive(count=count)
    dataset = dataset or _readable(model)
    found: api.FactorsEvent = last_event(new_session("io", data_dir).stream(api.FactorsRequest(model, dataset, count)))
    if json:
        told = {"model": model, "dataset": dataset, "factors": found.factors, "gap": found.gap}
        print(json_.dumps({**told, "information": found.information.tolist(), "entropy": found.entropy.tolist()}))
        return 0
    width = max(map(len, found.factors))
    print(" " * width, *(f"{f'z{k + 1}':>5}" for k in range(found.information.shape[1])), "  entropy")
    for name, row, entropy in zip(found.factors, found.information, found.entropy, strict=True):
        print(f"{name:<{width}}", *(f"{value:5.2f}" for value in row), f"{entropy:9.2f}")
    print(f"Mutual information gap: {found.gap:.3f} (1: each factor in one latent alone; 0: no factor is)")
    return 0


def _check_positive(**flags: int) -> None:
    for name, value in flags.items():
        if value < 1:
            raise ValueError(f"--{name} is {value}; it must be at least 1")


def _readable(model: str) -> str:
    """The pictures with factors that a model learned from, else those of its size; "" if there are none."""
    from genstudio import store
    from genstudio.core.datasets import DATASETS

    header = store.read_header(store.find_model(model))
    sides = {name: entry.size for name, entry in DATASETS.items() if entry.factors}
    if header.dataset in sides:
        return header.dataset
    return next((name for name, side in sides.items() if side == header.size), "")
