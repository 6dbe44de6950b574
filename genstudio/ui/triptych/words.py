"""The sentences of the triptych, with its numbers. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from html import escape

import numpy as np

from genstudio import api
from genstudio.api.triptych import NO_CLASSES
from genstudio.errors import counted
from genstudio.ui.triptych.state import DIFFUSION, GAN, KINDS, VAE, Models, TriptychState
from genstudio.ui.triptych.times import MANY, Took, at_least, of_quick, written

TITLE = "Side by side"
SPACE = "\u00a0"  # where no line is to end
INK, FULL = 26, 229  # grey levels: above the first a pixel is no ground, above the second it is no longer grey
SOFTER = 1.15  # times as much grey: what is clearly softer
TIMED_TOGETHER = "Which of two quick models is quicker, Time them together of Measured finds out."
Times = Sequence[Took | None]


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
    return f"{_share(state)} to seed {state.seed_b}"


def _share(state: TriptychState) -> str:
    return f"{100 * state.position:.1f} %".replace(".0 %", " %")


def place_labels(state: TriptychState) -> tuple[str, ...]:
    """What may stand there next."""
    return f"seed {state.seed_a}", f"seed {state.seed_b}", f"88.8 % to seed {state.seed_b}"


def where(state: TriptychState) -> str:
    """The same in a sentence."""
    if state.position in (0, 1):
        return f"All stand at seed <latent>{state.seed_b if state.position else state.seed_a}</latent>"
    a, b = state.seed_a, state.seed_b
    return f"All stand at <b>{_share(state)}</b> of the way from seed <latent>{a}</latent> to <latent>{b}</latent>"


def class_note(state: TriptychState, info: api.ModelInfo | None) -> str:
    """What a column says of the class that is asked for; "" where it is drawn."""
    if info is None:
        return ""
    if not info.classes:
        return NO_CLASSES
    return f"knows no “{state.label}”: all in turn" if state.label and state.label not in info.classes else ""


def in_one_pass(count: int) -> str:
    """What a number under a VAE or a GAN is of, where so many pictures are drawn at once."""
    return "a picture, in one pass" + (f", {count} at once" if count > 1 else "")


def in_steps(steps: int) -> str:
    """What a number under the diffusion model is of."""
    return f"a picture, in {counted(steps, 'step')}"


def old(shown: int, step: int, steps: int) -> str:
    """Of pictures that were asked for otherwise, in how many steps, and how far the new ones are."""
    before = f"old: {counted(shown, 'step')}" if shown != steps else "old pictures"
    return f"{before} · step {step:,} of {steps:,}"


def grey_share(pictures: api.Pictures) -> float:
    """The share of grey pixels among those that are not black: high where edges are soft."""
    ink = pictures > INK
    return float((ink & (pictures < FULL)).sum() / max(int(ink.sum()), 1))


def caption(
    state: TriptychState, infos: Models, pictures: Sequence[api.Pictures | None], took: Times, is_whole: bool
) -> str:
    """Where all are, what each takes, and what can be told apart; "" without a model.

    Args:
        took: What a picture of each takes, None where that is not known; of the diffusion model in all its steps.
        is_whole: The diffusion model has gone all its steps.
    """
    found = [infos.get(model) for model in state.models]
    if not any(found):
        return ""
    parts = [f"{where(state)}."]
    if data := _data(found):
        parts.append(data)
    if times := _times(state, infos, took):
        parts.append(times)
    if is_whole and not data and (soft := _softness(pictures)):
        parts.append(soft)
    return " ".join(parts)


def longest(state: TriptychState, infos: Models) -> str:
    """The longest of these words that may come with such a state, so that there is room for them from the start."""
    moved = dataclasses.replace(state, position=0.888)
    soft = [np.full((1, 1, 1, 1), level, np.uint8) for level in (FULL - 1, FULL, FULL)]  # the VAE's is grey
    vae, gan, slow = (Took(ms, ms, ms, MANY) for ms in (0.088, 88.0, 88_800.0))
    return caption(moved, infos, soft, (vae, gan, slow), True)


def _data(found: Sequence[api.ModelInfo | None]) -> str:
    """That the models have learnt different data, if that is so."""
    names = list(dict.fromkeys(api.called(info.dataset) for info in found if info is not None))
    if len(names) < 2:
        return ""
    return f"They have <b>learnt different data</b> ({escape(', '.join(names))}), so the pictures cannot be compared."


def _times(state: TriptychState, infos: Models, took: Times) -> str:
    """What each model asks of its network, and how much longer many steps surely take."""
    vae, gan, diffusion = took
    quick = [(name(k), told) for k, told in zip((VAE, GAN), of_quick(vae, gan), strict=True) if told]
    parts = _one_pass(quick, f" a picture, {state.count} at once" if state.count > 1 else " a picture")
    if (panel := state.panel(DIFFUSION, infos)) is not None and (quick or diffusion is not None):
        told = f"the {name(DIFFUSION)}{'' if quick else ' takes'} {counted(panel.steps, 'step')}"
        if diffusion is not None:
            told += f" and {_told(written(diffusion.about))}{'' if quick else ' a picture'}"
        parts.append(told + (_ratio(diffusion, vae) if diffusion is not None and vae is not None else ""))
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _one_pass(quick: Sequence[tuple[str, str]], each: str) -> list[str]:
    """Of models that answer at once, with what a picture takes, a part of a sentence for both or for each."""
    if len({told for _, told in quick}) == 1 < len(quick):
        return [f"the {' and the '.join(title for title, _ in quick)} take one pass each, {_told(quick[0][1])}{each}"]
    return [f"the {title} takes one pass, {_told(told)}{each}" for title, told in quick]


def _ratio(diffusion: Took, vae: Took) -> str:
    """How many times as long as the VAE it takes at least; "" where it is not clearly longer."""
    times = at_least(diffusion, vae)
    return f", <b>more than {times:,} times</b> as long as the {name(VAE)}" if times > 1 else ""


def _told(time: str) -> str:
    return f"<accent>{time.replace(' ', SPACE)}</accent>"


def _softness(pictures: Sequence[api.Pictures | None]) -> str:
    """That the VAE's pictures are softer, if that is measured in those that are seen."""
    if any(images is None or not (images > INK).any() for images in pictures):
        return ""
    vae, *others = (grey_share(images) for images in pictures if images is not None)
    if vae <= SOFTER * max(others):
        return ""
    grey, gan, diffusion = (f"{100 * share:.0f}{SPACE}%" for share in (vae, *others))
    return (
        f"<generated>{grey}</generated> of the VAE's strokes are grey (GAN {gan}, diffusion model {diffusion}): it "
        "draws the soft mean of all that fits a code."
    )
