"""`genstudio train --log-dir`: what a run leaves for those who watch it."""

from __future__ import annotations

import errno
import json
import math
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cli_desk import TINY, at, draw_pictures, sentence_of, train, weights
from PIL import Image

from genstudio import api, export
from genstudio.cli import main
from genstudio.cli.headless import run_folder
from genstudio.cli.headless.record import Record
from genstudio.cli.headless.rows import Rows
from genstudio.cli.headless.run_events import NO_TENSORBOARD
from genstudio.cli.headless.run_folder import RunFolder
from genstudio.core.families.vae import VAETrainer
from genstudio.core.launch import Launch
from genstudio.files import atomic_write, link_or_copy
from genstudio.store import read_header

tensorboard = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty grey pictures of two classes."""
    return draw_pictures(tmp_path_factory.mktemp("pictures"))


def train_into(folder: Path, dataset: Path, *more: str, iterations: int = 4, family: str = "vae") -> int:
    words = ["train", family, *at(dataset), "--iterations", str(iterations), "--log-dir", str(folder), *more]
    return main([*words, "--save-every", "2", *TINY[family]])


def told(folder: Path) -> dict[str, object]:
    run: dict[str, object] = json.loads((folder / "run.json").read_text())
    return run


def rows_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_a_run_folder_has_all_of_the_run(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "first"
    assert train_into(folder, dataset) == 0
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    events = {name for name in names if name.startswith("events.out.tfevents.")}
    assert len(events) == 1
    wanted = {"checkpoint.safetensors", "metrics.jsonl", "run.json", "samples/000002.png", "samples/000004.png"}
    wanted |= {"checkpoints/vae-000002.safetensors", "checkpoints/vae-000004.safetensors"}
    assert names - events == wanted
    assert read_header(folder / "checkpoint.safetensors").iteration == 4
    assert [row["iteration"] for row in rows_of(folder)] == [1, 2, 3, 4]
    run = told(folder)
    assert run["state"] == "ended" and run["iteration"] == 4 and run["iterations"] == 4 and run["processes"] == 1
    assert run["family"] == "vae" and run["dataset"] == dataset.name and run["checkpoint"] == "checkpoint.safetensors"
    assert str(dataset.parent) not in (folder / "run.json").read_text(), "no path of anybody's machine"


def test_samples_say_of_which_run_and_iteration_they_are(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset) == 0
    first, last = (tmp_path / "samples" / f"00000{k}.png" for k in (2, 4))
    receipt = export.read_receipt(last)
    assert receipt["iteration"] == 4 and receipt["request"]["family"] == "vae"
    assert np.asarray(Image.open(first)).shape == np.asarray(Image.open(last)).shape
    assert not np.array_equal(np.asarray(Image.open(first)), np.asarray(Image.open(last)))
    assert main(["replay", str(last), *at(dataset)]) == 0, "the run is repeated from a picture of it, pixel by pixel"


def test_tensorboard_reads_the_losses_and_the_samples(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset) == 0
    events = tensorboard.EventAccumulator(str(tmp_path)).Reload()
    rows = rows_of(tmp_path)
    for name in ("recon_loss", "kl_loss"):
        scalars = events.Scalars(name)
        assert [scalar.step for scalar in scalars] == [1, 2, 3, 4]
        assert [scalar.value for scalar in scalars] == pytest.approx([row[name] for row in rows], abs=1e-6)
    assert [image.step for image in events.Images("samples")] == [2, 4]


def test_a_run_that_goes_on_is_told_of_once(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset, iterations=6) == 0
    resumed = tmp_path / "earlier.safetensors"
    assert train("vae", dataset, resumed, iterations=3) == 0  # the same run as it was three iterations earlier
    words = ["train", "vae", *at(dataset), "--resume", str(resumed), "--iterations", "5"]
    assert main([*words, "--log-dir", str(tmp_path)]) == 0
    assert [row["iteration"] for row in rows_of(tmp_path)] == [1, 2, 3, 4, 5]
    events = tensorboard.EventAccumulator(str(tmp_path)).Reload()
    assert [scalar.step for scalar in events.Scalars("recon_loss")] == [1, 2, 3, 4, 5]
    assert told(tmp_path)["iteration"] == 5


def test_the_folder_of_another_run_stays_as_it_is(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_into(tmp_path, dataset) == 0
    before = everything_in(tmp_path)
    capsys.readouterr()
    assert train_into(tmp_path, dataset, family="ddpm") == 1
    assert "holds another run; give it a name that is free." in capsys.readouterr().err
    assert everything_in(tmp_path) == before


def test_without_tensorboard_a_sentence_says_so_and_the_rest_is_there(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    assert train_into(tmp_path, dataset) == 0
    assert f"{NO_TENSORBOARD}." in capsys.readouterr().err.splitlines()
    assert len(rows_of(tmp_path)) == 4 and not list(tmp_path.glob("events*"))


def test_a_run_that_breaks_says_so(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VAETrainer, "beta", lambda self: math.nan)
    assert train_into(tmp_path, dataset) == 1
    assert told(tmp_path)["state"] == "broken" and not (tmp_path / "checkpoint.safetensors").exists()


def test_a_run_that_breaks_is_saved_as_far_as_its_checkpoint(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not up to the iteration at which it broke."""
    monkeypatch.setattr(VAETrainer, "beta", lambda self: math.nan if self.iteration >= 3 else 1.0)
    assert train_into(tmp_path, dataset, iterations=6) == 1
    header = read_header(tmp_path / "checkpoint.safetensors")
    run = told(tmp_path)
    assert (run["state"], run["iteration"], run["seconds"]) == ("broken", 2, header.seconds) and header.iteration == 2


