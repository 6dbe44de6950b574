"""Our U-Net on 2x2 patches, written as a UNet2DModel that computes the same, and read back from it.

Their first level must be as wide as their second wherever normalisation spans both sides of a skip. So each channel of
our first level is written twice, side by side: a group then holds the same numbers twice, with the same mean and
variance. What reads such channels has weights for the first of the two and zeros for the second. Blocks that they have
and we have not hand on what they get. Patches are channels; pictures are folded before it and unfolded after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

Weights = Mapping[str, np.ndarray]
Pairs = Iterator[tuple[str, str, "Way"]]  # our tensor, theirs, and how the one becomes the other

PATCH = 2  # pixels a side
GROUPS = 8  # of every normalisation of ours
HEADS = 4


class Way:
    """How a tensor of ours becomes theirs: which of its axes have each entry twice, or zeros in between.

    Args:
        out: Its first axis is written twice.
        inside: Its second axis has zeros in between.
        squeezes: A convolution of one place is a matrix of theirs.
    """

    def __init__(self, out: bool = False, inside: bool = False, squeezes: bool = False) -> None:
        self.out, self.inside, self.squeezes = out, inside, squeezes

    def there(self, ours: np.ndarray) -> np.ndarray:
        """Theirs."""
        theirs = ours.reshape(ours.shape[:2]) if self.squeezes and ours.ndim == 4 else ours
        if self.inside and theirs.ndim > 1:
            spread = np.zeros((theirs.shape[0], 2 * theirs.shape[1], *theirs.shape[2:]), theirs.dtype)
            spread[:, ::2] = theirs
            theirs = spread
        return np.repeat(theirs, 2, axis=0) if self.out else theirs

    def back(self, theirs: np.ndarray) -> np.ndarray:
        """Ours."""
        ours = theirs[::2] if self.out else theirs
        ours = ours[:, ::2] if self.inside and ours.ndim > 1 else ours
        return ours[:, :, None, None] if self.squeezes and ours.ndim == 2 else ours


def config_of(width: int) -> dict[str, Any]:
    """Their configuration for a network of ours, without what it says of pictures and classes."""
    return {
        "time_embedding_dim": 4 * width,
        "flip_sin_to_cos": False,
        "freq_shift": 0,
        "block_out_channels": [2 * width, 2 * width],
        "down_block_types": ["DownBlock2D", "AttnDownBlock2D"],
        "up_block_types": ["UpBlock2D", "UpBlock2D"],
        "layers_per_block": 1,
        "attention_head_dim": 2 * width // HEADS,
        "norm_num_groups": GROUPS,
        "attn_norm_num_groups": GROUPS,
        "norm_eps": 1e-5,
        "resnet_time_scale_shift": "scale_shift",
    }


def written(ours: Weights) -> dict[str, np.ndarray]:
    """Their tensors from those of `core.unet.UNet`, float32."""
    theirs = {
        f"{name}.{kind}": way.there(np.asarray(ours[f"{mine}.{kind}"], np.float32))
        for mine, name, way in _pairs()
        for kind in ("weight", "bias")
    }
    theirs["class_embedding.weight"] = np.asarray(ours["label.weight"], np.float32)
    for mine, place in (("attention1", "down_blocks.1.attentions.0"), ("attention2", "mid_block.attentions.0")):
        for kind in ("weight", "bias"):
            both = Way(squeezes=True).there(np.asarray(ours[f"{mine}.qkv.{kind}"], np.float32))
            for part, rows in zip("qkv", np.split(both, 3), strict=True):
                theirs[f"{place}.to_{part}.{kind}"] = rows
    channels, embedding = theirs["conv_norm_out.weight"].shape[0], theirs["class_embedding.weight"].shape[1]
    for place, channels_in in _idle(channels):
        theirs |= {f"{place}.{name}": value for name, value in _handing_on(channels_in, channels, embedding).items()}
    return {name: np.ascontiguousarray(value) for name, value in theirs.items()}


def read_back(theirs: Weights) -> dict[str, np.ndarray] | None:
    """Our tensors of which `written` makes exactly these; None if there are no such ones."""
    try:
        ours = {
            f"{mine}.{kind}": way.back(theirs[f"{name}.{kind}"])
            for mine, name, way in _pairs()
            for kind in ("weight", "bias")
        }
        ours["label.weight"] = theirs["class_embedding.weight"]
        for mine, place in (("attention1", "down_blocks.1.attentions.0"), ("attention2", "mid_block.attentions.0")):
            for kind in ("weight", "bias"):
                both = np.concatenate([theirs[f"{place}.to_{part}.{kind}"] for part in "qkv"])
                ours[f"{mine}.qkv.{kind}"] = Way(squeezes=True).back(both)
        again = written(ours)
    except (KeyError, ValueError, IndexError):
        return None
    is_same = again.keys() == theirs.keys() and all(np.array_equal(again[name], theirs[name]) for name in again)
    return {name: np.ascontiguousarray(value) for name, value in ours.items()} if is_same else None


def _pairs() -> Pairs:
    both = Way(out=True, inside=True)
    yield "time.0", "time_embedding.linear_1", Way(inside=True)  # every second of their frequencies is one of ours
    yield "time.2", "time_embedding.linear_2", Way()
    yield "stem", "conv_in", Way(out=True)
    yield from _block("down1", "down_blocks.0.resnets.0", both)
    yield "shrink", "down_blocks.0.downsamplers.0.conv", Way(inside=True)
    yield from _block("down2", "down_blocks.1.resnets.0", Way())
    yield from _attention("attention1", "down_blocks.1.attentions.0")
    yield from _block("middle", "mid_block.resnets.0", Way())
    yield from _attention("attention2", "mid_block.attentions.0")
    yield from _block("up2", "up_blocks.0.resnets.0", Way(), skips=True)
    yield "grow", "up_blocks.0.upsamplers.0.conv", Way(out=True)
    yield from _block("up1", "up_blocks.1.resnets.0", both, skips=True)
    yield "norm", "conv_norm_out", Way(out=True)
    yield "head", "conv_out", Way(inside=True)


def _block(mine: str, theirs: str, way: Way, skips: bool = False) -> Pairs:
    yield f"{mine}.norm1", f"{theirs}.norm1", Way(out=way.out)
    yield f"{mine}.conv1", f"{theirs}.conv1", way
    yield f"{mine}.film", f"{theirs}.time_emb_proj", Way(out=way.out)
    yield f"{mine}.norm2", f"{theirs}.norm2", Way(out=way.out)
    yield f"{mine}.conv2", f"{theirs}.conv2", way
    if skips:
        yield f"{mine}.skip", f"{theirs}.conv_shortcut", way


def _attention(mine: str, theirs: str) -> Pairs:
    yield f"{mine}.norm", f"{theirs}.group_norm", Way()
    yield f"{mine}.out", f"{theirs}.to_out.0", Way(squeezes=True)


def _idle(channels: int) -> Iterator[tuple[str, int]]:
    """Their blocks that we have not, and how many channels each is shown."""
    yield "mid_block.resnets.1", channels
    yield "up_blocks.0.resnets.1", 2 * channels
    yield "up_blocks.1.resnets.1", 2 * channels


def _handing_on(channels_in: int, channels: int, embedding: int) -> dict[str, np.ndarray]:
    """A block that gives the first of its channels as they are."""

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.float32)

    block = {
        "norm1.weight": zeros(channels_in) + 1,
        "norm1.bias": zeros(channels_in),
        "conv1.weight": zeros(channels, channels_in, 3, 3),
        "conv1.bias": zeros(channels),
        "time_emb_proj.weight": zeros(2 * channels, embedding),
        "time_emb_proj.bias": zeros(2 * channels),
        "norm2.weight": zeros(channels) + 1,
        "norm2.bias": zeros(channels),
        "conv2.weight": zeros(channels, channels, 3, 3),
        "conv2.bias": zeros(channels),
    }
    if channels_in != channels:
        block["conv_shortcut.weight"] = np.eye(channels, channels_in, dtype=np.float32)[:, :, None, None]
        block["conv_shortcut.bias"] = zeros(channels)
    return block
