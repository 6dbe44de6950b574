"""A race in and out of files: its picture names both sides, and dropped on the window both are repeated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_desk import Desk
from session_desk import last

from genstudio import api, export
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import PointGANSettings
from genstudio.ui.race.contest import TWIN, Contest, contest_of, request_of
from genstudio.ui.race.files import endless, parameters_of
from genstudio.ui.race.page import RacePage
from genstudio.ui.widgets.export_target import filled

SMALL = PointGANSettings(hidden=8, batch_size=16)


@pytest.fixture
def desk(qtbot: Any, tmp_path: Path) -> Iterator[Desk]:
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    made = Desk(RacePage, session)  # type: ignore[arg-type]
    qtbot.addWidget(made.page)
    made.open(session.handle(api.CatalogRequest()).catalog)
    yield made
    made.close()


def test_the_race_of_a_picture_is_repeated_to_the_last_pixel(desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    page: RacePage = desk.page
    contest = Contest(SMALL, {"lr_d": 1e-3}, {"lr_d": 1e-2})
    page.controls.set_contest(contest)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= 5 and page.is_settled(), timeout=30_000)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "paused")
    path = tmp_path / "race.png"
    target = page.export_source()
    assert isinstance(target, api.WritePicturesRequest) and target.beside is not None
    last(desk.session.stream(api.WritePicturesRequest(
        target.films, target.source, target.iteration, target.layout, str(path), beside=target.beside)))  # fmt: skip
    event = last(desk.session.stream(api.RestoreRequest(str(path))))
    assert event.beside is not None and event.beside.settings.lr_d == 1e-2 and event.source.settings.lr_d == 1e-3
    assert f"shows iteration {target.iteration:,} of a race; both sides' settings are restored." in event.message
    first = page.run
    page.controls.set_contest(Contest(PointGANSettings(), {"r1": 0.0}, {"r1": 1.0}))
    page.restore(event)
    assert page.run is not first and page.controls.contest.fields == ("lr_d",) and not page.is_changed()
    qtbot.waitUntil(lambda: page.run.state == "ended", timeout=30_000)
    assert page.run.iteration == target.iteration
    said = f"The race of race.png is repeated; at iteration {target.iteration:,} its pictures are identical"
    assert any(text.startswith(said) for text in desk.messages)


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_the_curves_of_both_sides_name_both_sides(desk: Desk, qtbot: Any, tmp_path: Path, ending: str) -> None:
    page: RacePage = desk.page
    assert page.export_targets() == {}, "nothing has been raced yet"
    page.controls.set_contest(Contest(SMALL, {"lr_d": 1e-3}, {"lr_d": 1e-2}))
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration >= 5 and page.is_settled(), timeout=30_000)
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "paused")
    (target,) = (make() for make in page.export_targets().values())
    assert "Rate D 1e-3 against Rate D 0.01" in target.figure.title and "ring" in target.figure.facts
    path = tmp_path / f"race.{ending}"
    last(desk.session.stream(filled(target, False, api.GridLayout(), str(path), 8.0)))
    event = last(desk.session.stream(api.RestoreRequest(str(path))))
    assert (event.source.settings.lr_d, event.beside.settings.lr_d) == (1e-3, 1e-2)
    assert f"shows the curves up to iteration {target.iteration} of a race" in event.message
    if ending == "csv":
        heading = next(line for line in path.read_text().splitlines() if line.startswith("iteration"))
        assert heading.split(",")[-4:] == ["d_loss_left", "d_loss_right", "g_loss_left", "g_loss_right"]
        assert "d_real_minus_d_fake_left" in heading


def test_a_race_on_pictures_that_are_not_here_says_so(desk: Desk) -> None:
    request = request_of(TWIN, contest_of(TWIN, "mlp-gan"), "ring", "my-cats", "mlp-gan")
    layout = api.GridLayout()
    desk.page.restore(api.RestoredEvent("a.png", request.left, layout, None, "", 3, beside=request.right))
    assert desk.messages[-1].startswith("The race learned from my-cats, which is not on this computer")
    assert desk.page.run.state == "none"


@pytest.mark.parametrize("arena", ["points", "pictures", TWIN])
def test_the_settings_of_both_sides_describe_the_race(desk: Desk, arena: str) -> None:
    page: RacePage = desk.page
    request = request_of(arena, contest_of(arena, "mlp-gan"), "moons", "strokes", "mlp-gan")
    page.set_parameters(parameters_of(request.left, request.right))
    assert page.wanted() == request == endless(request)


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (3, "does not name a known kind of request"),
        ({"kind": "TrainRequest"}, "has other fields"),
        (api.request_to_dict(api.MapRequest("mnist-vae-2")), "bad.png is damaged: a race has no such side"),
        (api.request_to_dict(api.TrainRequest("point-gan", "ring", SMALL, 7, preview=1)), "cannot be repeated"),
    ],
)
def test_a_damaged_side_is_a_sentence(desk: Desk, beside: Any, words: str, tmp_path: Path) -> None:
    source, path = api.TrainRequest("point-gan", "ring", SMALL, preview=1), tmp_path / "bad.png"
    receipt = export.make_receipt(source, api.GridLayout(), "", iteration=3)
    export.write_png(path, np.zeros((4, 4, 1), np.uint8), receipt | {"beside": beside})
    with pytest.raises(ValueError, match=words):
        last(desk.session.stream(api.RestoreRequest(str(path))))
