"""A receipt carries no path of anybody's machine, and its model is found again by name and hash."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genstudio import api, export
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import GANSettings, VAESettings

SETTINGS = VAESettings(latent_dim=2, width=4, batch_size=8)
SOURCES = [
    api.DecodeRequest("/home/lovelace/models/own.safetensors", ((0.5, -0.5),)),
    api.SampleRequest(r"C:\Users\lovelace\own.safetensors", seed=3, count=4),
    api.TrainRequest("gan", "/home/lovelace/holiday/", GANSettings(), resume="/home/lovelace/run.safetensors"),
    api.TrainRequest("gan", r"C:\Users\lovelace\holiday.zip", GANSettings()),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model outside every catalog, trained on a folder of pictures."""
    home = tmp_path_factory.mktemp("lovelace")
    pictures = home / "holiday"
    pictures.mkdir()
    for number, pixels in enumerate(np.random.default_rng(0).integers(0, 256, (8, 28, 28), np.uint8)):
        Image.fromarray(pixels).save(pictures / f"{number}.png")
    session = Session("train", data_dir=home, model_dirs=[], compute=FLOAT32_CPU)
    list(session.stream(api.TrainRequest("vae", str(pictures), SETTINGS, 1, preview=4)))
    session.handle(api.SaveRequest(str(home / "own.safetensors")))
    return home / "own.safetensors"


def last(stream: Any) -> Any:
    *_, event = stream
    return event


def a_session(*folders: Path) -> Session:
    return Session("io", data_dir=Path("nowhere"), model_dirs=folders, compute=FLOAT32_CPU)


def exported(model: Path, path: Path) -> Path:
    request = api.ExportGridRequest(api.DecodeRequest(str(model), ((0.5, -0.5),)), api.GridLayout(), str(path))
    last(a_session().stream(request))
    return path


@pytest.mark.parametrize("source", SOURCES)
def test_a_receipt_has_no_path_in_it(source: api.Source) -> None:
    text = export.to_json(export.make_receipt(source, api.GridLayout(), ""))
    assert "lovelace" not in text and "/" not in text and "\\" not in text
    assert "own" in text or "holiday" in text


def test_an_opened_file_is_found_again_by_its_hash_under_any_name(model: Path, tmp_path: Path) -> None:
    path = exported(model, tmp_path / "picture.png")
    moved = str(shutil.copy(model, tmp_path / "renamed.safetensors"))
    restored = last(a_session().stream(api.RestoreRequest(str(path), ("gone.safetensors", moved))))
    assert restored.source.model == moved and restored.identical and restored.model.family == "vae"


def test_a_model_of_the_catalog_goes_by_its_name(model: Path, tmp_path: Path) -> None:
    path = exported(model, tmp_path / "picture.png")
    restored = last(a_session(model.parent).stream(api.RestoreRequest(str(path), (str(model),))))
    assert restored.source.model == "own" and restored.identical


def test_a_model_that_is_not_here_is_asked_for(model: Path, tmp_path: Path) -> None:
    path = exported(model, tmp_path / "picture.png")
    with pytest.raises(ValueError, match=r"own\.safetensors, which is not here; drop that file"):
        last(a_session().stream(api.RestoreRequest(str(path))))


def test_a_path_inside_a_receipt_is_never_opened(model: Path, tmp_path: Path) -> None:
    path = exported(model, tmp_path / "picture.png")
    receipt = export.read_receipt(path)
    receipt["request"]["model"] = str(model)
    export.write_png(path, export.read_picture(path), receipt)
    with pytest.raises(ValueError, match="is not here"):
        last(a_session().stream(api.RestoreRequest(str(path))))
