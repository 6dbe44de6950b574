"""Makes the bundled models again from `pretrained/recipe.toml`: train, measure, write, describe.

    python -m genstudio.pretrain mnist-vae-2 mnist-ddpm --data-dir FOLDER

A run that is stopped goes on from its last checkpoint in `--work`. Without a name every model is made,
the classifier first, because the others are measured with it. With `--measure` nothing is trained: the quality of
the files that are there is measured again and written into their headers; with `--cards` by all meters, and written
onto the cards beside them (a card is that of one very file: measure first); with `--pace` the cards say how long the
recipe takes, reckoned from half a minute of it; with `--again SEED` the recipe is trained with another seed, and what
was measured of that training is noted on the card, so that one sees how alike trainings turn out; its weights stay in
`--work`. `python -m genstudio.bench.same_time` adds what the textbook's DCGAN reaches in the time that the GANs took.
"""

from __future__ import annotations

import dataclasses
import sys
import time
import tomllib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
import torch
import tyro
from torch import Tensor

from genstudio import api, store
from genstudio.core import datasets
from genstudio.core.compute import default_compute
from genstudio.core.families.classifier import accuracy, train_classifier
from genstudio.core.families.vae import VAE
from genstudio.core.training import TrainingData, prefixed
from genstudio.pretrain_pace import training_time
from genstudio.pretrained_page import write_page
from genstudio.session import evaluating, recipe_quality, saving, training
from genstudio.session.classifier import load_classifier
from genstudio.session.exporting import sample_labels, sampled
from genstudio.session.judging import factors_of, rate_of
from genstudio.session.models import ModelShelf, expected_weights
from genstudio.session.study import StudyShelf
from genstudio.settings import CONDITIONAL, SETTINGS, ClassifierSettings
from genstudio.steps import finish
from genstudio.tuning import tune_malloc

Result = TypeVar("Result")
SAVE_EVERY = 1000  # iterations
MEASURED = 10_000  # pictures
ASKED = 1000  # pictures of the classes in turn
COMPARED = ("seconds", "textbook")  # of the quality, what stays when the file is measured again
OF_THE_MACHINE = ("time", "memory")  # of an evaluation, what another training has no say in


@dataclass(frozen=True)
class Recipe:
    """One table of recipe.toml."""

    name: str
    family: str
    dataset: str
    iterations: int
    settings: Any
    sample: Mapping[str, Any]  # fields of the SampleRequest that is measured
    guidance: float = 1.0  # with which a class is asked for
    changes: tuple[api.Change, ...] = ()  # of settings, on the way

    def request(self, resume: str = "") -> api.TrainRequest:
        """The training run of this recipe."""
        return api.TrainRequest(
            self.family, self.dataset, self.settings, self.iterations, resume, preview=0, changes=self.changes
        )


def read_recipes(path: Path) -> dict[str, Recipe]:
    """All recipes of a file, by name."""
    tables = tomllib.loads(path.read_text("utf-8"))
    return {name: _recipe(name, **table) for name, table in tables.items()}


def _recipe(
    name: str, *, family: str, dataset: str, iterations: int, settings: Any,
    sample: Mapping[str, Any] | None = None, guidance: float = 1.0, changes: str = "",
) -> Recipe:  # fmt: skip
    made = SETTINGS[family](**settings)
    return Recipe(name, family, dataset, iterations, made, sample or {}, guidance, api.changes_from_text(changes))


