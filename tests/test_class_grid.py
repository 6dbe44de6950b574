"""The table of classes: a row for each class, a column for each code, from the window and the command line."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from cli_desk import sentence_of
from session_desk import last

from genstudio import api, export
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.export.letters import Words
from genstudio.export.tables import by_class
from genstudio.session import Session
from genstudio.settings import ConditionalGANSettings, DiffusionSettings, MLPGANSettings

RUNS = {
    "cgan": api.TrainRequest(
        "cgan", "strokes", ConditionalGANSettings(latent_dim=6, width=8, d_width=4, levels=2, batch_size=8), 2
    ),
    "mlp-gan": api.TrainRequest("mlp-gan", "strokes", MLPGANSettings(latent_dim=6, hidden=16, batch_size=8), 2),
    "ddpm": api.TrainRequest("ddpm", "strokes", DiffusionSettings(width=8, batch_size=8, timesteps=40), 1),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three models, two of which draw classes."""
    folder = tmp_path_factory.mktemp("models")
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    for family, request in RUNS.items():
        list(session.stream(request))
        session.handle(api.SaveRequest(str(folder / f"{family}.safetensors")))
    return folder


@pytest.fixture
def session(folder: Path) -> Session:
    return Session("io", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


@pytest.mark.parametrize("family", ["cgan", "ddpm"])
def test_the_row_of_a_class_is_what_a_sample_of_that_class_shows(session: Session, family: str) -> None:
    request = api.ClassGridRequest(family, (3, 0, 9), seed=5, columns=4, steps=3)
    tiles = session.handle(request).images.reshape(3, 5, 28, 28, 1)
    for row, label in enumerate(request.labels):
        sample = api.SampleRequest(family, seed=5, count=4, label=label, steps=3)
        assert np.array_equal(tiles[row, 1:], session.handle(sample).images)
    heads = tiles[:, 0]
    assert (heads > 0).any(axis=(1, 2, 3)).all() and not np.array_equal(heads[0], heads[1]), "each row has its name"


def test_the_file_restores_its_request_and_is_identical(session: Session, tmp_path: Path) -> None:
    source = api.ClassGridRequest("cgan", (0, 1, 2), seed=7, columns=3)
    path = str(tmp_path / "table.png")
    *progress, saved = session.stream(api.ExportGridRequest(source, api.GridLayout(9, 2, 2), path))
    assert [event.done for event in progress] == sorted(event.done for event in progress)
    assert progress[-1].done == progress[-1].total == 9
    assert export.read_picture(Path(path)).shape == (2 * (3 * 28 + 2 * 2), 2 * (4 * 28 + 3 * 2), 1)
    restored = last(session.stream(api.RestoreRequest(saved.path)))
    assert restored.source == source and restored.identical and restored.layout.columns == 4


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (api.ClassGridRequest("mlp-gan", (0,)), "mlp-gan draws no classes"),
        (api.ClassGridRequest("cgan", (0, 10)), "class 10 is unknown to cgan; it knows 0 to 9"),
        (api.ClassGridRequest("cgan", ()), "1 to 256 rows"),
        (api.ClassGridRequest("cgan", (0,), columns=0), "1 to 256 columns"),
        (api.ClassGridRequest("cgan", (0,), columns=10**9), "1 to 256 columns"),
    ],
)
def test_a_table_that_cannot_be_drawn_is_a_sentence(
    session: Session, request_: api.ClassGridRequest, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        session.handle(request_)


@pytest.mark.parametrize("family", ["cgan", "ddpm"])
def test_the_command_writes_the_very_file_of_the_window(session: Session, folder: Path, family: str, tmp_path) -> None:
    said, seen = tmp_path / "command.png", tmp_path / "window.png"
    model = str(folder / f"{family}.safetensors")
    steps = {"ddpm": 2}.get(family, api.ClassGridRequest.steps)
    words = ["sample", model, "--class", "all", "--cols", "3", "--seed", "4", "--out", str(said)]
    assert main(words + (["--steps", "2"] if family == "ddpm" else [])) == 0
    source = api.ClassGridRequest(family, tuple(range(10)), seed=4, columns=3, steps=steps)
    last(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(seen))))
    assert said.read_bytes() == seen.read_bytes()