def names_in(folder: Path, name: str) -> list[str]:
    return sorted(path.stem for path in (folder / name).iterdir())


def test_samples_come_between_the_saves_and_some_checkpoints_stay(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset, "--samples-every", "1", "--keep-checkpoints", "2", iterations=7) == 0
    assert names_in(tmp_path, "samples") == [f"{k:06d}" for k in range(1, 8)]
    assert names_in(tmp_path, "checkpoints") == ["vae-000006", "vae-000007"]
    kept = tmp_path / "checkpoints" / "vae-000006.safetensors"
    assert read_header(kept).iteration == 6, "it stays as it was when the newest one is written again"
    assert told(tmp_path)["samples"] == 16
    assert told(tmp_path)["seconds"] == read_header(tmp_path / "checkpoint.safetensors").seconds


def test_only_the_newest_checkpoint_stays_if_no_others_are_wanted(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset, "--keep-checkpoints", "0", "--samples-every", "0") == 0
    assert names_in(tmp_path, "checkpoints") == [] and names_in(tmp_path, "samples") == ["000002", "000004"]


def everything_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_that_goes_on_from_earlier_leaves_nothing_of_its_later_iterations(dataset: Path, tmp_path: Path) -> None:
    assert train_into(tmp_path, dataset, iterations=6) == 0
    (tmp_path / "samples" / "mine.png").touch()
    earlier = str(tmp_path / "checkpoints" / "vae-000002.safetensors")
    assert train_into(tmp_path, dataset, "--resume", earlier, iterations=4) == 0
    assert names_in(tmp_path, "samples") == ["000002", "000004", "mine"]
    assert names_in(tmp_path, "checkpoints") == ["vae-000002", "vae-000004"]


