"""What diffusers' UNet2DModel is made of, as its configuration says it, and the settings of a model that has one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from genstudio.settings.base import Setting
from genstudio.settings.betas import BETAS, betas_of
from genstudio.settings.schedules import NAMED, TIMESTEPS, check_drawn

LEVELS, LAYERS, MOST_CHANNELS, MOST_GROUPS = 8, 8, 2048, 512
DOWN = {"DownBlock2D": False, "AttnDownBlock2D": True}  # whether such a block attends
UP = {"UpBlock2D": False, "AttnUpBlock2D": True}
MIDDLE = "UNetMidBlock2D"
OLDER = "UNetRes"  # before the names of blocks in the first versions
DEFAULTS: dict[str, Any] = {  # of the constructor: what a configuration does not say
    "center_input_sample": False,
    "time_embedding_type": "positional",
    "time_embedding_dim": None,
    "freq_shift": 0,
    "flip_sin_to_cos": True,
    "down_block_types": ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
    "mid_block_type": MIDDLE,
    "up_block_types": ["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"],
    "block_out_channels": [224, 448, 672, 896],
    "layers_per_block": 2,
    "mid_block_scale_factor": 1,
    "downsample_padding": 1,
    "downsample_type": "conv",
    "upsample_type": "conv",
    "dropout": 0.0,
    "act_fn": "silu",
    "attention_head_dim": 8,
    "norm_num_groups": 32,
    "attn_norm_num_groups": None,
    "norm_eps": 1e-5,
    "resnet_time_scale_shift": "default",
    "add_attention": True,
    "class_embed_type": None,
}
ONE_WAY: dict[str, tuple[Any, ...]] = {  # what is read of the settings that change what is computed
    "time_embedding_type": ("positional",),
    "mid_block_scale_factor": (1, 1.0),
    "downsample_type": ("conv",),
    "upsample_type": ("conv",),
    "act_fn": ("silu", "swish"),
    "class_embed_type": (None,),
    "downsample_padding": (0, 1),
    "resnet_time_scale_shift": ("default", "scale_shift"),
    "mid_block_type": (MIDDLE, None),
    "center_input_sample": (False, True),
    "flip_sin_to_cos": (False, True),
    "add_attention": (False, True),
}
Middle = Literal["attention", "plain", "none"]


@dataclass(frozen=True)
class Layout:
    """The parts of a UNet2DModel, the finest level first; `up` is told from the coarsest on, as it is gone through."""

    channels: tuple[int, ...]  # of each level
    down: tuple[bool, ...]  # whether a level attends on the way down
    up: tuple[bool, ...]
    layers: int  # residual blocks of each level on the way down; one more on the way up
    groups: int  # of each normalisation
    eps: float  # of each normalisation
    head_dim: int  # channels of a head of attention; 0 is one head of all
    scales: bool  # the embedding scales and shifts the second normalisation, else it is added before
    middle: Middle
    middle_groups: int  # of the normalisation before the attention in the middle; 0 is none
    padding: int  # on both sides before a level is halved; 0 is a row and a column after the last ones
    centers: bool  # it is shown 2 x - 1
    flips: bool  # cosines of t before sines
    freq_shift: float  # taken from the number of frequencies between whose ends those of t lie
    time_dim: int  # of the embedding of t


def layout_of(config: Mapping[str, Any]) -> Layout:
    """The parts that a configuration describes, without what it says of pictures and classes.

    Raises:
        ValueError: the end of a sentence about the network: what of it is not read, and what is.
    """
    for name in config:
        if name not in DEFAULTS:
            raise ValueError(f"it has the setting {name!r:.60}, which is not known here")
    told = {**DEFAULTS, **config}
    for name, allowed in ONE_WAY.items():
        if not any(told[name] == one and type(told[name]) is type(one) for one in allowed):
            told_as = " or ".join("nothing" if one is None else f"{one}" for one in allowed)
            raise ValueError(f"its {name} is {told[name]!r:.60}; read is {told_as}")
    channels = _list(told, "block_out_channels")
    levels = len(channels)
    if not 1 <= levels <= LEVELS:
        raise ValueError(f"it has {levels} levels; 1 to {LEVELS} are read")
    groups = _whole(told, "norm_num_groups", 1, MOST_GROUPS)
    for count in channels:
        if type(count) is not int or not 2 <= count <= MOST_CHANNELS:
            raise ValueError(f"a level has {count!r:.20} channels; 2 to {MOST_CHANNELS:,} are read")
        if count % groups:
            raise ValueError(f"a level has {count} channels, which cannot be split into {groups} groups")
    down, up = _attends(told, "down_block_types", DOWN, levels), _attends(told, "up_block_types", UP, levels)
    scales = told["resnet_time_scale_shift"] == "scale_shift"
    middle: Middle = "none" if told["mid_block_type"] is None else "attention" if told["add_attention"] else "plain"
    layout = Layout(
        channels=tuple(channels),
        down=down,
        up=up,
        layers=_whole(told, "layers_per_block", 1, LAYERS),
        groups=groups,
        eps=_real(told, "norm_eps", 1e-12, 1e-2),
        head_dim=0 if told["attention_head_dim"] is None else _whole(told, "attention_head_dim", 1, MOST_CHANNELS),
        scales=scales,
        middle=middle,
        middle_groups=_middle_groups(told, groups, scales, channels[-1]),
        padding=told["downsample_padding"],
        centers=told["center_input_sample"],
        flips=told["flip_sin_to_cos"],
        freq_shift=_real(told, "freq_shift", 0, 1),
        time_dim=_time_dim(told, channels[0]),
    )
    _check_fits(layout)
    return layout


def _middle_groups(told: Mapping[str, Any], groups: int, scales: bool, channels: int) -> int:
    if told["attn_norm_num_groups"] is None:
        return 0 if scales else groups
    count = _whole(told, "attn_norm_num_groups", 1, MOST_GROUPS)
    if channels % count:
        raise ValueError(f"its middle has {channels} channels, which cannot be split into {count} groups")
    return count


def _time_dim(told: Mapping[str, Any], channels: int) -> int:
    if told["time_embedding_dim"] is None:
        return 4 * channels
    return _whole(told, "time_embedding_dim", 1, 4 * MOST_CHANNELS)


def _check_fits(layout: Layout) -> None:
    if layout.channels[0] % 2 or layout.channels[0] // 2 <= layout.freq_shift:
        raise ValueError(f"its first level has {layout.channels[0]} channels, too odd or too few to tell it t")
    attending = [count for count, attends in zip(layout.channels, layout.down, strict=True) if attends]
    attending += [count for count, attends in zip(layout.channels[::-1], layout.up, strict=True) if attends]
    attending += [layout.channels[-1]] if layout.middle == "attention" else []
    for count in attending:
        if layout.head_dim and count % layout.head_dim:
            raise ValueError(f"{count} channels cannot be split into heads of {layout.head_dim}")


def _attends(told: Mapping[str, Any], name: str, known: Mapping[str, bool], levels: int) -> tuple[bool, ...]:
    blocks = _list(told, name)
    if len(blocks) != levels:
        raise ValueError(f"its {name} are {len(blocks)}, for {levels} levels")
    names = [block.removeprefix(OLDER) if isinstance(block, str) else block for block in blocks]
    for block in names:
        if not isinstance(block, str) or block not in known:
            raise ValueError(f"it has a block {block!r:.60}; read are {' and '.join(known)}")
    return tuple(known[block] for block in names)


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told[name]
    if not isinstance(value, list):
        raise ValueError(f"its {name} is {value!r:.60}, not a list")
    return value


def _whole(told: Mapping[str, Any], name: str, low: int, high: int) -> int:
    value = told[name]
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"its {name} is {value!r:.40}; read is {low} to {high:,}")
    return value


def _real(told: Mapping[str, Any], name: str, low: float, high: float) -> float:
    value = told[name]
    if type(value) not in (int, float) or not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"its {name} is {value!r:.40}; read is {low:g} to {high:g}")
    return float(value)


def words_of_layout(config: Mapping[str, Any]) -> str:
    """A configuration as the one text from which `layout_from` reads the same parts.

    Raises:
        ValueError: as `layout_of`.
    """
    layout_of(config)
    return json.dumps({**DEFAULTS, **config}, sort_keys=True, separators=(",", ":"))


def config_from(words: str) -> dict[str, Any]:
    """The configuration in such a text.

    Raises:
        ValueError: if it is none.
    """
    try:
        config = json.loads(words)
    except (ValueError, RecursionError):
        raise ValueError("its layout is no JSON") from None
    if not isinstance(config, dict):
        raise ValueError("its layout is no JSON object")
    return config


def layout_from(words: str) -> Layout:
    """The parts in such a text.

    Raises:
        ValueError: as `config_from` and `layout_of`.
    """
    return layout_of(config_from(words))


def check_schedule(name: str) -> None:
    """Refuse what is neither a drawn schedule nor betas.

    Raises:
        ValueError: saying what is wrong.
    """
    betas_of(name) if name.startswith(BETAS) else check_drawn(name)


SMALL = words_of_layout(
    {
        "block_out_channels": [32, 64],
        "down_block_types": ["DownBlock2D", "AttnDownBlock2D"],
        "up_block_types": ["AttnUpBlock2D", "UpBlock2D"],
    }
)


@dataclass(frozen=True)
class UNet2DSettings:
    """A DDPM from a diffusers folder, with the network UNet2DModel; it is played, and not trained here."""

    layout: Annotated[
        str, Setting("The configuration of its UNet2DModel, as JSON.", label="Network", others=layout_from)
    ] = SMALL
    schedule: Annotated[
        str, Setting("How fast its noise grows from t = 0 to T.", label="Schedule", words=NAMED, others=check_schedule)
    ] = "linear"
    timesteps: Annotated[int, Setting("Noise levels T.", label="T", low=TIMESTEPS[0], high=TIMESTEPS[1])] = 1000
    objective: Annotated[
        Literal["noise", "x0", "v"],
        Setting("What the network was taught to tell: the noise, the picture, or v.", label="Predicts"),
    ] = "noise"
    clip: Annotated[
        float,
        Setting("Pictures that it expects are clipped to minus and plus this; 0 leaves them.", low=0, high=1000),
    ] = 1.0
    seed: ClassVar[int] = 0  # of what is learnt here, which is nothing

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            ValueError: saying what would.
        """
        is_zero = self.schedule.startswith(BETAS) and betas_of(self.schedule).zero
        if is_zero and self.objective == "noise":
            raise ValueError(
                "its schedule ends in nothing but noise, where knowing the noise tells no picture; "
                "such a network must predict v or the picture"
            )
