"""A small digit classifier: its penultimate features are what the quality numbers are measured in."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core.compute import Compute
from genstudio.core.images import to_float
from genstudio.core.optimizers import adam, step
from genstudio.core.seeding import generator
from genstudio.core.training import Averaging, TrainingData, seeded
from genstudio.settings import ClassifierSettings

FEATURES = 128
PEAK_RATE = 2e-3


class Classifier(nn.Module):
    """28x28 grey pictures in [-1, 1] to 10 logits; `features` is the layer below, 128 numbers >= 0."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        w = width
        self.body = nn.Sequential(
            *_block(1, w), *_block(w, w), nn.MaxPool2d(2),
            *_block(w, 2 * w), *_block(2 * w, 2 * w), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.3), nn.Linear(2 * w * 49, FEATURES), nn.ReLU(),
        )  # fmt: skip
        self.head = nn.Linear(FEATURES, 10)

    def features(self, x: Tensor) -> Tensor:
        """(B, 128) float32 of pictures (B, 1, 28, 28)."""
        return self.body(x).float()

    def forward(self, x: Tensor) -> Tensor:
        """Logits (B, 10)."""
        return self.head(self.features(x))


def _block(channels_in: int, channels: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels_in, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()


def augment(x: Tensor, rng: torch.Generator) -> Tensor:
    """Each picture turned by up to 10 degrees, scaled by 0.9 to 1.1 and moved by up to 2 px."""
    angle, scale, dx, dy = torch.rand(4, len(x), generator=rng).mul(2).sub(1).to(x.device)
    angle, scale, dx, dy = angle * 0.175, 1 + 0.1 * scale, dx * 2 / 14, dy * 2 / 14
    rows = [scale * angle.cos(), -scale * angle.sin(), dx, scale * angle.sin(), scale * angle.cos(), dy]
    theta = torch.stack(rows, 1).view(-1, 2, 3)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def train_classifier(
    settings: ClassifierSettings, data: TrainingData, compute: Compute, iterations: int
) -> Iterator[tuple[int, Classifier]]:
    """Cross entropy with Adam and a one-cycle rate; yields (iteration, averaged network) after each."""
    net: Classifier = seeded(settings.seed, lambda: Classifier(settings.width)).to(compute.device)
    average: Classifier = copy.deepcopy(net).eval().requires_grad_(False)
    averaging = Averaging(average, net)
    optimizer = adam(net, PEAK_RATE)
    for iteration in range(iterations):
        x, y = data.batch(iteration, settings.batch_size, settings.seed)
        rng = generator(settings.seed, 1, iteration)
        x = augment(x, rng)
        with torch.random.fork_rng(devices=[]), compute.autocast():
            torch.manual_seed(int(torch.randint(2**31, (), generator=rng)))  # for the dropout
            logits = net(x)
        loss = F.cross_entropy(logits.float(), y, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        progress = iteration / iterations
        step(optimizer, PEAK_RATE * min(1.0, progress / 0.1, (1 - progress) / 0.9))
        averaging.update(0.995, iteration)
        yield iteration + 1, average


@torch.inference_mode()
def accuracy(net: Classifier, data: TrainingData) -> float:
    """Share of correct answers."""
    net.eval()
    right = 0
    for start in range(0, len(data.images), 500):
        x = to_float(data.images[start : start + 500])
        right += int((net(x).argmax(1) == data.labels[start : start + 500]).sum())
    return right / len(data.images)
