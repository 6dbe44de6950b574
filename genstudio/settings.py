"""Settings of the model families: one frozen dataclass gives the form, the flags and the file header."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_type_hints

from typing_extensions import Doc


class Setting(Doc):
    """What a form and a flag say about a field: label, help, unit and range (both ends allowed).

    Args:
        help: One sentence that explains the field to a newcomer.
        label: The name a form shows; the field's own name if empty.
        low, high: Allowed range of a number.
        multiple: Only multiples of this whole number are allowed.
        step: What one click of a spin box adds; for `log` fields a factor.
        log: The field spans magnitudes (learning rates).
        live: May change while a run goes on.
        before: What it was in files that are older than the field; None if there are none.
    """

    def __init__(
        self,
        help: str,
        *,
        label: str = "",
        low: float = -math.inf,
        high: float = math.inf,
        multiple: int = 1,
        step: float = 1,
        unit: str = "",
        log: bool = False,
        live: bool = False,
        before: float | None = None,
    ) -> None:
        super().__init__(help)
        self.help, self.label, self.unit = help, label, unit
        self.low, self.high, self.multiple, self.step = low, high, multiple, step
        self.log, self.live, self.before = log, live, before


Seed = Annotated[
    int, Setting("The same seed gives the same pictures, bit for bit on the CPU.", label="Seed", low=0, high=2**31 - 1)
]
BatchSize = Annotated[
    int,
    Setting("Pictures per training step; more make it steadier and slower.", label="Batch", low=1, high=4096, step=16),
]
LearningRate = Annotated[
    float,
    Setting(
        "Adam's step size: too large and the loss jumps, too small and little is learnt.",
        label="Learning rate",
        low=1e-6,
        high=1e-1,
        step=2,
        log=True,
        live=True,
    ),
]


Decay = Annotated[
    int,
    Setting(
        "The learning rate falls to zero over so many iterations, and then nothing more is learnt: "
        "set it to the length of the run you plan. 0 keeps the rate constant.",
        label="Decay over",
        low=0,
        high=10_000_000,
        step=1000,
    ),
]


@dataclass(frozen=True)
class VAESettings:
    """Convolutional variational autoencoder (Kingma & Welling 2014; arXiv:1312.6114)."""

    latent_dim: Annotated[
        int, Setting("Numbers in the code z; each becomes a slider.", label="Latents", low=1, high=256)
    ] = 16
    width: Annotated[
        int,
        Setting(
            "Channels of the first layer; later layers have twice as many.", label="Width", low=4, high=256, step=8
        ),
    ] = 32
    blocks: Annotated[
        int,
        Setting(
            "Residual blocks of the decoder at a quarter of the side: new pictures smear less, training is slower.",
            label="Blocks",
            low=0,
            high=8,
            before=0,
        ),
    ] = 0
    beta: Annotated[
        float,
        Setting(
            "Weight of the KL term: above 1 tidier and blurrier, below 1 sharper.",
            label="β",
            low=0,
            high=100,
            step=0.5,
            live=True,
        ),
    ] = 1.0
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class GANSettings:
    """DCGAN with the non-saturating loss (Radford et al. 2016; arXiv:1511.06434)."""

    latent_dim: Annotated[int, Setting("Numbers in the noise z.", label="Latents", low=2, high=512)] = 100
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
    lr_g: Annotated[
        float,
        Setting(
            "Adam's step size for the generator: how far an iteration moves its weights.",
            label="Rate G",
            low=1e-6,
            high=1e-1,
            step=2,
            log=True,
            live=True,
        ),
    ] = 2e-4
    lr_d: Annotated[
        float,
        Setting(
            "Adam's step size for the discriminator; far above the generator's, D wins too early.",
            label="Rate D",
            low=1e-6,
            high=1e-1,
            step=2,
            log=True,
            live=True,
        ),
    ] = 2e-4
    real_label: Annotated[
        float,
        Setting(
            "Target of D on real pictures; 0.9 keeps D from being too sure (one-sided smoothing).",
            label="Real label",
            low=0.5,
            high=1,
            step=0.05,
            live=True,
        ),
    ] = 0.9
    ema_decay: Annotated[
        float,
        Setting(
            "An average of the generator draws the samples: 0.998 remembers about 500 iterations, 0 none.",
            label="EMA",
            low=0,
            high=0.9999,
            step=0.001,
        ),
    ] = 0.998
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class DiffusionSettings:
    """Class-conditional DDPM that predicts the noise (Ho et al. 2020; arXiv:2006.11239)."""

    width: Annotated[
        int, Setting("Channels of the first level of the U-Net.", label="Width", low=8, high=256, multiple=8, step=8)
    ] = 32
    schedule: Annotated[
        Literal["linear", "cosine"], Setting("How fast the noise grows from t = 0 to T.", label="Schedule")
    ] = "cosine"
    timesteps: Annotated[int, Setting("Noise levels T.", label="T", low=10, high=1000, step=10)] = 1000
    class_dropout: Annotated[
        float,
        Setting(
            "Share of pictures trained without their class, which is what makes guidance possible.",
            label="Class dropout",
            low=0,
            high=1,
            step=0.05,
        ),
    ] = 0.1
    lr: LearningRate = 1e-3
    ema_decay: Annotated[
        float,
        Setting(
            "An average of the network draws the samples: 0.999 remembers about 1,000 iterations, 0 none.",
            label="EMA",
            low=0,
            high=0.9999,
            step=0.001,
        ),
    ] = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 64
    seed: Seed = 0


@dataclass(frozen=True)
class ClassifierSettings:
    """The digit classifier behind the quality numbers; not offered for training in the window."""

    width: Annotated[int, Setting("Channels of the first level.", label="Width", low=8, high=128, step=8)] = 32
    batch_size: BatchSize = 128
    seed: Seed = 0


Settings = VAESettings | GANSettings | DiffusionSettings | ClassifierSettings
SETTINGS: dict[str, type[Settings]] = {
    "vae": VAESettings,
    "gan": GANSettings,
    "ddpm": DiffusionSettings,
    "classifier": ClassifierSettings,
}
GENERATIVE = ("vae", "gan", "ddpm")  # the families that make pictures


def setting_of(cls: type, field: str) -> Setting | None:
    """The `Setting` written beside a field, or None."""
    hint = get_type_hints(cls, include_extras=True)[field]
    return next((note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Setting)), None)


def choices_of(cls: type, field: str) -> tuple[str, ...]:
    """The words a Literal field allows; empty for numbers."""
    hint = get_type_hints(cls)[field]
    return tuple(getattr(hint, "__args__", ())) if getattr(hint, "__origin__", None) is Literal else ()


def check_settings(settings: Any) -> None:
    """Refuse a value outside its range.

    Raises:
        ValueError: naming the field, the value given and what is allowed.
    """
    for field in dataclasses.fields(settings):
        value, note = getattr(settings, field.name), setting_of(type(settings), field.name)
        allowed = choices_of(type(settings), field.name)
        if allowed and value not in allowed:
            raise ValueError(f"{field.name} is {value!r}; allowed: {', '.join(allowed)}")
        if note is None or isinstance(value, str):
            continue
        if not (math.isfinite(value) and note.low <= value <= note.high):
            raise ValueError(f"{field.name} is {value}; allowed: {note.low:g} to {note.high:g}")
        if value % note.multiple and note.multiple > 1:
            raise ValueError(f"{field.name} is {value}; allowed: multiples of {note.multiple}")


def settings_from(cls: type[Any], values: Mapping[str, Any]) -> Any:
    """Settings from a file's dictionary: exact keys, exact types, checked ranges.

    Raises:
        ValueError: for an unknown, mistyped or out-of-range field, or one missing that no file was ever without.
    """
    hints = get_type_hints(cls)
    notes = {name: setting_of(cls, name) for name in hints}
    values = {name: note.before for name, note in notes.items() if note and note.before is not None} | dict(values)
    if set(values) != set(hints):
        wrong = sorted(set(values) ^ set(hints))
        raise ValueError(f"{cls.__name__} has other fields: {', '.join(map(str, wrong))}")
    checked = {}
    for name, hint in hints.items():
        value = values[name]
        kind = str if getattr(hint, "__origin__", None) is Literal else hint
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise ValueError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
        checked[name] = value
    settings = cls(**checked)
    check_settings(settings)
    return settings
