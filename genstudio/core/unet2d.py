"""The network of diffusers' UNet2DModel, with the names of its tensors, so that its files are read as they are."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.settings.unet2d import Layout


def time_features(t: Tensor, dim: int, freq_shift: float, flips: bool) -> Tensor:
    """Sines and cosines of t (B,) at geometric frequencies: (B, dim); cosines first if it `flips`."""
    half = dim // 2
    exponents = -math.log(10_000) * torch.arange(half, dtype=torch.float32, device=t.device) / (half - freq_shift)
    angles = t[:, None].float() * exponents.exp()
    waves = (angles.cos(), angles.sin()) if flips else (angles.sin(), angles.cos())
    return torch.cat(waves, 1)


class TimeEmbedding(nn.Module):
    """Two layers on the features of t."""

    def __init__(self, features: int, dim: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(features, dim), nn.Linear(dim, dim)

    def forward(self, features: Tensor) -> Tensor:
        """features (B, F): (B, E)."""
        return self.linear_2(F.silu(self.linear_1(features)))


class Resnet(nn.Module):
    """Two convolutions with a skip; the embedding is added between them, or scales and shifts there."""

    def __init__(self, channels_in: int, channels: int, layout: Layout) -> None:
        super().__init__()
        self.scales = layout.scales
        self.norm1 = nn.GroupNorm(layout.groups, channels_in, layout.eps)
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.time_emb_proj = nn.Linear(layout.time_dim, 2 * channels if layout.scales else channels)
        self.norm2 = nn.GroupNorm(layout.groups, channels, layout.eps)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(channels_in, channels, 1) if channels_in != channels else nn.Identity()

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """x (B, C, H, W), embedding (B, E)."""
        h = self.conv1(F.silu(self.norm1(x)))
        told = self.time_emb_proj(F.silu(embedding))[:, :, None, None]
        if self.scales:
            scale, shift = told.chunk(2, 1)
            h = self.norm2(h) * (1 + scale) + shift
        else:
            h = self.norm2(h + told)
        return self.conv_shortcut(x) + self.conv2(F.silu(h))


class Attention(nn.Module):
    """Self-attention over all positions, in heads of `head_dim` channels."""

    def __init__(self, channels: int, head_dim: int, groups: int, eps: float) -> None:
        super().__init__()
        self.heads = channels // head_dim if head_dim else 1
        self.group_norm = nn.GroupNorm(groups, channels, eps) if groups else nn.Identity()
        self.to_q, self.to_k, self.to_v = (nn.Linear(channels, channels) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W)."""
        b, c, h, w = x.shape
        places = self.group_norm(x).flatten(2).transpose(1, 2)  # (B, H*W, C)
        q, k, v = (
            part(places).view(b, h * w, self.heads, c // self.heads).transpose(1, 2)
            for part in (self.to_q, self.to_k, self.to_v)
        )
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2)  # (B, H*W, heads, C/heads)
        return x + self.to_out[0](attended.reshape(b, h * w, c)).transpose(1, 2).reshape(b, c, h, w)


