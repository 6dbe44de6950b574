"""Which device and which precision: found once per process by a short probe."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import platform
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import torch
from torch import nn

from genstudio.core.threads import THREADS
from genstudio.files import atomic_write


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

    def rounding(self) -> dict[str, str]:
        """What the last digits of a training run depend on, besides the version of torch and its changes."""
        return {"device": self.device.type, "precision": self.precision}


class AllDigits:
    """Convolutions of a GPU in all digits of float32, not in the ten bits of TF32, while somebody is inside.

    It holds for the whole process, so the last one to leave puts back what was before the first.
    """

    def __init__(self) -> None:
        self._lock, self._inside, self._usual = threading.Lock(), 0, True

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._usual = torch.backends.cudnn.allow_tf32
                torch.backends.cudnn.allow_tf32 = False
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                torch.backends.cudnn.allow_tf32 = self._usual


ALL_DIGITS = AllDigits()
FLOAT32_CPU = Compute(torch.device("cpu"), bf16=False, title="CPU")
_choosing = threading.Lock()


def default_compute() -> Compute:
    """The best device here. `GENSTUDIO_DEVICE=cpu` and `GENSTUDIO_PRECISION=float32|bf16` override it.

    The lanes of a window ask at the same time: one of them probes, and all get its answer.

    Raises:
        ValueError: if a variable asks for what is not here.
    """
    with _choosing:
        return _chosen_compute()


@functools.cache
def _chosen_compute() -> Compute:
    devices = _devices()
    name = os.environ.get("GENSTUDIO_DEVICE") or devices[0]
    if name.partition(":")[0] not in devices:  # "cuda:1" is the second GPU
        raise ValueError(f"GENSTUDIO_DEVICE is {name!r}; this machine has {', '.join(devices)}")
    precision = os.environ.get("GENSTUDIO_PRECISION", "")
    if precision not in ("", "bf16", "float32"):
        raise ValueError(f"GENSTUDIO_PRECISION is {precision!r}; allowed: bf16, float32")
    device = torch.device(name)
    bf16 = precision == "bf16" if precision else _bf16_pays(device)
    return Compute(device, bf16, _title(device))


def _devices() -> list[str]:
    """The names of the devices here, the fastest first."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return [name for name, is_there in found.items() if is_there]


def _title(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device.type == "mps" else "CPU"


def _bf16_pays(device: torch.device) -> bool:
    """Whether training is faster in bfloat16: asked of a GPU's driver, measured on a CPU.

    The measurement is kept for this processor and torch version, so that every later process trains in
    the same precision, however busy the machine is: a repeated run must repeat.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "mps":
        return False
    kept = Path(platformdirs.user_cache_dir("genstudio", appauthor=False)) / "precision.json"
    key = f"{_processor()} torch {torch.__version__}"
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(kept.read_text("utf-8"))
        if isinstance(known, dict) and isinstance(known.get(key), bool):
            return bool(known[key])
    pays = _measure_bf16() > 1.1
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(kept) as file:
            file.write(json.dumps({key: pays}).encode())
    return pays


def machine(compute: Compute, threads: int = THREADS) -> str:
    """What computes here, and how precisely; nothing that names the machine itself."""
    many = "1 thread" if threads == 1 else f"{threads} threads"
    what = f"CPU ({_processor()}, {many})" if compute.device.type == "cpu" else compute.title
    return f"{what}, {compute.precision}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
        if found:
            return f"{found[1]} {torch.backends.cpu.get_cpu_capability()}"
    return f"{platform.processor() or platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def _measure_bf16(rounds: int = 16) -> float:
    """How many times faster a convolution's forward and backward is in bfloat16.

    On one thread and by the fastest of many short rounds, so that other work on the machine, our own
    window's start included, does not decide.
    """
    rng = torch.Generator().manual_seed(0)
    conv = nn.Conv2d(64, 64, 3, padding=1)
    x = torch.randn(16, 64, 14, 14, generator=rng, requires_grad=True)
    seconds: dict[bool, list[float]] = {False: [], True: []}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for _ in range(rounds):
            for bf16, times in seconds.items():
                start = time.perf_counter()
                with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                    y = conv(x)
                y.float().square().mean().backward()
                times.append(time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    return min(seconds[False]) / min(seconds[True])