def make_classifier(recipe: Recipe, folder: Path, data_dir: Path) -> None:
    """Train and write the classifier; its header holds the test accuracy of the very weights in the file."""
    compute = default_compute()
    train, test = (
        TrainingData.of(datasets.load(recipe.dataset, data_dir, train=part), compute.device) for part in (True, False)
    )
    assert isinstance(recipe.settings, ClassifierSettings)
    for iteration, trained in train_classifier(recipe.settings, train, compute, recipe.iterations):
        network = trained
        if iteration % 100 == 0:
            _tell(f"{recipe.name}: {iteration} of {recipe.iterations}")
    halved = halve(prefixed("model", network.state_dict()))
    network.load_state_dict({n.removeprefix("model."): torch.from_numpy(t).float() for n, t in halved.items()})
    header = store.Header(
        family=recipe.family, settings=recipe.settings, dataset=recipe.dataset, channels=1, size=28,
        classes=tuple(str(d) for d in range(10)), iteration=recipe.iterations, metrics={},
        quality={"test_accuracy": accuracy(network, test)}, reproduce=command(recipe), training=False,
    )  # fmt: skip
    store.write_checkpoint(folder / f"{recipe.name}.safetensors", header, halved)


def make_model(recipe: Recipe, folder: Path, work: Path, data_dir: Path) -> None:
    """Train, measure and write one generative model."""
    publish(recipe, trained(recipe, folder, work, data_dir), folder, data_dir)


def trained(recipe: Recipe, folder: Path, work: Path, data_dir: Path) -> Path:
    """Train one generative model, on from its checkpoint if there is one; where that is."""
    checkpoint, compute = work / f"{recipe.name}.safetensors", default_compute()
    request = recipe.request(str(checkpoint) if checkpoint.exists() else "")
    built_on = ModelShelf((folder, store.pretrained_dir(), store.models_dir()), compute)
    run = training.prepare(request, data_dir, compute, models=built_on)
    save_at = run.trainer.iteration + SAVE_EVERY
    for event in training.train(run):
        if event is not None and event.iteration >= save_at:
            save_at = event.iteration + SAVE_EVERY
            _tell(f"{recipe.name}: {event.iteration} of {recipe.iterations}, {event.iterations_per_s:.1f}/s")
            saving.save(run, api.SaveRequest(str(checkpoint)))
    saving.save(run, api.SaveRequest(str(checkpoint)))
    return checkpoint


def publish(recipe: Recipe, checkpoint: Path, folder: Path, data_dir: Path) -> dict[str, float]:
    """Write a trained model in half precision and with the quality measured on that very file."""
    write_halved(recipe, checkpoint, folder)
    return measure(recipe, folder, data_dir)


def write_halved(recipe: Recipe, checkpoint: Path, folder: Path, again: str = "") -> None:
    """Write what pictures need of a checkpoint, in half precision.

    Args:
        again: What makes it once more; the command of the recipe if "".
    """
    header, tensors = store.read_checkpoint(checkpoint, expected_weights, groups=("model",))
    header = dataclasses.replace(header, training=False, reproduce=again or command(recipe))
    halved = halve({name: torch.from_numpy(np.array(t)) for name, t in tensors.items()})
    store.write_checkpoint(folder / f"{recipe.name}.safetensors", header, halved)


def measure(recipe: Recipe, folder: Path, data_dir: Path) -> dict[str, float]:
    """Measure a model's file as it is and write what was found into its header; the weights stay bit for bit."""
    path = folder / f"{recipe.name}.safetensors"
    shelf = ModelShelf((folder,), default_compute())
    test = datasets.load(recipe.dataset, data_dir, train=False).first(MEASURED)
    numbers: dict[str, float] = {}
    if (test.size, test.channels) == (28, 1):  # what the classifier reads
        judge = recipe_quality.Judge(load_classifier(folder), recipe.dataset, data_dir, MEASURED)
        request = api.SampleRequest(str(path), seed=7, count=MEASURED, **recipe.sample)
        numbers |= _watched(recipe_quality.measured(shelf, request, judge)).numbers()
        if recipe.family in CONDITIONAL:
            how = {**recipe.sample, "guidance": recipe.guidance}
            numbers["class_accuracy"] = round(class_accuracy(shelf, str(path), judge, how), 4)
            if recipe.guidance != 1:
                numbers["guidance"] = recipe.guidance
    loaded = shelf.get(str(path))
    if isinstance(loaded.network, VAE):
        rate = _watched(rate_of(loaded, test.images))
        numbers |= {"rate": round(rate.rate, 3), "distortion": round(rate.distortion, 3)}
        if test.factors is not None:
            numbers["gap"] = round(_watched(factors_of(loaded, test)).gap, 3)
    write_quality(path, {**numbers, **_compared(path)})
    return numbers


