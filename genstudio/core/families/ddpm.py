"""Class-conditional denoising diffusion (Ho et al. 2020; arXiv:2006.11239), and flow matching."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.families.denoising import DenoisingTrainer
from genstudio.core.images import to_uint8
from genstudio.core.levels import uniform
from genstudio.core.prediction import Model, Predict, min_snr_weight, predictor, target
from genstudio.core.samplers import ddim
from genstudio.core.seeding import ImageNoise
from genstudio.core.training import TrainingData
from genstudio.core.unet import UNet
from genstudio.settings import LearningDenoising


def guided(net: nn.Module, y: Tensor, no_class: int, guidance: float, compute: Compute) -> Model:
    """The answer to (x_t, t) with classifier-free guidance (Ho & Salimans 2022, arXiv:2207.12598, eq. 6).

    eps = eps(no class) + guidance (eps(y) - eps(no class)), and alike for the other objectives, whose answers are
    linear in eps; guidance 1 asks for y as trained and 0 ignores it, each with one network call per step. y (B,) int64.
    """
    if guidance == 0:
        y = torch.full_like(y, no_class)
    if guidance in (0, 1) or bool((y == no_class).all()):
        labels, both = y, False
    else:
        labels, both = torch.cat([torch.full_like(y, no_class), y]), True

    # On the CPU in float32 whatever the probe found: a seed means the same bytes everywhere on it.
    precision = compute.autocast(compute.device.type != "cpu")
    t_batch = torch.empty(len(labels), device=labels.device)  # made once: beside a network a new one is dear

    def model(x_t: Tensor, t: float) -> Tensor:
        x = torch.cat([x_t, x_t]) if both else x_t
        with torch.inference_mode(), precision:
            answer: Tensor = net(x, t_batch.fill_(t), labels)
            if both:
                without, with_y = answer.chunk(2)
                answer = without + guidance * (with_y - without)
        return answer

    return model


class DDPMTrainer(DenoisingTrainer):
    """Predicts the noise that was added, at a random level (Ho et al. 2020, algorithm 1), or what tells the same."""

    limit: ClassVar[float | None] = 1.0  # pictures are in [-1, 1]
    preview_share = 0.1  # else the first pictures are seen late
    settings: LearningDenoising
    data: TrainingData

    def network(self) -> nn.Module:
        """What answers (x_t, t, y), new."""
        return UNet(self.data.channels, self.settings.width, self.data.classes)

    def shape(self) -> tuple[int, ...]:
        """Of what noise is taken away from."""
        return self.data.channels, self.data.size, self.data.size

    def pictures(self, x: Tensor) -> Tensor:
        """What states (B, ...) look like, (B, C, H, W) in [-1, 1]."""
        return x

    def drawn(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The same as `with_noise`, of which some have lost their class."""
        rng = self.rng(1)
        x0, eps, y, share = self.with_noise(rng)
        dropped = torch.rand(len(x0), generator=rng).to(x0.device) < self.settings.class_dropout
        return x0, eps, y.masked_fill(dropped, self.data.classes), share

    def stages(self) -> Iterator[str]:
        """Add noise, predict it, update."""
        s = self.settings
        x0, eps, y, share = map(parallel.mine, self.drawn())
        t = self.levels(share)
        signal, noise = self.schedule.of_batch(t, x0)
        x_t = signal * x0 + noise * eps
        yield "add noise"
        with self.compute.autocast():
            answer = self.net(x_t, t, y)
        errors = (answer - target(s.objective, x0, eps, signal, noise)) ** 2
        if s.min_snr:
            errors = errors * min_snr_weight(s.objective, signal, noise, s.min_snr)
        yield "predict"
        self.learn(parallel.mean(errors))
        self.by_t.note(t, errors)
        yield "update"

    def fixed(self, count: int) -> tuple[Predict, ImageNoise, Tensor]:
        """For pictures of the average that begin at the same noise every time: it is at most 16, classes in turn."""
        count, classes, device = min(count, 16), self.data.classes, self.compute.device
        y = (torch.arange(count) % classes if classes else torch.zeros(count, dtype=torch.int64)).to(device)
        rng = ImageNoise(self.settings.seed, range(count), device)
        model = guided(self.average, y, classes, 1.0, self.compute)
        return predictor(model, self.settings.objective, self.limit), rng, rng.draw(self.shape())

    def preview(self, count: int) -> Tensor:
        """DDIM in 10 steps."""
        predict, rng, x = self.fixed(count)
        for current in ddim(predict, uniform(self.schedule, 10), x, rng):
            x = current.x_t
        return to_uint8(self.pictures(x)).cpu()
