"""Device and precision: the probe is asked once for a processor, the environment wins over it."""

import contextlib
import dataclasses
import json
import threading

import pytest
import torch
from test_families import trainer

from genstudio.core import compute
from genstudio.core.compute import ALL_DIGITS, Compute
from genstudio.core.families import FAMILIES
from genstudio.settings import PLANAR, PLAYED


@pytest.fixture
def probe(monkeypatch, tmp_path):
    """The measurement replaced by a counter; its memory in a folder of its own."""
    calls = []
    monkeypatch.delenv("GENSTUDIO_PRECISION", raising=False)
    monkeypatch.setattr(compute.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(compute, "_measure_bf16", lambda: calls.append(1) or 1.8)
    return calls


def test_the_measurement_is_kept_for_the_next_process(probe, tmp_path):
    cpu = torch.device("cpu")
    assert compute._bf16_pays(cpu) and compute._bf16_pays(cpu)
    assert len(probe) == 1
    assert list(json.loads((tmp_path / "precision.json").read_text()).values()) == [True]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"other": true}', "\x00"])
def test_a_damaged_memory_is_measured_anew(probe, tmp_path, text):
    (tmp_path / "precision.json").write_text(text)
    assert compute._bf16_pays(torch.device("cpu"))
    assert len(probe) == 1


@pytest.fixture
def fresh():
    """No answer of an earlier question."""
    compute._chosen_compute.cache_clear()
    yield
    compute._chosen_compute.cache_clear()


def test_the_environment_wins(probe, fresh, monkeypatch):
    monkeypatch.setenv("GENSTUDIO_PRECISION", "float32")
    assert compute.default_compute().precision == "float32" and probe == []


def test_lanes_that_ask_at_the_same_time_get_the_answer_of_one_probe(probe, fresh, monkeypatch):
    monkeypatch.setattr(compute, "_devices", lambda: ["cpu"])
    answers = []
    other = threading.Thread(target=lambda: answers.append(compute.default_compute()))

    def measure():
        if not probe:
            other.start()
            other.join(0.2)  # without a lock it would probe by itself now
        probe.append(1)
        return 1.8

    monkeypatch.setattr(compute, "_measure_bf16", measure)
    answers.append(compute.default_compute())
    other.join()
    assert len(probe) == 1 and answers[0] is answers[1]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [("GENSTUDIO_DEVICE", "toaster", "this machine has"), ("GENSTUDIO_PRECISION", "half", "bf16, float32")],
)
def test_a_wish_that_cannot_be_met_is_refused(probe, fresh, monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=says):
        compute.default_compute()


def test_the_real_measurement_is_a_ratio_and_leaves_the_threads_alone():
    threads = torch.get_num_threads()
    assert 0 < compute._measure_bf16(rounds=2) < 100
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in (*PLANAR, *PLAYED)])
def test_bf16_training_stays_near_float32(family):
    """One iteration in mixed precision has the losses of float32 to bfloat16's three digits."""
    losses = []
    for bf16 in (False, True):
        one = trainer(family, Compute(torch.device("cpu"), bf16, "CPU"))
        one.run_iteration()
        losses.append(one.metrics())
        assert all(p.dtype == torch.float32 for p in one.model().parameters())
    assert torch.allclose(losses[0], losses[1], rtol=0.05, atol=0.02)


def test_compute_says_its_precision():
    assert Compute(torch.device("cpu"), True, "CPU").precision == "bf16"
    assert dataclasses.replace(compute.FLOAT32_CPU).precision == "float32"


def test_all_digits_are_there_until_the_last_one_has_left() -> None:
    """Two lanes at once: neither the first nor the second that leaves may end it for the other, or leave it so."""
    usual = torch.backends.cudnn.allow_tf32
    with contextlib.ExitStack() as first, contextlib.ExitStack() as second:
        first.enter_context(ALL_DIGITS)
        second.enter_context(ALL_DIGITS)
        first.close()
        assert not torch.backends.cudnn.allow_tf32
    assert torch.backends.cudnn.allow_tf32 == usual
