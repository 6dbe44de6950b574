"""Diffusion models, and flow matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from genstudio.settings.base import Setting
from genstudio.settings.schedules import NAMED, TIMESTEPS, check_drawn
from genstudio.settings.shared import BatchSize, Decay, LearningRate, Seed, Timesteps, average

Width = Annotated[
    int, Setting("Channels of the first level of the U-Net.", label="Width", low=8, high=256, multiple=8, step=8)
]
Schedule = Annotated[
    str,
    Setting(
        "How fast the noise grows from t = 0 to T: linear, cosine, sigmoid, or as you draw it.",
        label="Schedule",
        words=NAMED,
        others=check_drawn,
    ),
]
AverageDecay = Annotated[float, average("network", "0.999 remembers about 1,000", live=True)]
ClassDropout = Annotated[
    float,
    Setting(
        "Share of pictures trained without their class, which is what makes guidance possible.",
        label="Class dropout",
        low=0,
        high=1,
        step=0.05,
        live=True,
    ),
]


@dataclass(frozen=True)
class DiffusionSettings:
    """Class-conditional DDPM (Ho et al. 2020; arXiv:2006.11239)."""

    width: Width = 32
    schedule: Schedule = "cosine"
    timesteps: Timesteps = 1000
    objective: Annotated[
        Literal["noise", "x0", "v"],
        Setting(
            "What the network is asked for: the noise (Ho et al. 2020), the picture, or v, a mixture of both that is "
            "never hopeless (Salimans & Ho 2022).",
            label="Predicts",
            before="noise",
        ),
    ] = "noise"
    min_snr: Annotated[
        float,
        Setting(
            "Levels whose signal-to-noise ratio is above this count no more than those at it (min-SNR-γ, Hang et al. "
            "2023; they took 5). 0 weighs all errors alike.",
            label="min-SNR γ",
            low=0,
            high=100,
            before=0,
            live=True,
        ),
    ] = 0.0
    class_dropout: ClassDropout = 0.1
    lr: LearningRate = 1e-3
    ema_decay: AverageDecay = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 64
    seed: Seed = 0


@dataclass(frozen=True)
class FlowSettings:
    """Class-conditional flow matching along straight paths (Lipman et al. 2022, arXiv:2210.02747)."""

    width: Width = 32
    class_dropout: ClassDropout = 0.1
    lr: LearningRate = 1e-3
    ema_decay: AverageDecay = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 64
    seed: Seed = 0
    schedule: ClassVar[str] = "straight"
    timesteps: ClassVar[int] = 1000  # of the clock that the network is told
    objective: ClassVar[Literal["flow"]] = "flow"
    min_snr: ClassVar[float] = 0.0


@dataclass(frozen=True)
class ConsistencySettings:
    """A consistency model: one step from noise to picture, distilled from a diffusion model (Song et al. 2023)."""

    teacher: Annotated[
        str, Setting("The diffusion model whose way it learns to cut short: a name, or a file.", label="Teacher")
    ] = "mnist-ddpm"
    width: Width = 48
    schedule: Annotated[
        str, Setting("The noise levels, those of the teacher.", label="Schedule", words=NAMED, others=check_drawn)
    ] = "cosine"
    timesteps: Annotated[
        int, Setting("Noise levels T, those of the teacher.", label="T", low=TIMESTEPS[0], high=TIMESTEPS[1])
    ] = 1000
    goal: Annotated[
        Literal["end", "neighbour"],
        Setting(
            "What the student is to say of a point of the teacher's way: where the way ends (Luhman & Luhman 2021), or "
            "what it says itself a step nearer to the end (Song et al. 2023), which takes longer to be right.",
            label="Goal",
            before="neighbour",
        ),
    ] = "end"
    grid: Annotated[
        int,
        Setting(
            "Into how many steps the teacher's way is cut: few are learnt soon, many are true to it.",
            label="Grid",
            low=2,
            high=200,
        ),
    ] = 40
    class_dropout: ClassDropout = 0.1
    lr: LearningRate = 3e-4
    ema_decay: AverageDecay = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 64
    seed: Seed = 0
    objective: ClassVar[Literal["v"]] = "v"
    min_snr: ClassVar[float] = 0.0

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            ValueError: saying what would.
        """
        if self.grid > self.timesteps:
            raise ValueError(f"grid is {self.grid}; with {self.timesteps} noise levels it is at most {self.timesteps}")


@dataclass(frozen=True)
class LatentDiffusionSettings:
    """Diffusion in the codes of a VAE (Rombach et al. 2022, arXiv:2112.10752)."""

    autoencoder: Annotated[
        str, Setting("The VAE in whose codes noise is taken away: a name, or a file.", label="VAE")
    ] = "mnist-vae-32"
    latent_dim: Annotated[int, Setting("Numbers in a code of that VAE.", label="Latents", low=1, high=256)] = 32
    vae_width: Annotated[
        int, Setting("Channels of the first layer of that VAE.", label="Width of the VAE", low=4, high=256)
    ] = 32
    blocks: Annotated[int, Setting("Residual blocks of that VAE.", label="Blocks of the VAE", low=0, high=8)] = 2
    width: Annotated[
        int, Setting("Numbers in each layer of the denoiser.", label="Width", low=16, high=1024, step=64)
    ] = 256
    depth: Annotated[int, Setting("Layers of the denoiser, each with a skip.", label="Depth", low=1, high=16)] = 4
    schedule: Schedule = "cosine"
    timesteps: Timesteps = 1000
    class_dropout: ClassDropout = 0.1
    lr: LearningRate = 1e-3
    ema_decay: AverageDecay = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 256
    seed: Seed = 0
    objective: ClassVar[Literal["v"]] = "v"
    min_snr: ClassVar[float] = 0.0
