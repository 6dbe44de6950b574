"""Ours against the textbook's recipe after the same wall time: python -m genstudio.bench.quality vae --minutes 5

Both train on MNIST, in turns of two seconds within one process, then each draws 10,000 pictures, whose
Fréchet distance to the test digits is measured with the bundled classifier. The VAEs have the same networks;
the textbook's GAN is the DCGAN of lectures, 7x7x256 to 14x14x128 to 28x28 against 64 and 128 channels.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import torch
import tyro
from torch import Tensor

from genstudio import api
from genstudio.bench import textbook
from genstudio.core import datasets
from genstudio.core.compute import default_compute
from genstudio.core.datasets import Dataset
from genstudio.core.families import FAMILIES
from genstudio.core.families.gan import Discriminator, Generator
from genstudio.core.families.vae import VAE, conv_vae
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.training import TrainingData
from genstudio.session import recipe_quality, training
from genstudio.session.classifier import load_classifier
from genstudio.session.run import Run
from genstudio.settings import GANSettings, VAESettings
from genstudio.tuning import tune_malloc

LECTURE_GAN = GANSettings(width=128, d_width=64, levels=2)
TURN_S = 2.0
COUNT = 10_000
BATCH = 500


@dataclass(frozen=True)
class Options:
    """Ours against the textbook's recipe after the same wall time."""

    family: tyro.conf.Positional[Literal["vae", "gan"]]
    minutes: Annotated[float, tyro.conf.arg(help="Training time of each.")] = 5.0
    data_dir: Annotated[Path | None, tyro.conf.arg(help="Folder with MNIST/raw.")] = None


def compare(options: Options) -> dict[str, recipe_quality.Quality]:
    """Quality of both after `minutes` of training each."""
    compute = default_compute()
    data_dir = options.data_dir or datasets.default_data_dir()
    dataset = datasets.load("mnist", data_dir)
    data = TrainingData.of(dataset, compute.device)
    settings: Any = VAESettings() if options.family == "vae" else GANSettings()
    trainer = FAMILIES[options.family].trainer(settings, data, compute)
    request = api.TrainRequest(options.family, "mnist", settings, preview=0)
    ours = training.train(Run(request, trainer, dataset.classes))
    plain: VAE | Generator
    if isinstance(settings, VAESettings):
        batches = textbook.batches(dataset.images, dataset.labels, settings.batch_size)
        plain = textbook.plain(conv_vae(settings, 1, 28))
        theirs = textbook.vae_loop(plain, batches, compute.device, settings.lr, settings.beta)
    else:
        plain, theirs = lecture_gan(dataset, compute.device)
    done = take_turns({"ours": ours, "textbook": theirs}, 60 * options.minutes)

    judge = recipe_quality.Judge(load_classifier(), "mnist", data_dir, COUNT)
    networks: dict[str, Any] = {"ours": trainer.model(), "textbook": plain.eval()}
    found = {}
    for name, network in networks.items():
        found[name] = judge.measure(draw(network.decode, settings.latent_dim))
        quality = found[name]
        print(
            f"{name}: {done[name]:,} iterations in {options.minutes:g} minutes, Fréchet distance {quality.frechet:.2f} "
            f"({quality.times_floor:.1f} times the floor of {quality.floor:.2f}), "
            f"inception score {quality.inception:.2f}, {quality.classes} of 10 classes"
        )
    return found


def take_turns(loops: dict[str, Iterator[Any]], seconds: float) -> dict[str, int]:
    """Iterations that each loop has done in so many seconds of its own; they take turns of TURN_S."""
    spent, done = dict.fromkeys(loops, 0.0), dict.fromkeys(loops, 0)
    while any(s < seconds for s in spent.values()):
        for name, loop in loops.items():
            start = time.perf_counter()
            while spent[name] < seconds and time.perf_counter() - start < TURN_S:
                next(loop)
                done[name] += 1
            spent[name] += time.perf_counter() - start
        sys.stderr.write(f"\r\033[K{min(spent.values()):.0f} of {seconds:.0f} s: {done}")
    sys.stderr.write("\n")
    return done


def lecture_gan(dataset: Dataset, device: torch.device) -> tuple[Generator, Iterator[textbook.Losses]]:
    """The generator of lectures, and the plain loop in which it learns these pictures."""
    batches = textbook.batches(dataset.images, dataset.labels, LECTURE_GAN.batch_size)
    shape = dataset.channels, dataset.size
    g = textbook.plain(Generator(LECTURE_GAN, *shape))
    d = textbook.plain(Discriminator(LECTURE_GAN, *shape))
    return g, textbook.gan_loop(g, d, batches, device, LECTURE_GAN)


@torch.inference_mode()
def draw(decode: Callable[[Tensor], Tensor], latent_dim: int, count: int = COUNT) -> api.Pictures:
    """Pictures of a decoder, always of the same codes."""
    z = image_noise(7, range(count), (latent_dim,)).to(default_compute().device)
    return np.concatenate([to_uint8(decode(part)).cpu().numpy() for part in z.split(BATCH)])


if __name__ == "__main__":
    tune_malloc()
    compare(tyro.cli(Options))
