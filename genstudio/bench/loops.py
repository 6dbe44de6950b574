"""A measuring process: one training loop, ours or the textbook's, run for as many seconds as asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio.bench.child import serve
from genstudio.settings import DiffusionSettings, GANSettings, MLPVAESettings, Settings, VAESettings
from genstudio.tuning import tune_malloc

if TYPE_CHECKING:
    import torch

PICTURES = 8192
WARM_UP = 3
MODELS: dict[str, tuple[str, Settings]] = {
    "vae": ("vae", VAESettings()),
    "mlp": ("mlp-vae", MLPVAESettings()),
    "gan": ("gan", GANSettings(width=128, d_width=64, levels=2)),  # 256 and 128 channels in G, 64 and 128 in D
    "gan-usual": ("gan", GANSettings()),
    "ddpm": ("ddpm", DiffusionSettings()),
}


def our_loop(model: str, count: int = PICTURES) -> Iterator[Any]:
    """What `genstudio train` runs, one iteration per `next()`."""

    from genstudio import api
    from genstudio.core import datasets
    from genstudio.core.compute import default_compute
    from genstudio.core.families import FAMILIES
    from genstudio.core.training import TrainingData
    from genstudio.session import training
    from genstudio.session.run import Run

    family, settings = MODELS[model]
    compute = default_compute()
    dataset = datasets.load("strokes", Path(), count=count)
    data = TrainingData.of(dataset, compute.device)
    trainer = FAMILIES[family].trainer(settings, data, compute)
    request = api.TrainRequest(family, "strokes", settings, preview=0)
    return training.train(Run(request, trainer, dataset.classes))


def textbook_loop(model: str, count: int = PICTURES) -> Iterator[Any]:
    """The plain loop on the same network and pictures."""
    from genstudio.bench import textbook
    from genstudio.core import datasets
    from genstudio.core.compute import default_compute
    from genstudio.core.families.gan import Discriminator, Generator
    from genstudio.core.families.vae import conv_vae, mlp_vae
    from genstudio.core.unet import UNet

    settings: Any = MODELS[model][1]
    dataset = datasets.load("strokes", Path(), count=count)
    channels, size = dataset.images.shape[3], dataset.images.shape[1]
    data = textbook.batches(dataset.images, dataset.labels, settings.batch_size)
    device = default_compute().device
    if isinstance(settings, (VAESettings, MLPVAESettings)):
        build: Any = mlp_vae if model == "mlp" else conv_vae
        vae = textbook.plain(build(settings, channels, size))
        return textbook.vae_loop(vae, data, device, settings.lr, settings.beta)
    if isinstance(settings, GANSettings):
        g = textbook.plain(Generator(settings, channels, size))
        d = textbook.plain(Discriminator(settings, channels, size))
        return textbook.gan_loop(g, d, data, device, settings)
    return textbook.ddpm_loop(UNet(channels, settings.width, len(dataset.classes)), data, device, settings)


def advance(loop: Iterator[Any], seconds: float, device: torch.device) -> dict[str, float]:
    """Iterations done in at least `seconds`, and the time they took."""
    done, start = 0, time.perf_counter()
    while done < 2 or time.perf_counter() - start < seconds:
        next(loop)
        done += 1
    if device.type == "cuda":
        import torch

        torch.cuda.synchronize(device)
    return {"iterations": done, "seconds": time.perf_counter() - start}


def main(kind: str, model: str) -> None:
    """Be the process: `ours` or `textbook`, and a key of MODELS."""
    if kind == "ours":
        tune_malloc()
    from genstudio.core.compute import default_compute

    device = default_compute().device
    loop = (our_loop if kind == "ours" else textbook_loop)(model)
    for _ in range(WARM_UP + 1):
        next(loop)
    serve(lambda question: advance(loop, question["seconds"], device))


if __name__ == "__main__":
    main(*sys.argv[1:])
