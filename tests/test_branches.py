"""Branches of a reverse process as the session answers for them: the trunk's steps, then others."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from session_desk import new_session, train_runs

from genstudio import api, store
from genstudio.api import Change
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.reverse import Point
from genstudio.session import Session
from genstudio.session.diffusion import branch, denoise
from genstudio.session.trunks import Trunks

TRUNK = api.DenoiseRequest("tiny-ddpm", seed=3, count=3, sampler="ddpm", steps=8)
GUIDED = dataclasses.replace(TRUNK, changes=(Change(3, "guidance", 4.0),))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return new_session(train_runs(tmp_path_factory.mktemp("models")))


def steps(session: Session, request: api.DenoiseRequest | api.BranchRequest) -> tuple[list[api.Step], int]:
    """All steps, and how many were gone again on the way there."""
    events = list(session.stream(request))
    told = [event for event in events if isinstance(event, api.DenoiseEvent)]
    assert all(event.count == told[-1].steps[0].index for event in told)
    return [step for event in told for step in event.steps], len(events) - len(told)


def same(a: list[api.Step], b: list[api.Step]) -> bool:
    return all(
        x.index == y.index and x.t == y.t and x.calls == y.calls
        and all(np.array_equal(x.layers[layer], y.layers[layer]) for layer in api.LAYERS)
        for x, y in zip(a, b, strict=True)
    )  # fmt: skip


def test_a_branch_begins_at_the_trunk_and_ends_as_the_whole_process(session):
    trunk, _ = steps(session, TRUNK)
    branch, silent = steps(session, api.BranchRequest(GUIDED, 3))
    assert silent == 0 and branch[0].index == 3
    whole, _ = steps(session, GUIDED)
    assert same(whole[:3], trunk[:3]) and same(whole[3:], branch)
    assert not np.array_equal(trunk[-1].layers["x_t"], branch[-1].layers["x_t"])
    again, silent = steps(session, api.BranchRequest(TRUNK, 5))
    assert silent == 0 and same(again, trunk[5:])
    again, _ = steps(session, api.BranchRequest(TRUNK, 8))
    assert same(again, trunk[8:])  # with the noise of the step before, and as many calls


def test_a_process_that_nobody_branches_keeps_no_point_and_shows_the_same(session, monkeypatch):
    whole, _ = steps(session, GUIDED)
    monkeypatch.setattr(Trunks, "keep", lambda *_: pytest.fail("a point was kept"))
    alone = [step for event in denoise(session.models, GUIDED) for step in event.steps]
    assert same(whole, alone)


def test_from_every_step_the_rest_is_shown_as_it_was(session):
    """Also where the step before is not kept any more, or was painted into: its change is from there."""
    painted = dataclasses.replace(TRUNK, changes=(Change(3, "paint", "[1,1.0,0.1,[0.2,0.5],[0.8,0.5]]"),))
    for process in (TRUNK, painted):
        whole = list(denoise(session.models, process))
        trunks = Trunks(4 * 2 * 4 * whole[0].steps[0].layers["x_t"].size)  # four points, each two float32 states
        for _ in branch(session.models, api.BranchRequest(process, 0), trunks=trunks):
            pass
        for first in range(9):
            request = api.BranchRequest(process, first)
            events = [e for e in branch(session.models, request, trunks=trunks) if isinstance(e, api.DenoiseEvent)]
            assert same([e.steps[0] for e in events], [e.steps[0] for e in whole[first:]]), first


def test_what_nobody_kept_is_gone_again(session):
    branch, silent = steps(session, api.BranchRequest(GUIDED, 3))
    fresh = new_session(session.models.folders[0])
    unknown, waited = steps(fresh, api.BranchRequest(GUIDED, 3))
    assert silent == 0 and waited == 3 and same(branch, unknown)


def test_a_second_change_at_the_same_step_begins_before_both(session):
    both = dataclasses.replace(GUIDED, changes=(*GUIDED.changes, Change(3, "noise", 2.0)))
    steps(session, GUIDED)
    branch, silent = steps(session, api.BranchRequest(both, 3))
    assert silent == 0 and branch[0].t > 1 and branch[-1].index == 10
    assert [step.above for step in branch[:3]] == [1, 2, 3], "for so many steps noise can be put back again"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change(3, "guidance", 21.0), "guidance is 21.0; allowed: 0 to 20"),
        (Change(3, "sampler", "plms"), "allowed: ddim, ddpm"),
        (Change(3, "label", 77.0), "class 77 is unknown"),
        (Change(8, "eta", 0.5), "step 8 is not on the way"),
        (Change(3, "paint", "[1,2]"), "is no stroke of a brush"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_a_sentence(session, change, says):
    with pytest.raises(ValueError, match=says):
        list(session.stream(dataclasses.replace(TRUNK, changes=(change,))))


def test_receipts_tell_the_changes_and_those_of_old_files_have_none():
    told = api.request_to_dict(GUIDED)
    assert api.request_from_dict(told) == GUIDED
    del told["changes"], told["spacing"]
    assert api.request_from_dict(told) == TRUNK


def test_the_trunk_of_another_file_of_that_name_is_not_gone_on_from(tmp_path):
    """A model that is trained on and saved again has other weights under its name."""
    path = tmp_path / "mine.safetensors"
    path.write_bytes(store.find_model("mnist-ddpm").read_bytes())
    session = Session(compute=FLOAT32_CPU)
    request = api.DenoiseRequest(str(path), seed=3, count=1, sampler="ddim", steps=4)
    old, _ = steps(session, request)
    path.write_bytes(store.find_model("strokes-ddpm").read_bytes())
    branch, _ = steps(session, api.BranchRequest(request, 2))
    whole, _ = steps(Session(compute=FLOAT32_CPU), request)
    assert same(branch, whole[2:]) and not same(branch, old[2:])


def test_trunks_stay_within_their_bytes():
    import torch

    def point(index: int) -> Point:
        return Point(index, torch.zeros(1, 1, 10, 10), torch.zeros(1, 1, 10, 10))

    trunks = Trunks(most_bytes=8 * 800)
    for index in range(40):
        trunks.keep(TRUNK, point(index))
    assert trunks._bytes == sum(800 for points in trunks._kept.values() for _ in points) <= 8 * 800
    assert trunks.nearest(TRUNK, 39).index >= 20 and trunks.nearest(TRUNK, 0).index == 0
    other = dataclasses.replace(TRUNK, seed=9)
    for index in range(8):
        trunks.keep(other, point(index))
    assert trunks.nearest(TRUNK, 39) is None and trunks.nearest(other, 39).index == 7
    assert trunks.nearest(dataclasses.replace(other, changes=GUIDED.changes), 39).index == 3


@pytest.mark.parametrize("layer", ["x_t", "change"])
def test_a_file_of_a_branch_is_drawn_again_to_the_last_pixel(session, tmp_path, layer):
    changes = (*GUIDED.changes, Change(5, "paint", "[1,1.0,0.1,[0.2,0.5],[0.8,0.5]]"), Change(6, "noise", 2.0))
    source = dataclasses.replace(TRUNK, changes=changes)
    path = tmp_path / "branch.png"
    list(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(path), layer, 9)))
    event = list(session.stream(api.RestoreRequest(str(path))))[-1]
    assert event.source == source and event.identical is True and (event.layer, event.frame) == (layer, 9)


def test_the_change_of_a_step_is_told_in_its_own_spread(session):
    whole, _ = steps(session, TRUNK)
    grey = whole[0].layers["change"]
    assert grey.min() == grey.max() and grey.min() in (127, 128), "nothing has changed yet"
    for before, after in itertools.pairwise(whole[:-1]):
        change = after.layers["change"].astype(float) - 127.5
        assert change.std((1, 2, 3)) == pytest.approx(127.5 / 3, rel=0.2)
        for k in range(TRUNK.count):
            x, y = (step.layers["x_t"][k].astype(float) for step in (before, after))
            inside = (x > 0) & (x < 255) & (y > 0) & (y < 255)  # what is beyond white or black is not seen
            assert np.corrcoef((y - x)[inside], change[k][inside])[0, 1] > 0.9, after.index
