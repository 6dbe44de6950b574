"""The sheet of keys names every key that anything in the window listens to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeSession
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from window_desk import opened

import genstudio.ui
from genstudio.ui.key_table import ALIASES, KEYS, MODES
from genstudio.ui.main_window import MainWindow

SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
SHOWN = {key for _, lines in KEYS for line in lines for key in line.keys}
KNOWN = SHOWN | {key for _, lines in KEYS for line in lines for key in line.also}


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    with opened(qtbot, FakeSession()) as made:
        yield made


def listened() -> Iterator[tuple[str, str]]:
    """The keys in the source of the window, each with its file: named ones, and letters in what handles key events."""
    for path in sorted(Path(genstudio.ui.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
                name = node.attr.removeprefix("Key_")
                code = getattr(Qt.Key, node.attr)
                yield path.name, SIGNS.get(name) or QKeySequence(code).toString()
            elif isinstance(node, ast.FunctionDef) and node.name == "keyPressEvent":
                tests = [test for test in ast.walk(node) if isinstance(test, ast.Compare)]
                letters = [c.value for test in tests for c in ast.walk(test) if isinstance(c, ast.Constant)]
                yield from ((path.name, c.upper()) for c in letters if isinstance(c, str) and len(c) == 1)


def test_every_key_that_is_listened_to_is_on_the_sheet() -> None:
    keys = list(listened())
    assert {"C", "L", "P", "R", "PgUp", "Space"} <= {key for _, key in keys}
    assert [(file, key) for file, key in keys if key not in KNOWN] == []


def test_every_shortcut_of_the_window_is_on_the_sheet_and_the_sheet_shows_the_table(window: MainWindow) -> None:
    assert {key for key in window.shortcuts if key not in SHOWN} == {*ALIASES, *MODES[1:-1]}
    window.toggle_help()
    words = {label.text() for label in window.help_sheet.findChildren(QLabel)}
    for _, lines in KEYS:
        for line in lines:
            assert line.words in words
            names = {QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in line.keys if k.isascii()}
            assert names <= words


def test_a_shortcut_is_a_key_and_no_two_mean_the_same(window: MainWindow) -> None:
    sequences = [QKeySequence(key) for key in window.shortcuts]
    assert all(sequence.count() == 1 for sequence in sequences)
    assert len({sequence.toString() for sequence in sequences}) == len(sequences)
