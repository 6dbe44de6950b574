"""A picture of the user's that the page on top has no use for leads to one that has."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QAbstractButton
from window_desk import drop_of

from genstudio.app import make_engines
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.picture_origin import OWN
from genstudio.ui.main_window import MainWindow


def test_a_picture_that_is_of_no_use_is_opened_where_it_is(qtbot, tmp_path: Path) -> None:
    picture = Image.new("L", (28, 28))
    picture.paste(200, (8, 8, 20, 20))
    picture.save(tmp_path / "0.png")
    window = MainWindow(Bridge(make_engines()))
    qtbot.addWidget(window)
    window.show()
    window.begin()
    qtbot.waitUntil(lambda: window.catalog is not None)
    window.go_to("triptych")
    window.desk.take(drop_of(tmp_path / "0.png"))
    qtbot.waitUntil(lambda: "so 0.png is of no use here; One picture and Picture take it." in window.bar.text())
    assert window.current_page().name == "triptych"
    button = next(one for one in window.bar.findChildren(QAbstractButton) if one.text() == "Open it in One picture")
    button.click()
    page = window.page("one-picture")
    qtbot.waitUntil(lambda: page._state.end.number == OWN and page._state.end.picture != "")
    assert window.current_page() is page and "no use" not in window.bar.text()
    window.spare_time.stop()
    window.close()
