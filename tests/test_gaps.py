"""A cell without a number says what would fill it, and the caption what each model is best at."""

from __future__ import annotations

import dataclasses

import pytest
from comparison_facts import DDPM, GAN, HERE, NAMES, VAE, diffusion_evaluation, evaluation, facts, sitting, three

from genstudio import api
from genstudio.api.comparison import NO_TIME, ONE_TRAINING, Table, table_of
from genstudio.api.comparison_text import as_markdown
from genstudio.ui.measured import words
from genstudio.ui.measured.queue import Queue

TIMED = sitting(vae=(0.3, 0.3, 0.3), gan=(0.6, 0.6, 0.6), ddpm=(90.0, 90.0, 90.0))


def table(known: dict[str, api.ModelFacts], models: tuple[str, ...] = NAMES, **gone: str) -> Table:
    return table_of(models, known, gone, 1000, sittings=[TIMED])


def gap(found: Table, name: str, column: int) -> str:
    return found.line(name).cells[column].gap


# ---- gaps -------------------------------------------------------------------------------------------


def test_a_gap_says_in_a_word_why_and_in_a_sentence_what_would_fill_it() -> None:
    known = three()
    known[VAE.name] = facts(VAE, time=api.TrainingTime())
    found = table(known)
    for name, column, word in (
        ("frechet", 0, "not measured"), ("training", 0, "not noted"), ("spread", 1, "one training"),
        ("path", 2, "no code"), ("reconstruction", 2, "no encoder"),
    ):  # fmt: skip
        assert gap(found, name, column) == word
    assert {gap(found, name, 1) for name in ("frechet", "training", "parameters")} == {""}, "numbers have none"
    assert "another seed" in words.cell_help(found.line("spread"), 1) and ONE_TRAINING.endswith("stands here.")
    assert words.cell_help(found.line("training"), 0).endswith(NO_TIME) and "trained here" in NO_TIME


def test_a_measure_that_came_later_and_a_model_that_is_gone_say_so() -> None:
    known = three()
    one = evaluation()
    old = {name: band for name, band in one.bands.items() if name not in ("memory", "entropy")}
    known[GAN.name] = facts(GAN, dataclasses.replace(one, bands=old))
    known[VAE.name] = facts(VAE, evaluation(), siblings=(api.Sibling("again", 1, ()),))
    del known[DDPM.name]
    found = table(known, **{DDPM.name: "There is no model of that name."})
    assert gap(found, "memory", 1) == "measure again" and gap(found, "entropy", 1) == "sees no classes"
    assert gap(found, "spread", 0) == "measure others" and "measure them, too" in found.line("spread").cells[0].why
    assert {line.cells[2].gap for line in found.lines} == {"not here"}


def test_the_table_as_text_has_the_words_too() -> None:
    text = as_markdown(table(three()))
    assert "| Stability | Spread of trainings ↓ | – (one training) | – (one training) | – (one training) |  |" in text
    assert "– (no code)" in text and "– (no encoder)" in text


# ---- what is left out -------------------------------------------------------------------------------


def test_each_that_is_left_out_has_its_own_reason() -> None:
    known = three()
    extra = dataclasses.replace(DDPM, name="extra", path="extra", sha256="9" * 64)
    known["extra"] = facts(extra, evaluation(2.5, eye="inception"))
    known[GAN.name] = facts(GAN, evaluation(2.9, count=10_000))
    found = table(known, (*NAMES, "extra"))
    line = found.line("frechet")
    assert line.left_out == {1, 3} and [line.differs_in(k) for k in range(4)] == [(), ("count",), (), ("eye",)]
    told = words.not_compared(line)
    assert f"{GAN.name}: Not compared with the others: this is of 10,000 pictures, they are of 1,000 pictures." in told
    assert "extra: Not compared with the others: this is of Inception v3, they are of MNIST classifier." in told
    assert words.under(line) == "2 not compared, for 2 reasons"
    text = words.caption(found, Queue(), ())
    assert f"<b>{GAN.name}</b> is left out in 4 measures (counts differ)." in text
    known[GAN.name] = facts(GAN, evaluation(2.9, eye="inception"))
    line = table(known, (*NAMES, "extra")).line("frechet")
    assert words.under(line) == "2 not compared: features differ"
    assert words.not_compared(line).startswith(f"{GAN.name} and extra: ")


# ---- who is best at what ----------------------------------------------------------------------------


def caption(known: dict[str, api.ModelFacts], models: tuple[str, ...] = NAMES) -> str:
    return words.caption(table(known, models), Queue(), ())


def test_the_caption_says_what_each_is_best_at_shared_firsts_included() -> None:
    known = three()
    known[DDPM.name] = facts(DDPM, diffusion_evaluation(3.0, error=0.2, bands={"recall": api.Band(0.9, 0.01)}))
    text = caption(known)
    alone, together = text.split(" Together in front: ")
    assert alone.startswith("Alone in front: ") and "<b>mnist-ddpm</b> in recall" in alone
    assert "<b>mnist-vae-16</b> in path length and time" in alone
    assert together.startswith("<b>mnist-cgan</b> and <b>mnist-ddpm</b> in Fréchet distance")
    assert "In nothing" not in text


@pytest.mark.parametrize("is_best", [False, True])
def test_who_is_best_at_nothing_is_named(is_best: bool) -> None:
    known = three()
    recall = api.Band(0.9 if is_best else 0.1, 0.01)
    bad = diffusion_evaluation(50.0, bands={"recall": recall, "coverage": api.Band(0.1, 0.01)})
    known[DDPM.name] = facts(DDPM, bad, parameters=9_000_000, time=api.TrainingTime(90_000.0, HERE))
    assert ("In nothing: <b>mnist-ddpm</b>." in caption(known)) is not is_best


def test_where_none_differs_nobody_is_in_front() -> None:
    two = {name: facts(dataclasses.replace(VAE, name=name), evaluation()) for name in ("a", "b")}
    text = caption(two, ("a", "b"))
    assert text.startswith("In nothing that could be compared does one model surely stand before another.")
