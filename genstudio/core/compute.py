"""Which device and which precision: found once per process by a short probe."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import time
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Compute:
    """Where tensors live and whether training runs in bfloat16."""

    device: torch.device
    bf16: bool
    title: str  # "CPU", "NVIDIA H200"

    def autocast(self, enabled: bool = True) -> contextlib.AbstractContextManager[object]:
        """Mixed precision for a forward pass; never hold it across a yield."""
        if not (self.bf16 and enabled):
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    @property
    def precision(self) -> str:
        """ "bf16" or "float32": what training uses here."""
        return "bf16" if self.bf16 else "float32"


FLOAT32_CPU = Compute(torch.device("cpu"), bf16=False, title="CPU")


@functools.cache
def default_compute() -> Compute:
    """The best device here. `GENSTUDIO_DEVICE=cpu` and `GENSTUDIO_PRECISION=float32|bf16` override it."""
    device = torch.device(os.environ.get("GENSTUDIO_DEVICE") or _best_device())
    wanted = os.environ.get("GENSTUDIO_PRECISION")
    bf16 = wanted == "bf16" if wanted else _bf16_pays(device)
    return Compute(device, bf16, _title(device))


def _best_device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _title(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device.type == "mps" else "CPU"


def _bf16_pays(device: torch.device) -> bool:
    """True where a convolution forward and backward is at least 1.2 times faster in bfloat16."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "mps" or platform.machine().lower() not in ("x86_64", "amd64", "arm64", "aarch64"):
        return False
    rng = torch.Generator().manual_seed(0)
    conv = nn.Conv2d(64, 64, 3, padding=1)
    x = torch.randn(32, 64, 14, 14, generator=rng, requires_grad=True)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    for round_ in range(6):
        for bf16, times in seconds.items():
            start = time.perf_counter()
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                y = conv(x)
            y.float().square().mean().backward()
            if round_ > 0:  # the first round builds the kernels
                times.append(time.perf_counter() - start)
    return min(seconds[False]) > 1.2 * min(seconds[True])
