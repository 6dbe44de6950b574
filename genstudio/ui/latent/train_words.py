"""The sentences of the page that trains: what is seen, and what it teaches."""

from __future__ import annotations

from typing import Any

import numpy as np

from genstudio.api import Floats
from genstudio.api.numbers import percent
from genstudio.ui.latent.axes import DEAD

FAMILIES = {  # as the picker calls them, with what it says about each
    "vae": ("VAE", "Convolutional: encoder and decoder learn, and the KL term keeps the codes near N(0,\u00a0I)"),
    "mlp-vae": ("VAE, dense", "Fully connected: the small VAE of the textbooks, 784-256-32 as it comes"),
    "ae": ("Autoencoder", "Convolutional: the VAE's networks without its noise and its KL term"),
    "mlp-ae": ("Autoencoder, dense", "Fully connected: 784-512-256-128 and back, as it comes"),
    "pca": ("PCA", "The best linear autoencoder of its size, found in one step"),
}
FIRST = 100  # iterations in which nobody can tell yet whether a latent stays silent
NO_PRIOR = (
    "An autoencoder has no prior: nothing makes its codes lie where <generated>new samples</generated> are drawn, "
    "and where no code lies the decoder has learned nothing."
)


def is_variational(family: str) -> bool:
    """Whether its codes are distributions, with a KL."""
    return family in ("vae", "mlp-vae")


def empty(family: str) -> str:
    """Nothing runs yet: what the family is."""
    texts = {
        "vae": "A VAE learns to bring pictures back through a code of a few numbers, and to keep the codes near "
        "N(0,\u00a0I): so a random code is a new picture.",
        "ae": "An autoencoder learns to bring pictures back through a code of a few numbers, and nothing else: "
        "see what its new samples are worth.",
        "pca": "Principal components are the best linear code of their size. They are found in <b>one step</b>: "
        "the run ends by itself.",
    }
    return texts["pca" if family == "pca" else "vae" if is_variational(family) else "ae"]


def costs(names: tuple[str, ...], values: tuple[float, ...]) -> str:
    """The losses of a moment, by name."""
    got = dict(zip(names, values, strict=False))
    if "recon_loss" in got:
        recon, kl = got["recon_loss"], got["kl_loss"]
        parts = f"reconstruction <real>{recon:.1f}</real> nats, code <latent>{kl:.1f}</latent>"
        return f"{parts}, −ELBO <b>{recon + kl:.1f}</b>."
    return f"mean squared error <real>{got['mse']:.4f}</real>." if "mse" in got else ""


def beta_now(settings: Any, iteration: int) -> float:
    """The weight of the KL term while it warms up."""
    return float(settings.beta * (min(1.0, iteration / settings.warmup) if settings.warmup else 1.0))


def price(beta: float) -> str:
    """What this weight of the KL term does."""
    name = f"<a href='beta'>β = {beta:g}</a>"
    if beta == 0:
        return f"{name}: the code costs nothing, so nothing keeps it where new samples are drawn."
    if beta < 1:
        return f"{name}: the code is cheap, so it tells more; pictures become sharper, new samples worse."
    if beta > 1:
        return f"{name}: each nat of code costs {beta:g}, so it tells less; codes become tidier, pictures blurrier."
    return f"{name}: a nat of code costs as much as a nat of picture, as in the ELBO."


def lesson(family: str, settings: Any, iteration: int, kl: Floats | None) -> str:
    """What the moment teaches, in one sentence."""
    if family == "pca":
        return ""
    if not is_variational(family):
        return NO_PRIOR
    if settings.warmup and iteration < settings.warmup:
        return (
            f"<a href='warmup'>Warm-up</a>: β is {beta_now(settings, iteration):.2g} of {settings.beta:g} and grows "
            f"until iteration {settings.warmup:,}; the decoder learns to use the code first."
        )
    dead = 0 if kl is None else int((kl < DEAD).sum())
    if kl is not None and 2 * dead > len(kl) and iteration >= FIRST:
        return (
            f"<error>Posterior collapse</error>: {dead} of {len(kl)} latents tell under {DEAD:g} nats, the decoder "
            "ignores them. Smaller <a href='beta'>β</a>, <a href='warmup'>warm-up</a> or "
            "<a href='free_bits'>free bits</a> help."
        )
    if iteration < FIRST:
        start = "First the decoder learns the mean picture; the latents begin to tell what differs from it."
    else:
        start = "The pictures are means: where the code cannot tell a pixel, it is grey, and so edges <b>blur</b>."
    return f"{start} {price(settings.beta)}"


def learning(iteration: int, costs_text: str, lesson_text: str) -> str:
    """While it learns, or where it stands."""
    return " ".join(filter(None, (f"Iteration {iteration:,}:", costs_text, lesson_text)))


def components(mse: float, explained: float, latents: int) -> str:
    """PCA is done."""
    return (
        f"PCA takes <b>one step</b>: {latents} components explain <latent>{percent(explained, 1)}</latent> of the "
        f"variance, the mean squared error is <real>{mse:.4f}</real>. New samples are sums of them, which overlap "
        "like ghosts."
    )


def bars_title(kl: Floats | None) -> str:
    """Over the bars."""
    if kl is None or not kl.any():
        return "KL per latent, nats"
    return f"KL per latent, nats: {int((kl >= DEAD).sum())} of {len(kl)} tell something"


def nats_of(kl: Floats, index: int) -> str:
    """What one bar is."""
    dead = ": the decoder ignores it" if kl[index] < DEAD else ""
    return f"z{index + 1}: {np.float32(kl[index]):.3g} nats{dead}"
