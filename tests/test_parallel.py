"""Several processes that train one network: shares, sums, and that every family learns as one with the whole batch."""

from __future__ import annotations

import dataclasses
import itertools
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import torch
from team_desk import Team
from test_families import TINY, material
from torch import Tensor, nn

from genstudio.core import launch, parallel
from genstudio.core.adversarial.diversity import diversity_layer
from genstudio.core.batch_norm import BatchNorm2d
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families import FAMILIES
from genstudio.core.launch import Launch, launch_of, own_corner, team
from genstudio.core.loss_by_t import LossByT
from genstudio.core.points import PointData, points_of
from genstudio.core.training import Trainer
from genstudio.settings import GANSettings, PointDiffusionSettings, PointGANSettings

GAN = GANSettings(latent_dim=5, width=8, d_width=8, batch_size=8)
POINTS = PointGANSettings(hidden=8, batch_size=8)
KINDS: dict[str, Any] = {
    **TINY,
    "gan with R1 through batch norm": dataclasses.replace(GAN, r1=0.5),
    "gan with plain steps": dataclasses.replace(GAN, optimizer="sgd"),  # which know how large a gradient is
    "gan with a penalty": dataclasses.replace(
        GAN, loss="wasserstein", gradient_penalty=10.0, d_norm="layer", d_updates=2, instance_noise=0.1
    ),
    "gan with spectral norm": dataclasses.replace(GAN, loss="hinge", d_norm="spectral", g_updates=2),
    "gan that compares": dataclasses.replace(GAN, diversity="std", r1=0.5),
    "mlp-gan that compares": dataclasses.replace(TINY["mlp-gan"], diversity="discrimination", r1=0.5),
    "consistency of neighbours": dataclasses.replace(TINY["consistency"], goal="neighbour"),
    "point-gan": dataclasses.replace(POINTS, r1=0.5, diversity="std"),
    "point-gan with clipping": dataclasses.replace(POINTS, loss="wasserstein", clip=0.1, optimizer="rmsprop"),
    "point-ddpm": PointDiffusionSettings(width=16, depth=1, batch_size=8),
}


def trainer(name: str) -> Trainer:
    family = name.partition(" ")[0]
    has_points = family.startswith("point-")
    data = PointData(points_of("ring"), torch.device("cpu")) if has_points else material(family)
    made: Trainer = FAMILIES[family].trainer(KINDS[name], data, FLOAT32_CPU)
    return made


