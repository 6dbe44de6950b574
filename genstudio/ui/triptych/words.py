"""The sentences of the triptych, with its numbers. No Qt."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from html import escape

import numpy as np

from genstudio import api
from genstudio.api.aspects import differ
from genstudio.errors import counted
from genstudio.ui.numbers import milliseconds
from genstudio.ui.triptych.state import DIFFUSION, GAN, KINDS, VAE, Models, TriptychState

TITLE = "Side by side"
SPACE = "\u00a0"  # where no line is to end
INK, FULL = 26, 229  # grey levels: above the first a pixel is no ground, above the second it is no longer grey
SOFTER = 1.15  # times as much grey: what is clearly softer
NO_CLASSES = "knows no classes"
ONE_PASS = "a picture, in one pass"
STEADY = 0.25  # share of a ratio that its spread may be, so that one digit of it means something


Took = api.Band | None


def name(k: int) -> str:
    """A kind in the middle of a sentence."""
    return KINDS[k].title if k != DIFFUSION else "diffusion model"


def missing(k: int) -> tuple[str, str]:
    """What a column without a model says, and its button."""
    return f"There is no {name(k)} here.", f"Train a {name(k)}"


def place_label(state: TriptychState) -> str:
    """Where the control stands, beside it."""
    if state.position in (0, 1):
        return f"seed {state.seed_b if state.position else state.seed_a}"
    return f"{100 * state.position:.1f} % to seed {state.seed_b}".replace(".0 %", " %")


def place_labels(state: TriptychState) -> tuple[str, ...]:
    """What may stand there next."""
    return f"seed {state.seed_a}", f"seed {state.seed_b}", f"88.8 % to seed {state.seed_b}"


def where(state: TriptychState) -> str:
    """The same in a sentence."""
    if state.position in (0, 1):
        return f"All stand at seed <latent>{state.seed_b if state.position else state.seed_a}</latent>"
    share, ends = f"{100 * state.position:.0f} %", (state.seed_a, state.seed_b)
    return f"All stand at <b>{share}</b> of the way from seed <latent>{ends[0]}</latent> to <latent>{ends[1]}</latent>"


def class_note(state: TriptychState, info: api.ModelInfo | None) -> str:
    """What a column says of the class that is asked for; "" where it is drawn."""
    if info is None:
        return ""
    if not info.classes:
        return NO_CLASSES
    return f"knows no “{state.label}”: all in turn" if state.label and state.label not in info.classes else ""


def grey_share(pictures: api.Pictures) -> float:
    """The share of grey pixels among those that are not black: high where edges are soft."""
    ink = pictures > INK
    return float((ink & (pictures < FULL)).sum() / max(int(ink.sum()), 1))


def caption(
    state: TriptychState, infos: Models, pictures: Sequence[api.Pictures | None], took: Sequence[Took], is_whole: bool
) -> str:
    """Where all are, what each takes, and what can be told apart; "" without a model.

    Args:
        took: What a picture of each takes, in ms and with its spread, None where that is not known; of the diffusion
            model in all its steps.
        is_whole: The diffusion model has gone all its steps.
    """
    found = [infos.get(model) for model in state.models]
    if not any(found):
        return ""
    parts = [f"{where(state)}."]
    if data := _data(found):
        parts.append(data)
    if times := _times(state, infos, took, is_whole):
        parts.append(times)
    if is_whole and not data and (soft := _softness(pictures)):
        parts.append(soft)
    return " ".join(parts)


def longest(state: TriptychState, infos: Models) -> str:
    """The longest of these words that may come with such a state, so that there is room for them from the start."""
    moved = dataclasses.replace(state, position=0.888)
    soft = [np.full((1, 1, 1, 1), level, np.uint8) for level in (FULL - 1, FULL, FULL)]  # the VAE's is grey
    quick, slow = api.Band(88.8, 0.1), api.Band(88_800.0, 1.0)
    return caption(moved, infos, soft, (quick, quick, slow), True)


def _data(found: Sequence[api.ModelInfo | None]) -> str:
    """That the models have learnt different data, if that is so."""
    names = list(dict.fromkeys(api.called(info.dataset) for info in found if info is not None))
    if len(names) < 2:
        return ""
    return f"They have <b>learnt different data</b> ({escape(', '.join(names))}), so the pictures cannot be compared."


def _times(state: TriptychState, infos: Models, took: Sequence[Took], is_whole: bool) -> str:
    """What each model asks of its network, and how much longer many steps take where both are of this very place."""
    vae, gan, diffusion = took
    panel = state.panel(DIFFUSION, infos)
    if panel is None or vae is None or gan is None or diffusion is None:
        return ""
    are_near = math.isfinite(vae.error + gan.error) and not differ("time", vae, gan)
    near = ", not to be told apart" if are_near else ""
    return (
        f"A picture takes the {name(VAE)} <accent>{_ms(vae.value)}</accent> and the {name(GAN)} "
        f"<accent>{_ms(gan.value)}</accent>, one pass each{near}; the diffusion model takes "
        f"{counted(panel.steps, 'step')} and <accent>{_ms(diffusion.value)}</accent>"
        f"{_ratio(diffusion, vae) if is_whole else ''}."
    )


def _ratio(diffusion: api.Band, vae: api.Band) -> str:
    """How many times as long as the VAE, to one digit; "" where the times are too restless for that."""
    times = diffusion.value / vae.value
    if times < 2 or math.hypot(diffusion.error / diffusion.value, vae.error / vae.value) > STEADY:
        return ""
    return f", about <b>{float(f'{times:.1g}'):,.0f}×</b> as long as the {name(VAE)}"


def _ms(ms: float) -> str:
    return milliseconds(ms).replace(" ", SPACE)


def _softness(pictures: Sequence[api.Pictures | None]) -> str:
    """That the VAE's pictures are softer, if that is measured in those that are seen."""
    if any(images is None or not (images > INK).any() for images in pictures):
        return ""
    vae, *others = (grey_share(images) for images in pictures if images is not None)
    if vae <= SOFTER * max(others):
        return ""
    grey, gan, diffusion = (f"{100 * share:.0f}{SPACE}%" for share in (vae, *others))
    return (
        f"<generated>{grey}</generated> of the VAE's strokes are grey (GAN {gan}, diffusion model {diffusion}): its "
        "decoder answers with the mean of all that fits a code, and a mean is soft."
    )
