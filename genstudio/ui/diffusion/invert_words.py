"""The sentences of the inversion page, with its numbers."""

from __future__ import annotations

import math

from genstudio.api.inversion import TIMES, level_of
from genstudio.errors import counted
from genstudio.ui.diffusion.invert_state import End, InvertState
from genstudio.ui.diffusion.invert_track import Arc, Ways
from genstudio.ui.diffusion.picture_origin import origin
from genstudio.ui.numbers import short

LEAST = 1e-6  # of an error that is written without a power of ten
TITLES = ["picture", "way up", "way back", f"difference × {TIMES}"]
STOPPED = "This was <error>stopped</error>. Play begins again."
WAITING = "The picture is on its way …"
WHY = (
    "Each step up takes the noise to be the one predicted a step before, so few steps err: with <b>more steps</b>, or "
    "with corrections, less is lost"
)
PLOT_TITLE = "Mean squared error of the way back, by the share of noise"
PLOT_HELP = (
    "How far the way back is from the way up where both have the same share of noise: the mean squared difference of "
    "grey levels from 0 to 1. Dashed is what it was before the last change of this picture's settings. Press or drag "
    "to go there."
)


def number(error: float) -> str:
    """A mean squared error in two digits that mean something: 0.012, 0.00015, 0.0000030, 3·10⁻⁷."""
    if not math.isfinite(error):
        return "–"
    if error < LEAST:
        return short(error)
    return f"{error:.{1 - math.floor(math.log10(error))}f}"


def place(moment: int, steps: int) -> str:
    """A moment beside the scrubber."""
    if moment <= steps:
        return f"up {moment} of {steps}"
    return f"back {moment - steps} of {steps}"


def frame_place(frame: int, frames: int) -> str:
    """A picture of the arc beside the scrubber."""
    return f"picture {frame + 1} of {frames}"


def called(end: End, name: str) -> str:
    """An end of the arc in a sentence."""
    return f"the noise of seed {end.seed} ({name})" if end.is_noise else f"the noise of picture {name}"


def goal(family: str) -> str:
    """What the way back is to come to."""
    return "what its autoencoder makes of the picture" if family == "latent-ddpm" else "the picture"


def origin_of(end: End, total: int) -> str:
    """Where its picture is from; "" without one."""
    return origin(end.number, end.dataset, end.label, end.converted, total) if end.picture else ""


def ways(state: InvertState, track: Ways, told: str, before: Ways | None, goal: str = "the picture") -> str:
    """Where both ways are; `told` is the class that the network is told, `before` the same picture otherwise."""
    steps, moment = state.steps, min(state.moment, max(track.newest, 0))
    level = level_of(moment, steps)
    there = track.there(level)
    if there is None:
        return "The picture is on its way up to noise."
    if moment == 0:
        return (
            f"<b>The picture</b>. DDIM backwards goes up from it in {counted(steps, 'step')} to a noise of its own"
            f"{told}, and DDIM goes down again from there: press Space to watch."
        )
    share = f"{100 * there.share:.0f} %"
    if moment < steps:
        return (
            f"<b>Way up, step {moment} of {steps}</b>: <latent>{share}</latent> noise. Nothing is drawn at random: "
            f"each step adds the noise that the network predicts{told}, so the picture can be found again."
        )
    if moment == steps:
        return (
            f"<b>The noise of this picture</b>: its numbers deviate by <latent>{there.spread:.2f}</latent>, those of "
            "random noise by 1. Where the picture is flat it stays weak, and one can still tell where the picture was."
        )
    back = track.returned(level)
    if back is None:
        return "The picture is on its way back."
    error = f"<generated>{number(back.error)}</generated>"
    if moment < 2 * steps:
        return (
            f"<b>Way back, step {moment - steps} of {steps}</b>: {share} noise; from the way up at the same noise it "
            f"differs by {error} (mean squared, of grey levels from 0 to 1)."
        )
    effort, why = _effort(state, back.calls), _why(track, before)
    return f"<b>What comes back</b> differs from {goal} by {error} {effort}. {why}"


def _effort(state: InvertState, calls: int) -> str:
    fixed = f", {counted(state.corrections, 'correction')} each," if state.corrections else ""
    return f"(mean squared), after {state.steps} steps up{fixed} and {state.steps} back, {calls:,} network calls"


def _why(track: Ways, before: Ways | None) -> str:
    if before is None or not before.is_complete:
        return f"{WHY}."
    now, then = track.request, before.request
    parts = []
    if then.steps != now.steps:
        parts.append(counted(then.steps, "step"))
    if then.corrections != now.corrections:
        parts.append(counted(then.corrections, "correction") if then.corrections else "no corrections")
    if not parts:
        return f"{WHY}."
    return f"With {' and '.join(parts)} it was <neutral>{number(before.error)}</neutral>. {WHY}."


def arc(state: InvertState, track: Arc, told: str) -> str:
    """Where the film from A to B is."""
    if track.images is None:
        return "The pictures of both ends are on their way up to their noise."
    if not track.is_complete:
        return (
            f"All {state.frames} pictures come out of their noise together: step {track.step} of {track.request.steps}."
        )
    last = state.frames - 1
    if state.frame in (0, last):
        name, end = ("A", state.a) if state.frame == 0 else ("B", state.b)
        return f"<b>{name}</b>: what DDIM makes of {called(end, name)}{told} in {counted(state.steps, 'step')}."
    share = f"{100 * state.frame / last:.0f} %"
    return (
        f"<b>{share} of the way</b> from {called(state.a, 'A')} to {called(state.b, 'B')}: the noise turns on an arc "
        f"(slerp), on which it does not shrink as on a straight line, and DDIM makes a picture of it{told}."
    )


def told(label: int, classes: tuple[str, ...]) -> str:
    """The class that the network is told, as the end of a clause."""
    return f" for the class {classes[label]}" if 0 <= label < len(classes) else ""
