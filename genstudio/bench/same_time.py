"""What the textbook's GAN reaches in the time of our GANs: python -m genstudio.bench.same_time mnist-dcgan mnist-cgan

How long an iteration of either takes is measured in turns, within one process, so the comparison does not depend on
how busy the machine was while a model was trained. Then the textbook's DCGAN does as many iterations as fit into the
training of each; its Fréchet distance then, and the seconds of that training here, go into the models' headers.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import torch
import tyro

from genstudio import pretrain, store
from genstudio.bench import quality
from genstudio.core import datasets
from genstudio.core.compute import default_compute
from genstudio.core.datasets import Dataset
from genstudio.pretrained_page import write_page
from genstudio.session import recipe_quality, training
from genstudio.session.classifier import load_classifier
from genstudio.settings import ADVERSARIAL
from genstudio.tuning import tune_malloc

PACE_S = 60.0  # of each, in turns
WARM_UP = 3  # iterations
TELL_EVERY = 50


class Pace(NamedTuple):
    """Seconds an iteration."""

    ours: float
    textbook: float

    def iterations(self, ours: int) -> int:
        """How many of the textbook fit into so many of ours: at least one."""
        return max(1, round(ours * self.ours / self.textbook))


def pace(recipe: pretrain.Recipe, dataset: Dataset, seconds: float = PACE_S) -> Pace:
    """How long an iteration takes, of a recipe and of the textbook's GAN."""
    compute = default_compute()
    endless = dataclasses.replace(recipe.request(), iterations=0)
    run = training.prepare(endless, Path(), compute, dataset)
    loops: dict[str, Iterator[Any]] = {
        "ours": training.train(run),
        "textbook": quality.lecture_gan(dataset, compute.device)[1],
    }
    for loop in loops.values():
        for _ in range(WARM_UP):
            next(loop)
    done = quality.take_turns(loops, seconds)
    return Pace(seconds / done["ours"], seconds / done["textbook"])


def distances(marks: Sequence[int], dataset: Dataset, judge: recipe_quality.Judge, count: int) -> Iterator[float]:
    """Train the textbook's GAN once: at each of these iterations, smallest first, its Fréchet distance."""
    g, loop = quality.lecture_gan(dataset, default_compute().device)
    done = 0
    for mark in sorted(marks):
        for _ in range(mark - done):
            next(loop)
            done += 1
            if done % TELL_EVERY == 0:
                _tell(f"textbook: iteration {done} of {max(marks)}")
        g.eval()
        yield judge.measure(quality.draw(g.decode, quality.LECTURE_GAN.latent_dim, count)).frechet
        g.train()


def compare(recipes: Sequence[pretrain.Recipe], folder: Path, data_dir: Path, pace_s: float = PACE_S) -> None:
    """Write `seconds` and `textbook` into the headers of these models, which learned the same digits."""
    torch.manual_seed(0)  # the plain loop draws from the global generator, as tutorials do
    dataset = datasets.load(recipes[0].dataset, data_dir)
    judge = recipe_quality.Judge(load_classifier(folder), recipes[0].dataset, data_dir, pretrain.MEASURED)
    paces = [pace(recipe, dataset, pace_s) for recipe in recipes]
    marks = [paced.iterations(recipe.iterations) for recipe, paced in zip(recipes, paces, strict=True)]
    found = dict(zip(sorted(set(marks)), distances(sorted(set(marks)), dataset, judge, pretrain.MEASURED), strict=True))
    for recipe, paced, mark in zip(recipes, paces, marks, strict=True):
        seconds, path = round(recipe.iterations * paced.ours, 1), folder / f"{recipe.name}.safetensors"
        numbers = {"seconds": seconds, "textbook": round(found[mark], 3)}
        pretrain.write_quality(path, {**store.read_header(path).quality, **numbers})
        _tell(f"{recipe.name}: {seconds:.0f} s; textbook: {mark} iterations, distance {found[mark]:.1f}\n")
    write_page(folder)


def _tell(text: str) -> None:
    sys.stderr.write(f"\r\033[K{text}")
    sys.stderr.flush()


@dataclass(frozen=True)
class Options:
    """What the textbook's GAN reaches in the time of our GANs."""

    names: tyro.conf.Positional[tuple[str, ...]]
    data_dir: Annotated[Path | None, tyro.conf.arg(help="Folder with MNIST/raw.")] = None
    out: Annotated[Path | None, tyro.conf.arg(help="Where recipe.toml and the models are.")] = None


def main(options: Options) -> None:
    """Compare the named models."""
    folder = options.out or store.pretrained_dir()
    recipes = pretrain.read_recipes(folder / "recipe.toml")
    games = [recipes[name] for name in options.names if name in recipes and recipes[name].family in ADVERSARIAL]
    are_there = all((folder / f"{recipe.name}.safetensors").exists() for recipe in games)
    if not games or len(games) < len(options.names) or not are_there or len({game.dataset for game in games}) > 1:
        raise SystemExit("give names of GANs in recipe.toml that learned the same digits and whose files are there")
    compare(games, folder, options.data_dir or datasets.default_data_dir())


if __name__ == "__main__":
    tune_malloc()
    main(tyro.cli(Options))
