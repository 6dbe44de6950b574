"""Loaded models of one session: read once, kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import nn

from genstudio import api, store
from genstudio.api.borders import border
from genstudio.core.compute import Compute
from genstudio.core.families import FAMILIES, parameter_shapes
from genstudio.core.families.ddpm import guided
from genstudio.core.families.gan import Generator
from genstudio.core.families.latent import LatentModel
from genstudio.core.families.latent_ddpm import LatentDiffusion
from genstudio.core.images import to_uint8
from genstudio.core.parts import by_parts
from genstudio.core.prediction import Predict, predictor
from genstudio.core.schedules import Schedule, schedule_of
from genstudio.core.unet import UNet
from genstudio.core.unet2d import UNet2D
from genstudio.settings import DenoisingSettings, UNet2DSettings

DRAFTED = 32  # pictures at once and more are drafts, where drafts are allowed
KEPT = 6  # models of at most a few million weights each


@dataclass(frozen=True)
class Loaded:
    """A network ready to answer, on its device, in evaluation mode."""

    info: api.ModelInfo
    network: nn.Module
    compute: Compute
    drafts: bool = False  # many pictures at once may differ by a grey level or two, if they come sooner so

    def pictures(self, z: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        """(N, H, W, C) uint8 of codes (N, D), on the device. Call it without gradients.

        Args:
            labels: (N,) the classes, where it draws classes; in turn if not given.

        Raises:
            ValueError: if this is a diffusion model, or codes have another length.
        """
        network = self.latent_network()
        if z.ndim != 2 or z.shape[1] != network.latent_dim:
            raise ValueError(f"{self.info.name} takes codes of {network.latent_dim} numbers, not {tuple(z.shape)[1:]}")
        is_draft, codes = self.drafts and len(z) >= DRAFTED, z.to(self.compute.device)
        told: tuple[torch.Tensor, ...] = ()  # to the network beside the code
        rows = torch.arange(len(z), device=codes.device)
        if isinstance(network, Generator) and network.classes:
            told = (rows % network.classes if labels is None else labels.to(codes.device),)

        def decode(part: torch.Tensor) -> torch.Tensor:
            with self.compute.autocast(is_draft):
                return to_uint8(network.decode(codes[part], *(of_all[part] for of_all in told)))

        return torch.cat(by_parts(decode, rows))

    def latent_network(self) -> LatentModel | Generator:
        """The network that decodes z.

        Raises:
            ValueError: if this is a diffusion model.
        """
        if isinstance(self.info.settings, DenoisingSettings):
            raise ValueError(f"{self.info.name} is a diffusion model; it has no latent code to decode")
        return cast(LatentModel | Generator, self.network)

    @cached_property
    def rim(self) -> float:
        """Grey level, 0 to 1, of the border of the pictures it knows: that of the picture of the code 0."""
        z = torch.zeros(1, self.info.latent_dim, device=self.compute.device)
        with torch.inference_mode():
            return border(to_uint8(self.latent_network().decode(z)).cpu().numpy())

    def schedule(self) -> Schedule:
        """The noise levels the model was trained on.

        Raises:
            ValueError: unless this is a diffusion model.
        """
        settings = self.info.settings
        if not isinstance(settings, DenoisingSettings):
            raise ValueError(f"{self.info.name} is not a diffusion model; there is nothing to denoise")
        return schedule_of(settings)

    def predict(self, labels: torch.Tensor, guidance: float, *, clips: bool = True) -> Predict:
        """The guided predictions of a diffusion model for classes `labels` (B,); pictures clipped where it draws them.

        Args:
            guidance: Of no use to a network that never learnt to do without a class.
            clips: False for a way that is to be gone back again.
        """
        settings, classes = cast(DenoisingSettings, self.info.settings), len(self.info.classes)
        limit = FAMILIES[self.info.family].trainer.limit if clips else None
        if isinstance(settings, UNet2DSettings):
            limit = settings.clip or None if clips else None
        if not self.info.knows_no_class:
            guidance = 1.0
        model = guided(self.network, labels, classes, guidance, self.compute)
        return predictor(model, settings.objective, limit)

    def state_shape(self) -> tuple[int, ...]:
        """Of what a diffusion model takes noise away from: (C, H, W) of a picture, or (D,) of its code."""
        if isinstance(self.network, LatentDiffusion):
            return tuple(self.network.mean.shape)
        return self.info.channels, self.info.size, self.info.size

    def state_of(self, pictures: torch.Tensor) -> torch.Tensor:
        """The clean states (B, ...) of a diffusion model for pictures (B, C, H, W) in [-1, 1]."""
        if isinstance(self.network, LatentDiffusion):
            with torch.inference_mode():
                return self.network.encode(pictures)
        return pictures

    def seen(self, x: torch.Tensor) -> torch.Tensor:
        """What states (B, ...) of a diffusion model look like, (B, C, H, W) in [-1, 1]."""
        if isinstance(self.network, LatentDiffusion):
            with torch.inference_mode():
                return self.network.decode(x)
        return x


class ModelShelf:
    """Finds models by name or path and keeps the most recently used ones; `drafts` is for those it loads."""

    def __init__(self, folders: Sequence[Path], compute: Compute, *, drafts: bool = False) -> None:
        self.folders, self.compute, self.drafts = tuple(folders), compute, drafts
        self._kept: OrderedDict[tuple[str, int], Loaded] = OrderedDict()

    def get(self, name_or_path: str) -> Loaded:
        """The model, loaded; read again if the file has changed.

        Raises:
            ValueError, FileNotFoundError: if there is no such file or it is not a sound model.
        """
        path = store.find_model(name_or_path, self.folders)
        key = (str(path), path.stat().st_mtime_ns)
        if key not in self._kept:
            self._kept[key] = self._read(path)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _read(self, path: Path) -> Loaded:
        info = store.model_info(path)
        if info.family not in FAMILIES:
            raise ValueError(f"{path.name} is a {info.family}; it makes no pictures")
        header, tensors = store.read_checkpoint(path, expected_weights, groups=("model",))
        shape = (header.channels, header.size, len(header.classes))
        with torch.device("meta"):
            network = FAMILIES[header.family].build(header.settings, *shape)
        load_weights(network, tensors)
        network.to(self.compute.device).eval().requires_grad_(False)
        if isinstance(network, UNet | UNet2D):
            network.to(memory_format=torch.channels_last)  # up to several times faster for one picture on a CPU
        return Loaded(info, network, self.compute, self.drafts)

    def event(self, request: api.LoadRequest) -> api.ModelEvent:
        """Load and describe a model."""
        loaded = self.get(request.model)
        signal = noise = np.zeros(0, np.float32)
        if isinstance(loaded.info.settings, DenoisingSettings):
            schedule = loaded.schedule()
            signal, noise = (part.numpy().astype(np.float32) for part in (schedule.signal, schedule.noise))
        return api.ModelEvent(loaded.info, signal, noise)


def load_weights(network: nn.Module, tensors: Mapping[str, np.ndarray]) -> None:
    """Give a network made on the meta device the tensors "model.*" of a checkpoint, floats as float32.

    Such a network draws no initial weights. They would come from the process's one global generator,
    out of which another lane may be drawing those of a new run.
    """
    dtypes = {name: tensor.dtype for name, tensor in network.state_dict().items()}
    state = {name.removeprefix("model."): torch.from_numpy(np.array(value)) for name, value in tensors.items()}
    network.load_state_dict({name: tensor.to(dtypes[name]) for name, tensor in state.items()}, assign=True)


def expected_weights(header: store.Header) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors a model file must have to make pictures."""
    shapes = parameter_shapes(header.family, header.settings, header.channels, header.size, len(header.classes))
    return {f"model.{name}": shape for name, shape in shapes.items()}
