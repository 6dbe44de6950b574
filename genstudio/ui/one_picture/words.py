"""The sentences of the three inversions, with their numbers. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from genstudio import api
from genstudio.errors import counted
from genstudio.ui.numbers import milliseconds, short
from genstudio.ui.one_picture.state import DIFFUSION, GAN, VAE, OnePictureState
from genstudio.ui.one_picture.track import Back
from genstudio.ui.triptych.state import Models
from genstudio.ui.triptych.words import name

STARTING, BLANK, HELD = "Starting …", "Nothing is drawn yet.", "It begins when you let go."
WAITING = "The picture is on its way …"
MIDDLING = 0.00042  # an error that takes as many letters as any
ERROR = "mean squared error"
ERROR_HELP = "How far it is from the picture: the mean squared difference of grey levels from 0 to 1."
COSTS = (
    "Its cost: one call of the encoder and one of the decoder.",
    "Its cost until here: a call of the generator for each update, of all starts together, each with the gradient of "
    "the codes, for which it is gone through backwards as well.",
    "Its cost until here: a call of the network for each step, up and back, and for each correction.",
)
MACHINE = "The time is what that took on this computer."
HOWS = (
    "its encoder names the code in one pass",
    "no encoder: the nearest of all codes is searched by descent",
    "DDIM backwards finds the noise from which it comes, and goes down again",
)


def told(k: int, back: Back) -> tuple[str, str, str]:
    """What the number over it is, how the picture came, and at what cost; in a sentence what was counted; and the
    first again in fewer words, for a narrow column."""
    took = milliseconds(back.ms)
    words = f"{ERROR}\n{back.words}\n{counted(back.calls, 'network call')}, {took}"
    brief = (
        f"{ERROR}\n{back.words.replace(' and ', ', ').removeprefix('update ')}\n{counted(back.calls, 'call')}, {took}"
    )
    return words, f"{ERROR_HELP} {COSTS[k]} {MACHINE}", brief


def place_label(share: float) -> str:
    """Where the scrubber stands."""
    return f"{100 * share:.0f} % of the way"


def caption(
    state: OnePictureState,
    infos: Models,
    backs: Sequence[Back | None],
    share: float,
    is_whole: bool,
    is_drawing: bool = False,
) -> str:
    """How each looks for the picture, and at the end how near each has come."""
    here = [k for k in (VAE, GAN, DIFFUSION) if infos.get(state.models[k]) is not None]
    if not here or not state.end.picture:
        return ""
    if is_drawing:
        return "Draw a picture, drop one, or take one of a dataset."
    data = list(dict.fromkeys(api.called(infos[state.models[k]].dataset) for k in here))
    other = f" They have <b>learnt different data</b> ({escape(', '.join(data))})." if len(data) > 1 else ""
    errors = {k: back.error for k in here if (back := backs[k]) is not None}
    if share < 1 or not is_whole or not errors:
        hows = "; ".join(f"the {name(k)}: {HOWS[k]}" for k in here)
        return f"One picture, {counted(len(here), 'way')} to find it again. {hows[0].upper()}{hows[1:]}.{other}"
    return f"{_end(errors, here, state, infos)} {other.strip()}".strip()


def longest(state: OnePictureState, infos: Models) -> str:
    """The longest caption that the end may have, so that nothing moves when it comes."""
    here = [k for k in (VAE, GAN, DIFFUSION) if infos.get(state.models[k]) is not None]
    ends = (_end({k: MIDDLING * (1 + (k == worst)) for k in here}, here, state, infos) for worst in here)
    return max(ends, key=len, default="")


def _end(errors: Mapping[int, float], here: Sequence[int], state: OnePictureState, infos: Models) -> str:
    """Who has come nearest, who has not, and what that says; of one alone how near it came."""
    best, worst = min(errors, key=errors.__getitem__), max(errors, key=errors.__getitem__)
    gave = [k for k in here if k in errors]
    if len(gave) == 1:
        told = f"The {name(best)} gives it back with a mean squared error of <real>{short(errors[best])}</real>"
        told += f"; the {' and the '.join(name(k) for k in here if k != best)} cannot" if len(here) > 1 else ""
    else:
        told = f"The {name(best)} comes nearest to the picture (mean squared error <real>{short(errors[best])}</real>)"
        told += f", the {name(worst)} stays farthest (<generated>{short(errors[worst])}</generated>)"
    return " ".join(part for part in (f"{told}.", _why(worst, best), _room(gave, state, infos)) if part)


def _why(worst: int, best: int) -> str:
    """What is always true of the one that is farthest."""
    if worst == best:
        return ""
    return {
        VAE: "",  # it has the fewest numbers, which is told anyway
        GAN: "A GAN was never asked to give a picture back: it can only draw what its own codes become.",
        DIFFUSION: "The way up and the way down are exact inverses only in infinitely many steps.",
    }[worst]


def numbers(info: api.ModelInfo) -> int:
    """How many numbers a model finds a picture again in: of its code, or of a noise that is as large as a picture."""
    return info.latent_dim or info.channels * info.size**2


def _room(here: Sequence[int], state: OnePictureState, infos: Models) -> str:
    """What into so many numbers fits, and so what an error says of the picture and of the model."""
    room = {k: numbers(infos[state.models[k]]) for k in here}
    info = infos.get(state.models[DIFFUSION])
    is_open = info is not None and room.get(DIFFUSION, 0) >= info.channels * info.size**2
    few = [k for k in here if not (is_open and k == DIFFUSION)]
    told = [f"{room[k]:,} {'numbers ' if k == few[0] else ''}of the {name(k)}" for k in few]
    listed = " and the ".join(filter(None, (", the ".join(told[:-1]), *told[-1:])))
    fits = f"Into the {listed} fits only what is like the data." if told else ""
    if not is_open:
        return fits
    return (
        f"The diffusion model's noise has <b>{room[DIFFUSION]:,}</b> numbers, as many as the picture: whatever it is "
        f"comes back, which says nothing of what the model knows. {fits}"
    ).strip()
