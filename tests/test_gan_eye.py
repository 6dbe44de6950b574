"""The view of D's eye: who is watched, the order of the samples, the colours over them, and the words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from eye_desk import Seeing
from gan_desk import gan_desk, settle, train_to
from page_desk import Desk, asked

from genstudio import api
from genstudio.ui.game import eye_words
from genstudio.ui.game.eye import evenly, has_eye
from genstudio.ui.game.eye_picture import BRIGHTER, DARKER, overlaid


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = gan_desk(Seeing())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def look(desk: Desk, qtbot: Any) -> Any:
    """The page with a run that D looks at, and what it sees is there."""
    page = train_to(desk, qtbot, 25)
    page.run_pressed()
    page.views.segments.button("eye").click()
    qtbot.waitUntil(lambda: has_eye(page.run.shown()))
    return page


def watched(desk: Desk) -> list[tuple[int, bool]]:
    return [(request.place, request.eye) for request in asked(desk, api.WatchRequest)]


def test_the_run_is_watched_only_while_the_view_is_seen(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    settle(desk, qtbot)
    assert not watched(desk)
    place = page.run.place
    page.views.segments.button("eye").click()
    qtbot.waitUntil(lambda: watched(desk) == [(place, True)])
    page.views.segments.button("samples").click()
    qtbot.waitUntil(lambda: watched(desk)[1:] == [(place, False)])
    page.views.segments.button("eye").click()
    page.deactivate()
    qtbot.waitUntil(lambda: watched(desk)[-1] == (place, False) and not desk.session.watched)


def test_a_run_that_stands_still_is_seen_as_it_is_now(desk, qtbot):
    page = look(desk, qtbot)
    qtbot.waitUntil(lambda: page.run.shown().iteration == page.run.iteration == 25)
    assert has_eye(page.run.shown()) and page.run.history.is_live


def test_samples_stand_in_the_order_of_their_scores_which_are_said(desk, qtbot):
    page = look(desk, qtbot)
    outputs = page.run.shown().numbers["sample_outputs"]
    said = page.eye.samples.words()
    assert list(said) == sorted(said, reverse=True) and len(said) == len(page.eye.samples.pictures())
    best, worst = (1 / (1 + np.exp(-outputs[k])) for k in (outputs.argmax(), outputs.argmin()))
    assert said[0] == f"{best:.2f}" and said[-1] == f"{worst:.2f}"
    assert page.eye.real.words()[0] > said[0]
    page.resize(2800, 2600)
    assert len(page.eye.samples.words()) == 60


def test_on_a_small_page_cells_are_small_rather_than_few_and_numbers_go_by_what_is_seen(desk, qtbot):
    page = look(desk, qtbot)
    page.resize(1024, 698)
    qtbot.waitUntil(lambda: page.eye.height() < 500 and len(page.eye.samples.words()) >= 40)
    page.resize(700, 560)
    page.eye.samples.cell_clicked.emit(2)
    shown = len(page.eye.samples.words())
    place = page.eye.samples.selected() + 1
    of = f"the {shown} shown" if shown < 60 else "60"
    assert page.eye.foot_heading.text().endswith(f"number {place} of {of}")


def test_a_click_selects_the_sample_and_says_what_d_dislikes_of_it(desk, qtbot):
    page = look(desk, qtbot)
    best = int(page.run.shown().numbers["sample_outputs"].argmax())
    page.eye.samples.cell_clicked.emit(0)
    assert page.stage.selected() == best and page.eye.samples.selected() == 0
    assert page.eye.large.isVisible() and not page.eye.real.isVisible()
    assert "too dark at the top" in page.eye.sentence.text() and "number 1 of 60" in page.eye.foot_heading.text()
    page.views.segments.button("beside").click()
    assert page.beside.generated.selected() == page.beside.real.selected() == best
    page.views.segments.button("eye").click()
    page.eye.samples.cell_clicked.emit(0)
    assert page.stage.selected() == -1 and page.eye.real.isVisible() and not page.eye.large.isVisible()


def test_a_low_view_has_the_samples_or_the_one_that_is_large(desk, qtbot):
    page = look(desk, qtbot)
    page.eye.resize(600, 200)
    assert page.eye.samples.isVisible() and not page.eye.real.isVisible()
    page.eye.samples.cell_clicked.emit(0)
    assert page.eye.large.isVisible() and not page.eye.samples.isVisible()
    page.eye.resize(600, 130)
    for widget in (page.eye, page.eye._one):
        widget.layout().activate()
    one, large = page.eye._one, page.eye.large
    assert page.eye.rect().contains(one.geometry()) and one.rect().contains(large.geometry()), "nothing is cut off"
    page.eye.large.cell_clicked.emit(1)
    assert page.stage.selected() == -1 and page.eye.samples.isVisible()


def test_a_moment_before_anybody_looked_says_so(desk, qtbot):
    page = look(desk, qtbot)
    page.step(-1)
    assert page.eye.samples.pictures() is None and not page.eye.mode.isVisible()
    assert f"iteration {page.run.shown().iteration}" in eye_words.unseen(page.run.shown(), page.run)
    page.step(1)
    assert page.eye.samples.pictures() is not None and page.eye.mode.isVisible()


def test_moments_that_come_while_one_looks_are_kept_with_the_eye(desk, qtbot):
    page = look(desk, qtbot)
    before = len(page.run.history)
    desk.session.limit = 125
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration == 125)
    assert all(has_eye(moment) for moment in page.run.history.values()[before - 1 :])
    page._scrubbed(before)
    then = page.run.shown()
    assert then is not page.run.history[-1] and not page.run.history.is_live
    assert page.eye.samples.words()[0] == f"{1 / (1 + np.exp(-then.numbers['sample_outputs'].max())):.2f}"


def test_an_answer_about_a_run_that_is_gone_is_dropped(desk, qtbot):
    page = train_to(desk, qtbot, 25)
    page.views.segments.button("eye").click()
    page.reset()
    settle(desk, qtbot)
    assert not len(page.run.history) and page.stage.isVisible()


def test_what_hinders_d_is_said(desk, qtbot):
    desk.session.trouble = "The discriminator no longer gives finite numbers."
    page = train_to(desk, qtbot, 25)
    page.run_pressed()
    page.views.segments.button("eye").click()
    qtbot.waitUntil(lambda: page.eye.samples._label.text() == desk.session.trouble)


def test_the_choice_of_picture_or_gradient_is_remembered(desk, qtbot):
    page = look(desk, qtbot)
    page.eye.mode.button("picture").click()
    samples = page.run.shown().samples
    best = samples[page.run.shown().numbers["sample_outputs"].argmax()]
    assert np.array_equal(page.eye.samples.pictures()[0, :28], np.broadcast_to(best, (28, 28, 3)))
    assert page.parameters()["eye"] == "picture" and not page.eye.legend.isEnabled()
    page.undo()
    assert page.parameters()["eye"] == page.eye.mode.value() == "both"


def test_a_critic_has_scores_and_a_changed_loss_counts_from_its_iteration_on(desk, qtbot):
    page = look(desk, qtbot)
    run = page.run
    assert eye_words.is_probability(run, 25)
    run.changes = (api.Change(20, "loss", "hinge"),)
    assert eye_words.is_probability(run, 19) and not eye_words.is_probability(run, 20)
    moment = run.shown()._replace(iteration=21)
    page.views.show_moment(moment, run)
    outputs = moment.numbers["sample_outputs"]
    assert page.eye.samples.words()[0] == f"{outputs.max():.2f}"
    assert "critic" in eye_words.about(0, moment, False) and "no bounds" in page.eye.heading.toolTip()


def test_brighter_is_sky_blue_darker_is_orange_and_none_leaves_the_picture():
    picture = np.full((1, 1, 3, 1), 100, np.uint8)
    levels = np.array([255, 128, 1], np.uint8).reshape(1, 1, 3, 1)
    up, none, down = overlaid(picture, levels, "gradient")[0, 0].tolist()
    assert bytes(up).hex() == BRIGHTER[1:].lower() and bytes(down).hex() == DARKER[1:].lower()
    assert none[0] == none[1] == none[2] < 40
    up, none, down = overlaid(picture, levels, "both")[0, 0].tolist()
    assert none == [100] * 3 and up[2] > up[0] and down[0] > down[2]


@pytest.mark.parametrize(
    ("score", "is_logit", "words"),
    [(0.5, True, "0.50"), (0.0123, True, "0.012"), (1e-9, True, "<.001"), (1.0, True, "1.00"),
     (-1.234, False, "−1.23"), (123.4, False, "123"), (-45.67, False, "−45.7"), (0.0, False, "0.00")],
)  # fmt: skip
def test_a_score_is_said_in_five_characters(score, is_logit, words):
    assert eye_words.said(score, is_logit) == words and len(words) <= 5


def test_what_cannot_change_is_not_disliked():
    """A black pixel cannot become darker, nor a white one brighter."""
    black, white = np.zeros((9, 9, 3), np.uint8), np.full((9, 9, 3), 255, np.uint8)
    up, down, flat = (np.full((9, 9, 1), level, np.uint8) for level in (255, 1, 128))
    up[:, :6] = 128
    for picture, levels in ((black, down), (white, up)):
        assert "nothing that could change" in eye_words.dislikes(picture, levels)
    assert "No pixel matters" in eye_words.dislikes(white, flat)
    assert "too dark at the top right" in eye_words.dislikes(black, up)
    assert "too bright at the top left" in eye_words.dislikes(white, down)


def test_a_probability_of_any_output_is_finite():
    with np.errstate(all="raise"):
        found = eye_words.scores_of(np.float32([-1e30, -3, 0, 1e30]), True)
    assert found == pytest.approx([0, 1 / (1 + np.exp(3)), 0.5, 1])


def test_few_of_an_order_are_spread_evenly_with_the_one_that_is_wanted():
    order = np.arange(100, 160)
    assert evenly(order, 4).tolist() == [100, 120, 139, 159]
    assert evenly(order, 4, 123).tolist() == [100, 123, 139, 159]
    assert evenly(order, 60).tolist() == order.tolist()
