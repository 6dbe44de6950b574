"""A run's folder is read while it is written: nothing half-written is told, and nothing is lost or told twice."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from watch_desk import Writer, cut

from genstudio import api, export
from genstudio.session import run_description, run_parts, run_rows, run_watch
from genstudio.session.run_parts import MOST_PAST, thinned
from genstudio.session.run_rows import MOST_BYTES, PATIENCE_S, RowReader
from genstudio.session.run_watch import Pace, RunReader, RunWatcher
from genstudio.ui.watch_run import words


@pytest.fixture
def run(tmp_path: Path) -> Writer:
    """A run that has begun."""
    writer = Writer(tmp_path / "first")
    writer.describe()
    return writer


@pytest.fixture
def reader(run: Writer) -> RunReader:
    return RunReader(api.FollowRunRequest(str(run.folder)))


def look(reader: RunReader) -> api.RunFolderEvent:
    """A look, and those that follow at once."""
    event = reader.look()
    while reader.has_more:
        event = event.merge(reader.look())
    return event


def read(reader: RunReader) -> tuple[int, list[float]]:
    """Iteration and the first losses of the rows that a look has found."""
    progress = look(reader).progress
    assert progress is not None
    return progress.iteration, [float(row[0]) for row in progress.rows]


def samples(event: api.RunFolderEvent) -> list[tuple[int, int]]:
    """The iterations of new samples, with how many there are."""
    return [(iteration, len(images)) for iteration, images in event.progress.samples] if event.progress else []


# ---- rows ---------------------------------------------------------------------------------------------


def test_a_line_is_read_when_it_has_its_end(run: Writer, reader: RunReader) -> None:
    run.rows(1, 2, end="")
    assert read(reader) == (1, [1.0])
    assert read(reader) == (1, [])
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write("\n" + run.row(3)[:9])
    assert read(reader) == (2, [2.0])
    with (run.folder / "metrics.jsonl").open("a") as file:
        file.write(run.row(3)[9:] + "\n")
    assert read(reader) == (3, [3.0])


def test_rows_have_the_names_and_the_request_of_the_run(run: Writer, reader: RunReader) -> None:
    run.rows(*range(1, 6))
    event = look(reader)
    assert event.state == "running" and event.processes == 2
    progress = event.progress
    assert progress is not None and progress.names == ("recon_loss", "kl_loss") and progress.rows.shape == (5, 2)
    assert progress.request == api.TrainRequest("vae", "strokes", run.settings, 100, preview=4)


class Clock:
    """That of who looks."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (run_rows, run_parts, run_description):
        monkeypatch.setattr(module, "time", clock)
    return clock


def test_a_damaged_line_is_waited_for_and_then_passed_over(run: Writer, reader: RunReader, clock: Clock) -> None:
    run.rows(1)
    with (run.folder / "metrics.jsonl").open("ab") as file:
        file.write(b"\0\0\0\0\n")
    run.rows(3)
    assert read(reader) == (1, [1.0])
    assert [read(reader) for _ in range(20)] == [(1, [])] * 20, "however often one looks"
    clock.now += PATIENCE_S
    iteration, rows = read(reader)
    assert iteration == 3 and np.isnan(rows[0]) and rows[1] == 3.0, "a gap in the curve, and the rest of it"


def test_many_damaged_lines_cost_the_patience_of_one(run: Writer, reader: RunReader, clock: Clock) -> None:
    """The pages of a power cut, zeroed, with line ends in them."""
    with (run.folder / "metrics.jsonl").open("ab") as file:
        file.write(b"\0\n" * 50)
    run.rows(51)
    assert read(reader)[1] == []
    clock.now += PATIENCE_S
    assert read(reader) == (51, [51.0])


