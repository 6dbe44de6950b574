"""The comparison as a file: what is written, and that its models come back when it is dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from comparison_facts import DDPM, GAN, evaluation
from measured_desk import measured, measured_desk, opened
from page_desk import Desk

from genstudio import api, export, store
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.export.looking import made_from
from genstudio.session import Session
from genstudio.store import cards
from genstudio.ui.dropped import is_sheet
from genstudio.ui.widgets import export_target

SOURCE = api.ComparisonRequest(("mnist-vae-2", "mnist-vae-4"), 10_000)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session("io", compute=FLOAT32_CPU)


def written(session: Session, path: Path, **fields: Any) -> Path:
    *_, saved = session.stream(api.WriteComparisonRequest(SOURCE, str(path), **fields))
    assert saved == api.SavedEvent(str(path), path.stat().st_size)
    return path


def restored(session: Session, path: Path) -> api.RestoredEvent:
    *_, event = session.stream(api.RestoreRequest(str(path)))
    assert isinstance(event, api.RestoredEvent)
    return event


def test_a_table_for_programs_has_its_receipt_as_a_comment(session: Session, tmp_path: Path) -> None:
    path = written(session, tmp_path / "a.csv", text="aspect,value\nquality,1\n")
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# Made by GenStudio") and lines[1:] == ["aspect,value", "quality,1"]
    receipt = export.read_receipt(path)
    assert receipt["shows"] == "measurements" and len(receipt["models_sha256"]) == 2
    event = restored(session, path)
    assert event.source == SOURCE and event.identical is None and "a.csv" in event.message


def test_a_picture_of_it_is_no_work_of_a_model_and_brings_it_back(session: Session, tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    path = written(session, tmp_path / "a.png", picture=picture)
    assert (export.read_picture(path) == picture).all() and b"trainedAlgorithmicMedia" not in path.read_bytes()
    assert restored(session, path).source == SOURCE


def test_markdown_is_the_text_alone(session: Session, tmp_path: Path) -> None:
    assert written(session, tmp_path / "a.md", text="| a |\n").read_text("utf-8") == "| a |\n"


def test_what_cannot_be_written_is_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"cannot be written as a\.doc; allowed endings: \.png, \.csv, \.md"):
        list(session.stream(api.WriteComparisonRequest(SOURCE, str(tmp_path / "a.doc"))))
    with pytest.raises(ValueError, match="no picture"):
        list(session.stream(api.WriteComparisonRequest(SOURCE, str(tmp_path / "a.png"))))
    assert not list(tmp_path.iterdir())


def test_a_file_whose_model_is_not_here_says_which_is_needed(session: Session, tmp_path: Path) -> None:
    receipt = export.make_receipt(api.ComparisonRequest(("nobody", "mnist-vae-2")), api.GridLayout(), "")
    export.write_png(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8), receipt)
    with pytest.raises(ValueError, match=r"nobody\.safetensors, which is not here"):
        restored(session, tmp_path / "a.png")


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from measured_desk(qtbot)


def test_the_page_exports_what_it_shows(desk: Desk, qtbot: Any, session: Session, tmp_path: Path) -> None:
    page = measured(desk, qtbot)
    assert page.tempo.export.isEnabled() and page.export_film_source() is None
    target = page.export_source()
    assert list(export_target.formats_of(target, film=False)) == ["PNG", "CSV", "Markdown"]
    assert export_target.title_of(target, film=False) == "Export comparison"
    assert export_target.name_of(target) == f"comparison-{'-'.join(page.state.models)}"
    assert "3 models · 12 measures" in export_target.facts_of(target, ".csv")
    layout = api.GridLayout()
    request = export_target.filled(target, False, layout, str(tmp_path / "a.csv"), 1.0)
    rows = list(csv.DictReader(io.StringIO(request.text)))
    assert {row["model"] for row in rows} == set(page.state.models)
    assert export_target.filled(target, False, layout, "a.md", 1.0).text.startswith("|  | measured")
    picture = export_target.filled(target, False, layout, "a.png", 1.0).picture
    assert min(picture.shape[:2]) >= 1000 and picture.shape[2] == 3, "two pixels for each of the screen"
    assert len(np.unique(picture)) > 20, "something is painted"


def test_a_dropped_file_compares_its_models_again(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    source = api.ComparisonRequest((DDPM.name, GAN.name), 10_000)
    assert page.restores(source) and not page.restores(api.SampleRequest("x"))
    page.restore(api.RestoredEvent("a.csv", source, api.GridLayout(), None, "."))
    assert (page.state.models, page.state.count) == ((DDPM.name, GAN.name), 10_000)
    page.restore(
        api.RestoredEvent("a.csv", api.ComparisonRequest((DDPM.name, GAN.name), 3), api.GridLayout(), None, ".")
    )
    assert page.state.count == 1000, "no such number can be chosen"


def test_the_hint_of_a_drag_knows_it(session: Session, tmp_path: Path) -> None:
    source = made_from(written(session, tmp_path / "a.csv", text="x\n"))
    assert source == SOURCE and is_sheet(source), "no page takes it for a picture of its own"


# ---- in the terminal --------------------------------------------------------------------------------


def test_the_command_prints_what_is_on_the_cards(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path)
    for name, distance in (("mnist-vae-2", 500.0), ("mnist-vae-4", 60.0)):
        store.add_evaluation(store.model_info(store.find_model(name)), evaluation(distance))
    assert main(["compare", "mnist-vae-2", "mnist-vae-4", "--count", "1000"]) == 0
    told = capsys.readouterr()
    assert "| Quality | Fréchet distance ↓ | 500.00 ± 0.40 | **60.00 ± 0.40** | 1.30 ± 0.10 |" in told.out
    assert not told.err
    assert main(["compare", "mnist-vae-2", "mnist-vae-8", "--count", "2000", "--csv"]) == 0
    told = capsys.readouterr()
    assert (
        told.out.splitlines()[1].startswith("aspect,measure")
        and "genstudio evaluate mnist-vae-8 --count 2000" in told.err
    )


def test_the_commands_table_for_programs_begins_as_the_windows_does(
    session: Session, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path)
    assert main(["compare", *SOURCE.models, "--count", str(SOURCE.count), "--csv"]) == 0
    start, _, rows = capsys.readouterr().out.partition("\n")
    assert all(store.model_info(store.find_model(name)).sha256 in start for name in SOURCE.models)
    path = written(session, tmp_path / "window.csv", text=rows)
    assert path.read_text() == f"{start}\n{rows}"
    (tmp_path / "command.csv").write_text(f"{start}\n{rows}")
    assert restored(session, tmp_path / "command.csv").source == SOURCE, "dropped on the window it is that comparison"


def test_the_command_says_what_it_cannot_compare(capsys: Any) -> None:
    assert main(["compare", "mnist-vae-2"]) != 0
    assert "two or more different models" in capsys.readouterr().err
    assert main(["compare", "nobody"]) != 0
    assert "There is no model 'nobody'" in capsys.readouterr().err
    assert main(["compare", "mnist-vae-2", "nobody"]) != 0
    assert "There is no model 'nobody'" in capsys.readouterr().err
