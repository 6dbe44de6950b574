"""Folders that cannot be played are refused, each with one sentence that says why."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exchange_desk import LAYOUT, weights, write
from safetensors.numpy import save_file

from genstudio import api
from genstudio.core import doubled
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.unet import UNet
from genstudio.errors import sentence
from genstudio.session import Session
from genstudio.session.exchange_in import read
from genstudio.store import open_folder

WEIGHTS = Path("unet") / "diffusion_pytorch_model.safetensors"


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """A sound folder."""
    return write(tmp_path / "cat")


def refusal(folder: Path) -> str:
    """The one sentence with which a folder is refused."""
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        read(open_folder(folder))
    words = sentence(caught.value)
    assert words == str(caught.value) and words.endswith(".") and "\n" not in words and len(words) < 300
    return words


def test_the_sound_one_is_read(cat: Path) -> None:
    header, tensors = read(open_folder(cat))
    assert header.family == "unet2d" and header.size == 16 and len(tensors) == len(weights())


def test_what_is_no_diffusers_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").startswith("There is no folder")
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file").startswith("There is no folder")
    (tmp_path / "pictures").mkdir()
    assert refusal(tmp_path / "pictures") == "The folder pictures is no diffusers folder: it has no model_index.json."


@pytest.mark.parametrize(
    ("index", "says"),
    [
        ({"_class_name": "StableDiffusionPipeline"}, "cat holds a StableDiffusionPipeline; DDPMPipeline and"),
        ({"_class_name": None}, "cat holds a None"),
        ({"unet": ["diffusers", "UNet2DConditionModel"]}, "the unet UNet2DConditionModel; read is UNet2DModel"),
        ({"unet": None}, "cat has the unet None"),
        ({"scheduler": ["diffusers", "ScoreSdeVeScheduler"]}, "the scheduler ScoreSdeVeScheduler; read is DDPM"),
    ],
)
def test_another_pipeline_is_refused(tmp_path: Path, index: dict[str, Any], says: str) -> None:
    assert says in refusal(write(tmp_path / "cat", index=index))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("unet/config.json", "cat lacks unet/config.json"),
        ("scheduler/scheduler_config.json", "cat lacks scheduler/scheduler_config.json"),
        (str(WEIGHTS), "cat has no weights"),
        ("unet", "cat lacks config.json"),
    ],
)
def test_a_missing_part_is_named(cat: Path, name: str, says: str) -> None:
    part = cat / name
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    words = refusal(cat)
    assert says in words or "cat has no weights" in words


@pytest.mark.parametrize("name", ["model_index.json", "unet/config.json", "scheduler/scheduler_config.json"])
@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"a": NaN}', b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5000])
def test_damaged_json_is_refused(cat: Path, name: str, data: bytes) -> None:
    (cat / name).write_bytes(data)
    assert "is damaged" in refusal(cat)


def test_a_huge_configuration_is_refused_before_it_is_read(cat: Path) -> None:
    with (cat / "unet" / "config.json").open("wb") as file:
        file.truncate(2**30)
    tracemalloc.start()
    try:
        assert "at most 1 MB are read" in refusal(cat)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("unet", "says"),
    [
        ({"_class_name": "UNet1DModel"}, "the configuration of a UNet1DModel"),
        ({"down_block_types": ["DownBlock2D", "KDownBlock2D"]}, "it has a block 'KDownBlock2D'; read are"),
        ({"sample_size": [16, 32]}, "its pictures are 32 x 16 px; only square ones are shown"),
        ({"sample_size": None}, "does not say how large its pictures are"),
        ({"sample_size": 512}, "512 px a side; 8 to 256 are shown"),
        ({"sample_size": 10**18}, "8 to 256 are shown"),
        ({"sample_size": 18}, "no multiple of 4"),
        ({"in_channels": 4, "out_channels": 4}, "its pictures have 4 channels; 1 (grey) or 3 (colour) are shown"),
        ({"out_channels": 2}, "is shown 1 channels and answers 2"),
        ({"num_class_embeds": 10**6}, "it knows 1000000 classes; 1 to 1,000 are read"),
        ({"class_embed_type": "identity"}, "class_embed_type is 'identity'"),
        ({"time_embedding_type": "fourier"}, "time_embedding_type is 'fourier'; read is positional"),
        ({"block_out_channels": [2048, 2**40]}, "channels; 2 to 2,048 are read"),
        ({"layers_per_block": 10**9}, "layers_per_block is 1000000000; read is 1 to 8"),
        ({"encoder_hid_dim": 3}, "the setting 'encoder_hid_dim', which is not known here"),
    ],
)
def test_a_network_that_is_not_read_says_what_of_it(tmp_path: Path, unet: dict[str, Any], says: str) -> None:
    words = refusal(write(tmp_path / "cat", unet=unet))
    assert says in words and words.startswith("The folder cat ")


def test_pictures_that_a_coarse_level_cannot_halve_are_refused(tmp_path: Path) -> None:
    more = {"block_out_channels": [8] * 4, "down_block_types": ["DownBlock2D"] * 4, "up_block_types": ["UpBlock2D"] * 4}
    words = refusal(write(tmp_path / "cat", unet={**more, "sample_size": 28}))
    assert "28 px a side, which is no multiple of 8" in words


@pytest.mark.parametrize(
    ("scheduler", "says"),
    [
        ({"_class_name": "PNDMScheduler"}, "the configuration of a PNDMScheduler"),
        ({"num_train_timesteps": 4000}, "it has 4000 noise levels; 10 to 1,000 are read"),
        ({"prediction_type": "flow"}, "predicts 'flow'; read are epsilon, sample, v_prediction"),
        ({"prediction_type": ["epsilon"]}, "predicts ['epsilon']"),
        ({"variance_type": "learned_range"}, "tells the variance, too"),
        ({"variance_type": "huge"}, "its variance is 'huge'; read are fixed_small, fixed_small_log, fixed_large"),
        ({"variance_type": None}, "its variance is None"),
        ({"variance_type": ["fixed_small"]}, "its variance is ['fixed_small']"),
        ({"thresholding": True}, "a threshold of its own"),
        ({"beta_schedule": "laplace"}, "betas go along 'laplace'; read are linear"),
        ({"beta_schedule": 7}, "go along 7"),
        ({"beta_start": 0.5, "beta_end": 0.1}, "from 0.5 to 0.1; they must rise"),
        ({"beta_end": "0.02"}, "to '0.02'"),
        ({"trained_betas": [0.1] * 40}, "are a list of its own"),
        ({"clip_sample_range": -1}, "clips pictures at -1"),
        ({"rescale_betas_zero_snr": True}, "nothing but noise"),
    ],
)
def test_levels_that_are_not_read_say_what_of_them(tmp_path: Path, scheduler: dict[str, Any], says: str) -> None:
    assert says in refusal(write(tmp_path / "cat", scheduler=scheduler))


def without(tensors: dict[str, np.ndarray]) -> None:
    del tensors["conv_in.bias"]


def beside(tensors: dict[str, np.ndarray]) -> None:
    tensors["lora.up"] = np.zeros(3, np.float32)


def reshaped(tensors: dict[str, np.ndarray]) -> None:
    tensors["conv_in.bias"] = np.zeros(9, np.float32)


def broken(tensors: dict[str, np.ndarray]) -> None:
    tensors["conv_in.bias"] = np.full(8, np.nan, np.float32)


def whole(tensors: dict[str, np.ndarray]) -> None:
    tensors["conv_in.bias"] = np.zeros(8, np.int64)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (without, "cat lacks 'conv_in.bias', which its configuration asks for"),
        (beside, "a tensor 'lora.up' that its configuration does not ask for"),
        (reshaped, "'conv_in.bias' of shape (9,); its configuration asks for (8,)"),
        (broken, "weights that are not finite numbers ('conv_in.bias')"),
        (whole, "weights of the type I64; read are F16 and F32"),
    ],
)
def test_weights_that_do_not_fit_are_refused(cat: Path, change: Callable[[Any], None], says: str) -> None:
    tensors = weights()
    change(tensors)
    save_file(tensors, cat / WEIGHTS)
    assert says in refusal(cat)


def test_bfloat16_is_refused_by_its_name(cat: Path) -> None:
    data = (cat / WEIGHTS).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    table = data[8 : 8 + length].replace(b'"F32"', b'"BF16"', 1)
    (cat / WEIGHTS).write_bytes(struct.pack("<Q", len(table)) + table + data[8 + length :])
    assert "weights of the type BF16; read are F16 and F32" in refusal(cat)


@pytest.mark.parametrize("data", [b"", b"PK\3\4 a zip", struct.pack("<Q", 2**60) + b"{"])
def test_weights_that_are_no_safetensors_are_refused(cat: Path, data: bytes) -> None:
    (cat / WEIGHTS).write_bytes(data)
    words = refusal(cat)
    assert "is not a safetensors file" in words or "at most 1,048,576 are read" in words


def test_weights_cut_short_are_refused(cat: Path) -> None:
    data = (cat / WEIGHTS).read_bytes()
    (cat / WEIGHTS).write_bytes(data[:-1])
    assert "is cut short" in refusal(cat)


def test_a_pickle_is_refused_and_not_opened(cat: Path) -> None:
    (cat / WEIGHTS).unlink()

    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return pytest.fail, ("unpickled",)

    (cat / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    assert "The weights of cat are a pickle, which may run code; only .safetensors is read." in refusal(cat)


def test_weights_in_several_files_are_refused(cat: Path) -> None:
    (cat / WEIGHTS).unlink()
    (cat / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text("{}")
    (cat / "unet" / "diffusion_pytorch_model-00001-of-00002.safetensors").touch()
    assert "are in several files; only one .safetensors file is read" in refusal(cat)


def test_nothing_large_is_read_of_weights_that_do_not_fit(tmp_path: Path) -> None:
    folder = write(tmp_path / "cat", tensors={**weights(), "more": np.zeros(2**22, np.float32)})
    tracemalloc.start()
    try:
        refusal(folder)
        assert tracemalloc.get_traced_memory()[1] < 2**22
    finally:
        tracemalloc.stop()


def test_a_folder_of_ours_that_has_learnt_on_elsewhere_says_why_it_is_not_read(tmp_path: Path) -> None:
    network = UNet(1, 8, 2)
    tensors = doubled.written({name: value.numpy() for name, value in network.state_dict().items()})
    own = {"in_channels": 4, "out_channels": 4, "sample_size": 14, "num_class_embeds": 3, **doubled.config_of(8)}
    plain = {name: None for name in LAYOUT if name not in own}
    assert not plain, "the configuration says all that the small one does"
    folder = write(tmp_path / "cat", unet=own, scheduler={"beta_schedule": "squaredcos_cap_v2"}, tensors=tensors)
    assert read(open_folder(folder))[0].family == "ddpm"
    tensors["conv_in.weight"][0] += 1
    save_file(tensors, folder / WEIGHTS)
    assert "its weights are no longer as GenStudio wrote them" in refusal(folder)


def test_a_network_that_was_written_over_is_refused_by_what_is_wrong_with_it(tmp_path: Path) -> None:
    """The channels of the folder are those of GenStudio's own folding, and no fault."""
    own = {"in_channels": 4, "out_channels": 4, "sample_size": 14, "num_class_embeds": 3, **doubled.config_of(8)}
    folder = write(tmp_path / "cat", unet={**own, "layers_per_block": 99, "block_out_channels": [32, "x"]})
    said = refusal(folder)
    assert said == "The folder cat cannot be played: a level has 'x' channels; 2 to 2,048 are read."


def test_of_a_folder_that_genstudio_wrote_the_field_is_named_that_was_changed(tmp_path: Path) -> None:
    folder = tmp_path / "cat"
    for _ in Session("io", compute=FLOAT32_CPU).stream(api.ExportFolderRequest("strokes-ddpm", str(folder))):
        pass
    unet = json.loads((folder / "unet" / "config.json").read_text())
    wrote = unet["layers_per_block"]
    (folder / "unet" / "config.json").write_text(json.dumps({**unet, "layers_per_block": wrote + 1}))
    assert refusal(folder) == (
        f"The folder cat cannot be played: its layers_per_block is {wrote + 1}, where GenStudio wrote {wrote}."
    )
