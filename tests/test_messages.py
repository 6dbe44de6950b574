"""Caption, tempo and message bar: what they say and ask."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from genstudio.ui.theme import DARK, LIGHT, theme
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.message_bar import MessageBar
from genstudio.ui.widgets.tempo import Tempo


def test_words_of_a_caption_follow_the_theme_and_can_be_clicked(qtbot) -> None:
    caption = Caption()
    qtbot.addWidget(caption)
    caption.set_text("D gives <generated>0.21</generated> and <a href='kl'>KL</a> is small")
    assert DARK.generated_text in caption.text()
    theme().set_mode("light")
    assert LIGHT.generated_text in caption.text() and DARK.generated_text not in caption.text()
    with qtbot.waitSignal(caption.word_clicked) as click:
        caption.linkActivated.emit("kl")
    assert click.args == ["kl"]


def test_a_caption_grows_by_the_lines_it_needs_and_keeps_them_until_there_is_more_room(qtbot) -> None:
    caption = Caption()
    qtbot.addWidget(caption)
    caption.resize(400, 50)
    caption.show()
    low = caption.height()
    caption.set_text("<b>word</b> " * 25 + "<a href='on'>on</a>")
    assert low < caption.height() and not caption.toolTip(), "all of it is to be seen"
    high = caption.height()
    caption.set_text("word")
    assert caption.height() == high, "nothing jumps while words come and go"
    caption.resize(900, high)
    qtbot.waitUntil(lambda: caption.height() == low)
    caption.set_text("word " * 900)
    assert caption.toolTip(), "what no room holds is told there"


def test_tab_goes_through_the_links_of_words_that_change_all_the_time_and_leaves_them(qtbot) -> None:
    window, before, caption, after = QWidget(), QPushButton("before"), Caption(), QPushButton("after")
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    for part in (before, caption, after):
        box.addWidget(part)
    words = "At {} between <a href='a'>A</a> and <a href='b'><latent>B</latent></a>, of the <a href='c'>centre</a>."
    caption.set_text(words.format(0))
    with qtbot.waitActive(window):
        window.show()
    before.setFocus()
    clicked: list[object] = []
    caption.word_clicked.connect(clicked.append)
    for number, target in enumerate("abc", 1):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        caption.set_text(words.format(number))
        assert caption.hasFocus() and caption.focused_link() == target, "whatever the number beside it is now"
        assert theme().colors.on_accent in caption.text() and words.format(number) == caption.markup()
        QTest.keyClick(caption, Qt.Key.Key_Return)
    assert clicked == ["a", "b", "c"]
    QTest.keyClick(caption, Qt.Key.Key_Tab)
    assert after.hasFocus() and not caption.focused_link()
    for target in "cb":
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
        assert caption.focused_link() == target


def test_a_link_that_goes_while_it_has_the_keyboard_is_not_pressed_and_tab_goes_on(qtbot) -> None:
    window, caption, after = QWidget(), Caption("<a href='a'>A</a> <a href='b'>B</a> <a href='c'>C</a>"), QPushButton()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    box.addWidget(caption)
    box.addWidget(after)
    with qtbot.waitActive(window):
        window.show()
    after.setFocus()
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert caption.focused_link() == "b"
    clicked: list[object] = []
    caption.word_clicked.connect(clicked.append)
    caption.set_text("<a href='a'>A</a> <a href='c'>C</a>")
    QTest.keyClick(caption, Qt.Key.Key_Return)
    assert caption.focused_link() == "" and not clicked
    QTest.keyClick(caption, Qt.Key.Key_Tab)
    assert caption.focused_link() == "c", "which has taken its place"
    caption.set_text("<a href='a'>A</a> <a href='b'>B</a>")
    QTest.keyClick(caption, Qt.Key.Key_Backtab)
    assert caption.focused_link() == "a"
    caption.set_text("Nothing to press.")
    QTest.keyClick(caption, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_the_tempo_asks_and_shows(qtbot) -> None:
    tempo = Tempo()
    qtbot.addWidget(tempo)
    tempo.resize(900, 48)
    tempo.show()
    asked: list[object] = []
    tempo.play_toggled.connect(partial(_note, asked, "play"))
    tempo.stepped.connect(partial(_note, asked, "step"))
    tempo.scrubbed.connect(partial(_note, asked, "scrub"))
    assert not tempo.first.isEnabled() and not tempo.scrubber.isEnabled()
    tempo.set_range(10)
    tempo.set_position(4)
    for button in (tempo.play, tempo.back, tempo.forward, tempo.first, tempo.last):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [("play", True), ("step", -1), ("step", 1), ("scrub", 0), ("scrub", 9)]
    tempo.set_playing(True)
    assert tempo.play.accessibleName() == "Pause"
    tempo.set_position(3)
    assert tempo.position() == 3 and len(asked) == 5


def _note(notes: list[object], what: str, value: object) -> None:
    notes.append((what, value))


def test_a_message_has_details_only_on_demand(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 500)
    bar = MessageBar(window)
    bar.resize(900, 28)
    window.show()
    bar.show_error("It failed; try again.", "Traceback: the long story")
    assert bar.text() == "It failed; try again." and bar.is_error() and not bar.panel.isVisible()
    QTest.mouseClick(bar.details, Qt.MouseButton.LeftButton)
    assert bar.panel.isVisible() and "long story" in bar.panel.text.toPlainText()
    bar.show_info("All is well.")
    assert not bar.panel.isVisible() and not bar.details.isVisible()
    bar.clear()
    assert bar.text() == ""


def test_a_notice_goes_by_itself_and_an_error_stays(qtbot, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.ui.widgets.message_bar.SHORT_MS", 0)
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_info("Saved.")
    bar.show_error("It failed.")
    QTest.qWait(1)
    assert bar.text() == "It failed."
    bar.show_info("Saved.")
    qtbot.waitUntil(lambda: bar.text() == "")


def test_a_progress_can_be_cancelled(qtbot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show()
    cancelled: list[bool] = []
    bar.show_progress("Writing", 3, 10, partial(cancelled.append, True))
    assert bar.progress.value() / bar.progress.maximum() == 0.3
    QTest.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    assert cancelled == [True]


def test_a_message_is_a_whole_sentence_and_a_progress_is_none(qtbot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.set_names(frozenset({"strokes"}))
    for text, read in (("no network", "No network."), ("strokes is not here", "strokes is not here.")):
        bar.show_error(text)
        assert bar.text() == read
        bar.show_info(text)
        assert bar.text() == read
    bar.show_progress("reading holiday.zip", 1, 2)
    assert bar.text() == "reading holiday.zip"
    bar.clear()


def test_a_caption_keeps_the_room_of_words_that_may_come(qtbot) -> None:
    caption = Caption()
    qtbot.addWidget(caption)
    caption.resize(300, 40)
    words = "word " * 30
    caption.reserve(words)
    caption.set_text("One.")
    room = caption.height()
    caption.set_text(words)
    assert caption.height() == room