@pytest.mark.parametrize(
    ("family", "name", "words"),
    [("mlp-gan", "x.png", "mlp-gan knows no classes; leave --class out."), ("cgan", "x.npz", "written as .png")],
)
def test_the_command_refuses_in_a_sentence(folder: Path, family: str, name: str, words: str, tmp_path, capsys) -> None:
    model = str(folder / f"{family}.safetensors")
    assert main(["sample", model, "--class", "all", "--out", str(tmp_path / name)]) == 1
    assert words in sentence_of(capsys)
    assert not (tmp_path / name).exists()


def test_pictures_in_turn_become_rows_of_whole_turns() -> None:
    images = np.arange(8, dtype=np.uint8)[:, None, None, None] * np.ones((1, 6, 4, 3), np.uint8)
    tiles = by_class(images, ("a", "b", "c"))
    assert len(tiles) == 9 and tiles[::3] == [Words((name,)) for name in "abc"]
    shown = np.stack([tile for tile in tiles if not isinstance(tile, Words)])
    assert shown.shape == (6, 6, 4, 3) and shown[:, 0, 0, 0].tolist() == [0, 3, 1, 4, 2, 5]
    for names in ((), tuple("abcdefghi")):
        with pytest.raises(ValueError, match="do not show all"):
            by_class(images, names)


def test_the_request_survives_a_receipt() -> None:
    source = api.ClassGridRequest("/home/me/own.safetensors", (1, 2), guidance=2.0)
    values = api.request_to_dict(api.without_paths(source))
    assert api.request_from_dict(values) == dataclasses.replace(source, model="own")
    for damage in ({"labels": [1.5]}, {"labels": "12"}, {"columns": "3"}, {"more": 1}):
        with pytest.raises(ValueError, match="receipt"):
            api.request_from_dict(values | damage)


def trained(session: Session, request: api.TrainRequest, path: Path) -> api.WritePicturesRequest:
    """The request that wrote the samples of a run as a table."""
    *_, event = session.stream(request)
    ((iteration, samples),) = event.samples
    write = api.WritePicturesRequest(
        samples[None], request, iteration, api.GridLayout(), str(path), 20.0, event.classes
    )
    last(session.stream(write))
    return write


def test_the_samples_of_a_run_are_all_classes_of_a_code_before_those_of_the_next(folder: Path) -> None:
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    *_, event = session.stream(dataclasses.replace(RUNS["cgan"], preview=23))
    samples = event.samples[-1][1]
    session.handle(api.SaveRequest(str(folder / "again.safetensors")))
    source = api.ClassGridRequest("again", tuple(range(10)), seed=RUNS["cgan"].settings.seed, columns=2)
    rows = session.handle(source).images.reshape(10, 3, 28, 28, 1)[:, 1:].astype(int)
    shown = samples[:20].reshape(2, 10, 28, 28, 1).swapaxes(0, 1).astype(int)
    assert np.abs(rows - shown).max() <= 1, "another size of the batch rounds differently"
    assert event.classes == tuple("0123456789")


def test_a_table_of_a_run_is_written_with_its_names_and_read_again(session: Session, tmp_path: Path) -> None:
    request = dataclasses.replace(RUNS["cgan"], preview=25)
    path = tmp_path / "table.png"
    write = trained(session, request, path)
    assert export.read_picture(path).shape == (4 * (10 * 28 + 9 * 2), 4 * (3 * 28 + 2 * 2), 1)
    restored = last(session.stream(api.RestoreRequest(str(path))))
    assert restored.classes == write.classes and restored.layout.columns == 3 and restored.iteration == 2
    again = export.grid(by_class(write.films[0], restored.classes), restored.layout)
    assert np.array_equal(restored.pictures, again)


def test_a_network_without_classes_tells_none(folder: Path) -> None:
    session = Session("train", data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)
    *_, event = session.stream(RUNS["mlp-gan"])
    assert event.classes == ()


@pytest.mark.parametrize("classes", [7, "ab", ["a", 3], ["a"] * 2000])
def test_classes_of_a_foreign_receipt_are_refused(session: Session, classes: object, tmp_path: Path) -> None:
    path = tmp_path / "table.png"
    receipt = export.make_receipt(RUNS["cgan"], api.GridLayout(), "", iteration=2, classes=classes)
    export.write_png(path, np.zeros((4, 4, 1), np.uint8), receipt)
    with pytest.raises(ValueError, match="damaged: its classes are no names"):
        last(session.stream(api.RestoreRequest(str(path))))