@pytest.mark.parametrize("size", [MOST_BYTES, 5 * MOST_BYTES // 2])
def test_a_hole_longer_than_what_is_read_at_once_hides_no_later_rows(
    run: Writer, reader: RunReader, clock: Clock, size: int
) -> None:
    run.rows(1)
    with (run.folder / "metrics.jsonl").open("ab") as file:
        file.write(bytes(size) + b"\n")
    run.rows(2, 3)
    assert read(reader) == (1, [1.0])
    assert [read(reader) for _ in range(20)] == [(1, [])] * 20, "however often one looks"
    clock.now += PATIENCE_S
    iteration, rows = read(reader)
    assert iteration == 3 and rows[-2:] == [2.0, 3.0], "the patience of one line"
    run.rows(4)
    assert read(reader) == (4, [4.0])


def test_what_stood_in_a_hole_that_was_passed_over_is_told_when_it_is_seen(
    run: Writer, reader: RunReader, clock: Clock
) -> None:
    """A network share may show zeros for longer than one waits."""
    whole = "".join(run.row(k) + "\n" for k in range(1, 2 * MOST_BYTES // len(run.row(1)))).encode()
    metrics = run.folder / "metrics.jsonl"
    metrics.write_bytes(bytes(len(whole)))
    assert read(reader) == (0, [])
    clock.now += PATIENCE_S
    assert read(reader) == (0, [])
    metrics.write_bytes(whole)
    event = look(reader)
    assert event.is_anew and event.progress is not None
    assert len(event.progress.rows) == whole.count(b"\n") and event.progress.rows[0, 0] == 1


@pytest.mark.parametrize("line", ["[]", '{"a": 1}', '{"iteration": "1"}', '{"iteration": 1, "loss": "x"}', "{" * 9999])
def test_a_line_that_is_no_row_is_none(tmp_path: Path, line: str) -> None:
    (tmp_path / "metrics.jsonl").write_text(line + "\n")
    assert RowReader(tmp_path / "metrics.jsonl").read() == ([], False)


def test_a_run_that_goes_on_from_an_earlier_checkpoint_is_told_anew(run: Writer, reader: RunReader) -> None:
    run.rows(*range(1, 9))
    run.sample(4)
    run.sample(8)
    assert samples(look(reader)) == [(4, 4), (8, 4)]
    metrics = run.folder / "metrics.jsonl"
    metrics.write_text("".join(run.row(k) + "\n" for k in range(1, 6)))
    (run.folder / "samples" / "000008.png").unlink()
    event = look(reader)
    assert event.is_anew and event.progress is not None
    assert event.progress.iteration == 5 and len(event.progress.rows) == 5 and samples(event) == [(4, 4)]
    run.rows(6)
    assert not look(reader).is_anew


def test_another_log_of_the_same_length_is_another_log(run: Writer, reader: RunReader) -> None:
    run.rows(1, 2)
    look(reader)
    (run.folder / "metrics.jsonl").write_text("".join(run.row(k) + "\n" for k in (1, 3)))
    event = look(reader)
    assert event.is_anew and event.progress is not None and event.progress.rows[[0, -1], 0].tolist() == [1.0, 3.0]


def test_a_run_that_was_resumed_begins_where_its_log_does(run: Writer, reader: RunReader) -> None:
    run.rows(1001, 1002)
    assert read(reader) == (1002, [1001.0, 1002.0])


def test_a_long_log_is_read_in_pieces(run: Writer, reader: RunReader) -> None:
    count = MOST_BYTES // len(run.row(10000)) + 1000
    run.rows(*range(1, count + 1))
    events = [reader.look()]
    while reader.has_more:
        events.append(reader.look())
    rows = [float(row[0]) for event in events if event.progress for row in event.progress.rows]
    assert len(events) > 1 and rows == [float(k) for k in range(1, count + 1)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_file_is_not_waited_for(run: Writer, reader: RunReader) -> None:
    os.mkfifo(run.folder / "metrics.jsonl")
    assert read(reader) == (0, [])


# ---- samples and checkpoints ----------------------------------------------------------------------------


def test_samples_are_told_once_and_only_when_they_are_whole(run: Writer, reader: RunReader) -> None:
    whole = cut(run.sample(5))
    assert samples(look(reader)) == []
    run.sample(6)
    assert samples(look(reader)) == [], "they come in their order"
    (run.folder / "samples" / "000005.png").write_bytes(whole)
    event = look(reader)
    assert samples(event) == [(5, 4), (6, 4)] and event.progress is not None
    assert all(
        (images == iteration).all() and images.shape == (4, 8, 8, 1) for iteration, images in event.progress.samples
    )
    assert samples(look(reader)) == []


def test_samples_that_stay_damaged_hold_up_no_others(run: Writer, reader: RunReader, clock: Clock) -> None:
    cut(run.sample(5))
    run.sample(6)
    assert [samples(look(reader)) for _ in range(20)] == [[]] * 20
    clock.now += PATIENCE_S
    assert samples(look(reader)) == [(6, 4)]


def test_a_run_that_died_long_ago_is_silent_however_long_its_past_is_read(
    run: Writer, reader: RunReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_parts, "BUDGET_S", 0.0)  # a sample at each look
    run.rows(1, 2, 3)
    for iteration in (1, 2, 3):
        run.sample(iteration)
    hour_ago = time.time() - 3600
    for path in run.folder.iterdir():
        os.utime(path, (hour_ago, hour_ago))
    events = [reader.look() for _ in range(5)]
    assert [one for event in events for one in samples(event)] == [(1, 4), (2, 4), (3, 4)]
    assert all(event.silent_s > 3000 for event in events)


def test_of_a_long_past_some_samples_are_read(run: Writer, reader: RunReader) -> None:
    page = run.sample(1)
    for iteration in range(2, 2 * MOST_PAST + 1):
        shutil.copy(page, page.with_name(f"{iteration:06d}.png"))
    found = [iteration for iteration, _ in samples(look(reader))]
    assert len(found) == MOST_PAST and found == sorted(found) and (found[0], found[-1]) == (1, 2 * MOST_PAST)
    assert thinned([1, 2, 3], 3) == [1, 2, 3]


@pytest.mark.parametrize("count", [1, 3, 4, 16, 17])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_pictures_on_a_page_are_those_that_were_laid_out(count: int, channels: int) -> None:
    images = np.random.default_rng(count).integers(0, 256, (count, 12, 12, channels), np.uint8)
    layout = api.GridLayout()
    assert np.array_equal(export.cells_of(export.grid(images, layout), count, layout), images)
    other = np.zeros((31, 50, channels), np.uint8)
    assert export.cells_of(other, count, layout).shape[1:] == other.shape


def test_a_checkpoint_is_told_when_it_is_whole(run: Writer, reader: RunReader) -> None:
    path = run.checkpoint(10)
    whole = cut(path)
    assert look(reader).checkpoints == ()
    path.write_bytes(whole)
    assert look(reader).checkpoints == (api.CheckpointFile(str(path), 10, len(whole)),)
    run.checkpoint(20)
    assert [one.iteration for one in look(reader).checkpoints] == [20]


def test_of_two_files_of_one_iteration_that_is_told_which_keeps_its_name(run: Writer, reader: RunReader) -> None:
    run.checkpoint(10, kept=True)
    run.checkpoint(20, kept=True)
    run.checkpoint(20)
    found = look(reader).checkpoints
    assert [(Path(one.path).name, one.iteration) for one in found] == [
        ("vae-000020.safetensors", 20),
        ("vae-000010.safetensors", 10),
    ]


# ---- the folder -----------------------------------------------------------------------------------------


def test_a_folder_that_vanishes_is_a_sentence_and_the_reading_goes_on_when_it_is_back(
    run: Writer, reader: RunReader
) -> None:
    run.rows(1, 2)
    run.sample(2)
    look(reader)
    away = run.folder.rename(run.folder.with_name("away"))
    event = look(reader)
    assert event.state == "missing" and event.progress is None
    assert event.reason == f"There is no file or folder {run.folder}."
    away.rename(run.folder)
    run.rows(3)
    event = look(reader)
    assert event.state == "running" and not event.is_anew and samples(event) == []
    assert event.progress is not None and event.progress.rows[:, 0].tolist() == [3.0]


def test_a_folder_that_is_removed_and_made_again_by_the_run_takes_away_nothing_that_was_read(
    run: Writer, reader: RunReader
) -> None:
    run.rows(*range(1, 9))
    run.sample(4)
    run.sample(8)
    look(reader)
    shutil.rmtree(run.folder)
    again = Writer(run.folder)
    again.describe()
    again.rows(11, 12)
    event = look(reader)
    assert event.state == "running" and event.is_made_again and not event.is_anew
    assert event.progress is not None and event.progress.iteration == 12
    losses = event.progress.rows[:, 0]
    assert np.isnan(losses[:2]).all() and losses[2:].tolist() == [11.0, 12.0], "a gap, and the rest of the curve"
    again.sample(12)
    again.rows(13)
    event = look(reader)
    assert samples(event) == [(12, 4)] and event.is_made_again and not event.is_anew
    assert words.status(event, 0.0, 0.0, has_run=True) == f"The run goes on. {words.MADE_AGAIN}"


@pytest.mark.parametrize("has_rows", [True, False])
def test_a_folder_of_which_old_samples_alone_are_removed_was_not_made_again(
    run: Writer, reader: RunReader, has_rows: bool
) -> None:
    run.describe(metrics="metrics.jsonl" if has_rows else "")
    if has_rows:
        run.rows(*range(1, 9))
    run.sample(4)
    run.sample(8)
    look(reader)
    shutil.rmtree(run.folder / "samples")
    assert not look(reader).is_made_again
    run.sample(12)
    event = look(reader)
    assert samples(event) == [(12, 4)] and not event.is_made_again and not event.is_anew
    run.sample(16)
    assert not look(reader).is_made_again


def test_a_folder_without_rows_that_is_made_again_is_another_folder(run: Writer, reader: RunReader) -> None:
    run.describe(metrics="")
    run.sample(8)
    look(reader)
    run.folder.rename(run.folder.with_name("away"))
    again = Writer(run.folder)
    again.describe(metrics="")
    assert look(reader).is_made_again
    again.sample(12)
    event = look(reader)
    assert samples(event) == [(12, 4)] and event.is_made_again and not event.is_anew


@pytest.mark.parametrize("left", range(7))
def test_a_look_in_the_middle_of_the_removal_takes_away_nothing(run: Writer, reader: RunReader, left: int) -> None:
    """As `rm -rf` does it, file by file, the samples in any order."""
    run.rows(*range(1, 9))
    files = [run.sample(8), run.sample(4), run.sample(6), run.checkpoint(8)]
    look(reader)
    files += [run.folder / name for name in ("metrics.jsonl", "run.json")]
    for path in files[: len(files) - left]:
        path.unlink()
    event = look(reader)
    assert not event.is_anew and event.state in ("running", "foreign", "empty")
    shutil.rmtree(run.folder)
    assert look(reader).state == "missing"
    again = Writer(run.folder)
    again.describe()
    again.rows(9)
    event = look(reader)
    assert not event.is_anew and event.progress is not None and event.progress.rows[:, 0].tolist() == [9.0]


def test_a_run_that_begins_again_in_a_folder_that_was_removed_is_told_anew(run: Writer, reader: RunReader) -> None:
    run.rows(*range(1, 9))
    run.sample(8)
    look(reader)
    shutil.rmtree(run.folder)
    again = Writer(run.folder)
    again.describe()
    again.rows(1)
    event = look(reader)
    assert event.is_anew and not event.is_made_again
    assert event.progress is not None and event.progress.rows[:, 0].tolist() == [1.0]


def test_a_run_without_rows_that_goes_back_is_known_by_its_samples(run: Writer, reader: RunReader) -> None:
    run.describe(8, metrics="")
    for iteration in (4, 8):
        run.sample(iteration)
    look(reader)
    (run.folder / "samples" / "000008.png").unlink()
    run.sample(6)
    found = [look(reader) for _ in range(2)]
    assert [event.is_anew for event in found] == [False, True], "for a moment it may be that all are removed"
    assert samples(found[1]) == [(4, 4), (6, 4)]


def test_a_folder_that_may_not_be_read_has_not_vanished(
    run: Writer, reader: RunReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / "run.json"))

    monkeypatch.setattr(run_description, "read_description", refused)
    event = look(reader)
    assert event.state == "unreadable" and event.reason.startswith("No permission for ")
    shown = words.status(event, 0.0, 0.0, has_run=True)
    assert "The folder cannot be read." in shown and "vanished" not in shown


def test_an_empty_folder_and_one_that_fills(tmp_path: Path) -> None:
    reader = RunReader(api.FollowRunRequest(str(tmp_path)))
    assert (look(reader).state, look(reader).reason) == ("empty", "")
    (tmp_path / "metrics.jsonl").touch()
    event = look(reader)
    assert event.state == "empty" and "is about to begin" in event.reason
    writer = Writer(tmp_path)
    writer.describe()
    whole = cut(tmp_path / "run.json")
    event = look(reader)
    assert event.state == "empty" and "is not whole yet" in event.reason
    (tmp_path / "run.json").write_bytes(whole)
    assert look(reader).state == "running"
    cut(tmp_path / "run.json")
    assert look(reader).state == "running", "what it said before holds until it can be read again"


def test_a_folder_of_something_else_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    Writer(tmp_path / "second").describe()
    event = RunReader(api.FollowRunRequest(str(tmp_path))).look()
    assert event.state == "foreign"
    assert event.reason == (
        f"{tmp_path.name} is not the folder of a run: there is no run.json among the 2 files in it. "
        "There are runs in it: second."
    )
    event = RunReader(api.FollowRunRequest(str(tmp_path / "notes.txt"))).look()
    assert event.state == "missing" and "a file, not a folder" in event.reason


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("format_version", 2, "the format version is 2, and this GenStudio reads 1"),
        ("family", "transformer", "the family is 'transformer', which is unknown"),
        ("settings", {"width": 8}, "VAESettings has other fields"),
        ("iterations", -1, "the number of iterations is -1"),
        ("state", "asleep", "the state is 'asleep'"),
        ("seconds", "long", "the seconds are 'long'"),
    ],
)
def test_a_description_from_elsewhere_is_refused_with_the_reason(
    run: Writer, reader: RunReader, field: str, value: object, said: str
) -> None:
    run.describe(**{field: value})
    event = look(reader)
    assert event.state == "foreign" and said in event.reason and "run.json" in event.reason


def test_what_will_never_be_a_description_is_not_waited_for(tmp_path: Path, clock: Clock) -> None:
    reader = RunReader(api.FollowRunRequest(str(tmp_path)))
    path = tmp_path / "run.json"
    path.write_text("no JSON")
    assert "is not whole yet; it is read again" in look(reader).reason
    clock.now += PATIENCE_S - 1
    path.write_text("no JSON either")
    assert look(reader).state == "empty", "it was written since"
    clock.now += PATIENCE_S
    event = look(reader)
    assert event.state == "foreign" and event.reason.endswith("its run.json is not one that GenStudio has written.")
    path.write_text("x" * (run_description.MOST_BYTES + 1))
    assert look(reader).state == "foreign" and "at most 1 MB are read" in look(reader).reason
    path.unlink()
    path.mkdir()
    assert look(reader).state == "foreign" and "is not a regular file" in look(reader).reason
    path.rmdir()
    Writer(tmp_path).describe()
    assert look(reader).state == "running", "it is one now"


def test_losses_that_are_written_elsewhere_are_said_to_be(run: Writer, reader: RunReader) -> None:
    run.describe(20)
    assert look(reader).has_rows
    run.describe(20, metrics="")
    event = look(reader)
    assert not event.has_rows and event.progress is not None and event.progress.iteration == 20
    assert words.status(event, 0.0, 0.0, has_run=True) == f"The run goes on. {words.ELSEWHERE}"


def test_another_run_in_the_folder_is_told_anew(run: Writer, reader: RunReader) -> None:
    run.rows(1, 2)
    look(reader)
    (run.folder / "metrics.jsonl").unlink()
    other = Writer(run.folder, "ddpm")
    other.describe()
    other.rows(1)
    event = look(reader)
    assert event.is_anew and event.progress is not None
    assert event.progress.names == ("loss",) and event.progress.request.family == "ddpm"


def test_a_folder_that_is_emptied_is_empty(run: Writer, reader: RunReader) -> None:
    run.rows(1)
    look(reader)
    for path in list(run.folder.iterdir()):
        path.unlink()
    event = look(reader)
    assert event.state == "empty" and not event.is_anew
    shown = words.status(event, 0.0, 0.0, has_run=True)
    assert shown == f"<error>The folder has been emptied.</error> {words.STAYS}"


@pytest.mark.parametrize("state", ["ended", "stopped", "broken"])
def test_how_a_run_has_come_to_its_end_is_told(run: Writer, reader: RunReader, state: str) -> None:
    run.rows(1)
    run.describe(1, state, seconds=2.0)
    event = look(reader)
    assert event.state == state and event.saved == 1
    assert event.progress is not None and event.progress.iterations_per_s == 0


# ---- time -----------------------------------------------------------------------------------------------


def test_speed_and_silence_go_by_the_clock_of_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1000.0
    monkeypatch.setattr(run_watch, "time", SimpleNamespace(monotonic=lambda: clock))
    pace = Pace()
    pace.note("a", 10.0, 100, is_behind=True)
    assert pace.silent_s() == 10 and pace.speed() == 0
    pace.note("a", 11.0, 200, is_behind=False)
    clock = 1004.0
    pace.note("b", 9000.0, 300, is_behind=False)  # the writer's clock is wrong by far
    assert pace.silent_s() == 0 and pace.speed() == 25
    clock = 1010.0
    pace.note("b", 9000.0, 300, is_behind=False)
    assert pace.silent_s() == 6 and pace.speed() == 25


def test_before_two_looks_the_speed_is_that_until_the_last_save(run: Writer, reader: RunReader) -> None:
    run.describe(50, seconds=10.0)
    event = look(reader)
    assert event.progress is not None and event.progress.iterations_per_s == 5


def test_the_stream_looks_again_and_again_and_gives_way_in_between(run: Writer) -> None:
    stream = RunWatcher().stream(api.FollowRunRequest(str(run.folder), 0.15))
    found = [next(stream) for _ in range(4)]
    assert [event is None for event in found] == [False, True, True, False]


def test_unread_looks_join_without_loss(run: Writer, reader: RunReader) -> None:
    run.sample(1)
    first = look(reader)
    run.rows(1, 2)
    second = look(reader)
    run.rows(3)
    run.sample(3)
    joined = first.merge(second).merge(look(reader))
    assert joined.progress is not None and joined.progress.rows[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert samples(joined) == [(1, 4), (3, 4)]
    (run.folder / "metrics.jsonl").write_text(run.row(1) + "\n")
    anew = joined.merge(look(reader))
    assert anew.is_anew and anew.progress is not None and len(anew.progress.rows) == 1


def test_a_look_that_finds_nothing_takes_nothing_from_an_unread_one(run: Writer, reader: RunReader) -> None:
    run.rows(1, 2)
    run.checkpoint(2)
    first = look(reader)
    run.folder.rename(run.folder.with_name("away"))
    joined = first.merge(look(reader))
    assert joined.state == "missing" and joined.progress is first.progress
    assert joined.checkpoints == first.checkpoints != () and joined.processes == 2
    assert joined.silent_s == first.silent_s


def test_a_run_folder_is_told_from_others(run: Writer, tmp_path: Path) -> None:
    assert api.is_run_folder(run.folder)
    assert not api.is_run_folder(tmp_path) and not api.is_run_folder(tmp_path / "none")
    assert sys.platform == "win32" or not api.is_run_folder(tmp_path / ("x" * 5000))
