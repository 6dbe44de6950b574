"""Generative adversarial networks: the two players, the rules of their game, and how they learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, Seed, average, learning_rate

LossName = Literal["non-saturating", "minimax", "least-squares", "hinge", "wasserstein"]

BREAKING = 10.0  # a rate that no game survives: one may see it, and go back
RateG = Annotated[
    float, learning_rate("The step size of the generator: how far an iteration moves its weights.", "Rate G", BREAKING)
]
RateD = Annotated[
    float,
    learning_rate(
        "The step size of the discriminator; far above the generator's, D wins too early. Two rates, D's the "
        "larger, can also steady the game (TTUR, Heusel 2017).",
        "Rate D",
        BREAKING,
    ),
]
REACH = 2.0  # of the plane in which points are, in every direction
LOG_LOSSES = ("non-saturating", "minimax")  # D's output is a logit; with the others it is a critic's score


def updates(player: str, help: str) -> Setting:
    """How often a player learns in an iteration."""
    return Setting(help, label=f"Updates {player}", low=0, high=20, live=True, before=1)


@dataclass(frozen=True)
class GameSettings:
    """The noise and the rules of the game, the same for all networks."""

    latent_dim: Annotated[int, Setting("Numbers in the noise z.", label="Latents", low=2, high=512)] = 100
    loss: Annotated[
        LossName,
        Setting(
            "What the players minimise: the log losses of the first paper (minimax, whose G saturates, or "
            "non-saturating), or the scores of a critic: least-squares (Mao 2017), hinge (Lim & Ye 2017), "
            "wasserstein (Arjovsky 2017).",
            label="Loss",
            live=True,
            before="non-saturating",
        ),
    ] = "non-saturating"
    real_label: Annotated[
        float,
        Setting(
            "Target of D on real pictures, for the log losses and least squares; 0.9 keeps D from being too sure "
            "(one-sided smoothing, Salimans 2016).",
            label="Real label",
            low=0.5,
            high=1,
            step=0.05,
            live=True,
        ),
    ] = 0.9
    d_updates: Annotated[int, updates("D", "How often D learns in an iteration; a critic is often given 5.")] = 1
    g_updates: Annotated[int, updates("G", "How often G learns in an iteration.")] = 1
    clip: Annotated[
        float,
        Setting(
            "Every weight of D is cut to ± this, 0 leaves them: how the first Wasserstein GAN bounded its critic "
            "(0.01; Arjovsky 2017).",
            label="Clip",
            low=0,
            high=1,
            step=0.01,
            live=True,
            before=0,
        ),
    ] = 0.0
    gradient_penalty: Annotated[
        float,
        Setting(
            "Pulls the slope of D between real and generated pictures to 1; 10 is usual with wasserstein, 0 is none "
            "(WGAN-GP, Gulrajani 2017).",
            label="Penalty",
            low=0,
            high=1000,
            step=1,
            live=True,
            before=0,
        ),
    ] = 0.0
    r1: Annotated[
        float,
        Setting(
            "Pulls the slope of D at real pictures to 0, so that the game can come to rest; 0 is none "
            "(R1, Mescheder 2018).",
            label="R1",
            low=0,
            high=1000,
            step=1,
            live=True,
            before=0,
        ),
    ] = 0.0
    instance_noise: Annotated[
        float,
        Setting(
            "Noise on all that D sees, real and generated, so that the two overlap (Sønderby 2017); 0 is none.",
            label="Noise on D",
            low=0,
            high=2,
            step=0.05,
            unit="σ",
            live=True,
            before=0,
        ),
    ] = 0.0
    diversity: Annotated[
        Literal["none", "discrimination", "std"],
        Setting(
            "Lets D compare the pictures of a batch, so that a collapsed G is found out: minibatch discrimination "
            "(Salimans 2016) or the spread over the batch (std, Karras 2018).",
            label="Batch view",
            before="none",
        ),
    ] = "none"
    optimizer: Annotated[
        Literal["adam", "rmsprop", "sgd"],
        Setting("How both players step: adam, rmsprop, or sgd with momentum β1.", label="Optimiser", before="adam"),
    ] = "adam"
    beta1: Annotated[
        float,
        Setting(
            "Momentum of Adam and of sgd: how much of the last steps is in the next. 0.5 is steadier in a game "
            "(Radford 2016); 0 suits critics with a penalty.",
            label="β1",
            low=0,
            high=0.99,
            step=0.1,
            live=True,
            before=0.5,
        ),
    ] = 0.5
    beta2: Annotated[
        float,
        Setting(
            "How slowly Adam's estimate of each gradient's size changes.",
            label="β2",
            low=0,
            high=0.9999,
            step=0.01,
            live=True,
            before=0.999,
        ),
    ] = 0.999
    lr_g: RateG = 2e-4
    lr_d: RateD = 2e-4
    ema_decay: Annotated[float, average("generator", "0.998 remembers about 500")] = 0.998
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0

    def check(self) -> None:
        """Refuse what no single field can know.

        Raises:
            ValueError: if nobody would learn.
        """
        if self.d_updates == self.g_updates == 0:
            raise ValueError("Updates D and Updates G are both 0, so nobody learns; give one of them 1 or more")


@dataclass(frozen=True)
class GANSettings(GameSettings):
    """DCGAN (Radford et al. 2016; arXiv:1511.06434)."""

    width: Annotated[
        int,
        Setting(
            "Channels of the generator at 14x14; it starts with twice as many.",
            label="Width G",
            low=8,
            high=256,
            step=8,
        ),
    ] = 64
    d_width: Annotated[
        int,
        Setting(
            "Channels of the discriminator at 14x14; it ends with twice as many. A wider D is a stricter judge.",
            label="Width D",
            low=4,
            high=256,
            step=8,
        ),
    ] = 32
    levels: Annotated[
        int,
        Setting(
            "How often the networks halve the picture: 2 down to 7x7, as in the lecture, 3 down to 4x4, "
            "where D sees whether a stroke is whole.",
            label="Levels",
            low=2,
            high=3,
            before=2,
        ),
    ] = 3
    d_norm: Annotated[
        Literal["batch", "layer", "spectral", "none"],
        Setting(
            "What is normalised inside D: activations over the batch, or over each picture (layer, for a gradient "
            "penalty), or the weights by their largest singular value (spectral, Miyato 2018).",
            label="Norm in D",
            before="batch",
        ),
    ] = "batch"

    def check(self) -> None:
        """As of every game; and a penalty on D's slope at a picture needs a D that looks at that picture alone.

        Raises:
            ValueError: saying what does not go together.
        """
        super().check()
        if self.gradient_penalty and self.d_norm == "batch":
            raise ValueError("a Penalty does not go with batch as Norm in D; make it layer, spectral or none")


@dataclass(frozen=True)
class ConditionalGANSettings(GANSettings):
    """Conditional DCGAN: the class is one-hot beside z, and a channel of its own in D (Mirza & Osindero 2014)."""


@dataclass(frozen=True)
class MLPGANSettings(GameSettings):
    """The lecture's fully connected GAN, 100-256-784 (Goodfellow et al. 2014; arXiv:1406.2661)."""

    hidden: Annotated[
        int, Setting("Units of the hidden layer of either network.", label="Hidden", low=8, high=2048, step=64)
    ] = 256
    d_norm: Annotated[
        Literal["spectral", "none"],
        Setting(
            "Whether D's weights are divided by their largest singular value (spectral, Miyato 2018).",
            label="Norm in D",
        ),
    ] = "none"


@dataclass(frozen=True)
class PointGANSettings(GameSettings):
    """The game on points in the plane, with small fully connected networks (after GAN Lab, Kahng et al. 2019)."""

    latent_dim: Annotated[
        int, Setting("Numbers in the noise z; of two one sees how G bends the plane.", label="Latents", low=1, high=64)
    ] = 2
    hidden: Annotated[
        int, Setting("Units of every hidden layer of either network.", label="Hidden", low=4, high=512, step=16)
    ] = 64
    layers: Annotated[int, Setting("Hidden layers of either network.", label="Layers", low=1, high=6)] = 2
    d_norm: Annotated[
        Literal["spectral", "none"],
        Setting(
            "Whether D's weights are divided by their largest singular value (spectral, Miyato 2018).",
            label="Norm in D",
        ),
    ] = "none"
    lr_g: RateG = 1e-3
    lr_d: RateD = 1e-3
    batch_size: BatchSize = 256
