"""The sentences of every page that trains: what becomes of its runs and their files."""

from __future__ import annotations

import re

from genstudio.api import last_part

SUFFIX = ".safetensors"
KEPT = re.compile(r"last run \((.+), (\d+)\)")  # how the session calls the file of a run that nobody saved
TRAIN_SPEEDS = {"1/s": 1.0, "4/s": 0.25, "10/s": 0.1, "full": 0.0}  # iterations a second: seconds to wait
STATE_WORDS = {"running": "live", "paused": "paused", "failed": "stopped", "ended": "done"}
PUT_AWAY = "The run was put away."  # an iteration is still under way: tempo, caption or its file say how many


def name_of(network: str) -> str:
    """How a network or its file is called in pickers and sentences; where room is short the end is cut."""
    name = last_part(network).removesuffix(SUFFIX)
    kept = KEPT.fullmatch(name)
    return f"{kept[1]}, {int(kept[2]):,} (last run)" if kept else name


def kept(name: str, where: str) -> str:
    """A run that has made room is among the networks, too."""
    return f"The run was put away; it is {where} as “{name_of(name)}”."


def not_kept(why: str, can_come_back: bool) -> str:
    """A run that has made room could not be written."""
    back = " Ctrl+Z brings it back." if can_come_back else ""
    return f"The run that was put away could not be written: {why}{back}"


def back(is_paused: bool) -> str:
    """Undo has brought a run back; tempo and caption say how far it is."""
    return f"The run is back{', paused' if is_paused else ''}."


def needs_data(network: str, dataset: str) -> str:
    """A run cannot go on without its pictures."""
    return f"{name_of(network)} learned from {dataset}, which is not on this computer; choose it under Data first."


def duration(seconds: float) -> str:
    """3 min 12 s."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
