"""Row start: from the start of the process to the window, and to pictures that move."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result

RUNS = 4  # the first warms the disk and is not counted


def measure() -> Iterator[Result]:
    """Median of fresh processes; the first one is not counted."""
    with bare_environment() as environment:
        answers = [once(__name__, repr(time.time()), environment=environment) for _ in range(RUNS)][1:]
    for name, key, target in (
        ("window shown", "window_s", 1.0),
        ("first picture that moves", "moving_s", 5.0),
    ):
        yield Result("start", name, statistics.median(a[key] for a in answers), "s", "<", target)
    yield Result("start", "starts with torch imported before the window", sum(a["torch"] for a in answers), "", "<", 1)


def main(started_at: str) -> None:
    """Be the process: the window as `genstudio` opens it, until its picture has moved."""
    from genstudio.system import has_screen, window_faults

    assert has_screen() and not list(window_faults())  # what the command looks at before the window
    from genstudio.bench.desk import Desk

    desk = Desk()
    desk.show_tab("vae")
    desk.application.show()
    desk.window.repaint()
    window_s, torch = time.time() - float(started_at), "torch" in sys.modules and sys.platform != "win32"
    desk.wait_for("vae.decode PicturesEvent", 2)
    desk.window.page("vae").repaint()
    tell(window_s=window_s, torch=torch, moving_s=time.time() - float(started_at))
    desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
