"""The network behind the quality numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Seed


@dataclass(frozen=True)
class ClassifierSettings:
    """The digit classifier behind the quality numbers; not offered for training in the window."""

    width: Annotated[int, Setting("Channels of the first level.", label="Width", low=8, high=128, step=8)] = 32
    batch_size: BatchSize = 128
    seed: Seed = 0
