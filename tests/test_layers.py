"""What each layer imports, seen in a fresh interpreter."""

import subprocess
import sys

import pytest

QT = {"PySide6", "pyqtgraph", "superqt", "qtpy"}
TORCH = {"torch", "torchvision"}

IMPORT_ALL = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for info in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        importlib.import_module(info.name)
print(*{name.partition(".")[0] for name in sys.modules})
"""


def imported_by(*modules: str) -> set[str]:
    """Top-level names in sys.modules after importing the modules and all their submodules."""
    command = [sys.executable, "-c", IMPORT_ALL, *modules]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_window_imports_no_torch() -> None:
    names = imported_by("genstudio.ui")
    assert "PySide6" in names
    assert not names & TORCH


def test_the_app_imports_no_torch_until_a_lane_builds_its_session() -> None:
    assert not imported_by("genstudio.app") & TORCH


@pytest.mark.parametrize(
    "modules",
    [
        ("genstudio.api", "genstudio.settings", "genstudio.engine", "genstudio.files"),
        ("genstudio.store", "genstudio.export"),
    ],
)
def test_the_middle_layers_import_neither_qt_nor_torch(modules: tuple[str, ...]) -> None:
    assert not imported_by(*modules) & (QT | TORCH)


def test_the_science_imports_no_qt() -> None:
    names = imported_by("genstudio.core", "genstudio.session")
    assert "torch" in names
    assert not names & QT


def test_the_headless_commands_import_no_qt() -> None:
    assert not imported_by("genstudio.cli.headless") & QT


def test_the_command_imports_neither_until_it_knows_the_verb() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, genstudio.cli; print(*sys.modules)"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert not {name.partition(".")[0] for name in done.stdout.split()} & (QT | TORCH | {"numpy", "tyro"})