def learned(one: Trainer, iterations: int = 4) -> Tensor:
    """What it says of each iteration, (iterations, losses)."""
    rows = []
    for _ in range(iterations):
        one.run_iteration()
        rows.append(one.metrics().clone())
    return torch.stack(rows)


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("name", KINDS)
def test_a_team_learns_as_one_with_the_whole_batch(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = trainer(name)
    iterations = 1 if alone.most_iterations else 4
    expected = learned(alone, iterations)
    team = Team(size, monkeypatch)
    made = [trainer(name) for _ in range(size)]
    told = team.do(lambda rank: learned(made[rank], iterations))
    assert all(torch.equal(rows, told[0]) for rows in told), "every one knows the losses of the whole batch"
    assert torch.allclose(told[0], expected, rtol=1e-4, atol=1e-5)
    states = [one.state() for one in made]
    for key, value in alone.state().items():
        assert all(torch.equal(state[key], states[0][key]) for state in states), key
        assert torch.allclose(states[0][key].float(), value.float(), rtol=1e-2, atol=1e-4), key


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_shares_are_whole_rows_in_order_and_differ_by_one_at_most(size: int) -> None:
    for count in range(size, 20):
        shares = [parallel.share(count, rank, size) for rank in range(size)]
        rows = [list(range(count))[share] for share in shares]
        assert list(itertools.chain(*rows)) == list(range(count))
        assert max(map(len, rows)) - min(map(len, rows)) <= 1


def test_alone_everything_comes_back_as_it_was() -> None:
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    assert parallel.size() == 1 and parallel.rank() == 0 and parallel.is_first()
    assert parallel.mine(x) is x and parallel.whole(x) is x and parallel.total(x) is x
    assert torch.equal(parallel.mean(x), x.mean()) and torch.equal(parallel.variance(x), x.var(0, correction=0))
    assert parallel.any_of(True) and not parallel.any_of(False) and parallel.from_first(7) == 7


def test_rows_means_and_moments_are_those_of_the_whole_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(8, 4, 5, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64) * 3 + 100
    team = Team(3, monkeypatch)
    assert team.do(lambda rank: len(parallel.mine(x))) == [3, 3, 2]
    assert all(torch.equal(whole, x) for whole in team.do(lambda rank: parallel.whole(parallel.mine(x))))
    labels = torch.arange(8)
    assert all(torch.equal(whole, labels) for whole in team.do(lambda rank: parallel.whole(parallel.mine(labels))))
    for mean in team.do(lambda rank: parallel.mean(parallel.mine(x))):
        assert torch.allclose(mean, x.mean())
    for mean, variance, count in team.do(lambda rank: parallel.moments(parallel.mine(x), over=(0, 2, 3))):
        assert count == 8 * 25 and torch.allclose(mean, x.mean((0, 2, 3)))
        assert torch.allclose(variance, x.var((0, 2, 3), correction=0))
    assert team.do(lambda rank: parallel.any_of(rank == 1)) == [True] * 3
    assert team.do(lambda rank: parallel.any_of(False)) == [False] * 3


def test_what_is_told_takes_as_few_sums_as_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a wait for all others; of rows whose number is known, nobody asks how many the others have."""
    x = torch.randn(7, 4, generator=torch.Generator().manual_seed(0))
    team, by_t = Team(3, monkeypatch), [LossByT(40, torch.device("cpu")) for _ in range(3)]
    own, t = parallel.mine, torch.arange(7)
    for work, sums in (
        (lambda rank: parallel.whole(own(x), 7), 1),
        (lambda rank: parallel.whole(own(x)), 2),
        (lambda rank: parallel.mean(own(x)), 1),
        (lambda rank: parallel.moments(own(x), over=(0,)), 2),
        (lambda rank: by_t[rank].note(own(t), own(x)), 1),
    ):
        team.sums = 0
        team.do(work)
        assert team.sums == sums
    assert all(torch.equal(whole, x) for whole in team.do(lambda rank: parallel.whole(own(x), 7)))
    alone = LossByT(40, torch.device("cpu"))
    monkeypatch.undo()
    alone.note(t, x)
    assert all(torch.allclose(one.sums, alone.sums) for one in by_t)


def test_a_mean_in_half_precision_knows_how_many_numbers_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.ones(301, 3, dtype=torch.bfloat16)
    means = Team(2, monkeypatch).do(lambda rank: parallel.mean(parallel.mine(x)))
    assert all(mean == 1 and mean.dtype == torch.bfloat16 for mean in means)


def test_batch_norm_over_a_team_is_torchs_over_the_whole_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(7, 4, 3, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    plain, layers = nn.BatchNorm2d(4).double(), [BatchNorm2d(4) for _ in range(2)]
    y = plain(x)
    assert torch.equal(BatchNorm2d(4).double()(x), y), "alone it is torch's, bit for bit"
    team = Team(2, monkeypatch)
    told = team.do(lambda rank: parallel.whole(layers[rank](parallel.mine(x.float()))))
    for layer, rows in zip(layers, told, strict=True):
        assert torch.allclose(rows.double(), y, atol=1e-5)
        for name, value in plain.state_dict().items():
            assert torch.allclose(layer.state_dict()[name].double(), value.double(), atol=1e-6), name
        assert torch.equal(layer.eval()(x.float()), layers[0].eval()(x.float())), "a picture alone asks nobody"


@pytest.mark.parametrize("kind", ["discrimination", "std"])
def test_layers_that_compare_see_the_whole_batch(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.randn(7, 6, generator=torch.Generator().manual_seed(0))
    (layer,), _ = diversity_layer(kind, 6)
    expected = layer(x)
    team = Team(3, monkeypatch)
    for rows in team.do(lambda rank: parallel.whole(layer(parallel.mine(x)))):
        assert torch.allclose(rows, expected, atol=1e-6)


def test_slopes_of_slopes_go_through_the_sum_of_a_team(monkeypatch: pytest.MonkeyPatch) -> None:
    x = torch.linspace(0.1, 0.7, 6, dtype=torch.float64)

    def whole_loss(rows: Tensor) -> Tensor:
        rows.requires_grad_(True)
        outputs = rows.square() * parallel.total(rows.pow(3).sum())
        (slope,) = torch.autograd.grad(outputs.sum(), rows, create_graph=True)
        loss = parallel.total(slope.square().sum())
        loss.backward()
        assert rows.grad is not None
        return rows.grad

    expected = whole_loss(x.clone())
    team = Team(2, monkeypatch)
    gradients = team.do(lambda rank: whole_loss(parallel.mine(x).clone()))
    assert torch.allclose(torch.cat(gradients) / 2, expected), "each has twice its part, of which the mean is taken"


def test_a_launch_is_what_torchrun_says() -> None:
    words = {"RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "localhost"}
    assert launch_of({}) == Launch() == Launch(0, 1, 0, 1, False)
    assert launch_of(words) == Launch(), "half a launch is none"
    words["MASTER_PORT"] = "29500"
    assert launch_of(words) == Launch(3, 4, 1, 2, False)
    assert launch_of(words | {"TORCHELASTIC_MAX_RESTARTS": "2"}).may_restart


def test_one_gpu_named_for_several_processes_is_refused_and_the_name_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file of an older run may say that its first process had cuda:0."""
    monkeypatch.setenv("GENSTUDIO_DEVICE", "cuda:0")
    with pytest.raises(ValueError, match="cuda:0, one GPU for 2 processes"), team(Launch(0, 2, 0, 2)):
        pass
    assert os.environ["GENSTUDIO_DEVICE"] == "cuda:0"


@pytest.fixture
def backends(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the processes of a launch talk by; they are not there, but for the one that asks."""
    found: list[str] = []
    meeting = sys.modules["torch.distributed.rendezvous"]  # by its own name one gets a function
    monkeypatch.setattr(meeting, "rendezvous", lambda *_, **__: iter([(None, 0, 1)]))
    monkeypatch.setattr(launch, "own_corner", lambda *_: None)
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: True)
    monkeypatch.setattr(torch.distributed, "init_process_group", lambda backend, **_: found.append(backend))
    monkeypatch.setattr(torch.distributed, "destroy_process_group", lambda: None)
    return found


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three GPUs that are not there, and which of them were made a process's own."""
    found: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(torch.cuda, "set_device", found.append)
    return found


@pytest.mark.parametrize("named", [None, "", "cuda"])
@pytest.mark.parametrize(
    ("count", "devices", "backend"),
    [(3, "012", "cpu:gloo,cuda:nccl"), (2, "01", "cpu:gloo,cuda:nccl"), (5, "01201", "gloo")],  # NCCL refuses to share
)
def test_each_process_of_a_machine_has_a_gpu_of_its_own_as_far_as_they_go(
    named: str | None, count: int, devices: str, backend: str,
    gpus: list[str], backends: list[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """On the second of two machines, where the first process is not the first of all."""
    monkeypatch.delenv("GENSTUDIO_DEVICE", raising=False)
    if named is not None:
        monkeypatch.setenv("GENSTUDIO_DEVICE", named)
    asked = []
    for local_rank in range(count):
        with team(Launch(count + local_rank, 2 * count, local_rank, count)):
            asked.append(os.environ["GENSTUDIO_DEVICE"])
        assert os.environ.get("GENSTUDIO_DEVICE") == named
    assert asked == gpus == [f"cuda:{device}" for device in devices] and backends == [backend] * count


def test_processes_of_a_launch_leave_the_gpus_alone_where_the_user_has_named_the_cpu(
    gpus: list[str], backends: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENSTUDIO_DEVICE", "cpu")
    with team(Launch(1, 2, 1, 2)):
        assert os.environ["GENSTUDIO_DEVICE"] == "cpu" and gpus == []
    monkeypatch.delenv("GENSTUDIO_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with team(Launch(1, 2, 1, 2)):
        assert os.environ["GENSTUDIO_DEVICE"] == "cpu" and backends[-1] == "gloo"
    assert "GENSTUDIO_DEVICE" not in os.environ


def test_others_that_cannot_be_reached_are_not_said_to_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENSTUDIO_DEVICE", raising=False)
    monkeypatch.setattr(launch, "SILENCE", timedelta(seconds=2))
    for name, value in {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1", "RANK": "1", "WORLD_SIZE": "2"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConnectionError, match="cannot be reached"), team(Launch(1, 2, 1, 2)):
        pass
    assert "GENSTUDIO_DEVICE" not in os.environ


def test_processes_that_learn_other_things_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    team = Team(3, monkeypatch)
    monkeypatch.setattr(torch.distributed, "broadcast", lambda told, source: told.copy_(torch.tensor(7)))
    assert team.do(lambda rank: parallel.is_same(7)) == [True] * 3
    assert team.do(lambda rank: parallel.is_same(8 if rank == 2 else 7)) == [False] * 3


def test_a_team_that_starts_again_finds_none_of_what_the_dead_have_left() -> None:
    launchers = torch.distributed.HashStore()
    launchers.add("asked", 1)  # one that was not answered before it died

    def places(size: int) -> list[str]:
        with ThreadPoolExecutor(size) as processes:
            corners = list(processes.map(lambda rank: own_corner(launchers, rank, size), range(size)))
        corners[0].set("address", str(size))
        return [corner.get("address").decode() for corner in corners] + [str(corners[-1].add("seen", 1))]

    assert places(2) == ["2", "2", "1"]
    assert places(3) == ["3", "3", "3", "1"], "as many as there are now, and nothing was seen before"
