"""Models are found by name and by path, and a bad file hides no good one."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest

from genstudio import store
from genstudio.settings import DiffusionSettings, VAESettings
from genstudio.store import Header

DIGITS = tuple("0123456789")
HEADER = Header("vae", VAESettings(), "strokes", 1, 28, DIGITS, 7, quality={"frechet": 7.5})
WEIGHTS = {"model.x": np.ones(3, np.float32)}


def write(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        store.write_checkpoint(folder / f"{name}.safetensors", HEADER, WEIGHTS)


def test_what_a_picker_shows_is_read_from_the_header(tmp_path: Path) -> None:
    write(tmp_path, "mine")
    path = tmp_path / "mine.safetensors"
    info = store.model_info(path)
    assert (info.name, info.family, info.path, info.dataset) == ("mine", "vae", str(path), "strokes")
    assert (info.channels, info.size, info.iteration, info.settings) == (1, 28, 7, VAESettings())
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() and info.bytes == path.stat().st_size
    assert info.quality == {"frechet": 7.5} and not info.pretrained
    assert store.model_info(path, pretrained=True).pretrained


def test_only_models_that_draw_a_class_on_request_offer_classes(tmp_path: Path) -> None:
    write(tmp_path, "vae")
    conditional = dataclasses.replace(HEADER, family="ddpm", settings=DiffusionSettings())
    store.write_checkpoint(tmp_path / "ddpm.safetensors", conditional, WEIGHTS)
    assert {m.name: m.classes for m in store.list_models((tmp_path,))} == {"vae": (), "ddpm": DIGITS}


def test_the_hash_follows_the_file(tmp_path: Path) -> None:
    write(tmp_path, "m")
    path = tmp_path / "m.safetensors"
    before = store.model_info(path).sha256
    store.write_checkpoint(path, HEADER, {"model.x": np.zeros(4, np.float32)})
    assert store.model_info(path).sha256 != before


def test_bundled_models_come_first_and_bad_files_hide_no_good_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled, own = tmp_path / "pretrained", tmp_path / "models"
    monkeypatch.setattr("genstudio.store.folders.pretrained_dir", lambda: bundled)
    write(bundled, "z", "b")
    write(own, "a", "c")
    (own / "bad.safetensors").write_bytes(b"\x80\x04pickle")
    (own / "folder.safetensors").mkdir()
    (own / "notes.txt").write_text("no model")
    models = store.list_models((own, bundled, tmp_path / "none"))
    assert [(m.name, m.pretrained) for m in models] == [("b", True), ("z", True), ("a", False), ("c", False)]


def test_numbers_in_names_stand_in_their_order(tmp_path: Path) -> None:
    write(tmp_path, "vae-16", "vae-2", "vae-32", "vae-4", "vae", "ae-16", "run (mnist, 1200)", "run (mnist, 90)")
    names = [model.name for model in store.list_models((tmp_path,))]
    assert names == ["ae-16", "run (mnist, 90)", "run (mnist, 1200)", "vae", "vae-2", "vae-4", "vae-16", "vae-32"]
    with pytest.raises(FileNotFoundError, match="vae-2, vae-4, vae-16, vae-32"):
        store.find_model("qqq", (tmp_path,))


def test_a_model_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "a")
    write(second, "a", "b")
    assert store.find_model("a", (first, second)) == first / "a.safetensors"
    assert store.find_model("b", (first, second)) == second / "b.safetensors"
    path = str(second / "b.safetensors")
    assert store.find_model(path, (first,)) == Path(path)


def test_an_unknown_model_is_answered_with_the_names_there_are(tmp_path: Path) -> None:
    write(tmp_path, "b", "a")
    for name in ("c", str(tmp_path / "c.safetensors"), ""):
        with pytest.raises(FileNotFoundError, match="known are a, b"):
            store.find_model(name, (tmp_path,))
    write(tmp_path, "mnist-ddpm")
    for name in ("mnist-dppm", "MNIST-DDPM", "mnist_ddpm.safetensors"):
        with pytest.raises(FileNotFoundError, match=rf"no model '{name}'; did you mean mnist-ddpm\?$"):
            store.find_model(name, (tmp_path,))
    with pytest.raises(FileNotFoundError, match="there are none yet"):
        store.find_model("c", (tmp_path / "none",))
    with pytest.raises(ValueError, match="null character"):
        store.find_model("a\0b", (tmp_path,))
