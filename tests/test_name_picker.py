"""A picker of a model beside others."""

from __future__ import annotations

from PySide6.QtWidgets import QStyleOptionComboBox

from genstudio.ui.theme import px
from genstudio.ui.widgets.name_picker import NamePicker, share_start, shared_start


def shown(picker: NamePicker) -> str:
    option = QStyleOptionComboBox()
    picker.initStyleOption(option)
    return option.currentText


def test_the_start_of_all_names_is_whole_words_and_leaves_something_of_each() -> None:
    assert shared_start(["mnist-vae-16", "mnist-cgan", "mnist-ddpm"]) == "mnist-"
    assert shared_start(["mnist-vae-16", "strokes-ddpm"]) == "" == shared_start(["mnist-vae"])
    assert shared_start(["mnist-", "mnist-cgan"]) == "", "something is left of each"


def test_a_name_without_room_is_shown_without_what_those_beside_it_begin_with_too(qtbot) -> None:
    pickers = [NamePicker((name, "none")) for name in ("mnist-vae-16", "mnist-cgan", "mnist-ddpm")]
    for picker in pickers:
        qtbot.addWidget(picker)
        picker.resize(px(200), px(28))
    share_start(pickers)
    assert [shown(picker) for picker in pickers] == ["mnist-vae-16", "mnist-cgan", "mnist-ddpm"], "all have room"
    for picker in pickers:
        picker.resize(px(90), px(28))
    assert [shown(picker) for picker in pickers] == ["vae-16", "cgan", "ddpm"]
    assert pickers[0].currentText() == "mnist-vae-16" == pickers[0].itemText(0), "the list has the whole name"
    pickers[2].setCurrentIndex(1)
    share_start(pickers)
    assert shown(pickers[0]) == "mnist-vae-16", "what they no longer share is shown again, as far as it fits"
