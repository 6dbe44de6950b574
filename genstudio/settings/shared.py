"""Settings that several families have."""

from __future__ import annotations

from typing import Annotated

from genstudio.settings.base import Setting
from genstudio.settings.schedules import TIMESTEPS


def learning_rate(help: str, label: str = "Learning rate", high: float = 0.1) -> Setting:
    """What a step size says of itself; it spans magnitudes and may change while a run goes on."""
    return Setting(help, label=label, low=1e-6, high=high, step=2, log=True, live=True)


def average(network: str, example: str, live: bool = False) -> Setting:
    """What the decay of an average of weights says of itself; `example` is as "0.998 remembers about 500"."""
    help = f"An average of the {network} draws the samples: {example} iterations, 0 none."
    return Setting(help, label="EMA", low=0, high=0.9999, step=0.001, live=live)


Seed = Annotated[
    int, Setting("The same seed gives the same pictures, bit for bit on the CPU.", label="Seed", low=0, high=2**31 - 1)
]
BatchSize = Annotated[
    int,
    Setting("Pictures per training step; more make it steadier and slower.", label="Batch", low=1, high=4096, step=16),
]
LearningRate = Annotated[
    float, learning_rate("Adam's step size: too large and the loss jumps, too small and little is learnt.")
]
Decay = Annotated[
    int,
    Setting(
        "The learning rate falls to zero over so many iterations, and then nothing more is learnt: "
        "set it to the length of the run you plan. 0 keeps the rate constant.",
        label="Decay over",
        low=0,
        high=10_000_000,
        step=1000,
    ),
]
Timesteps = Annotated[int, Setting("Noise levels T.", label="T", low=TIMESTEPS[0], high=TIMESTEPS[1], step=10)]
