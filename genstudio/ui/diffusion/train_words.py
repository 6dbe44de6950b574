"""The sentences of the page on which diffusion models learn."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import numpy as np

from genstudio.api import DatasetInfo, Floats
from genstudio.settings import DENOISING, PLAYED, ConsistencySettings, DiffusionSettings, FlowSettings
from genstudio.ui.numbers import middle_of, short
from genstudio.ui.tabs.run_words import name_of

FAMILIES = dict(  # as the picker calls them, with what it says about each
    zip(
        (family for family in DENOISING if family not in PLAYED),
        (
            ("DDPM", "A U-Net learns to take noise off pictures, level by level (Ho et al. 2020)"),
            (
                "Flow matching",
                "A U-Net learns straight ways from noise to pictures (Lipman et al. 2022)",
            ),
            ("Latent diffusion", "The noise is in the codes of a VAE, which stays as it is (Rombach et al. 2022)"),
            ("Consistency model", "Learns from a diffusion model to make pictures in one step (Song et al. 2023)"),
        ),
        strict=True,
    )
)
STARTS = {  # small enough that something is seen soon on two cores
    "ddpm": DiffusionSettings(width=16, objective="v", lr=2e-3, batch_size=32),
    "flow": FlowSettings(width=16, lr=2e-3, batch_size=32),
    "consistency": ConsistencySettings(width=16, grid=20, lr=1e-3, batch_size=16),
}
LOSSES = {  # what the curve is
    **dict.fromkeys(FAMILIES, "Loss: mean squared error of what is predicted"),
    "consistency": "Loss: distance of what is said from what was to be said",
}
FIRST = 30  # iterations in which nothing is seen yet
ABOUT = {
    "ddpm": "A <generated>network</generated> sees pictures under <latent>noise</latent> of every level t and learns "
    "to tell the one from the other; then it can take noise away until a new picture is left.",
    "flow": "A <generated>network</generated> learns which way leads straight from <latent>noise</latent> to "
    "<real>pictures</real>; new pictures follow that way in a few steps.",
    "latent-ddpm": "A small <generated>network</generated> takes <latent>noise</latent> off the codes of a VAE instead "
    "of pictures; the VAE makes pictures of them, so it learns much faster.",
    "consistency": "A <generated>student</generated> watches a diffusion model take small steps, and learns to say at "
    "once where they <real>end</real>.",
}
SOON = (
    "Shapes can be told from noise after about 100 iterations, and many are right after some 500: a minute or two on "
    "two cores."
)
LATER = (
    "Pictures in colour take longer than digits. Of photographs a small network makes only blots of colour after some "
    "500 iterations, and shapes come late, if at all."
)
SIMPLE = 32  # pixels a side up to which SOON was seen to be true, of grey pictures
EXPECT = {
    "latent-ddpm": "First the VAE encodes them all, which takes some seconds; then its samples look right almost at "
    "once, and soon are of the class that was asked for.",
    "consistency": "First its teacher goes some ways to their ends, and in every iteration it goes on: something is "
    "seen after some 50.",
}


def invitation(settings: Any, family: str, title: str, misfit: str = "", info: DatasetInfo | None = None) -> str:
    """On the empty stage: what would be learnt, from what, what to expect, and what does not go together.

    Args:
        info: What is known of the pictures, if anything is.
    """
    if isinstance(settings, ConsistencySettings):
        beside = f" and {title}" if settings.goal == "neighbour" else ", not from pictures"
        title = f"{name_of(settings.teacher)}{beside}"
    lines = f"{FAMILIES[family][0]}: it learns from {title}.", EXPECT.get(family, _soon(info)), misfit
    return "\n".join(filter(None, lines))


def _soon(info: DatasetInfo | None) -> str:
    """When something is seen of pictures; nothing where nobody knows."""
    if info is None or (info.channels == 1 and info.size > SIMPLE):
        return ""
    return SOON if info.channels == 1 else LATER


def samples(iteration: int) -> str:
    """Over the pictures, which are drawn more seldom than the loss is told."""
    return f"Samples of iteration {iteration:,}: the averaged network, always from the same noise"


def costs(loss: float) -> str:
    """The loss of a moment."""
    return f"loss <b>{short(loss)}</b>." if math.isfinite(loss) else ""


def hardest(losses: Floats | None, timesteps: int) -> tuple[float, float, float, float] | None:
    """Of losses (bins,) from t = 0 to T: the t of the largest and that loss, then those of the least; None where none
    is known. A t is the middle of its bin, as on the map of them."""
    if losses is None or not np.isfinite(losses).any():
        return None
    most, least = int(np.nanargmax(losses)), int(np.nanargmin(losses))
    t_most, t_least = (middle_of(part, len(losses), timesteps) for part in (most, least))
    return t_most, float(losses[most]), t_least, float(losses[least])


def lesson(
    family: str, settings: Any, iteration: int, loss: float, by_t: Floats | None, best: tuple[int, float] | None = None
) -> str:
    """While it learns, or where it stands.

    Args:
        by_t: The newest column of the map of the loss by t.
        best: The iteration and the mean of the column with the least, where that is far below the newest.
    """
    said = [f"Iteration {iteration:,}:", costs(loss)]
    if (ends := hardest(by_t, settings.timesteps)) is not None and iteration >= FIRST:
        t, most, easy_t, least = ends
        said.append(
            f"In the newest column of the map it is hardest about <latent>t = {t:.0f}</latent> (loss {short(most)}), "
            f"easiest about t = {easy_t:.0f} ({short(least)})."
        )
        said.append(_why(family, settings, t / settings.timesteps) if best is None else _burst(*best))
    else:
        said.append("First it finds out how bright pictures are; shapes come next.")
    return " ".join(filter(None, said))


def play(can_play: bool) -> str:
    """The network as it is now, in Reverse."""
    return " <a href='play'>See it denoise</a> in Reverse." if can_play else ""


def saved(name: str) -> str:
    """The model was saved as it is now."""
    return f" It is kept as {escape(name)}: <a href='explore'>see it denoise</a> in Reverse."


def _burst(iteration: int, loss: float) -> str:
    """What it had learnt is lost: how one gets it back."""
    return (
        f"About iteration {iteration:,} it was {short(loss)}: since then a step was too large, and much is lost. Look "
        "at that moment, <b>Rewind to here</b>, and lower the learning rate."
    )


def _why(family: str, settings: Any, share: float) -> str:
    """What the place of the largest loss says of what is learnt, where it is where one expects it."""
    if family == "consistency":
        if settings.goal == "end":
            return "It is to say at once what its teacher comes to step by step."
        return "It is to say the same at both ends of each step of its teacher."
    link = "<a href='objective'>the noise</a>" if settings.objective == "noise" else "the noise"
    if settings.objective == "noise" and share < 0.4:
        return f"It predicts {link}, and there is little of it to be seen where t is small."
    if share > 0.6:
        return "Where nearly all is noise, nobody can know which picture it was: a part of the loss stays."
    if share < 0.4:
        return "Near the picture the finest details count, and they are learnt last."
    return "In the middle it is decided what the picture is to be."
