"""What the command says that this Linux lacks, held against what Qt is really linked to."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from genstudio import system

ROOT = Path(__file__).parent.parent
EVERYWHERE = {"libc", "libm", "libgcc_s", "libstdc++", "libz", "libzstd", "libpthread", "libdl"}  # Python needs these
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there the libraries are the system's")


def linked(file: Path) -> set[str]:
    """Names of the shared libraries that appear in a compiled file."""
    return {name.decode() for name in re.findall(rb"\0(lib[\w+-]+(?:-\d\.\d)?\.so\.\d+)(?=\0)", file.read_bytes())}


@linux
def test_every_library_of_qts_x11_platform_is_asked_for() -> None:
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None and spec.origin is not None
    qt = Path(spec.origin).parent / "Qt"
    bundled = {path.name for path in (qt / "lib").iterdir()}
    names = linked(qt / "plugins/platforms/libqxcb.so") | linked(qt / "lib/libQt6Gui.so.6")
    wanted = {name for name in names - bundled if name.split(".so")[0].removesuffix("-2.0") not in EVERYWHERE}
    assert "libxcb-icccm.so.4" in wanted  # the file is read rightly
    assert wanted <= {*system.X11, *system.LIBRARIES}


@linux
def test_what_is_missing_is_named_once_and_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(system.ctypes, "CDLL", absent)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    missing = system.missing_libraries()
    assert {"libxcb-icccm4", "libxcb-keysyms1"} <= set(missing)
    assert len(missing) == len(set(missing))
    assert "libxcb-icccm4 " in next(system.window_faults())
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not set(system.missing_libraries()) & set(system.X11.values())


@pytest.mark.parametrize("file", ["README.md", ".ci/run"])
def test_the_readme_and_ci_list_the_same_packages(file: str) -> None:
    words = set(re.split(r"[\s:;\\]+", (ROOT / file).read_text(encoding="utf-8")))
    assert {*system.X11.values(), *system.LIBRARIES.values()} <= words
