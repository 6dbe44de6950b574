"""A small diffusers folder written by hand, and one with whatever is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
import torch

from genstudio.core.unet2d import UNet2D
from genstudio.settings.unet2d import layout_of

LAYOUT = {
    "block_out_channels": [8, 16],
    "down_block_types": ["DownBlock2D", "AttnDownBlock2D"],
    "up_block_types": ["AttnUpBlock2D", "UpBlock2D"],
    "layers_per_block": 1,
    "norm_num_groups": 4,
    "attention_head_dim": 8,
}
PICTURES = {"sample_size": 16, "in_channels": 1, "out_channels": 1}
INDEX = {
    "_class_name": "DDPMPipeline",
    "_diffusers_version": "0.32.0",
    "scheduler": ["diffusers", "DDPMScheduler"],
    "unet": ["diffusers", "UNet2DModel"],
}
UNET = {"_class_name": "UNet2DModel", **PICTURES, **LAYOUT}
SCHEDULER = {"_class_name": "DDPMScheduler", "num_train_timesteps": 40}
WEIGHTS = "diffusion_pytorch_model.safetensors"


def shaken(network: torch.nn.Module, seed: int = 0, spread: float = 0.2) -> torch.nn.Module:
    """The network with weights that all count; nothing of it is zero, and no normalisation is idle."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(spread * torch.randn(parameter.shape, generator=rng) + (parameter.ndim == 1))
    return network.eval()


def weights(classes: int = 0, layout: Mapping[str, Any] = LAYOUT, channels: int = 1) -> dict[str, np.ndarray]:
    """Of such a network."""
    network = shaken(UNet2D(layout_of(layout), channels, classes))
    return {name: tensor.numpy() for name, tensor in network.state_dict().items()}


def write(
    folder: Path,
    index: Mapping[str, Any] | None = None,
    unet: Mapping[str, Any] | None = None,
    scheduler: Mapping[str, Any] | None = None,
    tensors: Mapping[str, np.ndarray] | None = None,
    file: str = WEIGHTS,
) -> Path:
    """The folder, with some entries changed."""
    for part in ("unet", "scheduler"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "model_index.json").write_text(json.dumps({**INDEX, **(index or {})}))
    (folder / "unet" / "config.json").write_text(json.dumps({**UNET, **(unet or {})}))
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps({**SCHEDULER, **(scheduler or {})}))
    safetensors.numpy.save_file(dict(weights() if tensors is None else tensors), folder / "unet" / file)
    return folder
