"""Turns an exception into the one sentence a person reads. Standard library only."""

from __future__ import annotations

import difflib
import errno
import re
from collections.abc import Container, Iterable, Sequence

ENDS = (".", "!", "?", "…")
SHORTEST, MOST = 3, 6  # letters of a word that is taken for the beginning of others, and how many of those are named


class Diverged(FloatingPointError):
    """A loss of a run is no longer a finite number.

    Args:
        iteration: The first of which that is so.
    """

    def __init__(self, iteration: int) -> None:
        super().__init__(
            f"A loss is no longer a finite number at iteration {iteration}; the run has stopped. "
            "Try a smaller learning rate and start again."
        )
        self.iteration = iteration


class NoReceipt(ValueError):
    """A file does not say what it was made from: it is of another program."""


def sentence(error: BaseException) -> str:
    """What happened and, where we know it, what to do; one line, no traceback."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or _is_torch_memory(error, text):
        return "Not enough memory for this; try a smaller batch, width or number of pictures."
    if isinstance(error, OSError) and error.errno is not None:
        return _os_sentence(error)
    if isinstance(error, (ValueError, FileNotFoundError, FloatingPointError, OSError)) and text:
        return text
    return f"Something went wrong inside GenStudio ({type(error).__name__}: {text or 'no message'})."


def counted(count: int, noun: str) -> str:
    """1 picture, 2 pictures, 60,000 pictures."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def about(seconds: float) -> str:
    """How long something goes on, as a person says it: about 40 s, about 3 min."""
    if seconds >= 90:
        return f"about {round(seconds / 60):,} min"
    return f"about {max(round(seconds, -1 if seconds >= 10 else 0), 1):.0f} s"


def whole(text: str, names: Container[str] = ()) -> str:
    """`text` with a capital and a full stop, as one reads it alone.

    What begins with a file's name, a quotation, a field or an option keeps its first letter, and so does one of
    `names` of models and data, which look like any word.
    """
    first = re.match(r"[a-z]+(?=[ ,;:'’]|$)", text)
    if first and first.group() not in names:
        text = text[0].upper() + text[1:]
    return text if not text or text.endswith(ENDS) else f"{text}."


def hint(word: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a sentence about a mistyped word: the known words nearest to it, or `otherwise` if none is near."""
    return did_you_mean(word, known) or f"{otherwise}."


def either(words: Sequence[str]) -> str:
    """Words with "or" before the last."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question that names the known words that begin like a mistyped one, if they are few, or else the nearest one;
    "" if none is near.
    """
    names = {name.lower().lstrip("-"): name for name in known}  # the dashes that all flags have make none near
    word = word.lower().lstrip("-")
    begun = [name for key, name in names.items() if key.startswith(word)] if len(word) >= SHORTEST else []
    if not 1 <= len(begun) <= MOST:
        begun = [names[key] for key in difflib.get_close_matches(word, sorted(names), 1)]
    return f"did you mean {either(begun)}?" if begun else ""


def _is_torch_memory(error: BaseException, text: str) -> bool:
    words = ("not enough memory", "can't allocate memory", "out of memory")
    return isinstance(error, RuntimeError) and any(word in text.lower() for word in words)


def _os_sentence(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    known = {
        errno.ENOSPC: f"The disk is full; nothing was changed{':' + where if where else ''}.",
        errno.EACCES: f"No permission for{where or ' this file'}; choose another folder.",
        errno.EPERM: f"No permission for{where or ' this file'}; choose another folder.",
        errno.EROFS: f"Cannot write into{where or ' this folder'}: it is read-only; choose another one.",
        errno.ENOENT: f"There is no file or folder{where}.",
        errno.EISDIR: f"This is a folder, not a file:{where}.",
        errno.ENOTDIR: f"A part of this path is a file, not a folder:{where}.",
        errno.ENAMETOOLONG: "This file name is too long; choose a shorter one.",
    }
    return known.get(
        error.errno or 0, f"{error.strerror or 'The file could not be used'}{':' + where if where else ''}."
    )
