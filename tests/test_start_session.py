"""A start from a picture as the session answers for it: events, branches, files, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from session_desk import last, new_session, train_runs
from test_branches import same, steps

from genstudio import api
from genstudio.api.brush import Stroke, text_of
from genstudio.session import Session

PICTURE = np.zeros((28, 28, 1), np.uint8)
PICTURE[6:22, 12:16] = 255
PICTURE[3:5, 3:20] = 130
START = api.Start(api.pack(PICTURE), strength=0.5)
SDEDIT = api.DenoiseRequest("tiny-ddpm", seed=3, count=3, sampler="ddpm", steps=8, start=START)
RIGHT = text_of(Stroke(-1, None, 0.25, ((0.75, -0.5), (0.75, 1.5))))
HOLE = dataclasses.replace(START, strength=1.0, hole=(RIGHT,), repeats=2)
REPAINT = dataclasses.replace(SDEDIT, start=HOLE)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return new_session(train_runs(tmp_path_factory.mktemp("models")))


def test_it_begins_on_the_way_with_the_picture_in_the_noise(session):
    gone, _ = steps(session, SDEDIT)
    assert [step.index for step in gone] == list(range(9)) and gone[0].t == 20 and gone[-1].t == 0
    first = gone[0].layers["x_t"].astype(float).mean(0)[..., 0]
    assert np.corrcoef(first.ravel(), PICTURE.astype(float).ravel())[0, 1] > 0.6
    noise, _ = steps(session, dataclasses.replace(SDEDIT, start=None))
    assert abs(np.corrcoef(noise[0].layers["x_t"].astype(float).mean(0).ravel(), PICTURE.ravel())[0, 1]) < 0.2


def test_variants_of_other_seeds_differ_and_with_little_strength_stay_near(session):
    def end(**fields: Any) -> np.ndarray:
        start = dataclasses.replace(START, strength=fields.pop("strength"))
        gone, _ = steps(session, dataclasses.replace(SDEDIT, start=start, **fields))
        return gone[-1].layers["x_t"].astype(int)

    assert not np.array_equal(end(strength=0.5, seed=1), end(strength=0.5, seed=2))
    near, far = (np.abs(end(strength=s, steps=1) - PICTURE).mean() for s in (0.01, 1.0))
    assert near < 6 < far


def test_around_a_hole_every_pixel_is_that_of_the_picture(session):
    gone, _ = steps(session, REPAINT)
    end = gone[-1].layers["x_t"]
    assert np.array_equal(end[:, :, :14], np.broadcast_to(PICTURE, end.shape)[:, :, :14])
    assert not np.array_equal(end[0, :, 14:], end[1, :, 14:])
    assert gone[-1].calls == 7 * 2 + 1


def test_a_hole_of_nothing_gives_the_picture_back(session):
    keep = text_of(Stroke(-1, 1.0, 2.0, ((0.5, 0.5),)))
    gone, _ = steps(session, dataclasses.replace(REPAINT, start=dataclasses.replace(HOLE, hole=(keep,))))
    end = gone[-1].layers["x_t"]
    assert np.array_equal(end, np.broadcast_to(PICTURE, end.shape))


@pytest.mark.parametrize("source", [SDEDIT, REPAINT], ids=["picture", "hole"])
def test_an_unchanged_branch_repeats_bit_for_bit_and_a_changed_one_differs(session, source):
    whole, _ = steps(session, source)
    branch, silent = steps(session, api.BranchRequest(source, 3))
    assert silent == 0 and same(branch, whole[3:])
    unkept, silent = steps(new_session(session.models.folders[0]), api.BranchRequest(source, 3))
    assert silent == 3 and same(unkept, whole[3:])
    changes = (
        api.Change(3, "guidance", 4.0),
        api.Change(4, "noise", 2.0),
        api.Change(5, "paint", "[1,1,0.2,[0.5,0.5]]"),
    )
    other, _ = steps(session, dataclasses.replace(source, changes=changes))
    assert same(other[:3], whole[:3])
    assert not np.array_equal(other[-1].layers["x_t"], whole[-1].layers["x_t"])
    if source is REPAINT:
        assert np.array_equal(other[-1].layers["x_t"][1, :, :14], PICTURE[:, :14]), "painted over, and known again"


@pytest.mark.parametrize("source", [SDEDIT, REPAINT], ids=["picture", "hole"])
def test_a_file_carries_its_start_and_is_drawn_again_to_the_last_pixel(session, tmp_path, source):
    path = tmp_path / "variants.png"
    list(session.stream(api.ExportGridRequest(source, api.GridLayout(), str(path), "x_t", -1)))
    event = last(session.stream(api.RestoreRequest(str(path))))
    assert event.source == source and event.identical is True
    film = tmp_path / "variants.webp"
    list(session.stream(api.ExportFilmRequest(source, api.GridLayout(scale=1), str(film))))
    assert last(session.stream(api.RestoreRequest(str(film)))).source == source


def test_receipts_tell_the_start_and_those_of_old_files_have_none():
    told = json.loads(json.dumps(api.request_to_dict(REPAINT)))
    assert api.request_from_dict(told) == REPAINT and hash(REPAINT) == hash(api.request_from_dict(told))
    for name, wrong in (("picture", 7), ("strength", "much"), ("hole", [3]), ("repeats", 1.5)):
        with pytest.raises(ValueError, match=name):
            api.request_from_dict({**told, "start": {**told["start"], name: wrong}})
    with pytest.raises(ValueError, match="start"):
        api.request_from_dict({**told, "start": {"picture": told["start"]["picture"]}})
    del told["start"]
    assert api.request_from_dict(told) == dataclasses.replace(REPAINT, start=None)


def test_a_picture_of_another_kind_is_made_what_the_model_knows(session):
    wide = np.zeros((40, 60, 3), np.uint8)
    wide[10:30, 25:35] = (255, 80, 0)
    gone, _ = steps(session, dataclasses.replace(SDEDIT, start=api.Start(api.pack(wide), strength=0.01), steps=1))
    end = gone[-1].layers["x_t"]
    assert end.shape == (3, 28, 28, 1) and end[:, 10:18, 11:17].mean() > end[:, :, :8].mean() + 60


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (dataclasses.replace(START, strength=0.0), "strength is 0; allowed: above 0 to 1"),
        (dataclasses.replace(START, strength=float("nan")), "strength is nan"),
        (dataclasses.replace(START, strength=0.1), "steps is 8; from strength 0.1 on this model allows 1 to 4"),
        (dataclasses.replace(HOLE, repeats=99), "repeats is 99; allowed: 1 to 20"),
        (dataclasses.replace(HOLE, hole=("[1]",)), "a brush"),
        (dataclasses.replace(START, picture="28x28x1:oh"), "cannot be read"),
        (dataclasses.replace(START, picture=api.pack(np.zeros((9, 9, 1), np.uint8))), "nothing in this picture"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(session, start, says):
    with pytest.raises(ValueError, match=says):
        list(session.stream(dataclasses.replace(SDEDIT, start=start)))
