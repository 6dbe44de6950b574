"""The sentences of the search for copies where there are many, few, or one unseen picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from genstudio import api
from genstudio.api.copied import Yardstick
from genstudio.api.copied_verdict import verdict
from genstudio.ui.copied import words


def found(count: int, new: float) -> api.CopiedEvent:
    """48 new pictures at a distance, and so many unseen ones from 30 on."""
    unseen = np.linspace(30, 40, count).astype(np.float32)
    return api.CopiedEvent(
        request=api.CopiedRequest("m"), dataset="mnist", images=np.zeros((48, 28, 28, 1), np.uint8),
        nearest=np.zeros((48, 1, 28, 28, 1), np.uint8), labels=(("",),) * 48,
        distances=np.full((48, 1), new, np.float32), unseen=unseen,
        yardsticks=(Yardstick("", count, 30.0, float(np.median(unseen)), float(unseen[-1])),),
        measured_by=np.zeros(48, np.int64), faded=np.zeros(48, bool), training=9, compute_ms=1.0,
    )  # fmt: skip


def all_said(event: api.CopiedEvent) -> str:
    return " ".join((verdict(event), words.caption(event, "m"), words.large_caption(0, event)))


@pytest.mark.parametrize("new", [3.0, 60.0])
def test_one_unseen_picture_is_one_and_has_no_parts(new: float) -> None:
    said = all_said(found(1, new))
    assert "There is only 1 unseen picture, so this is rough." in said
    assert "There are only 1" not in said and "half of 1" not in said and "Of 1 unseen" not in said
    assert "hundredth" not in said and "99 %" not in said and "half of the unseen" not in said
    near = "48 of 48 are" if new < 30 else "None of 48 is"
    assert verdict(found(1, new)) == (
        f"{near} nearer to a training picture than the one unseen picture is: 1 unseen picture is too few to tell "
        "copies by."
    )
    assert "The one unseen picture is <real>30.0</real> away. This one is" in said


def test_of_few_there_is_no_hundredth() -> None:
    near, far = all_said(found(12, 3.0)), all_said(found(12, 60.0))
    assert "nearer to a training picture than any of the 12 unseen pictures is" in near
    assert "and the nearest is <b>30.0</b> away. This one is nearer than any of them: it may be a copy." in near
    assert "farther from the training pictures than any of the 12 unseen pictures is" in far
    assert "There are only 12 unseen pictures, so this is rough." in near
    assert not any(part in near + far for part in ("hundredth", "99 %"))


def test_of_many_there_is() -> None:
    near, far = all_said(found(200, 3.0)), all_said(found(200, 60.0))
    assert "than 99 % of unseen pictures are" in near and "only a hundredth is nearer than <b>30.0</b>" in near
    assert "than 99 % of the unseen pictures are" in far and "rough" not in near


@pytest.mark.parametrize(("of_class", "level"), [(100, "few"), (3000, "watch")])
def test_chance_is_that_of_the_unseen_pictures_that_judge(of_class: int, level: str) -> None:
    """Where all new pictures are of one class: few unseen ones of it may be far themselves."""
    event = found(3000, 35.0)
    event = dataclasses.replace(
        event,
        distances=np.repeat([3.0, 35.0], (5, 43)).astype(np.float32)[:, None],
        yardsticks=(*event.yardsticks, Yardstick("1", of_class, 30.0, 35.0, 40.0), Yardstick("8", 2, 1.0, 2.0, 3.0)),
        measured_by=np.ones(48, np.int64),
    )
    assert (event.level, event.judges, int(event.near.sum())) == (level, of_class, 5)
    assert verdict(event).endswith("48 new pictures are too few to tell copies by.") == (level == "few")


@pytest.mark.parametrize("count", [12, 200])
def test_that_far_is_no_better_is_said_where_nothing_is_near(count: int) -> None:
    assert "no better" not in words.caption(found(count, 3.0), "m")
    assert "no better" in words.caption(found(count, 60.0), "m")
    assert "no better" not in words.caption(found(1, 60.0), "m"), "one unseen picture tells nothing"


@pytest.mark.parametrize(("count", "than"), [(20, "any"), (200, "99 %")])
def test_what_is_near_as_a_crowd_is_no_copy(count: int, than: str) -> None:
    event = found(count, 32.0)
    assert verdict(event) == (
        f"48 of 48 are nearer to a training picture than half of the unseen pictures are, and none than {than} of "
        "them: not copied, but smoother or less varied than real ones."
    )
    assert "no better" not in words.caption(event, "m"), "nothing is farther"
    event.distances[:2] = 29.0
    assert f"are, and only 2 than {than} of them: not copied" in verdict(event)


def test_where_too_few_are_known_none_is_marked() -> None:
    few, one, many = found(8, 32.0), found(200, 32.0), found(200, 3.0)
    few.distances[:16] = one.distances[:1] = 3.0
    assert few.near.sum() == 16 and few.level == "few" and not few.marked.any()
    assert words.alone(0, few).endswith("is 3.00 away.") and "too near" in words.alone(0, many)
    assert one.marked.tolist() == one.near.tolist() == [True, *[False] * 47], "of many unseen ones it is known"
    assert many.marked.all()
    few.faded[-8:] = True
    assert few.level == "faded" and not few.marked.any(), "nor beside grey ones"
