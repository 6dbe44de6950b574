"""An error as one reads it after a command: a capital, a full stop, and flags named as they are typed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from genstudio.cli.usage import Line, UsageError
from genstudio.errors import sentence, whole

FLAGS = {"columns": "--cols"}  # fields of requests whose flags are called otherwise


@contextlib.contextmanager
def as_typed(line: Line) -> Iterator[None]:
    """Errors leave this block as a ValueError with the sentence for the command line."""
    try:
        yield
    except (UsageError, BrokenPipeError):
        raise
    except Exception as error:
        raise ValueError(worded(sentence(error), line)) from error


def worded(text: str, line: Line) -> str:
    """`text` as a sentence; a field named at its start, or behind "trained with", becomes the command's flag.

    A name that was typed, of a file or a model, keeps its first letter.
    """
    text = re.sub(r"^[a-z_-]+(?= is )|(?<=trained with )[a-z_]+", lambda match: _flag(match.group(), line), text)
    return whole(text, {part for word in line.args for part in (word, Path(word).stem)})


def _flag(field: str, line: Line) -> str:
    flag = FLAGS.get(field, f"--{field.replace('_', '-')}")
    return flag if field not in line.args and flag in line.flags() else field
