"""The list of stages stays where it is under the hand, and the stage of the moment stays in view."""

from __future__ import annotations

from typing import Any

from page_desk import Desk
from PySide6.QtCore import QPoint, QRect, Qt
from test_stages_page import begin, desk, go, part, states

from genstudio.ui.game import stage_words as words
from genstudio.ui.game.stages import SlowMotion

__all__ = ["desk", "part"]


def is_in_view(desk: Desk, widget: Any) -> bool:
    view = desk.page.inspector.viewport()
    return view.rect().contains(QRect(widget.mapTo(view, QPoint(0, 0)), widget.size()))


def shown(desk: Desk, qtbot: Any, part: SlowMotion) -> Any:
    page = begin(desk, qtbot, part)
    page.resize(1024, 600)
    page.show()
    page.show_inspector(True)
    part._eye.show_all()
    qtbot.waitUntil(lambda: is_in_view(desk, part.switch) and not part._eye._soon.isActive())
    return page


def test_rows_and_buttons_stay_where_they_are(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = shown(desk, qtbot, part)
    section = page.controls.steps

    def places() -> list[int]:
        section.layout().activate()
        widgets = [*part.turns.values(), *part.list.rows, part.list]
        return [widget.mapTo(section, QPoint(0, widget.height())).y() for widget in widgets]

    before = places()
    for _ in range(7):
        go(page, qtbot, 1)
        assert places() == before
    assert max(before[:3]) < min(before[3:]), "above what grows"


def test_the_stage_of_the_moment_is_kept_in_view(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = shown(desk, qtbot, part)
    bar = page.inspector.verticalScrollBar()
    for number in range(7):
        go(page, qtbot, 1)
        qtbot.waitUntil(
            lambda number=number: states(part)[number] == "now" and is_in_view(desk, part.list.rows[number])
        )
    part.show()
    bar.setValue(bar.maximum())
    page.refresh()
    assert bar.value() == bar.maximum(), "nothing scrolls while the stage is the same"


def test_who_looks_at_something_else_is_left_there(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    page = shown(desk, qtbot, part)
    bar = page.inspector.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert not part._eye._is_seen()
    go(page, qtbot, 2)
    qtbot.waitUntil(lambda: states(part)[1] == "now")
    assert bar.value() == bar.maximum() and not part._eye._soon.isActive()


def test_space_plays_after_the_box_was_clicked(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    shown(desk, qtbot, part)
    before = part.is_slow
    qtbot.mouseClick(part.switch, Qt.MouseButton.LeftButton, pos=QPoint(8, part.switch.height() // 2))
    assert part.is_slow is not before and not part.switch.hasFocus()
    assert part.switch.focusPolicy() == Qt.FocusPolicy.TabFocus, "by Tab it is reached"


def test_turns_say_what_they_are(desk: Desk, part: SlowMotion, qtbot: Any) -> None:
    begin(desk, qtbot, part)
    for learner, button in part.turns.items():
        assert button.toolTip() == words.ALONE[learner][1]
