"""`--check`: versions, device, precision, and what this system lacks."""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from genstudio import __version__
from genstudio.system import has_screen, version_of, window_faults

PACKAGES = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "numpy", "Pillow", "safetensors")


def check(data_dir: Path | None = None) -> int:
    """Print versions, device and precision, and what the system lacks. 1 if the window cannot open."""
    from genstudio.tuning import tune_malloc

    tuned = tune_malloc()
    print(f"GenStudio {__version__}, Python {platform.python_version()}, {platform.platform()}")
    print(", ".join(f"{name} {version_of(name)}" for name in PACKAGES))
    import torch

    from genstudio import store
    from genstudio.core import datasets
    from genstudio.core.compute import default_compute

    compute = default_compute()
    threads = torch.get_num_threads()
    print(f"Device: {compute.title}, {threads} thread{'s' if threads != 1 else ''}, training in {compute.precision}")
    print(f"Memory allocator: {'tuned for training' if tuned else 'as the system has it'}")
    folder = data_dir or datasets.default_data_dir()
    there = [info.name for info in datasets.infos(folder) if info.available]
    print(f"Data folder: {folder} ({', '.join(there)})")
    bundled = len(store.list_models((store.pretrained_dir(),)))
    print(f"Models: {bundled} bundled and a classifier, your own in {store.models_dir()}")
    for line in notes():
        print(f"Note: {line}")
    faults = list(window_faults())
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


def notes() -> Iterator[str]:
    """What could be there and is not, with what to do."""
    if not has_screen():
        yield "there is no screen here; the window needs one, the verbs (`screenshot` too) do not."
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        yield "films are written as PNG, WebP and GIF; for MP4: pip install 'imageio[ffmpeg]'."
