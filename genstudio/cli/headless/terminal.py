"""What the verbs share: a session, a progress line, and words from the command line made precise."""

from __future__ import annotations

import errno
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from genstudio import api
from genstudio.api.guidance import why_unguided
from genstudio.errors import either, hint

if TYPE_CHECKING:
    from genstudio.core.compute import Compute
    from genstudio.session import Session

REDRAW_S = {True: 0.1, False: 10.0}  # by whether the line goes to a terminal


def new_session(
    lane: str = "play", data_dir: Path | None = None, compute: Compute | None = None, *, adapts: bool = False
) -> Session:
    """A session as the window's lanes have it; torch is imported here, with the allocator tuned first."""
    from genstudio.tuning import tune_malloc

    tune_malloc()
    from genstudio.session import Session

    return Session(lane, data_dir=data_dir, compute=compute, adapts=adapts)


class ProgressLine:
    """One line on stderr that is drawn over; in a file it becomes a line every ten seconds."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._tty = self._stream.isatty()
        self._drawn_at = time.monotonic()
        self._width = 0

    def show(self, text: str) -> None:
        """Draw `text`, unless the last one is too fresh to have been read."""
        now = time.monotonic()
        if now - self._drawn_at < REDRAW_S[self._tty]:
            return
        self._drawn_at = now
        if self._tty:
            self._stream.write(f"\r{text:<{self._width}}")
            self._width = len(text)
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, so that what comes next starts at the left."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0


def without_progress(events: Iterator[Any]) -> Iterator[Any]:
    """A stream's events but those of progress, which show on a progress line."""
    line = ProgressLine()
    try:
        for event in events:
            if isinstance(event, api.ProgressEvent):
                share = f"{100 * event.done // event.total} %" if event.total else f"{event.done}"
                line.show(f"{event.what}: {share}")
            else:
                line.clear()
                yield event
    finally:
        line.clear()


def last_event(events: Iterator[Any]) -> Any:
    """Run a stream to its end with a progress line; its last event."""
    last = None
    for event in without_progress(events):
        last = event if event is not None else last
    return last


def tell_saved(event: api.SavedEvent) -> None:
    """Say on stderr which file was written; stdout stays for data."""
    print(f"Wrote {event.path} ({kilobytes(event.bytes)}).", file=sys.stderr)


def kilobytes(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def class_number(info: api.ModelInfo, words: str | None) -> int:
    """The label of a request for a class given by number or name, "none", or nothing for all in turn.

    Raises:
        ValueError: naming the classes the model knows.
    """
    if words is None:
        return api.ALL_CLASSES
    if not info.classes:
        raise ValueError(f"{info.name} knows no classes; leave --class out.")
    if words in info.classes:
        return info.classes.index(words)
    if words == "none":
        return api.NO_CLASS
    if words.isdecimal() and int(words) < len(info.classes):
        return int(words)
    near = () if words.isdecimal() else info.classes
    end = hint(words, near, f"{info.name} knows {', '.join(info.classes)}, or none")
    raise ValueError(f"--class is {words!r}; {end}")


def check_guidance(info: api.ModelInfo, guidance: float, label: int = api.ALL_CLASSES) -> None:
    """Refuse guidance, other than 1, of a model or a class that it does nothing to.

    Raises:
        ValueError: with the reason.
    """
    why = why_unguided(info, label) if guidance != 1 else ""
    if why:
        raise ValueError(f"--guidance {guidance:g} changes nothing: {why[0].lower()}{why[1:]}")


def check_choice(flag: str, value: str, known: Iterable[str]) -> None:
    """Refuse a word that is not among those that a flag takes.

    Raises:
        ValueError: naming the nearest word, or all of them.
    """
    known = tuple(known)
    if value not in known:
        raise ValueError(f"{flag} is {value!r}; {hint(value, known, f'choose {either(known)}')}")


def check_output(path: Path, *suffixes: str) -> None:
    """Refuse an output path before the work begins.

    Raises:
        ValueError: for another suffix than those given; with none given all are allowed.
        FileNotFoundError: if the folder does not exist.
        OSError: if the path is a folder, or the folder cannot be written.
    """
    if suffixes and path.suffix.lower() not in suffixes:
        raise ValueError(f"{path.name} must end in {either(suffixes)}.")
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.absolute().parent} to write {path.name} into.")
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
    try:
        tempfile.TemporaryFile(dir=path.absolute().parent).close()
    except OSError as error:  # the folder is what the sentence should name, not the temporary file
        number = errno.EACCES if error.errno == errno.ENOENT else error.errno  # /proc says ENOENT
        raise OSError(number, error.strerror, str(path)) from error
