"""`torchrun -m genstudio train` with real processes that talk by gloo: the curve, resuming, and workers that die."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import torch
from test_parallel import KINDS, learned, trainer

from genstudio.store import read_header

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="finds its workers in /proc")]
LAUNCH = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
TINY = {
    "vae": ["--latent-dim", "4", "--width", "8", "--batch-size", "32"],  # no third of it is whole
    "ddpm": ["--width", "16", "--timesteps", "100", "--batch-size", "32"],
}
TESTS = Path(__file__).parent
WAIT_S = 240


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One thread a process, the CPU, and a Qt that nobody may import."""
    no_qt = tmp_path_factory.mktemp("no-qt") / "PySide6" / "__init__.py"
    no_qt.parent.mkdir()
    no_qt.write_text("raise ImportError('a headless process has imported Qt')")
    paths = [str(no_qt.parent.parent), str(TESTS.parent), str(TESTS)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GENSTUDIO_")}
    own = {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    return plain | own | {"GENSTUDIO_DEVICE": "cpu", "GENSTUDIO_PRECISION": "float32"}


def words(family: str, folder: Path, *more: str, iterations: int = 50) -> list[str]:
    of = ["-m", "genstudio", "train", family, "--dataset", "strokes", "--iterations", str(iterations)]
    return [*of, "--log-dir", str(folder), *TINY[family], *more]


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=WAIT_S)
    assert done.returncode == 0, done.stderr
    return done.stderr


def rows_of(folder: Path) -> list[dict[str, float]]:
    file = folder / "metrics.jsonl"
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def check_same_curve(folder: Path, expected: list[dict[str, float]]) -> None:
    rows = rows_of(folder)
    assert [row["iteration"] for row in rows] == [row["iteration"] for row in expected]
    for row, one in zip(rows, expected, strict=True):
        assert row == pytest.approx(one, rel=1e-4, abs=1e-4)


@pytest.fixture(scope="module", params=TINY)
def alone(
    request: pytest.FixtureRequest, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, list[dict[str, float]]]:
    """A family, and the losses of one process with the whole batch."""
    folder = tmp_path_factory.mktemp("alone")
    run(environment, sys.executable, *words(request.param, folder))
    return request.param, rows_of(folder)


@pytest.mark.parametrize("size", [2, 3])
def test_processes_have_the_curve_of_one_with_the_whole_batch(
    size: int, alone: tuple[str, list[dict[str, float]]], environment: dict[str, str], tmp_path: Path
) -> None:
    family, expected = alone
    said = run(environment, *LAUNCH, str(size), *words(family, tmp_path))
    assert len(expected) == 50
    check_same_curve(tmp_path, expected)
    assert said.count("Wrote ") == 1, "one of them writes, and says so"
    assert json.loads((tmp_path / "run.json").read_text())["processes"] == size
    assert (
        f"torchrun --nproc-per-node {size} -m genstudio" in read_header(tmp_path / "checkpoint.safetensors").reproduce
    )


def test_a_run_goes_on_with_another_number_of_processes(
    alone: tuple[str, list[dict[str, float]]], environment: dict[str, str], tmp_path: Path
) -> None:
    family, expected = alone
    resumed = ["--resume", str(tmp_path / "checkpoint.safetensors")]
    run(environment, *LAUNCH, "2", *words(family, tmp_path, iterations=15))
    run(environment, *LAUNCH, "3", *words(family, tmp_path, *resumed, iterations=35))
    run(environment, sys.executable, *words(family, tmp_path, *resumed))
    check_same_curve(tmp_path, expected)


@pytest.mark.parametrize("rank", [0, 1])
def test_a_killed_worker_costs_one_interval_at_most(
    rank: int, alone: tuple[str, list[dict[str, float]]], environment: dict[str, str], tmp_path: Path
) -> None:
    family, expected = alone
    every = 5
    command = [*LAUNCH, "2", "--max-restarts", "1", *words(family, tmp_path, "--save-every", str(every))]
    with started(command, environment) as launcher:
        wait_for(launcher, lambda: len(rows_of(tmp_path)) > 2 * every)
        os.kill(worker(launcher.pid, rank), signal.SIGKILL)
        reached = rows_of(tmp_path)[-1]["iteration"]
        _, said = launcher.communicate(timeout=WAIT_S)
    assert launcher.returncode == 0, said
    again = re.search(r"Goes on from iteration (\d+) of checkpoint.safetensors", said)
    assert again is not None, said
    assert 0 < reached - int(again[1]) + 1 <= every + 1
    check_same_curve(tmp_path, expected)


def test_ctrl_c_at_the_launcher_saves_and_stops(environment: dict[str, str], tmp_path: Path) -> None:
    with started([*LAUNCH, "2", *words("vae", tmp_path, iterations=0)], environment) as launcher:
        wait_for(launcher, lambda: len(rows_of(tmp_path)) > 3)
        launcher.send_signal(signal.SIGINT)
        _, said = launcher.communicate(timeout=WAIT_S)
    last = rows_of(tmp_path)[-1]["iteration"]
    assert f"Stopped at iteration {last}" in said
    assert read_header(tmp_path / "checkpoint.safetensors").iteration == last
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "stopped"


def test_the_same_command_again_goes_on_and_another_run_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    again = [*LAUNCH, "2", "--max-restarts", "1"]
    run(environment, *again, *words("vae", tmp_path, iterations=5))
    assert "Goes on from iteration 5" in run(environment, *again, *words("vae", tmp_path, iterations=8))
    assert [row["iteration"] for row in rows_of(tmp_path)] == list(range(1, 9))
    said = run(environment, *again, *words("vae", tmp_path, iterations=8))
    assert said.count("checkpoint.safetensors is at iteration 8 already") == 1
    other = words("vae", tmp_path, "--seed", "1", iterations=8)
    done = subprocess.run([*again, *other], env=environment, capture_output=True)
    assert done.returncode != 0 and b"checkpoint.safetensors holds another run." in done.stderr


@pytest.mark.parametrize("size", [1, 2])
def test_a_refusal_is_said_once_and_stands_again_at_the_end_of_the_launchers_report(
    size: int, environment: dict[str, str], tmp_path: Path
) -> None:
    run(environment, sys.executable, *words("vae", tmp_path, iterations=3))
    done = subprocess.run(
        [*LAUNCH, str(size), *words("vae", tmp_path, iterations=3)], env=environment, capture_output=True, text=True
    )
    lines = done.stderr.splitlines()
    refusal = f"--log-dir is {tmp_path}, which holds a run at iteration 3; give --resume"
    assert done.returncode != 0 and "Process 1:" not in done.stderr
    said = sum(line.startswith(refusal) for line in lines)  # of two, the first may be ended before it has said it
    assert said == 1 or (said == 0 and size > 1), "the first process alone says it"
    told = [number for number, line in enumerate(lines) if f"traceback : {refusal}" in line]
    assert told and len(lines) - told[-1] <= 3, done.stderr


def test_every_family_learns_in_two_processes_as_in_one(environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "told.json"
    run(environment, *LAUNCH, "2", str(TESTS / "torchrun_worker.py"), str(out))
    told = json.loads(out.read_text())
    for name in KINDS:
        one = trainer(name)
        expected = learned(one, 1 if one.most_iterations else 4)
        assert torch.allclose(torch.tensor(told[name]), expected, rtol=1e-4, atol=1e-5), name


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A launcher that is gone afterwards, with its workers."""
    launcher = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield launcher
    finally:
        workers = children(launcher.pid)
        launcher.kill()
        launcher.wait(timeout=WAIT_S)
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def wait_for(launcher: subprocess.Popen[str], is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_S
    while not is_so():
        assert launcher.poll() is None and time.monotonic() < end, launcher.stderr and launcher.stderr.read()
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def worker(launcher: int, rank: int) -> int:
    """The process of that rank."""
    found = [
        pid
        for pid in children(launcher)
        if f"RANK={rank}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    ]
    assert len(found) == 1
    return found[0]
