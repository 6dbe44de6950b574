"""The sentences of every page that trains: what becomes of its runs and their files."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from genstudio.api import THREADS, Change, last_part
from genstudio.errors import sentence, whole
from genstudio.settings import setting_of

SUFFIX, GAME = ".safetensors", ".json"  # of a network, and of a game on points
KEPT = re.compile(r"last run \((.+), (\d+)\)")  # how the session calls the file of a run that nobody saved
TRAIN_SPEEDS = {"1/s": 1.0, "4/s": 0.25, "10/s": 0.1, "full": 0.0}  # iterations a second: seconds to wait
ALONE = {"d_updates": "G alone", "g_updates": "D alone"}  # where one player has no updates
STATE_WORDS = {"running": "live", "paused": "paused", "failed": "stopped", "ended": "done"}
HAS_RUN = "A run is at hand, with settings of its own."
NOTHING_LEARNT = "Train a network first; then its new pictures can be compared with these."
SAVE_FIRST = "Save the model first; then its new pictures can be compared with these."
PUT_AWAY = "The run was put away."  # an iteration is still under way: tempo, caption or its file say how many
NEXT_DATA = "What the next run learns from; the one that you see learned from something else"


def live_labels(iteration: int, state: str) -> tuple[str, ...]:
    """Where a run is that is looked at as it goes, and after it what may be said there once it pauses or ends."""
    words = [STATE_WORDS.get(state, ""), *STATE_WORDS.values()]
    return tuple(f"iteration {iteration:,} · {word}" for word in words)


def name_of(network: str) -> str:
    """How a network or its file is called in pickers and sentences; where room is short the end is cut.

    The run of a kept file may have gone on since: its iteration is that of the file.
    """
    name = last_part(network).removesuffix(SUFFIX).removesuffix(GAME)
    kept = KEPT.fullmatch(name)
    return f"{kept[1]} at {int(kept[2]):,} (last run)" if kept else name


def not_opened(name: str, error: BaseException, before: str = "") -> tuple[str, str]:
    """What the stage says of a model that could not be loaded, and its button: to the one shown before, if any."""
    way_on = f"Back to {name_of(before)}" if before else "Try again"
    return f"{name_of(name)} could not be opened. {whole(sentence(error))}", way_on


def moved_on(name: str, heir: str) -> str:
    """The file shown was replaced by one in which its run went on."""
    return f"The run has gone on: “{name_of(name)}” is now “{name_of(heir)}”."


def gone(name: str, heir: str) -> str:
    """The file shown is no longer there."""
    return f"“{name_of(name)}” is no longer here{f'; this is {name_of(heir)}' if heir else ''}."


def kept(name: str, where: str) -> str:
    """A run that has made room is among the networks, too."""
    return f"The run was put away; it is {where} as “{name_of(name)}”."


def made_room(name: str, gone: tuple[str, ...]) -> str:
    """A run was kept, and the oldest of those kept before has gone for it."""
    return f"The run is kept as “{name_of(name)}”; {_gone(gone)}."


def _gone(files: tuple[str, ...]) -> str:
    return f"{' and '.join(f'“{name_of(file)}”' for file in files)} made room for it"


def last_run(name: str, gone: tuple[str, ...] = ()) -> str:
    """When the window opens: the run that went on when it closed is there."""
    found = KEPT.fullmatch(name)
    which = f" ({found[1]}, {int(found[2]):,} iterations)" if found else ""
    return f"Your last run{which} is kept{f'; {_gone(gone)}' if gone else ''}."


def last_game(name: str) -> str:
    """The same of a game on points, which its file repeats."""
    found = KEPT.fullmatch(name)
    which = f" ({found[1]}, {int(found[2]):,} iterations)" if found else ""
    return f"Your last game on points{which} is kept."


def replaying(name: str, iteration: int) -> str:
    """The run of a file is made again."""
    return f"Replaying {name} to iteration {iteration:,} …"


def not_kept(why: str, can_come_back: bool) -> str:
    """A run that has made room could not be written."""
    back = " Ctrl+Z brings it back." if can_come_back else ""
    return f"The run that was put away could not be written: {why}{back}"


def back(is_paused: bool) -> str:
    """Undo has brought a run back; tempo and caption say how far it is."""
    return f"The run is back{', paused' if is_paused else ''}."


def can_rewind(iteration: int, shown: int = -1) -> str:
    """Looking back at an iteration: what one can do there."""
    nearest = ", the nearest kept moment" if shown > iteration else ""
    return f"<a href='rewind'>Rewind to iteration {iteration:,}</a>{nearest}, or <a href='live'>show the newest</a>."


def looking_back(iteration: int, newest: int, is_running: bool, costs_text: str, rewind_at: int = -1) -> str:
    """In the history, away from the live end."""
    goes_on = "training goes on" if is_running else "training is paused"
    then = f" Then: {costs_text}" if costs_text else ""
    links = can_rewind(rewind_at, iteration) if rewind_at >= 0 else "<a href='live'>Show the newest</a> again."
    return f"Back at iteration <b>{iteration:,}</b> of {newest:,}; {goes_on}.{then} {links}"


def saved(name: str) -> str:
    """A model was saved and can be looked at."""
    return f" Saved as {escape(name)}: <a href='explore'>explore it</a>."


def repeating(name: str, iteration: int, target: int) -> str:
    """A dropped file's run is repeated to compare the pictures."""
    return (
        f"Repeating the run of <b>{escape(name)}</b>: iteration {iteration:,} of {target:,}, "
        "then the pictures are compared. Reset stops it."
    )


