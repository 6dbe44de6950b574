"""Where the states of reverse processes lie in the plane of two principal components."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from session_desk import last, new_session, train_runs

from genstudio import api
from genstudio.core.principal import leading, principal
from genstudio.session import Session
from genstudio.session.tracks import States

PROCESS = api.DenoiseRequest("tiny-ddpm", count=3, steps=8, sampler="ddim")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_runs(tmp_path_factory.mktemp("models"))


@pytest.fixture
def session(folder: Path) -> Session:
    return new_session(folder)


def plane_of(session: Session) -> api.Scatter:
    return last(session.stream(api.ScatterRequest("tiny-ddpm", 200))).scatter


def played(session: Session, process: api.DenoiseRequest = PROCESS) -> list[api.Step]:
    return [event.steps[0] for event in session.stream(process)]


# ---- the components ---------------------------------------------------------------------------------------


def test_the_first_components_alone_are_those_of_all():
    rng = torch.Generator().manual_seed(1)
    x = torch.randn(300, 40, generator=rng) * 0.9 ** torch.arange(40) + 2
    few, all_ = leading(x, 2), principal(x, 2)
    assert torch.allclose(few.components, all_.components, atol=1e-4)
    assert torch.allclose(few.deviations, all_.deviations, rtol=1e-4)
    assert torch.allclose(few.explained, all_.explained, rtol=1e-4)
    wide = torch.randn(20, 500, generator=rng)
    assert torch.allclose(leading(wide, 2).mean, wide.mean(0), atol=1e-6)


@pytest.mark.parametrize(("n", "count", "says"), [(1, 1, "at least two"), (5, 6, "1 to 5 are allowed")])
def test_what_cannot_be_fitted_is_refused(n, count, says):
    with pytest.raises(ValueError, match=says):
        leading(torch.zeros(n, 9), count)


# ---- the plane of real pictures -----------------------------------------------------------------------------


def test_the_plane_is_that_in_which_real_pictures_differ_most(session):
    found = plane_of(session)
    axes = found.plane.axes
    assert np.allclose(axes @ axes.T, np.eye(2), atol=1e-5)
    assert found.places.shape == (200, 2) and set(found.labels) <= set(range(10)) and found.dataset == "strokes"
    assert np.allclose(found.places.mean(0), 0, atol=1e-3), "the middle of the pictures is the origin"
    shares = found.plane.explained
    assert 1 > shares[0] >= shares[1] > 0.02
    assert found.places.var(0)[0] >= found.places.var(0)[1]


def test_a_model_that_takes_no_noise_away_has_no_such_plane(session):
    with pytest.raises(ValueError, match="not a diffusion model"):
        list(session.stream(api.ScatterRequest("tiny-vae")))


# ---- the tracks ---------------------------------------------------------------------------------------------


def test_a_track_is_where_the_states_are_that_were_shown(session):
    steps, plane = played(session), plane_of(session).plane
    ours = session.handle(api.TracksRequest((api.Section(PROCESS),), "x0_hat", plane)).tracks[0]
    assert ours.indices.tolist() == [step.index for step in steps] and ours.places.shape == (9, 3, 2)
    for step, places in zip(steps, ours.places, strict=True):
        rows = step.layers["x0_hat"].reshape(3, -1) / 127.5 - 1  # estimates are clipped, so bytes hold them
        assert np.allclose(places, (rows - plane.mean) @ plane.axes.T, atol=0.1)
    noisy = session.handle(api.TracksRequest((api.Section(PROCESS),), "x_t", plane)).tracks[0]
    assert not np.allclose(noisy.places[0], ours.places[0], atol=0.1)
    assert np.allclose(noisy.places[-1], ours.places[-1], atol=0.05), "at the end both agree"


def test_only_what_is_new_is_told(session):
    played(session)
    plane = plane_of(session).plane
    sections = (api.Section(PROCESS, after=5), api.Section(PROCESS, first=3), api.Section(PROCESS, after=8))
    tracks = session.handle(api.TracksRequest(sections, "x_t", plane)).tracks
    assert [track.indices.tolist() for track in tracks] == [[6, 7, 8], [3, 4, 5, 6, 7, 8], []]


def test_a_branch_begins_with_what_was_done_to_its_picture(session):
    played(session)
    stroke = api.Change(4, "paint", "[0,1,0.3,[0.5,0.5]]")
    branch = dataclasses.replace(PROCESS, changes=(stroke,))
    list(session.stream(api.BranchRequest(branch, 4)))
    plane = plane_of(session).plane
    sections = (api.Section(PROCESS), api.Section(branch, 4))
    trunk, ours = session.handle(api.TracksRequest(sections, "x_t", plane)).tracks
    assert ours.indices.tolist() == [4, 5, 6, 7, 8]
    assert not np.allclose(ours.places[0, 0], trunk.places[4, 0], atol=0.05), "the painted picture"
    assert np.allclose(ours.places[0, 1], trunk.places[4, 1], atol=1e-3), "the others"


def test_without_real_pictures_the_plane_is_that_of_the_states(session):
    played(session)
    event = session.handle(api.TracksRequest((api.Section(PROCESS),), "x_t"))
    assert event.own is not None and event.own.dataset == "" and set(event.own.labels) == {-1}
    assert np.allclose(event.tracks[0].places[-1], event.own.places, atol=1e-5)
    assert event.own.plane.explained.sum() > plane_of(session).plane.explained.sum()


def test_of_a_process_that_nobody_played_there_is_nothing(session):
    event = session.handle(api.TracksRequest((api.Section(PROCESS),), "x_t"))
    assert event.own is None and len(event.tracks[0].indices) == 0


def test_states_make_room_evenly_and_the_newest_stays():
    states, x = States(most_bytes=10 * 2 * 2 * 100), torch.zeros(1, 100)
    for index in range(40):
        states.keep(PROCESS, index, x + index, x)
    kept = states.of(api.Section(PROCESS))
    assert list(kept)[-1] == 39 and len(kept) <= 11
    assert len(set(np.diff(list(kept)[:-1]))) == 1, "evenly"
    assert kept[39][0][0, 0] == 39
    other = dataclasses.replace(PROCESS, seed=99)
    for index in range(8):
        states.keep(other, index, x, x)
    assert not states.of(api.Section(PROCESS)) and len(states.of(api.Section(other))) == 8
