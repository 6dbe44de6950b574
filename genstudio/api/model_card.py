"""The card of a model: what it is, from what it learned, how it was made, how good it is, and what it cannot do."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from genstudio.api.aspects import duration
from genstudio.api.catalog import ModelInfo
from genstudio.api.evaluation import Evaluation, Sibling, in_words
from genstudio.api.own_pictures import choices_of, named, path_of
from genstudio.api.pictures import Pictures
from genstudio.api.receipts import called
from genstudio.settings import ADVERSARIAL, CONDITIONAL, DENOISING, LATENT

SHOWN = 20  # pictures
FOLDER = "FOLDER"  # in a command, for a place that no file names
TITLES = {
    "vae": "Variational autoencoder", "mlp-vae": "Variational autoencoder, fully connected",
    "ae": "Autoencoder", "mlp-ae": "Autoencoder, fully connected", "pca": "Principal components",
    "gan": "DCGAN", "cgan": "Conditional DCGAN", "mlp-gan": "GAN, fully connected",
    "ddpm": "Diffusion (DDPM)", "flow": "Flow matching", "latent-ddpm": "Latent diffusion",
    "unet2d": "Diffusion (DDPM) of a diffusers folder", "consistency": "Consistency model", "classifier": "Classifier",
}  # fmt: skip
SHORT_TITLES = TITLES | {
    "vae": "VAE", "mlp-vae": "VAE", "mlp-ae": "Autoencoder", "pca": "PCA",
    "gan": "GAN", "cgan": "Conditional GAN", "mlp-gan": "GAN", "ddpm": "Diffusion", "unet2d": "Diffusion",
}  # fmt: skip


@dataclass(frozen=True)
class TrainingTime:
    """How long a model learned, by the clock.

    Args:
        seconds: 0 if nobody knows.
        machine: On which; "" if nobody noted it.
        timed: Where its run has counted nothing: of how many iterations of its recipe the pace was measured since,
            from which the seconds are reckoned; 0 where they were counted.
    """

    seconds: float = 0.0
    machine: str = ""
    timed: int = 0


@dataclass(frozen=True)
class CardRequest:
    """The card of a model, with pictures that it draws; a stream."""

    model: str


@dataclass(frozen=True, eq=False)
class CardEvent:
    """What is known of a model; all of it in every event, so that none need be heard but the last.

    Args:
        licence: Of the pictures it learned from, a sentence.
        reproduce: The command that makes it again.
        time: How long it learned.
        evaluations: What was measured of it here, the newest first; `info.quality` is what its file says.
        samples: (N, H, W, C), the first pictures of seed 7; none while they are drawn.
        share: Of the drawing that is done, 0 to 1.
        origin: The diffusers folder that it was made of; "" of one that was trained here.
        siblings: Other trainings of its recipe of which its card tells.
    """

    request: CardRequest
    info: ModelInfo
    licence: str
    reproduce: str
    time: TrainingTime
    evaluations: tuple[Evaluation, ...]
    samples: Pictures
    share: float
    origin: str = ""
    siblings: tuple[Sibling, ...] = ()


def with_place(command: str, dataset: str, place: str) -> str:
    """The command that makes a model again, as it can be run here.

    Args:
        command: As the model's file has it, where a folder or zip of pictures goes by its name alone.
        dataset: What the file calls its data.
        place: What to call it here; "" if nobody knows where it is, which FOLDER then stands for.
    """
    try:
        words = shlex.split(command)
    except ValueError:  # somebody else's words
        return command
    if ("--dataset", dataset) not in itertools.pairwise(words) or place == dataset:
        return command
    somewhere = named(f"{FOLDER}/{PurePath(path_of(dataset)).name}", choices_of(dataset))
    at = words.index("--dataset") + 1
    return shlex.join([*words[:at], place or somewhere, *words[at + 1 :]])


def stands_for(command: str, dataset: str) -> str:
    """What FOLDER is in a command, a sentence; "" where it is not in it."""
    if f"{FOLDER}/" in command:
        return f"Stands for the folder that {PurePath(path_of(dataset)).name} is in; a file does not say where it was."
    if f"--data-dir {FOLDER}" in command:
        return f"Stands for your data folder, in which {called(dataset)} is, or is to be."
    return ""


def came_from(origin: str) -> str:
    """Of a model that was made of a diffusers folder."""
    return f"The diffusers folder {origin}; what else stands here is what that says"


def limits(info: ModelInfo) -> str:
    """What a model of its family cannot do, in sentences."""
    what = "It draws nothing but what is like the pictures it learned from, with all that they show or leave out."
    if info.family == "classifier":
        return "It knows digits only, and takes everything else for one of them."
    said = [what, *(words for families, words in LIMITS if info.family in families)]
    if info.family not in CONDITIONAL:
        said.append("It cannot be asked for a class.")
    return " ".join(said)


LIMITS = (
    (LATENT, "It draws the mean of what is likely, so edges are soft."),
    (("ae", "mlp-ae", "pca"), "Nothing asked its codes to lie as random ones do: new pictures are often none."),
    (ADVERSARIAL, "It can leave out kinds of pictures, tells no likelihood, and finds no code of a given picture."),
    (DENOISING, "A picture takes several network calls, and it tells no likelihood."),
    (("consistency",), "What its teacher cannot do it cannot do either, and its one step is rougher than many."),
    (("latent-ddpm",), "What its VAE cannot draw it cannot draw either."),
)


def other_trainings(siblings: Sequence[Sibling]) -> str:
    """How they turned out, a sentence; "" without any."""
    told = [
        f"seed {one.seed}: {found.title('frechet')} {in_words('frechet', found.bands['frechet'])} of {found.count:,} "
        f"pictures{f' ({found.way})' if found.way else ''}"
        for one in siblings
        for found in one.evaluations[:1]
        if "frechet" in found.bands
    ]
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def trained(info: ModelInfo, time: TrainingTime) -> str:
    """How long, in words."""
    if not info.iteration and not time.seconds:
        return "Nobody noted how long, and of how many iterations"
    done = f"{info.iteration:,} {'iteration' if info.iteration == 1 else 'iterations'}"
    if not time.seconds:
        return f"{done}; nobody noted how long it took"
    took = duration(time.seconds)
    where = f" on {time.machine}" if time.machine else ""
    if 0 < time.timed < info.iteration:
        return f"{done}; they take {took}{where}, by the pace of {time.timed:,} of them"
    return f"{done} in {took}{where}"
