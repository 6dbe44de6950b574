"""Device and precision: the probe is asked once for a processor, the environment wins over it."""

import dataclasses
import json

import pytest
import torch

from genstudio.core import compute
from genstudio.core.compute import Compute
from genstudio.core.families import FAMILIES
from tests.test_families import TINY, data


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


def test_the_environment_wins(probe, monkeypatch):
    monkeypatch.setenv("GENSTUDIO_PRECISION", "float32")
    compute.default_compute.cache_clear()
    assert compute.default_compute().precision == "float32" and probe == []
    compute.default_compute.cache_clear()


def test_the_real_measurement_is_a_ratio_and_leaves_the_threads_alone():
    threads = torch.get_num_threads()
    assert 0 < compute._measure_bf16(rounds=2) < 100
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("family", FAMILIES)
def test_bf16_training_stays_near_float32(family):
    """One iteration in mixed precision has the losses of float32 to bfloat16's three digits."""
    losses = []
    for bf16 in (False, True):
        trainer = FAMILIES[family].trainer(TINY[family], data(), Compute(torch.device("cpu"), bf16, "CPU"))
        trainer.run_iteration()
        losses.append(trainer.metrics())
        assert all(p.dtype == torch.float32 for p in trainer.model().parameters())
    assert torch.allclose(losses[0], losses[1], rtol=0.05, atol=0.02)


def test_compute_says_its_precision():
    assert Compute(torch.device("cpu"), True, "CPU").precision == "bf16"
    assert dataclasses.replace(compute.FLOAT32_CPU).precision == "float32"