@pytest.mark.parametrize("other", [False, True], ids=["the same pictures", "others in a folder called the same"])
def test_a_run_that_is_not_told_to_go_on_does_not_begin_where_one_is_saved(
    other: bool, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert train_into(folder, dataset, iterations=6) == 0
    (pictures := tmp_path / dataset.name).mkdir()
    before = everything_in(folder)
    capsys.readouterr()
    assert train_into(folder, draw_pictures(pictures) if other else dataset, iterations=4) == 1
    file = folder / "checkpoint.safetensors"
    refused = f"--log-dir is {folder}, which holds a run at iteration 6; give --resume {file} to go on, or another name"
    assert sentence_of(capsys) == f"{refused}."
    assert everything_in(folder) == before


def test_a_checkpoint_alone_is_a_run_that_is_not_written_over(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("vae", dataset, tmp_path / "checkpoint.safetensors", iterations=3) == 0
    capsys.readouterr()
    assert train_into(tmp_path, dataset) == 1
    assert "which holds a run at iteration 3; give --resume" in sentence_of(capsys)


def test_a_run_that_is_saved_elsewhere_is_not_begun_again(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "run", str(tmp_path / "elsewhere.safetensors")
    words = ("--out", out, "--keep-checkpoints", "0")
    assert train_into(folder, dataset, *words) == 0
    capsys.readouterr()
    assert train_into(folder, dataset, *words) == 1
    assert "holds a run at iteration 4; give --resume to go on, or another name." in sentence_of(capsys)
    assert train_into(folder, dataset, *words, "--resume", out, iterations=5) == 0
    assert [row["iteration"] for row in rows_of(folder)] == [1, 2, 3, 4, 5]


def test_a_run_of_which_nothing_was_saved_begins_again(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(VAETrainer, "beta", lambda self: math.nan)
        assert train_into(tmp_path, dataset) == 1
    assert train_into(tmp_path, dataset) == 0
    assert [row["iteration"] for row in rows_of(tmp_path)] == [1, 2, 3, 4]


def test_a_launcher_that_starts_the_line_again_goes_on_without_being_told_to(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("genstudio.core.launch.launch_of", lambda: Launch(may_restart=True))
    assert train_into(tmp_path, dataset) == 0
    capsys.readouterr()
    assert train_into(tmp_path, dataset, iterations=6) == 0
    assert "Goes on from iteration 4 of checkpoint.safetensors." in capsys.readouterr().err
    assert [row["iteration"] for row in rows_of(tmp_path)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("rank", [0, 1])
def test_a_launcher_that_starts_a_run_again_which_is_at_its_end_is_told_so_once(
    rank: int, dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_into(tmp_path, dataset) == 0
    before = everything_in(tmp_path)
    monkeypatch.setattr("genstudio.core.launch.launch_of", lambda: Launch(rank, size=2, may_restart=True))
    capsys.readouterr()
    assert train_into(tmp_path, dataset) == 0
    file = tmp_path / "checkpoint.safetensors"
    said = f"{file} is at iteration 4 already; give --iterations beyond it, or 0, to go on.\n"
    assert capsys.readouterr().err == (said if rank == 0 else "")
    assert everything_in(tmp_path) == before


def test_a_run_that_goes_on_keeps_the_newest_of_all_its_checkpoints(dataset: Path, tmp_path: Path) -> None:
    """And every picture of samples, whose names are like theirs."""
    assert train_into(tmp_path, dataset, "--keep-checkpoints", "2") == 0
    resumed = str(tmp_path / "checkpoint.safetensors")
    words = ["train", "vae", *at(dataset), "--resume", resumed, "--iterations", "6", "--log-dir", str(tmp_path)]
    assert main([*words, "--keep-checkpoints", "2"]) == 0
    assert names_in(tmp_path, "checkpoints") == ["vae-000004", "vae-000006"]
    assert names_in(tmp_path, "samples") == ["000002", "000004", "000006"]


@pytest.mark.parametrize("text", ["[]", "3", "null", '{"format_version": 1}'])
def test_what_somebody_else_calls_run_json_is_not_written_over(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "run.json").write_text(text)
    assert train_into(tmp_path, dataset) == 1
    assert "holds another run; give it a name that is free." in capsys.readouterr().err
    assert (tmp_path / "run.json").read_text() == text


def test_samples_that_cannot_be_written_do_not_end_the_run(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: RunFolder) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(RunFolder, "draw", full)
        patched.setattr(RunFolder, "saved", lambda self: None)
        assert train_into(tmp_path, dataset, "--samples-every", "1") == 0
    assert len(rows_of(tmp_path)) == 4
    assert "The disk is full; nothing was changed. The run goes on." in capsys.readouterr().err


def test_a_second_name_that_cannot_be_made_does_not_make_the_run_broken(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_folder, "link_or_copy", full)
    assert train_into(tmp_path, dataset) == 0
    said = capsys.readouterr().err
    assert "It is saved, but not all of the run's folder is written: The disk is full" in said
    assert told(tmp_path)["state"] == "ended" and told(tmp_path)["iteration"] == 4
    assert read_header(tmp_path / "checkpoint.safetensors").iteration == 4


def test_files_of_others_in_the_folder_stay(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    others = [tmp_path / "checkpoints" / name for name in ("gan-005000.safetensors", "vae-999999.safetensors")]
    for path in others:
        path.touch()
    assert train_into(tmp_path, dataset, "--keep-checkpoints", "1") == 0
    assert all(path.exists() for path in others), "there was no run.json, so it was nobody's run"
    assert (tmp_path / "checkpoints" / "vae-000004.safetensors").exists()


def test_what_broke_is_said_also_where_the_folder_has_vanished(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()

    class Gone(Record):
        def __init__(self) -> None:
            self._folder, self.state, self.is_elsewhere, self._rows = Ending(), "ended", False, Rows(None, None)

    class Ending:
        def begin(self) -> None: ...

        def end(self, state: str) -> None:
            raise FileNotFoundError(folder)

    with pytest.raises(FloatingPointError, match="no longer finite"), Gone():
        raise FloatingPointError("no longer finite")
    with pytest.raises(FileNotFoundError), Gone():
        pass


@pytest.fixture
def remove_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Path], None]:
    """Removes a folder when a run has told of an iteration."""

    def remove(iteration: int, folder: Path) -> None:
        tell = RunFolder.tell

        def told_and_gone(self: RunFolder, event: api.TrainEvent) -> None:
            tell(self, event)
            if event.iteration == iteration:
                folder.rename(folder.with_name("gone"))  # at once, whatever writes into it meanwhile

        monkeypatch.setattr(RunFolder, "tell", told_and_gone)

    return remove


def test_a_folder_that_is_removed_is_made_again_and_the_run_goes_on(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], remove_after: Callable[[int, Path], None]
) -> None:
    folder, usual = tmp_path / "run", threading.excepthook
    remove_after(3, folder)
    assert train_into(folder, dataset, "--samples-every", "1", iterations=7) == 0
    said = capsys.readouterr().err
    assert said.count(f"The run's folder {folder} has vanished and is made again. The run goes on.") == 1
    assert "Traceback" not in said and "There is no file" not in said
    assert told(folder)["state"] == "ended" and [row["iteration"] for row in rows_of(folder)] == [4, 5, 6, 7]
    assert names_in(folder, "samples") == [f"{k:06d}" for k in (3, 4, 5, 6, 7)]
    events = tensorboard.EventAccumulator(str(folder)).Reload()
    assert [scalar.step for scalar in events.Scalars("recon_loss")] == [4, 5, 6, 7]
    assert threading.excepthook is usual
    assert train("vae", dataset, tmp_path / "alone.safetensors", iterations=7) == 0
    alone, last = weights(tmp_path / "alone.safetensors"), weights(folder / "checkpoint.safetensors")
    assert all(np.array_equal(alone[name], last[name]) for name in alone if name.startswith("model"))


def test_a_run_whose_place_is_gone_for_good_is_saved_in_another_that_is_named(
    dataset: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    remove_after: Callable[[int, Path], None],
) -> None:
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    folder = tmp_path / "runs" / "first"
    remove_after(3, folder.parent)
    assert train_into(folder, dataset, "--samples-every", "1", iterations=7) == 1
    said = capsys.readouterr().err
    assert said.count(f"The run's folder {folder} has vanished and cannot be made again.") == 1
    assert "saved in another place" in said and f"Wrote {here / 'checkpoint.safetensors'}" in said
    assert "Traceback" not in said and not folder.exists()
    assert read_header(here / "checkpoint.safetensors").iteration == 7


def test_what_is_removed_within_the_folder_is_made_again(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = RunFolder.tell

    def told_and_gone(self: RunFolder, event: api.TrainEvent) -> None:
        tell(self, event)
        if event.iteration == 3:
            for name in ("samples", "checkpoints", "metrics.jsonl"):
                (tmp_path / name).rename(tmp_path / f"gone-{name}")

    monkeypatch.setattr(RunFolder, "tell", told_and_gone)
    assert train_into(tmp_path, dataset, "--samples-every", "1", iterations=5) == 0
    assert "no file" not in capsys.readouterr().err
    assert names_in(tmp_path, "samples") == ["000003", "000004", "000005"]
    assert names_in(tmp_path, "checkpoints") == ["vae-000004", "vae-000005"]
    assert [row["iteration"] for row in rows_of(tmp_path)] == [4, 5]


def test_a_place_that_comes_back_is_written_again(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, away = tmp_path / "runs" / "first", tmp_path / "away"
    tell = RunFolder.tell

    def told_and_away(self: RunFolder, event: api.TrainEvent) -> None:
        tell(self, event)
        if event.iteration == 2:
            folder.parent.rename(away)
        if event.iteration == 4:
            away.rename(folder.parent)

    monkeypatch.setattr(RunFolder, "tell", told_and_away)
    assert train_into(folder, dataset, "--samples-every", "1", iterations=7) == 0
    said = capsys.readouterr().err
    assert "cannot be made again" in said and said.count(f"{folder} is back. The run goes on.") == 1
    assert told(folder)["iteration"] == 7 and read_header(folder / "checkpoint.safetensors").iteration == 7
    assert [row["iteration"] for row in rows_of(folder)] == list(range(1, 8)), "the file was open all the time"


def test_a_checkpoint_elsewhere_is_not_looked_for_in_the_folder(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert train_into(folder, dataset, "--out", str(tmp_path / "elsewhere.safetensors")) == 0
    assert told(folder)["checkpoint"] == "" and told(folder)["metrics"] == "metrics.jsonl"


def test_losses_that_are_written_elsewhere_are_said_to_be(dataset: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert train_into(folder, dataset, "--metrics", str(tmp_path / "other.jsonl")) == 0
    assert told(folder)["metrics"] == "" and not (folder / "metrics.jsonl").exists()


@pytest.mark.parametrize(
    ("flag", "said"), [("--samples-every", "only at saves"), ("--keep-checkpoints", "the newest alone")]
)
def test_numbers_below_nothing_are_refused(
    dataset: Path, tmp_path: Path, flag: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_into(tmp_path / "x", dataset, flag, "-1") == 1
    assert f"{flag} is -1; give 0 ({said}) or more." in capsys.readouterr().err


def test_a_file_gets_a_second_name_or_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    for links in (True, False):
        if not links:
            monkeypatch.setattr(os, "link", no_links)
        source.write_text(f"first {links}")
        link_or_copy(source, target)
        with atomic_write(source) as file:
            file.write(b"second")
        assert target.read_text() == f"first {links}" and sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def no_links(*paths: object) -> None:
    """What a disk without links says."""
    raise OSError(errno.EPERM, "Operation not permitted")
