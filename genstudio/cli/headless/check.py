"""`--check`: versions, device, precision, and what this system lacks."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from genstudio import __version__

PACKAGES = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "numpy", "Pillow", "safetensors")
BROKEN_QT = ("6.9.1", "6.11.0", "6.11.1")
LIBRARIES = {  # what Qt's xcb platform loads, and the Debian package that has it
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def check(data_dir: Path | None = None) -> int:
    """Print versions, device and precision, and what the system lacks. 1 if the window cannot open."""
    from genstudio.tuning import tune_malloc

    tuned = tune_malloc()
    print(f"GenStudio {__version__}, Python {platform.python_version()}, {platform.platform()}")
    print(", ".join(f"{name} {_version(name)}" for name in PACKAGES))
    import torch

    from genstudio import store
    from genstudio.core import datasets
    from genstudio.core.compute import default_compute

    compute = default_compute()
    print(f"Device: {compute.title}, {torch.get_num_threads()} threads, training in {compute.precision}")
    print(f"Memory allocator: {'tuned for training' if tuned else 'as the system has it'}")
    folder = data_dir or datasets.default_data_dir()
    there = [info.name for info in datasets.infos(folder) if info.available]
    print(f"Data folder: {folder} ({', '.join(there)})")
    print(f"Models: {len(store.list_models((store.pretrained_dir(),)))} bundled, your own in {store.models_dir()}")
    for line in notes():
        print(f"Note: {line}")
    faults = list(window_faults())
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def notes() -> Iterator[str]:
    """What could be there and is not, with what to do."""
    if not has_screen():
        yield "there is no screen here; the window needs one, the verbs (`screenshot` too) do not"
    if importlib.util.find_spec("imageio_ffmpeg") is None:
        yield "films are written as PNG, WebP and GIF; for MP4: pip install 'imageio[ffmpeg]'"


def window_faults() -> Iterator[str]:
    """Why the window cannot open here, one sentence each."""
    qt = _version("PySide6-Essentials")
    if qt in BROKEN_QT or (sys.version_info < (3, 12) and qt.startswith("6.12.")):
        yield f"PySide6-Essentials {qt} crashes with Python {platform.python_version()}; install GenStudio anew."
    if missing := missing_libraries():
        yield f"The window needs system libraries that are not here: sudo apt install {' '.join(missing)}"


def missing_libraries() -> list[str]:
    """Debian packages that Qt needs and this Linux lacks; empty elsewhere."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def has_screen() -> bool:
    """True where a window can be shown, or where somebody chose a Qt platform by hand."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
