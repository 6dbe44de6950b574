"""What a run leaves behind: its rows, its checkpoint, and its folder if it has one."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from genstudio import api
from genstudio.cli.headless.rows import teller
from genstudio.cli.headless.run_folder import RunFolder
from genstudio.errors import sentence

if TYPE_CHECKING:
    from genstudio.session import Session


class Record:
    """Writes all that; of several processes that train together, one has a record that does. Entered for the run.

    Args:
        session: Whose run it is.
        out: Its checkpoint.
        metrics: Where its rows go.
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
        folder: Path | None,
        processes: int,
        writes: bool,
        kept: int,
    ) -> None:
        self._session, self._out, self._writes = session, out, writes
        self._tell_rows = teller(metrics if writes else None)
        self._folder = RunFolder(folder, session, out, processes, kept) if folder is not None and writes else None
        self.state = "ended"  # how the run comes to its end

    def __enter__(self) -> Self:
        if self._folder is not None:
            self._folder.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is None:
            return
        with contextlib.suppress(OSError) if kind is not None else contextlib.nullcontext():  # what broke is said
            self._folder.end("broken" if kind is not None else self.state)

    def tell(self, event: api.TrainEvent) -> None:
        """The rows of an event.

        Raises:
            OSError: if they cannot be written.
        """
        self._tell_rows(event)
        if self._folder is not None:
            self._folder.tell(event)

    def draw(self) -> None:
        """Samples into the folder, if there is one and it is this process that writes it.

        Raises:
            OSError: if they cannot be written.
        """
        if self._folder is not None:
            self._folder.draw()

    def save(self) -> api.SavedEvent | None:
        """The checkpoint; None if it is another process that writes it.

        It counts as saved also where what stands beside it in the run's folder could not be written.
        """
        if not self._writes:
            return None
        saved: api.SavedEvent = self._session.handle(api.SaveRequest(str(self._out)))
        if self._folder is not None:
            try:
                self._folder.saved()
            except OSError as error:
                print(f"It is saved, but not all of the run's folder is written: {sentence(error)}", file=sys.stderr)
        return saved
