"""What the window says, as its source has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import genstudio
from genstudio.ui.widgets.plain import plain

ROOT = Path(genstudio.__file__).parent


def literals(path: Path) -> Iterator[str]:
    """The strings of a file that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("folder", ["ui", "settings", "session"])
def test_a_distribution_is_never_broken_over_two_lines(folder: str) -> None:
    broken = [text for path in (ROOT / folder).rglob("*.py") for text in literals(path) if "N(0, " in text]
    assert not broken, "a no-break space keeps N(0, I) together"


def test_words_without_signs_of_markup_stay_as_they_are() -> None:
    assert plain("mnist 7") == "mnist 7"
    assert plain("a<b> & c") == "<p style='white-space: pre-wrap'>a&lt;b&gt; &amp; c</p>"
