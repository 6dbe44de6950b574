"""The `genstudio` command: what is there, and what was measured of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from genstudio import store
from genstudio.cli import main
from genstudio.system import missing_libraries


def test_models_and_datasets_are_listed_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["datasets", "--json", "--data-dir", str(tmp_path)]) == 0
    found = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert found["strokes"]["available"] and not found["mnist"]["available"]
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert all({"name", "family", "path", "sha256", "quality"} <= set(entry) for entry in listed)


def test_tables_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("models", "datasets"):
        assert main([verb]) == 0
    assert "strokes" in capsys.readouterr().out


def test_what_was_measured_of_the_models_is_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    table = capsys.readouterr().out
    row = next(line for line in table.splitlines() if line.startswith("mnist-vae-2 "))
    quality = store.read_header(store.find_model("mnist-vae-2")).quality
    times = quality["frechet"] / quality["floor"]
    told = f"{quality['frechet']:.1f} ({times:.1f} x floor)  {quality['inception']:.2f}       8 of 10"
    nats = [f"{quality[name]:.1f}" if name in quality else "-" for name in ("rate", "distortion")]
    assert told in row and row.split()[-2:] == nats and "lower is better" in table
    assert "frechet" not in table and "count" not in table


def test_a_file_that_is_no_model_is_left_out_with_a_word(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "models_dir", lambda: tmp_path)
    assert main(["models"]) == 0
    everything = capsys.readouterr()
    assert not everything.err, "the classifier makes no pictures and is sound all the same"
    whole = store.find_model("mnist-vae-2").read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "words.safetensors").write_text("no model")
    assert main(["models"]) == 0
    told = capsys.readouterr()
    cut, words = told.err.splitlines()
    assert cut == "Left out: cut.safetensors is cut short; copy or download it again."
    assert words.startswith("Left out: words.safetensors is not a safetensors file") and told.out == everything.out


def test_check_tells_device_and_precision(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main(["--check", "--data-dir", str(tmp_path)])
    text = capsys.readouterr()
    assert code == (1 if missing_libraries() else 0), text.err
    assert "Device: " in text.out and ("bf16" in text.out or "float32" in text.out)
    assert str(tmp_path) in text.out
    assert not re.search(r"\b1 threads", text.out)


def test_a_screenshot_says_which_file_it_wrote(tmp_path: Path) -> None:
    out, home = tmp_path / "shot.png", tmp_path / "home"
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home)}
    command = [sys.executable, "-m", "genstudio", "screenshot", "--size", "900x600", "--out", str(out)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^Wrote {re.escape(str(out))} \(\d+ kB\)\.$", done.stderr, re.MULTILINE)
    with Image.open(out) as shot:
        assert shot.size == (900, 600)


@pytest.mark.parametrize("launched", [False, True])
def test_a_process_of_a_launcher_ends_without_being_taken_down(launched: bool) -> None:
    told = (
        "import atexit; from genstudio.__main__ import leave; atexit.register(print, 'late'); print('done'); leave(3)"
    )
    environment = {**os.environ, **({"TORCHELASTIC_RUN_ID": "1"} if launched else {})}
    ended = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 3 and ended.stdout.split() == (["done"] if launched else ["done", "late"])
