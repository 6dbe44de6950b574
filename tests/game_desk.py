"""Plays real games on points, as tests of their alarms and of the gallery need them."""

from __future__ import annotations

import torch

from genstudio.api.health import Moment
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families.point_gan import PointGANTrainer
from genstudio.core.points import POINTS, PointData
from genstudio.settings import PointGANSettings


def played(points: str, settings: PointGANSettings, iterations: int, every: int) -> list[Moment]:
    """What a game told of itself, every so many iterations."""
    trainer = PointGANTrainer(settings, PointData(POINTS[points], torch.device("cpu")), FLOAT32_CPU)
    moments = []
    for k in range(iterations):
        trainer.run_iteration()
        if (k + 1) % every == 0:
            losses = dict(zip(trainer.metric_names, trainer.metrics().tolist(), strict=True))
            moments.append(Moment(k + 1, losses, {n: t.detach().numpy() for n, t in trainer.numbers().items()}))
    return moments
