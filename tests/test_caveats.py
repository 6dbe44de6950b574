"""What measured numbers do not say is said beside them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from comparison_facts import DDPM, GAN, NAMES, VAE, diffusion_evaluation, evaluation, facts, three

from genstudio import api, store
from genstudio.api import radar
from genstudio.api.caveats import ALONE, BEYOND, IN_TURN, REPEATS, USUAL, beside_real, caveat, caveats
from genstudio.api.comparison import Table, table_of
from genstudio.api.comparison_text import as_csv, as_markdown
from genstudio.cli import main
from genstudio.store import cards
from genstudio.ui.card.meter_table import MeterTable
from genstudio.ui.measured import words
from genstudio.ui.measured.queue import Queue
from genstudio.ui.tabs.model_card import measured

FEW_WORDS = "1,000 pictures are too few to tell it from real ones by this number."


def table(known: dict[str, api.ModelFacts]) -> Table:
    return table_of(NAMES, known, {}, 1000)


def low(frechet: float, **bands: api.Band) -> api.Evaluation:
    """Beside a floor that is as high as so few pictures make it."""
    one = evaluation(frechet, 0.5, bands=bands)
    return dataclasses.replace(one, floor={**one.floor, "frechet": api.Band(9.5, 4.3)})


def without(one: api.Evaluation, *names: str) -> api.Evaluation:
    """The same, of which some numbers are not known."""
    return dataclasses.replace(one, bands={name: band for name, band in one.bands.items() if name not in names})


# ---- too few pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "band", "floor", "place"),
    [
        ("frechet", (5.7, 0.5), (9.5, 4.3), 0),  # below real ones, within the errors
        ("frechet", (15.0, 0.5), (9.5, 4.3), 0),
        ("frechet", (31.0, 0.5), (9.5, 4.3), 1),
        ("frechet", (0.3, 0.01), (1.3, 0.1), -1),
        ("precision", (0.60, 0.01), (0.92, 0.01), 1),
        ("precision", (0.91, 0.01), (0.92, 0.01), 0),
        ("precision", (0.99, 0.001), (0.92, 0.01), -1),
        ("copies", (0.9, 0.01), (0.01, 0.01), 1),  # there is no better or worse
    ],
)
def test_a_number_beside_that_of_real_pictures(
    name: str, band: tuple[float, float], floor: tuple[float, float], place: int
) -> None:
    assert beside_real(name, api.Band(*band), api.Band(*floor)) == place
    assert beside_real(name, api.Band(*band), None) == 1


def test_a_model_that_is_nearer_than_real_pictures_are_is_said_not_to_be_told_from_them() -> None:
    known = three() | {GAN.name: facts(GAN, low(5.7)), VAE.name: facts(VAE, low(35.1))}
    line = table(known).line("frechet")
    assert [cell.caveat for cell in line.cells[:2]] == ["", FEW_WORDS]
    assert FEW_WORDS in words.standing(line, 1) and FEW_WORDS in words.cell_help(line, 1)
    assert "too few" not in words.standing(line, 0)


def test_the_caption_says_of_whom_so_few_pictures_say_nothing() -> None:
    known = {VAE.name: facts(VAE, low(35.1)), GAN.name: facts(GAN, low(5.7)), DDPM.name: facts(DDPM, low(6.15))}
    text = words.caption(table(known), Queue(), ())
    assert "By Fréchet distance 1,000 pictures do not tell <b>mnist-cgan</b> and <b>mnist-ddpm</b> from real" in text
    known = {name: facts(one.info, low(35.1)) for name, one in known.items()}
    assert "do not tell" not in words.caption(table(known), Queue(), ())


def test_numbers_of_one_kind_are_told_in_one_sentence() -> None:
    one = low(5.7, precision=api.Band(0.99, 0.001), recall=api.Band(0.91, 0.02))
    assert caveats(one, VAE) == [
        "1,000 pictures are too few to tell it from real ones by: Fréchet distance, Recall.",
        f"Beyond what real pictures reach: Precision; {USUAL}.",
        f"Time for a picture: {ALONE}",
    ]
    wide = low(0.1, precision=api.Band(0.99, 0.001), recall=api.Band(0.99, 0.001))
    assert caveats(wide, VAE)[:3] == [
        f"Beyond what real pictures reach: Fréchet distance; {REPEATS}.",
        f"Beyond what real pictures reach: Precision; {USUAL}.",
        f"Beyond what real pictures reach: Recall; {BEYOND['recall']}.",
    ], "what draws only the usual recalls less, not more"
    fewer = dataclasses.replace(one, counts={"recall": 500})
    assert caveats(fewer, VAE)[1] == "500 pictures are too few to tell it from real ones by: Recall."


# ---- classes in turn ----------------------------------------------------------------------------------


def test_classes_that_were_asked_for_in_turn_are_not_ranked_and_it_is_said_why() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9, bands={"entropy": api.Band(2.3025, 0.0002)}))
    found = table(known)
    line = found.line("entropy")
    assert line.best == frozenset() and [cell.is_ranked for cell in line.cells] == [True, False, False]
    assert words.standing(line, 1) == IN_TURN and IN_TURN in words.cell_help(line, 1)
    assert words.standing(line, 0) == "No other model has such a number that could be ranked."
    text = as_markdown(found)
    assert "| 2.20 ± 0.010 nats | 2.30250 ± 0.00020 nats† |" in text.replace("2.200 ± 0.010", "2.20 ± 0.010")
    assert f"- Entropy of classes† of mnist-cgan: {IN_TURN}" in text
    rows = [row for row in csv.DictReader(io.StringIO(as_csv(found))) if row["measure"] == "entropy"]
    assert [row["why_not_ranked"] for row in rows] == ["", IN_TURN, IN_TURN]


def test_models_without_classes_are_ranked_among_each_other() -> None:
    other = dataclasses.replace(VAE, name="other", sha256="9" * 64)
    known = {
        VAE.name: facts(VAE, evaluation(bands={"entropy": api.Band(2.1, 0.01)})),
        "other": facts(other, evaluation(bands={"entropy": api.Band(2.2, 0.01)})),
        GAN.name: facts(GAN, evaluation(bands={"entropy": api.Band(2.3025, 0.0002)})),
    }
    line = table_of(tuple(known), known, {}, 1000).line("entropy")
    assert line.best == {1} and words.standing(line, 1) == "The best of these models."


def test_the_radar_leaves_out_what_is_not_ranked() -> None:
    known = three()
    for name, one in known.items():
        known[name] = facts(one.info, without(one.evaluations[0], "coverage", "recall"))
    other = dataclasses.replace(VAE, name="other", sha256="9" * 64)
    known["other"] = facts(other, without(evaluation(bands={"entropy": api.Band(1, 0.01)}), "coverage", "recall"))
    axes = {axis.aspect: axis for axis in radar.axes_of(table_of((*NAMES, "other"), known, {}, 1000))}
    assert axes["diversity"].name == "entropy" and axes["diversity"].places == (1.0, None, None, 0.0)


# ---- on the card, and in the terminal -------------------------------------------------------------------


def test_the_card_says_it_above_the_numbers_with_their_counts(qtbot: Any) -> None:
    made = MeterTable()
    qtbot.addWidget(made)
    made.show_evaluation(dataclasses.replace(low(5.7), counts={"path": 60}), GAN)
    texts = made.texts()
    assert texts[0] == "1,000 pictures are too few to tell it from real ones by: Fréchet distance."
    assert texts[1].startswith("Entropy of classes: it was asked for all classes in turn")
    assert "Path length (MNIST classifier), of 60 ↓" in texts
    assert "Precision (MNIST classifier) ↑" in texts, "what is of all pictures has no count of its own"


def test_a_file_says_of_how_many_pictures_its_number_is() -> None:
    assert measured({"frechet": 31.7, "floor": 1.3, "count": 10_000}) == [
        "Fréchet distance 31.7 of 10,000 pictures (real training pictures 1.3)"
    ]
    assert measured({"frechet": 31.7}) == ["Fréchet distance 31.7"]


def test_the_terminal_says_it_too(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path)
    info = store.model_info(store.find_model("mnist-cgan"))
    store.add_evaluation(info, dataclasses.replace(low(5.7), count=500))
    assert main(["models", "mnist-cgan"]) == 0
    told = capsys.readouterr().out
    assert "500 pictures are too few to tell it from real ones by: Fréchet distance." in told
    assert "it was asked for all classes in turn" in told and f"Time for a picture: {ALONE}" in told
    assert main(["models", "mnist-cgan", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["evaluations"]
    assert found[0]["caveats"][0].startswith("500 pictures are too few")


def test_what_is_measured_in_the_terminal_says_it_too(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    from genstudio.cli.headless import evaluate

    one, info = diffusion_evaluation(1.3, error=0.2), DDPM
    evaluate.print_caveats(one, info)
    said = capsys.readouterr().out
    assert said.split("\n\n")[0].strip() == caveats(one, info)[0] and IN_TURN[1:] in said
    assert caveat("time", one, info) == ""