class Halving(nn.Module):
    """Half the side, by a convolution that takes every second place."""

    def __init__(self, channels: int, padding: int) -> None:
        super().__init__()
        self.pads = not padding
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W), H and W even."""
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.pads else x)


class Doubling(nn.Module):
    """Twice the side: each place four times, then a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W)."""
        return self.conv(F.interpolate(x, scale_factor=2.0))


class Level(nn.Module):
    """Residual blocks, each with attention after it if the level attends."""

    def __init__(self, widths: list[int], channels: int, attends: bool, layout: Layout) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(width, channels, layout) for width in widths)
        count = len(widths) if attends else 0
        self.attentions = nn.ModuleList(
            Attention(channels, layout.head_dim, layout.groups, layout.eps) for _ in range(count)
        )

    def block(self, number: int, x: Tensor, embedding: Tensor) -> Tensor:
        """What the block of that number makes of x (B, C, H, W)."""
        x = self.resnets[number](x, embedding)
        return self.attentions[number](x) if len(self.attentions) else x


class Down(Level):
    """A level on the way down."""

    def __init__(self, channels_in: int, channels: int, attends: bool, is_last: bool, layout: Layout) -> None:
        super().__init__([channels_in, *[channels] * (layout.layers - 1)], channels, attends, layout)
        self.downsamplers = nn.ModuleList([] if is_last else [Halving(channels, layout.padding)])

    def forward(self, x: Tensor, embedding: Tensor) -> list[Tensor]:
        """All that the way up is shown, the last of which goes on."""
        shown = []
        for number in range(len(self.resnets)):
            x = self.block(number, x, embedding)
            shown.append(x)
        return [*shown, *(halve(x) for halve in self.downsamplers)]


class Up(Level):
    """A level on the way up, each of whose blocks is shown what came by on the way down."""

    def __init__(self, below: int, beside: int, channels: int, attends: bool, is_last: bool, layout: Layout) -> None:
        came_by = [*[channels] * layout.layers, beside]
        arriving = [below, *[channels] * layout.layers]
        widths = [a + b for a, b in zip(arriving, came_by, strict=True)]
        super().__init__(widths, channels, attends, layout)
        self.upsamplers = nn.ModuleList([] if is_last else [Doubling(channels)])

    def forward(self, x: Tensor, shown: list[Tensor], embedding: Tensor) -> Tensor:
        """x (B, C, H, W); what it is shown is taken off the end of the list."""
        for number in range(len(self.resnets)):
            x = self.block(number, torch.cat([x, shown.pop()], 1), embedding)
        for double in self.upsamplers:
            x = double(x)
        return x


class Middle(nn.Module):
    """The coarsest level between the ways: a block, attention, a block."""

    def __init__(self, channels: int, layout: Layout) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(Resnet(channels, channels, layout) for _ in range(2))
        count = 1 if layout.middle == "attention" else 0
        self.attentions = nn.ModuleList(
            Attention(channels, layout.head_dim, layout.middle_groups, layout.eps) for _ in range(count)
        )

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """x (B, C, H, W)."""
        x = self.resnets[0](x, embedding)
        for attend in self.attentions:
            x = attend(x)
        return self.resnets[1](x, embedding)


class UNet2D(nn.Module):
    """Answers for x_t (B, C, H, W) at index t (B,), of class y (B,) where there are classes; it knows no "no class".

    H and W must be multiples of 2 to the number of levels less one.
    """

    def __init__(self, layout: Layout, channels: int, classes: int) -> None:
        super().__init__()
        self.layout, widths = layout, layout.channels
        self.conv_in = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.time_embedding = TimeEmbedding(widths[0], layout.time_dim)
        self.class_embedding = nn.Embedding(classes, layout.time_dim) if classes else None
        last = len(widths) - 1
        before = (widths[0], *widths)
        self.down_blocks = nn.ModuleList(
            Down(before[k], widths[k], attends, k == last, layout) for k, attends in enumerate(layout.down)
        )
        self.mid_block = Middle(widths[-1], layout) if layout.middle != "none" else None
        upwards = widths[::-1]
        self.up_blocks = nn.ModuleList(
            Up(upwards[max(k - 1, 0)], upwards[min(k + 1, last)], upwards[k], attends, k == last, layout)
            for k, attends in enumerate(layout.up)
        )
        self.conv_norm_out = nn.GroupNorm(layout.groups, widths[0], layout.eps)
        self.conv_out = nn.Conv2d(widths[0], channels, 3, padding=1)

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """(B, C, H, W) float32."""
        layout = self.layout
        features = time_features(t, layout.channels[0], layout.freq_shift, layout.flips)
        embedding = self.time_embedding(features)
        if self.class_embedding is not None:
            embedding = embedding + self.class_embedding(y)
        x = self.conv_in(2 * x_t - 1 if layout.centers else x_t)
        shown = [x]
        for down in self.down_blocks:
            shown += down(shown[-1], embedding)
        x = shown[-1] if self.mid_block is None else self.mid_block(shown[-1], embedding)
        for up in self.up_blocks:
            x = up(x, shown, embedding)
        return self.conv_out(F.silu(self.conv_norm_out(x))).float()
