"""The sentences of the GAN's tab."""

from __future__ import annotations

from html import escape

from genstudio.api import ModelInfo, TrainRequest, last_part
from genstudio.settings import CONDITIONAL
from genstudio.ui.numbers import signed
from genstudio.ui.tabs.run_words import KEPT, SUFFIX, can_rewind, name_of

KINDS = {  # family: its name, and what it is
    "gan": ("DCGAN", "Convolutional networks (Radford et al. 2016)"),
    "cgan": (
        "Conditional DCGAN",
        "Both players are told the class, so one can ask for it (Mirza & Osindero 2014)",
    ),
    "mlp-gan": ("Fully connected", "The lecture's 100-256-784 (Goodfellow et al. 2014)"),
}


def run_name(request: TrainRequest | None) -> str:
    """How the picker calls the run."""
    if request is None or not request.resume:
        return "New network"
    kept = KEPT.fullmatch(last_part(request.resume).removesuffix(SUFFIX))
    return f"{kept[1]}, on from {int(kept[2]):,}" if kept else f"{name_of(request.resume)}, going on"


def run_card(request: TrainRequest | None) -> str:
    """What the picker says about it."""
    if request is None or not request.resume:
        return "Trained here and now."
    return f"The run of {name_of(request.resume)} goes on, here and now."


def walking(info: ModelInfo, count: int, learned_from: str) -> str:
    """While a trained generator walks through its latent space."""
    codes = "A random code wanders" if count == 1 else f"{count} random codes wander"
    if info.family in CONDITIONAL and count > 1:
        codes = f"{count} random codes, each with its class, wander"
    return (
        f"{codes} through the latent space of <b>{name_of(info.name)}</b>, which was trained on {learned_from}: "
        "<latent>nearby codes</latent> become similar pictures."
    )


def learning(iteration: int, d_real: float, d_fake: float, is_critic: bool = False, ill: str = "") -> str:
    """While a network learns: what the discriminator thinks, on the curves' moving mean, and what that means.

    Args:
        ill: Why it does not go well, if it does not.
    """
    warning = f"<error>It does not go well</error>: {ill}" if ill else ""
    if is_critic:
        real, fake, gap = signed(d_real, "+.2f"), signed(d_fake, "+.2f"), signed(d_real - d_fake, ".2f")
        learns = "the <generator>generator</generator> learns to close it."
        return (
            f"Iteration {iteration:,}: lately the <discriminator>critic</discriminator> scores real pictures "
            f"<real>{real}</real> and generated ones <generated>{fake}</generated>; only the difference, "
            f"<b>{gap}</b>, counts{f'. {warning}' if warning else f': {learns}'}"
        )
    return (
        f"Iteration {iteration:,}: lately the <discriminator>discriminator</discriminator> gives real pictures "
        f"<real>{d_real:.2f}</real> and generated ones <generated>{d_fake:.2f}</generated>. "
        f"{warning or verdict(d_real, d_fake)}"
    )


def verdict(d_real: float, d_fake: float) -> str:
    """What the two numbers say about the game; nothing that they cannot know."""
    if d_real > 0.95 and d_fake < 0.05:
        return "It is almost never wrong, so the <generator>generator</generator> learns little just now."
    if d_real - d_fake < 0.08:
        return "At <b>½ each</b> it could no longer tell them apart."
    return "It can tell them apart, and the <generator>generator</generator> learns from its reasons."


def looking_back(
    iteration: int,
    newest: int,
    is_running: bool,
    scores: tuple[float, float] | None,
    rewind_at: int = -1,
    is_critic: bool = False,
) -> str:
    """In the history, away from the live end: what the discriminator thought then."""
    goes_on = "training goes on" if is_running else "training is paused"
    links = can_rewind(rewind_at, iteration) if rewind_at >= 0 else "<a href='live'>Show the live samples</a> again."
    gave = ""
    if scores is not None:
        who, did, form = ("critic", "scored", "+.2f") if is_critic else ("discriminator", "gave", ".2f")
        real, fake = (signed(score, form) for score in scores)
        gave = (
            f" The <discriminator>{who}</discriminator> {did} real pictures <real>{real}</real> "
            f"and generated ones <generated>{fake}</generated>."
        )
    return f"Back at iteration <b>{iteration:,}</b> of {newest:,}; {goes_on}.{gave} {links}"


def waiting(dataset: str) -> str:
    """A network was asked for, its first samples are not there yet."""
    return f"Loading {dataset} and building both networks…"


def empty() -> str:
    """A new network was chosen and nothing runs."""
    return (
        "The <generator>generator</generator> turns noise into pictures, the "
        "<discriminator>discriminator</discriminator> tells them from real ones, and each learns from the other."
    )


def repeating(name: str, iteration: int, target: int) -> str:
    """A dropped file's run is repeated to compare the pictures."""
    return (
        f"Repeating the run of <b>{escape(name)}</b>: iteration {iteration:,} of {target:,}, "
        "then the pictures are compared. Reset stops it."
    )
