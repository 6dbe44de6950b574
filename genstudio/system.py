"""What this machine lacks for a window. Standard library only, and quick: the command asks it at every start."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator

BROKEN_QT = ("6.9.1", "6.11.0", "6.11.1")
X11 = {  # what Qt's xcb platform is linked to beyond LIBRARIES, and the Debian package that has it
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
LIBRARIES = {  # what every platform of Qt loads
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
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
    missing: dict[str, None] = {}  # a package once, in order
    wanted = LIBRARIES if _platform() in ("offscreen", "minimal", "wayland") else {**X11, **LIBRARIES}
    for library, package in wanted.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing[package] = None
    return list(missing)


def has_screen() -> bool:
    """True where a window can be shown, or where somebody chose a Qt platform by hand."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _platform() -> str:
    """The Qt platform that will be used; "xcb" unless something else is asked for."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    return chosen or ("wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
