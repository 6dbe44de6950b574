"""What there is to choose from: models, datasets, samplers."""

from __future__ import annotations

from dataclasses import dataclass, field

from genstudio.api.own_pictures import path_of
from genstudio.api.receipts import last_part
from genstudio.errors import counted
from genstudio.settings import DENOISING, Settings

FEW = 300  # pictures that a network soon knows by heart


@dataclass(frozen=True)
class ModelInfo:
    """One model file, as read from its header without loading the weights."""

    name: str
    family: str  # a key of settings.SETTINGS
    path: str
    dataset: str
    channels: int
    size: int  # px, square
    classes: tuple[str, ...]  # names; empty if the model is not class-conditional
    settings: Settings
    iteration: int
    sha256: str
    bytes: int
    quality: dict[str, float] = field(default_factory=dict)
    pretrained: bool = False
    resumable: bool = False  # holds the trainer's state, so that its run can go on

    @property
    def latent_dim(self) -> int:
        """Size of z; 0 for a diffusion model, whose latent is the picture itself."""
        return int(getattr(self.settings, "latent_dim", 0))

    @property
    def knows_no_class(self) -> bool:
        """Whether it can be asked for a picture of no class, and guided by the difference."""
        return self.family in DENOISING and (not self.classes or getattr(self.settings, "class_dropout", 0.0) > 0)


@dataclass(frozen=True)
class DatasetInfo:
    """One dataset a picker offers; `available` is False until it has been downloaded."""

    name: str
    title: str
    channels: int
    size: int
    classes: tuple[str, ...]
    count: int  # training pictures; 0 if unknown before it is read
    available: bool
    download_mb: int = 0
    note: str = ""
    held_out: int = 0  # pictures of a folder or zip that are kept from training
    factors: tuple[str, ...] = ()  # what its pictures are drawn from, as `FactorsEvent` names it; empty if unknown

    def by_heart(self) -> str:
        """What a network makes of pictures that are few, in a sentence; "" of many."""
        if not 0 < self.count < FEW:
            return ""
        are = "is" if self.count == 1 else "are"
        return f"There {are} only {counted(self.count, 'picture')}: a network learns so few by heart."

    def all_at_once(self, batch_size: int) -> str:
        """What becomes of a batch larger than the data, in a sentence; "" of any other."""
        if not 0 < self.count < batch_size:
            return ""
        are = "is" if self.count == 1 else "are"
        return f"There {are} only {counted(self.count, 'picture')}: each step learns from all, not from {batch_size:,}."


@dataclass(frozen=True)
class SamplerInfo:
    """One sampler of diffusion models and whether it listens to eta."""

    name: str
    title: str
    help: str
    uses_eta: bool


@dataclass(frozen=True)
class Catalog:
    """What the pickers offer."""

    models: tuple[ModelInfo, ...]
    datasets: tuple[DatasetInfo, ...]
    samplers: tuple[SamplerInfo, ...]
    data_dir: str
    device: str  # "CPU", "NVIDIA H200", ...
    precision: str  # "bf16" or "float32": what training uses
    models_dir: str = ""  # where own models are saved, so that the catalog lists them
    opened: tuple[ModelInfo, ...] = ()  # files elsewhere that were asked for by their paths
    lost: tuple[tuple[str, str], ...] = ()  # those that cannot be read, each with the reason in a sentence

    def models_of(self, *families: str) -> tuple[ModelInfo, ...]:
        """The models of some families, pretrained ones first."""
        return tuple(m for m in self.models if m.family in families)

    def by_family(self, *families: str) -> tuple[ModelInfo, ...]:
        """The same in the order of the families: what a page opens on is of the first there is."""
        return tuple(m for family in families for m in self.models_of(family))

    def dataset(self, name: str) -> DatasetInfo | None:
        """A dataset by its name; a folder also by the last part of its path alone, as files have it."""
        exact = next((d for d in self.datasets if d.name == name), None)
        return exact or next((d for d in self.datasets if d.name != last_part(d.name) == path_of(name)), None)

    def factored(self) -> tuple[str, ...]:
        """The names of the datasets whose factors are known, so that codes can be measured on them."""
        return tuple(d.name for d in self.datasets if d.factors)
