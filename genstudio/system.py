"""What this machine lacks for a window. Standard library only, and quick: the command asks it at every start."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator

BROKEN_QT = ("6.9.1", "6.11.0", "6.11.1")
X11 = {  # what only Qt's xcb platform loads, and the Debian package that has it
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
LIBRARIES = {  # what every platform of Qt loads
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def version_of(package: str) -> str:
    """The installed version of a distribution, or "missing"."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def window_faults() -> Iterator[str]:
    """Why the window cannot open here, one sentence each."""
    qt = version_of("PySide6-Essentials")
    if qt in BROKEN_QT or (sys.version_info < (3, 12) and _numbers(qt) >= (6, 12)):
        yield f"PySide6-Essentials {qt} crashes with Python {platform.python_version()}; install GenStudio anew."
    if missing := missing_libraries():
        yield f"The window needs system libraries that are not here: sudo apt install {' '.join(missing)}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


def missing_libraries() -> list[str]:
    """Debian packages that Qt needs and this Linux lacks; empty elsewhere."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    wanted = LIBRARIES if _platform() in ("offscreen", "minimal", "wayland") else {**X11, **LIBRARIES}
    for library, package in wanted.items():
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


def _platform() -> str:
    """The Qt platform that will be used; "xcb" unless something else is asked for."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    return chosen or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
