"""What D's eye sees, in words: which sample pleases it, and what it dislikes of one."""

from __future__ import annotations

from html import escape

import numpy as np

from genstudio.api import Floats, Pictures
from genstudio.settings.adversarial import LOG_LOSSES
from genstudio.ui.numbers import signed
from genstudio.ui.tabs.training_run import Moment, TrainingRun

TITLE = "Critic's eye"
HELP = "The samples in the order of D's score, and over each what D would have otherwise: its gradient, pixel by pixel"
LEGEND = (
    "How D's output changes if a pixel becomes brighter, all its colours together: the gradient dD(x)/dx. It is all "
    "that the generator learns from. In each picture the full colour is its own steepest slope."
)
REAL_HELP = "Real pictures that the network learns from, from D's favourite to the one it doubts most"
REGIONS = (
    *("at the top left", "at the top", "at the top right", "at the left", "in the middle", "at the right"),
    *("at the bottom left", "at the bottom", "at the bottom right"),
)
MODES = (
    ("picture", "Picture", "The samples alone"),
    ("both", "Both", "The gradient over the samples"),
    ("gradient", "Gradient", "The gradient alone"),
)


def is_probability(run: TrainingRun, iteration: int) -> bool:
    """Whether D's output at an iteration of a run is a logit, so that one can tell a probability."""
    return run.request is None or run.settings(iteration).loss in LOG_LOSSES


def scores_of(outputs: Floats, is_logit: bool) -> Floats:
    """What D's outputs mean: probabilities of logits, else the scores of a critic themselves."""
    return 0.5 * (1 + np.tanh(0.5 * outputs)) if is_logit else outputs  # a sigmoid that never overflows


def said(score: float, is_logit: bool) -> str:
    """A score as it stands under a picture: at most five characters."""
    if is_logit:
        return f"{score:.2f}" if score >= 0.0995 else f"{score:.3f}" if score >= 0.0005 else "<.001"
    size = abs(score)
    return signed(score, ".2f" if size < 9.995 else ".1f" if size < 99.95 else ".0f" if size < 99999.5 else ".0e")


def heading(scores: Floats, is_logit: bool, shown: int) -> str:
    """Over the samples: what they get."""
    some = f", {shown} of {len(scores)}" if shown < len(scores) else ""
    return f"<generated>Generated</generated>{some}; average <b>{_average(scores, is_logit)}</b>"


def heading_help(is_logit: bool) -> str:
    """What stands under the pictures, and in which order they are."""
    what = "the probability that it is real" if is_logit else "its score, which has no bounds; only differences count"
    return (
        f"Under each picture what D gives it: {what}. The highest first, evenly chosen down to the lowest. D looks at "
        "each picture alone: with batch normalisation it goes by the averages it has gathered, so its numbers are not "
        "quite those of the curves."
    )


def real_heading(scores: Floats, is_logit: bool) -> str:
    """Over the real pictures: what they get."""
    return f"<real>Real</real>; average <b>{_average(scores, is_logit)}</b>"


def one_heading(index: int, place: int, shown: int, count: int) -> str:
    """Over the sample that is shown large: which it is of those that one sees, from D's favourite on."""
    many = f"{shown}" if shown == count else f"the {shown} shown"
    return f"<generated>Sample {index + 1}</generated>, number {place + 1} of {many}"


def _average(scores: Floats, is_logit: bool) -> str:
    return escape(said(float(scores.mean()), is_logit))


def unseen(moment: Moment, run: TrainingRun) -> str:
    """Why there is nothing to see at a moment."""
    if run.history.is_live and run.state == "running":
        return "D's eye opens with the next samples."
    if run.history.is_live and run.stands == "paused":
        return "D looks at the samples …"
    return (
        f"Nobody looked through D's eye at iteration {moment.iteration:,}. What it sees is kept of the moments "
        "that come while this view is on."
    )


def about(index: int, moment: Moment, is_logit: bool) -> str:
    """One sample: what D gives it, and what it dislikes of it most."""
    outputs, real = (moment.numbers[name] for name in ("sample_outputs", "example_outputs"))
    score = escape(said(float(scores_of(outputs, is_logit)[index]), is_logit))
    who = "<discriminator>D</discriminator>" if is_logit else "The <discriminator>critic</discriminator>"
    average = f"real pictures <real>{_average(scores_of(real, is_logit), is_logit)}</real> on average"
    found = dislikes(moment.samples[index], moment.views["sample_slopes"][index])
    return f"{who} gives it <generated>{score}</generated>, {average}. {found}"


def dislikes(picture: Pictures, levels: Pictures) -> str:
    """What D would have otherwise most in a picture (H, W, C), from its slopes (H, W, 1), 128 for none.

    A pixel counts as far as it can still go: a black one cannot become darker.
    """
    light = picture.mean(2) / 255
    slope = (levels[..., 0].astype(np.float32) - 128) / 127
    lacks, exceeds = np.maximum(slope, 0) * (1 - light), np.maximum(-slope, 0) * light
    dark, bright = _worst(lacks), _worst(exceeds)
    if not dark[0] and not bright[0] and slope.any():
        return "It dislikes nothing that could change: what it would have darker is black, and what brighter is white."
    if not dark[0] and not bright[0]:
        return "No pixel matters to it: its slope is 0 everywhere, and the generator learns nothing here."
    found = [
        (amount, f"too {word} {where}") for word, (amount, where) in (("dark", dark), ("bright", bright)) if amount
    ]
    return f"It dislikes most: {', '.join(words for _, words in sorted(found, reverse=True))}."


def _worst(amounts: Floats) -> tuple[float, str]:
    """How much there is in the ninth of a picture with the most of something, and where that is."""
    sums = [float(part.sum()) for row in np.array_split(amounts, 3) for part in np.array_split(row, 3, 1)]
    best = int(np.argmax(sums))
    return sums[best], REGIONS[best]