def write_card(recipe: Recipe, folder: Path, data_dir: Path) -> api.Evaluation:
    """Measure by all meters and write it onto the card beside the file."""
    found = evaluated(recipe, folder, data_dir)
    store.publish_evaluation(store.model_info(folder / f"{recipe.name}.safetensors"), found)
    return found


def evaluated(recipe: Recipe, folder: Path, data_dir: Path) -> api.Evaluation:
    """A model's file measured by all meters, the model played as its kind usually is."""
    path = str(folder / f"{recipe.name}.safetensors")
    shelf = ModelShelf((folder,), default_compute())
    sample = api.SampleRequest(path, seed=7, count=MEASURED, **api.usual_way(recipe.family, recipe.settings)._asdict())
    request = api.EvaluateRequest(sample, recipe.dataset)
    return _watched(evaluating.Evaluator(shelf, StudyShelf(shelf, data_dir)).evaluated(shelf.get(path), request))


def write_sibling(recipe: Recipe, seed: int, folder: Path, work: Path, data_dir: Path) -> api.Sibling:
    """Train a recipe with another seed, and note on the card of its model what was measured of that."""
    other = dataclasses.replace(
        recipe, name=f"{recipe.name}-{seed}", settings=dataclasses.replace(recipe.settings, seed=seed)
    )
    halved = work / "halved"
    halved.mkdir(parents=True, exist_ok=True)
    write_halved(other, trained(other, folder, work, data_dir), halved, f"{command(recipe)} --again {seed}")
    found = evaluated(other, halved, data_dir)
    bands = {name: band for name, band in found.bands.items() if name not in OF_THE_MACHINE}
    counts = {name: count for name, count in found.counts.items() if name not in OF_THE_MACHINE}
    sibling = api.Sibling(other.name, seed, (dataclasses.replace(found, bands=bands, counts=counts),))
    store.publish_sibling(store.model_info(folder / f"{recipe.name}.safetensors"), sibling)
    return sibling


def write_training_time(recipe: Recipe, folder: Path, data_dir: Path) -> None:
    """Reckon how long a recipe takes and write it onto the card of its file, if there is one."""
    path = folder / f"{recipe.name}.safetensors"
    if path.exists():
        store.publish_training_time(store.model_info(path), training_time(recipe.request(), data_dir))


def class_accuracy(shelf: ModelShelf, model: str, judge: recipe_quality.Judge, how: Mapping[str, Any]) -> float:
    """The share of pictures, as many of each class, in which the classifier sees the class that was asked for.

    Args:
        how: Fields of the SampleRequest.
    """
    request = api.SampleRequest(model, seed=11, count=ASKED, **how)
    labels = sample_labels(shelf.get(model).info, request)
    assert labels is not None  # it knows classes
    return judge.seen_as(_watched(sampled(shelf.get(model), request)), labels)


def _compared(path: Path) -> dict[str, float]:
    quality = store.read_header(path).quality
    return {name: quality[name] for name in COMPARED if name in quality}


def write_quality(path: Path, numbers: dict[str, float]) -> None:
    """Into the header; the weights stay bit for bit."""
    header, tensors = store.read_checkpoint(path, expected_weights, groups=("model",))
    store.write_checkpoint(path, dataclasses.replace(header, quality=numbers), tensors)


def _watched(work: Generator[api.ProgressEvent, None, Result]) -> Result:
    return finish(work, lambda event: _tell(f"{event.what}: {event.done} of {event.total}"))


