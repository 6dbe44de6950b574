"""Settings that several families have."""

from __future__ import annotations

from typing import Annotated

from genstudio.settings.base import Setting

Seed = Annotated[
    int, Setting("The same seed gives the same pictures, bit for bit on the CPU.", label="Seed", low=0, high=2**31 - 1)
]
BatchSize = Annotated[
    int,
    Setting("Pictures per training step; more make it steadier and slower.", label="Batch", low=1, high=4096, step=16),
]
LearningRate = Annotated[
    float,
    Setting(
        "Adam's step size: too large and the loss jumps, too small and little is learnt.",
        label="Learning rate",
        low=1e-6,
        high=1e-1,
        step=2,
        log=True,
        live=True,
    ),
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