def at_goal(iteration: int) -> str:
    """A run has come to where it was to end, and could go on."""
    return (
        f"Iteration <b>{iteration:,}</b>: here it was to end. <b>Go on</b> trains it further; <b>Reset</b> makes room "
        "for another family, other data or the settings that are grey now."
    )


def stopped(iteration: int, shown: str, rewind_at: int) -> str:
    """A run ended with an error; the message bar says which."""
    back = f"<a href='rewind'>Rewind to iteration {rewind_at:,}</a> and go on" if rewind_at >= 0 else "Start again"
    return (
        f"The run <error>stopped</error> after iteration {iteration:,}; these are its last good {shown}. "
        f"{back} with other settings."
    )


def broken(broke_at: int, iteration: int, is_as_it_was: bool) -> str:
    """A run broke, and has gone back to where all of it was numbers.

    Args:
        is_as_it_was: It had the same settings then as when it broke.
    """
    then = f"the run is paused at iteration {iteration:,}, its last finite state"
    return f"The loss was no longer a number at iteration {broke_at:,}; {then}{_now(is_as_it_was)}"


def stands(broke_at: int, is_as_it_was: bool) -> str:
    """The same as long as the run stands there, beside its pictures."""
    then = "the run went back to its last finite state"
    return f"The loss was <error>no longer a number</error> at iteration {broke_at:,}: {then}{_now(is_as_it_was)}"


def _now(is_as_it_was: bool) -> str:
    return ". Try a smaller learning rate, then go on." if is_as_it_was else ", with the settings that it had then."


def rewound(iteration: int, file: str) -> str:
    """A run has gone back; what came later is put away, and in a file if it was worth one."""
    later = f" What came later is kept as “{name_of(file)}”." if file else ""
    return f"Back at iteration {iteration:,}, paused: change a setting, or go on as it was.{later}"


def rewind_help(iteration: int, is_live: bool, shown: int = -1) -> str:
    """What the button would do, or why it cannot.

    Args:
        shown: The iteration that is looked at.
    """
    if iteration >= 0:
        nearest = f"{iteration:,} is the nearest kept moment before {shown:,}. " if shown > iteration else ""
        return (
            f"{nearest}Go on from iteration {iteration:,}, as it was or with other settings; what came later is put "
            "away, and undo (Ctrl+Z) brings it back"
        )
    return "Drag the scrubber back to a moment of the past first" if is_live else "Nothing is kept of this moment"


def tuned(cls: type, changes: tuple[Change, ...]) -> str:
    """What was changed while the run goes on."""
    said = []
    for change in changes:
        note = setting_of(cls, change.name) if change.name != THREADS else None
        if note is not None:
            value = change.value if isinstance(change.value, str) else f"{change.value:g}"
            said.append(f"{note.label or change.name} is {value}")
    return f"From iteration {changes[0].iteration + 1:,} on {' and '.join(said)}." if said else ""


def undone(said: str, brings_back: bool) -> str:
    """Undo has changed a setting back; `brings_back`: pressed again it brings back the run that was put away."""
    again = " Undo again (Ctrl+Z) brings back the run that was put away." if brings_back else ""
    return f"Undone: {said[0].lower()}{said[1:]}{again}" if said else ""


def marks(cls: type, changes: tuple[Change, ...], first: Any = None) -> tuple[tuple[float, str], ...]:
    """For the plots: each iteration at which settings were changed, with what they are from there on.

    Turns of one player alone are one mark; that both learn as before again has none.

    Args:
        first: The settings before all changes, if they are known.
    """
    said: dict[int, list[str]] = {}
    before: dict[str, float | str] = {name: getattr(first, name, 1) for name in ALONE}
    for change in changes:
        if change.name in ALONE and change.value == 0:
            said.setdefault(change.iteration, []).append(ALONE[change.name])
            continue
        was, before[change.name] = before.get(change.name), change.value
        if change.name in ALONE and was == change.value:
            continue
        note = setting_of(cls, change.name) if change.name != THREADS else None
        if note is not None:
            value = change.value if isinstance(change.value, str) else f"{change.value:g}"
            said.setdefault(change.iteration, []).append(f"{note.label or change.name} {value}")
    return tuple((float(iteration), ", ".join(parts)) for iteration, parts in sorted(said.items()))


def needs_data(network: str, dataset: str) -> str:
    """A run cannot go on without its pictures."""
    return f"{name_of(network)} learned from {dataset}, which is not on this computer; choose it under Data first."


def duration(seconds: float) -> str:
    """3 min 12 s."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
