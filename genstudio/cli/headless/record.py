"""What a run leaves behind: its rows, its checkpoint, and its folder if it has one."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from genstudio import api
from genstudio.cli.headless.rows import Rows
from genstudio.cli.headless.run_folder import RunFolder
from genstudio.errors import sentence
from genstudio.files import free_path

if TYPE_CHECKING:
    from genstudio.session import Session


class Record:
    """Writes all that; of several processes that train together, one has a record that does. Entered for the run.

    Args:
        session: Whose run it is.
        out: Its checkpoint.
        metrics: Where its rows go.
        rows: The path of that, if it has one.
        folder: Its own, if it has one.
        processes: That train together.
        writes: Whether anything is written.
        kept: See `RunFolder`.
    """

    def __init__(
        self,
        session: Session,
        out: Path,
        metrics: TextIO | None,
        rows: Path | None,
        folder: Path | None,
        processes: int,
        writes: bool,
        kept: int,
    ) -> None:
        self._session, self._out, self._writes = session, out, writes
        self._rows = Rows(metrics if writes else None, rows)
        self._folder = RunFolder(folder, session, out, rows, processes, kept) if folder is not None and writes else None
        self.state = "ended"  # how the run comes to its end
        self.is_elsewhere = False  # its last checkpoint is, for its own place could not be written

    def __enter__(self) -> Self:
        if self._folder is not None:
            self._folder.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.end()
        if self._folder is None:
            return
        is_said = kind is not None or self.is_elsewhere
        with contextlib.suppress(OSError) if is_said else contextlib.nullcontext():
            self._folder.end("broken" if kind is not None else self.state)

    def tell(self, event: api.TrainEvent) -> str:
        """The rows of an event; what a person should know of the folder, in a sentence.

        Raises:
            OSError: if they cannot be written.
        """
        said = self._keep()
        self._rows.tell(event)
        if self._folder is not None:
            self._folder.tell(event)
        return said

    def draw(self) -> None:
        """Samples into the folder, if there is one and it is this process that writes it.

        Raises:
            OSError: if they cannot be written.
        """
        self._tell_kept()
        if self._folder is not None:
            self._folder.draw()

    def save(self) -> api.SavedEvent | None:
        """The checkpoint; None if it is another process that writes it.

        It counts as saved also where what stands beside it in the run's folder could not be written.

        Raises:
            OSError: if it cannot be written.
        """
        if not self._writes:
            return None
        self._tell_kept()
        saved: api.SavedEvent = self._session.handle(api.SaveRequest(str(self._out)))
        if self._folder is not None:
            try:
                self._folder.saved()
            except OSError as error:
                print(f"It is saved, but not all of the run's folder is written: {sentence(error)}", file=sys.stderr)
        return saved

    def save_last(self) -> api.SavedEvent | None:
        """The checkpoint of the run's end: if its own place cannot be written any more, then in another one.

        Raises:
            OSError: if there is no other either.
        """
        try:
            return self.save()
        except OSError as error:
            for folder in _other_places():
                with contextlib.suppress(OSError):
                    path = free_path(folder / self._out.name)
                    saved: api.SavedEvent = self._session.handle(api.SaveRequest(str(path)))
                    print(f"{sentence(error)} So that nothing is lost it is saved in another place.", file=sys.stderr)
                    self.is_elsewhere = True
                    return saved
            raise

    def _keep(self) -> str:
        return self._folder.keep() if self._folder is not None else ""

    def _tell_kept(self) -> None:
        if said := self._keep():
            print(said, file=sys.stderr)


def _other_places() -> Iterator[Path]:
    """Folders in which a person would look."""
    with contextlib.suppress(OSError):  # the one that we are in may itself have been removed
        yield Path.cwd()
    yield Path.home()
    yield Path(tempfile.gettempdir())
