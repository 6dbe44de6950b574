"""The words of a run that is watched."""

from __future__ import annotations

from html import escape
from pathlib import Path

from genstudio.api import RunFolderEvent, TrainRequest, called
from genstudio.api.model_card import TITLES
from genstudio.ui.tabs.run_words import duration

SILENT_S = 60.0  # without a word, before that is remarked on
SLOW = 20  # iterations: of a slow run, so many of its own
AGAIN_S = 5.0  # from a look that failed to the next
DEAF_S = 10.0  # without a look that came back
NO_FOLDER = (
    "A run that goes on elsewhere, in a terminal or on a cluster, can be watched here by the folder that it writes.\n"
    "Start one with “genstudio train vae --dataset mnist --log-dir runs/first”, and choose runs/first,\n"
    "on this machine or on a share that both see."
)
CHOOSE, CHOOSE_HELP = (
    "Choose a folder…",
    "The folder that a run writes with --log-dir; it can also be dropped on the window",
)
NO_CHECKPOINTS = "None yet. A run writes one every so many iterations (--save-every)."
NO_MORE_CHECKPOINTS = "None any more: they went with the folder. The run writes another one before long (--save-every)."
MADE_AGAIN = "Its folder was <b>removed</b> and made again: of before, all that is left is what was read here."
ELSEWHERE = "Its losses are written elsewhere (--metrics), so there are no curves of them here."
STAYS = "What was read stays here; should it come back, the rest follows."
NONE = "–"  # in the place of a number


def about(request: TrainRequest | None, processes: int) -> str:
    """Beside the name of the folder."""
    if request is None:
        return ""
    together = f" · {processes} processes" if processes > 1 else ""
    return f"{TITLES.get(request.family, request.family)} · {called(request.dataset)}{together}"


def is_silent(event: RunFolderEvent, silent_s: float) -> bool:
    """Whether a run should have written something by now."""
    speed = event.progress.iterations_per_s if event.progress is not None else 0.0
    return event.state == "running" and silent_s > max(SILENT_S, SLOW / speed if speed else 0.0)


def instead(event: RunFolderEvent, folder: str) -> str:
    """What stands in the place of the pictures as long as there are none."""
    name = Path(folder).name
    if event.state in ("missing", "unreadable"):
        return f"{event.reason} What is written there is shown as soon as it can be read."
    if event.state == "foreign":
        return event.reason
    if event.state == "empty":
        return (
            event.reason or f"Nothing has been written into {name} yet. What a run writes there is shown as it comes."
        )
    return "There are no samples yet. The run draws some every so many iterations (--samples-every)."


def status(event: RunFolderEvent, silent_s: float, deaf_s: float, has_run: bool) -> str:
    """How the run is, with its signs; "" where the words in the place of the pictures say it.

    Args:
        silent_s: For so long the run has written nothing.
        deaf_s: For so long no look has come back.
        has_run: Something is shown of it.
    """
    if deaf_s > DEAF_S:
        return f"<error>The folder has not answered for {duration(deaf_s)}</error>: a share may be slow, or gone."
    if not has_run:
        return ""
    if event.state in ("missing", "unreadable"):
        what = "has vanished" if event.state == "missing" else "cannot be read"
        return f"<error>The folder {what}.</error> {escape(event.reason)} {STAYS}"
    if event.state == "empty":
        return f"<error>The folder has been emptied.</error> {STAYS}"
    if event.state == "foreign":
        return f"<error>The folder has changed.</error> {escape(event.reason)}"
    if is_silent(event, silent_s):
        return (
            f"<error>Nothing has been written for {duration(silent_s)}.</error> The run may have been killed, or its "
            "machine is gone; what it writes is shown when it comes."
        )
    said = {
        "running": "The run goes on.",
        "ended": "The run has come to its <b>end</b>.",
        "stopped": "The run was <b>stopped</b>; --resume goes on from its newest checkpoint.",
        "broken": "The run <error>broke off</error> with an error, which its terminal says.",
    }.get(event.state, "")
    more = (ELSEWHERE if not event.has_rows else "", MADE_AGAIN if event.is_made_again else "")
    return " ".join(filter(None, (said, *more)))


def failed(why: str) -> str:
    """A look has ended with an error, and another one follows."""
    return f"{why} It is looked at again in {AGAIN_S:.0f} s."


def left(iteration: int, goal: int, speed: float) -> str:
    """The time to its end."""
    return duration((goal - iteration) / speed) if 0 < iteration < goal and speed > 0 else NONE


def ago(seconds: float) -> str:
    """How long it is since something was written: just now, 40 s ago, 3 min ago, 5 h ago, 3 days ago."""
    if seconds < 2:
        return "just now"
    for unit, size, most in (("s", 1, 60), ("min", 60, 60), ("h", 3600, 48)):
        if seconds < size * most:
            return f"{int(seconds / size)} {unit} ago"
    return f"{int(seconds / 86400)} days ago"


def moment(iteration: int, is_newest: bool) -> str:
    """Which samples are shown."""
    return f"iteration {iteration:,}{' · the newest' if is_newest else ''}"


def deaf(folder: str, seconds: float) -> str:
    """The first look at a folder has not come back."""
    return f"{Path(folder).name} has not answered for {duration(seconds)}: a share may be slow, or gone."