def halve(state: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Floats in half precision, counters as they are."""
    return {name: (t.half() if t.is_floating_point() else t).numpy() for name, t in state.items()}


def command(recipe: Recipe) -> str:
    """What makes this model again."""
    return f"python -m genstudio.pretrain {recipe.name} --data-dir FOLDER"


@dataclass(frozen=True)
class Options:
    """Make the bundled models again."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    data_dir: Annotated[Path | None, tyro.conf.arg(help="Folder with MNIST/raw.")] = None
    out: Annotated[Path | None, tyro.conf.arg(help="Where recipe.toml is and the models go.")] = None
    measure: Annotated[bool, tyro.conf.arg(help="Train nothing; measure the files that are there again.")] = False
    cards: Annotated[bool, tyro.conf.arg(help="Train nothing; measure by all meters and write the cards.")] = False
    pace: Annotated[bool, tyro.conf.arg(help="Reckon from half a minute of each recipe how long it takes.")] = False
    again: Annotated[int | None, tyro.conf.arg(help="Another seed, to see how alike trainings turn out.")] = None
    work: Annotated[Path, tyro.conf.arg(help="Where unfinished runs are kept.")] = Path("pretrain-work")


def main(options: Options) -> None:
    """Make the named models, or all."""
    folder = options.out or store.pretrained_dir()
    data_dir = options.data_dir or datasets.default_data_dir()
    recipes = read_recipes(folder / "recipe.toml")
    if not (options.measure or options.cards or options.pace):
        options.work.mkdir(parents=True, exist_ok=True)
    names = list(_ordered(options.names or recipes, recipes))
    if options.again is not None:
        for name in names:
            _check_again(recipes[name], options, folder)
    for name in names:
        start = time.monotonic()
        if options.again is not None:
            write_sibling(recipes[name], options.again, folder, options.work, data_dir)
        elif options.pace:
            write_training_time(recipes[name], folder, data_dir)
        elif options.measure or options.cards:
            _measure_again(recipes[name], folder, data_dir, write_card if options.cards else measure)
        elif recipes[name].family == "classifier":
            make_classifier(recipes[name], folder, data_dir)
        else:
            make_model(recipes[name], folder, options.work, data_dir)
        _tell(f"{name}: done in {(time.monotonic() - start) / 60:.1f} minutes\n")
    write_page(folder)


def _measure_again(recipe: Recipe, folder: Path, data_dir: Path, measures: Callable[[Recipe, Path, Path], Any]) -> None:
    """The classifier's accuracy is measured when it is made; what has not been made yet is left out."""
    if recipe.family != "classifier" and (folder / f"{recipe.name}.safetensors").exists():
        measures(recipe, folder, data_dir)


def _check_again(recipe: Recipe, options: Options, folder: Path) -> None:
    """Whether it can be trained with another seed, before hours are spent on it.

    Raises:
        SystemExit: if not.
    """
    if options.measure or options.cards or options.pace:
        raise SystemExit("--again trains and measures; leave --measure, --cards and --pace out")
    if recipe.family == "classifier":
        raise SystemExit(f"{recipe.name} draws no pictures; name the models to train with --again")
    if recipe.settings.seed == options.again:
        raise SystemExit(f"{recipe.name} was trained with seed {options.again}; give another one to --again")
    if not (folder / f"{recipe.name}.safetensors").exists():
        raise SystemExit(f"{recipe.name} is not in {folder}; make it first")


def _ordered(names: Any, recipes: Mapping[str, Recipe]) -> Iterator[str]:
    unknown = [name for name in names if name not in recipes]
    if unknown:
        raise SystemExit(f"{unknown[0]} is not in the recipe; it has {', '.join(recipes)}")
    yield from sorted(names, key=lambda name: recipes[name].family != "classifier")


def _tell(text: str) -> None:
    """One line that is written over; silent where nobody watches."""
    if sys.stderr.isatty() or text.endswith("\n"):
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()


if __name__ == "__main__":
    tune_malloc()
    main(tyro.cli(Options))
