"""The card of a model: what it is, from what it learned, how it was made, how good it is, and what it cannot do."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.catalog import ModelInfo
from genstudio.api.evaluation import Evaluation
from genstudio.api.pictures import Pictures
from genstudio.settings import ADVERSARIAL, CONDITIONAL, DENOISING, LATENT

SHOWN = 20  # pictures
TITLES = {
    "vae": "Variational autoencoder", "mlp-vae": "Variational autoencoder, fully connected",
    "ae": "Autoencoder", "mlp-ae": "Autoencoder, fully connected", "pca": "Principal components",
    "gan": "DCGAN", "cgan": "Conditional DCGAN", "mlp-gan": "GAN, fully connected",
    "ddpm": "Diffusion (DDPM)", "flow": "Flow matching", "latent-ddpm": "Latent diffusion",
    "unet2d": "Diffusion (DDPM) of a diffusers folder", "consistency": "Consistency model", "classifier": "Classifier",
}  # fmt: skip


@dataclass(frozen=True)
class CardRequest:
    """The card of a model, with pictures that it draws; a stream."""

    model: str


@dataclass(frozen=True, eq=False)
class CardEvent:
    """What is known of a model; all of it in every event, so that none need be heard but the last.

    Args:
        licence: Of the pictures it learned from, a sentence.
        reproduce: The command that makes it again.
        seconds: That it was trained for; 0 if nobody counted.
        machine: On which it was trained; "" if nobody noted it.
        evaluations: What was measured of it here, the newest first; `info.quality` is what its file says.
        samples: (N, H, W, C), the first pictures of seed 7; none while they are drawn.
        share: Of the drawing that is done, 0 to 1.
        origin: The diffusers folder that it was made of; "" of one that was trained here.
    """

    request: CardRequest
    info: ModelInfo
    licence: str
    reproduce: str
    seconds: float
    machine: str
    evaluations: tuple[Evaluation, ...]
    samples: Pictures
    share: float
    origin: str = ""


def came_from(origin: str) -> str:
    """Of a model that was made of a diffusers folder."""
    return f"The diffusers folder {origin}; what else stands here is what that says"


def limits(info: ModelInfo) -> str:
    """What a model of its family cannot do, in sentences."""
    what = "It draws nothing but what is like the pictures it learned from, with all that they show or leave out."
    if info.family == "classifier":
        return "It knows digits only, and takes everything else for one of them."
    said = [what, *(words for families, words in LIMITS if info.family in families)]
    if info.family not in CONDITIONAL:
        said.append("It cannot be asked for a class.")
    return " ".join(said)


LIMITS = (
    (LATENT, "It draws the mean of what is likely, so edges are soft."),
    (("ae", "mlp-ae", "pca"), "Nothing asked its codes to lie as random ones do: new pictures are often none."),
    (ADVERSARIAL, "It can leave out kinds of pictures, tells no likelihood, and finds no code of a given picture."),
    (DENOISING, "A picture takes several network calls, and it tells no likelihood."),
    (("consistency",), "What its teacher cannot do it cannot do either, and its one step is rougher than many."),
    (("latent-ddpm",), "What its VAE cannot draw it cannot draw either."),
)


PACED = "one core, reckoned from its pace over a part of the run"  # where a run noted nothing, and its recipe was timed


def trained(info: ModelInfo, seconds: float, machine: str) -> str:
    """How long, in words; where the run itself has noted nothing, as its recipe was measured."""
    if not seconds:
        seconds, machine = info.quality.get("seconds", 0.0), PACED
    if not seconds:
        return f"{info.iteration:,} iterations; nobody noted how long it took"
    took = f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds / 60:.1f} minutes"
    return f"{info.iteration:,} iterations in {took}{f' on {machine}' if machine else ''}"
