"""A run as JSON repeats it, on the command line and in the window, and says whether the samples are the same."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_desk import sentence_of
from fakes import FakeSession
from gan_desk import gan_desk
from session_desk import last

from genstudio import api, export
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.export.repeats import compare, hash_of
from genstudio.session import Session
from genstudio.settings import GANSettings, MLPGANSettings, PointDiffusionSettings, PointGANSettings

PICTURES = api.TrainRequest(
    "mlp-gan", "strokes", MLPGANSettings(latent_dim=4, hidden=8, batch_size=8, seed=3), 6, preview=5,
    changes=(api.Change(0, "threads", 1.0), api.Change(2, "lr_d", 0.001)),
)  # fmt: skip
PLANE = api.TrainRequest(
    "point-gan", "ring", PointGANSettings(hidden=8, layers=1, batch_size=16), 3, preview=1,
    changes=(api.Change(0, "threads", 1.0),),
)  # fmt: skip
LINE = api.TrainRequest(
    "point-ddpm", "modes", PointDiffusionSettings(width=8, depth=1, batch_size=16, sampler="ddpm", steps=5), 3,
    preview=1, changes=(api.Change(0, "threads", 1.0), api.Change(1, "lr", 1e-4), api.Change(2, "sampler", "heun")),
)  # fmt: skip


def session_of(folder: Path, lane: str = "io") -> Session:
    return Session(lane, data_dir=folder, model_dirs=[folder], compute=FLOAT32_CPU)


def written(folder: Path, request: api.TrainRequest, name: str = "run.json") -> tuple[Path, api.Pictures]:
    """The file of a run that has been trained here, and its samples then."""
    *_, event = session_of(folder, "train").stream(request)
    ((iteration, samples),) = event.samples
    path = folder / name
    source = dataclasses.replace(request, iterations=0, changes=event.changes)
    last(session_of(folder).stream(api.WriteRunRequest(source, iteration, samples, str(path))))
    return path, samples


def changed(path: Path, /, **fields: Any) -> Path:
    """The file with other fields of its request."""
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"request": values["request"] | fields}))
    return path


@pytest.mark.parametrize("request_", [PICTURES, PLANE, LINE], ids=["pictures", "points", "line"])
def test_the_command_repeats_a_run_and_finds_it_identical(request_: api.TrainRequest, tmp_path: Path, capsys) -> None:
    path, samples = written(tmp_path, request_)
    metrics = tmp_path / "rows.jsonl"
    assert main(["replay", str(path), "--metrics", str(metrics)]) == 0
    said = capsys.readouterr().err
    assert f"at iteration {request_.iterations} its samples are identical to the last pixel." in said
    assert [json.loads(line)["iteration"] for line in metrics.read_text().splitlines()] == list(
        range(1, request_.iterations + 1)
    )
    values = json.loads(path.read_text())
    assert values["samples_sha256"] == hash_of(samples) and values["iteration"] == request_.iterations
    assert {"python", "torch", "numpy"} == values["versions"].keys() and values["software"].startswith("GenStudio ")


def test_another_setting_gives_other_samples_and_the_command_says_so(tmp_path: Path, capsys) -> None:
    path, _ = written(tmp_path, PICTURES)
    changed(path, changes=[{"iteration": 0, "name": "threads", "value": 1.0}])
    out = tmp_path / "x.safetensors"
    assert main(["replay", str(path), "--metrics", str(tmp_path / "m"), "--out", str(out)]) == 1
    assert "its samples differ" in capsys.readouterr().err
    assert out.exists(), "the model is that of the run that was repeated"


def test_the_samples_of_a_run_are_repeated_from_their_picture(tmp_path: Path, capsys) -> None:
    *_, event = session_of(tmp_path, "train").stream(PICTURES)
    ((iteration, samples),) = event.samples
    path = tmp_path / "samples.png"
    source = dataclasses.replace(PICTURES, changes=event.changes)
    write = api.WritePicturesRequest(samples[None], source, iteration, api.GridLayout(), str(path))
    last(session_of(tmp_path).stream(write))
    assert main(["replay", str(path), "--metrics", str(tmp_path / "m")]) == 0
    assert "its pictures are identical to the last pixel." in capsys.readouterr().err


def test_a_file_on_a_folder_asks_where_it_is(tmp_path: Path, capsys) -> None:
    path, _ = written(tmp_path, PICTURES)
    changed(path, dataset="holiday")
    assert main(["replay", str(path)]) == 1
    assert sentence_of(capsys) == "run.json learned from holiday; say where that is with --dataset."


def test_a_race_is_for_the_window(tmp_path: Path, capsys) -> None:
    path, _ = written(tmp_path, PLANE)
    other = dataclasses.replace(PLANE, settings=dataclasses.replace(PLANE.settings, lr_d=1e-2), iterations=0)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"beside": api.request_to_dict(other)}))
    assert main(["replay", str(path)]) == 1
    assert sentence_of(capsys).startswith("run.json shows a race of two runs; drop it on the window")


def test_a_game_on_points_has_no_model_to_save(tmp_path: Path, capsys) -> None:
    path, _ = written(tmp_path, PLANE)
    assert main(["replay", str(path), "--out", str(tmp_path / "x.safetensors")]) == 1
    assert "has no model of pictures to save" in sentence_of(capsys)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"family": "cat"}, "does not name a known family"),
        ({"settings": {"seed": 1}}, "has other fields: "),
        ({"settings": {**dataclasses.asdict(PICTURES.settings), "lr_d": 1e9}}, "lr_d is 1000000000.0; allowed: "),
        ({"settings": {**dataclasses.asdict(PICTURES.settings), "lr_d": "fast"}}, "lr_d"),
        ({"changes": [{"iteration": 0, "name": "threads", "value": -3}]}, "cannot be repeated: threads is -3"),
        (
            {"changes": [{"iteration": 1, "name": "__class__", "value": 1}]},
            "__class__ cannot change while a run goes on",
        ),
        ({"preview": 10**6}, "cannot be repeated: preview is 1000000"),
        ({"resume": 7}, "resume is not what this version writes"),
        ({"kind": "SaveRequest", "path": "/etc/passwd"}, "does not name a known kind"),
        ({"surprise": 1}, "other fields"),
    ],
)
def test_a_run_that_could_not_begin_is_one_sentence(fields: dict[str, Any], words: str, tmp_path: Path, capsys) -> None:
    path = changed(written(tmp_path, PICTURES)[0], **fields)
    with pytest.raises(ValueError, match=re.escape(words)):
        last(session_of(tmp_path).stream(api.RestoreRequest(str(path))))
    assert main(["replay", str(path)]) == 1
    assert words in sentence_of(capsys)


DAMAGED = {
    "empty": b"", "cut": b'{"format_version": 1, ', "list": b"[1, 2]", "deep": b"[" * 100_000,
    "deep dict": b'{"a":' * 100_000, "binary": bytes(range(256)), "huge number": b'{"a": ' + b"9" * 400 + b"}",
    "nan": b'{"format_version": NaN}', "future": b'{"format_version": 99}', "no request": b'{"format_version": 1}',
    "huge": b" " * (4 * 2**20 + 1), "never closed": b"<genstudio:receipt>" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", ["run.json", "run.csv", "run.svg"])
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_hostile_file_is_one_sentence(kind: str, name: str, tmp_path: Path, capsys) -> None:
    (tmp_path / name).write_bytes(DAMAGED[kind])
    with pytest.raises(ValueError, match=r"receipt|run\."):
        last(session_of(tmp_path).stream(api.RestoreRequest(str(tmp_path / name))))
    assert main(["replay", str(tmp_path / name)]) == 1
    assert sentence_of(capsys)


def test_the_command_opens_no_path_out_of_a_file(tmp_path: Path, capsys) -> None:
    path, _ = written(tmp_path, PICTURES)
    changed(path, resume=str(tmp_path / "elsewhere.safetensors"))
    assert main(["replay", str(path), "--metrics", str(tmp_path / "m")]) == 0
    assert "identical to the last pixel" in capsys.readouterr().err


@pytest.mark.parametrize("field", [{"iteration": -1}, {"iteration": 1.5}, {"iteration": 10**15}, {"samples_sha256": 7}])
def test_what_a_file_says_beside_its_request_is_checked_too(field: dict[str, Any], tmp_path: Path) -> None:
    path, _ = written(tmp_path, PICTURES)
    path.write_text(json.dumps(json.loads(path.read_text()) | field))
    with pytest.raises(ValueError, match=r"the receipt of run\.json is damaged"):
        last(session_of(tmp_path).stream(api.RestoreRequest(str(path))))


def test_another_machine_is_told_before_the_run_begins(tmp_path: Path) -> None:
    path, _ = written(tmp_path, PICTURES)
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"versions": {"torch": "1.0"}, "rounding": {"device": "cuda:7"}}))
    restored = last(session_of(tmp_path).stream(api.RestoreRequest(str(path))))
    assert restored.message.endswith(
        "It ran with another device and another precision and another version of torch: "
        "repeated here it differs a little."
    )


def test_a_run_is_written_under_its_own_ending_only(tmp_path: Path) -> None:
    request = api.WriteRunRequest(PICTURES, 6, np.zeros((1, 2, 2, 1), np.uint8), str(tmp_path / "run.txt"))
    with pytest.raises(ValueError, match=r"A run is written as \.json"):
        last(session_of(tmp_path).stream(request))
    assert list(tmp_path.iterdir()) == []


def test_the_hash_tells_shapes_apart_that_have_the_same_bytes() -> None:
    one = np.zeros((2, 3, 4, 1), np.uint8)
    assert hash_of(one) != hash_of(one.reshape(1, 6, 4, 1)) and hash_of(one) == hash_of(one.copy())
    event = api.RestoredEvent("run.json", PICTURES, api.GridLayout(), None, "", 6, samples_sha256=hash_of(one))
    assert compare(event, one)[0] and compare(event, one + 1)[0] is False
    nothing = dataclasses.replace(event, samples_sha256="")
    same, said = compare(nothing, one)
    assert same is None and said == "The run of run.json is repeated up to iteration 6; it has no samples to compare."


def test_a_run_dropped_on_the_window_is_repeated_and_judged(qtbot: Any, tmp_path: Path) -> None:
    request = api.TrainRequest("gan", "strokes", GANSettings(width=8, seed=3), preview=8)
    samples = next(event.samples[0][1] for event in FakeSession()._train(request) if event and event.iteration == 31)
    path = tmp_path / "run.json"
    last(session_of(tmp_path).stream(api.WriteRunRequest(request, 31, samples, str(path))))
    restored = last(session_of(tmp_path).stream(api.RestoreRequest(str(path))))
    desk = gan_desk(FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open()
    page.restore(restored)
    qtbot.waitUntil(lambda: page.run.state == "ended")
    qtbot.waitUntil(lambda: "identical" in desk.messages[-1])
    assert export.read_receipt(path)["samples_sha256"] == hash_of(page.run.history[-1].samples)
    desk.close()
