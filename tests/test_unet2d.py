"""Our UNet2DModel is diffusers' one: the same tensors, the same answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from exchange_desk import LAYOUT, shaken

from genstudio.core import doubled
from genstudio.core.schedules import schedule_named
from genstudio.core.unet import UNet
from genstudio.core.unet2d import UNet2D
from genstudio.settings import UNet2DSettings, check_settings
from genstudio.settings.betas import Betas, betas_of, name_of_betas
from genstudio.settings.unet2d import layout_from, layout_of, words_of_layout

CLOSE = 1e-5  # of the spread of the answers
LAYOUTS: dict[str, dict[str, Any]] = {
    "small": LAYOUT,
    "three levels, as the first published ones": {
        "block_out_channels": [8, 16, 16],
        "layers_per_block": 2,
        "norm_num_groups": 8,
        "norm_eps": 1e-6,
        "down_block_types": ["DownBlock2D", "AttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "AttnUpBlock2D", "UpBlock2D"],
        "downsample_padding": 0,
        "flip_sin_to_cos": False,
        "freq_shift": 1,
        "attention_head_dim": None,
    },
    "scales and shifts": {
        **LAYOUT,
        "resnet_time_scale_shift": "scale_shift",
        "attn_norm_num_groups": 2,
        "time_embedding_dim": 24,
        "center_input_sample": True,
    },
    "no normalisation in the middle": {**LAYOUT, "resnet_time_scale_shift": "scale_shift", "act_fn": "swish"},
    "no attention in the middle": {**LAYOUT, "add_attention": False, "dropout": 0.3},
    "no middle": {**LAYOUT, "mid_block_type": None},
    "one level": {
        **LAYOUT,
        "block_out_channels": [8],
        "down_block_types": ["UNetResDownBlock2D"],
        "up_block_types": ["UNetResAttnUpBlock2D"],
    },
}


def their_model(**config: Any) -> Any:
    diffusers = pytest.importorskip("diffusers")
    return diffusers.UNet2DModel(**config)


def apart(mine: torch.Tensor, theirs: torch.Tensor) -> float:
    return float((mine - theirs).abs().max() / theirs.std())


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("classes", [0, 3])
@pytest.mark.parametrize("name", LAYOUTS)
def test_it_answers_as_diffusers_own_class(name: str, classes: int) -> None:
    layout, channels = LAYOUTS[name], 3 if classes else 1
    pictures = {"sample_size": 16, "in_channels": channels, "out_channels": channels}
    theirs = shaken(their_model(**pictures, **layout, num_class_embeds=classes or None))
    ours = UNet2D(layout_from(words_of_layout(layout)), channels, classes).eval()
    ours.load_state_dict(theirs.state_dict())
    rng = torch.Generator().manual_seed(1)
    x, t, y = torch.randn(3, channels, 16, 16, generator=rng), torch.tensor([0.0, 7.5, 999.0]), torch.tensor([0, 2, 1])
    with torch.inference_mode():
        found, wanted = ours(x, t, y), theirs(x, t, class_labels=y if classes else None).sample
    assert wanted.std() > 0.01 and (wanted[0] - wanted[1]).abs().max() > 0.01
    assert apart(found, wanted) < CLOSE


def patched(seed: int = 3, classes: int = 4) -> UNet:
    ours = shaken(UNet(1, 8, classes), seed)
    assert isinstance(ours, UNet)
    return ours


def doubled_weights(ours: UNet) -> dict[str, Any]:
    return doubled.written({name: value.numpy() for name, value in ours.state_dict().items()})


def asked() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(2)
    return torch.randn(3, 1, 28, 28, generator=rng), torch.tensor([0.0, 41.0, 999.0]), torch.tensor([4, 2, 0])


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_our_own_network_is_one_of_diffusers_on_patches() -> None:
    ours = patched()
    theirs = their_model(sample_size=14, in_channels=4, out_channels=4, num_class_embeds=5, **doubled.config_of(8))
    state = {name: torch.from_numpy(value) for name, value in doubled_weights(ours).items()}
    theirs.load_state_dict(state)
    x, t, y = asked()
    with torch.inference_mode():
        wanted = ours(x, t, y)
        found = F.pixel_shuffle(theirs.eval()(F.pixel_unshuffle(x, 2), t, class_labels=y).sample, 2)
    assert wanted.std() > 0.01 and apart(found, wanted) < CLOSE


def test_what_was_written_of_our_network_is_read_back_bit_for_bit() -> None:
    ours = patched()
    back = doubled.read_back(doubled_weights(ours))
    assert back is not None and back.keys() == ours.state_dict().keys()
    assert all(torch.equal(torch.from_numpy(back[name]), value) for name, value in ours.state_dict().items())


@pytest.mark.parametrize(
    "name", ["conv_in.weight", "mid_block.resnets.1.conv2.bias", "up_blocks.1.resnets.0.conv1.weight"]
)
def test_a_network_that_has_learnt_on_since_is_not_taken_for_ours(name: str) -> None:
    theirs = doubled_weights(patched())
    theirs[name] = theirs[name].copy()
    theirs[name].flat[-1] += 1
    assert doubled.read_back(theirs) is None
    del theirs[name]
    assert doubled.read_back(theirs) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"block_out_channels": []}, "0 levels"),
        ({"block_out_channels": [8] * 9}, "9 levels"),
        ({"block_out_channels": [8, 10**9]}, "1000000000 channels"),
        ({"block_out_channels": [8, 18]}, "18 channels, which cannot be split into 4 groups"),
        ({"block_out_channels": [8, "16"]}, "a level has '16' channels"),
        ({"block_out_channels": 8}, "not a list"),
        ({"layers_per_block": 10**6}, "layers_per_block is 1000000; read is 1 to 8"),
        ({"layers_per_block": True}, "layers_per_block is True"),
        ({"down_block_types": ["DownBlock2D"]}, "are 1, for 2 levels"),
        ({"down_block_types": ["DownBlock2D", "SkipDownBlock2D"]}, "a block 'SkipDownBlock2D'; read are DownBlock2D"),
        ({"up_block_types": ["UpBlock2D", ["UpBlock2D"]]}, "it has a block"),
        ({"time_embedding_type": "fourier"}, "time_embedding_type is 'fourier'; read is positional"),
        ({"class_embed_type": "timestep"}, "class_embed_type is 'timestep'; read is nothing"),
        ({"act_fn": "gelu"}, "act_fn is 'gelu'"),
        ({"downsample_type": "resnet"}, "downsample_type is 'resnet'; read is conv"),
        ({"attention_head_dim": 3}, "16 channels cannot be split into heads of 3"),
        ({"attn_norm_num_groups": 3}, "cannot be split into 3 groups"),
        ({"norm_eps": 0}, "norm_eps is 0"),
        ({"freq_shift": 4}, "freq_shift is 4"),
        ({"block_out_channels": [9, 16], "norm_num_groups": 1}, "9 channels, too odd"),
        ({"cross_attention_dim": 64}, "the setting 'cross_attention_dim', which is not known"),
    ],
)
def test_a_layout_that_is_not_read_says_what_of_it(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        layout_of({**LAYOUT, **change})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("words", ["", "[]", "7", "{" * 5000, '{"a":' * 5000, '{"norm_eps": NaN}', "9" * 5000])
def test_a_layout_that_is_no_configuration_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="its "):
        check_settings(UNet2DSettings(layout=words))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("kind", ["linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid"])
def test_betas_are_those_of_diffusers_scheduler(kind: str, zero: bool) -> None:
    diffusers = pytest.importorskip("diffusers")
    betas = Betas(kind, 0.0003, 0.013, zero)
    theirs = diffusers.DDPMScheduler(
        num_train_timesteps=500, beta_schedule=kind, beta_start=0.0003, beta_end=0.013, rescale_betas_zero_snr=zero
    )
    assert betas_of(name_of_betas(betas)) == betas
    ours = schedule_named(name_of_betas(betas), 500)
    assert (ours.alphas_cumprod - theirs.alphas_cumprod.double()).abs().max() < 1e-5
    assert (ours.signal[-1] == 0) == zero and (ours.signal.diff() < 0).all()


@pytest.mark.parametrize(
    "name",
    [
        *("betas:", "betas:linear", "betas:linear:0.1", "betas:linear:a:b", "betas:quadratic:0.1:0.2"),
        *("betas:linear:0.2:0.1", "betas:linear:0.0:0.1", "betas:linear:nan:0.1", "betas:linear:0.1:inf"),
        *("betas:linear:0.1:0.2:half", "betas:linear:0.10:0.2", "betas:linear:0.1:0.2:zero:zero"),
    ],
)
def test_a_name_of_betas_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="betas"):
        check_settings(UNet2DSettings(schedule=name))


def test_noise_cannot_be_told_where_nothing_but_noise_is() -> None:
    name = name_of_betas(Betas("linear", zero=True))
    check_settings(UNet2DSettings(schedule=name, objective="v"))
    with pytest.raises(ValueError, match="must predict v or the picture"):
        check_settings(UNet2DSettings(schedule=name))
