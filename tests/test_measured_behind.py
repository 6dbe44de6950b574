"""What is said behind a number of the table of measures: on what, beside what, and what is counted."""

from __future__ import annotations

import dataclasses

import pytest
from comparison_facts import DDPM, GAN, NAMES, VAE, three

from genstudio.api.aspects import MEASURES
from genstudio.api.comparison import table_of
from genstudio.settings import GENERATIVE
from genstudio.ui.measured import words
from genstudio.ui.measured.behind import COUNTED, facts

TABLE = table_of(NAMES, three(), {}, 1000)
INFOS = (VAE, GAN, DDPM)


def rows(name: str, column: int) -> dict[str, str]:
    return dict(facts(TABLE.line(name), column, INFOS[column]))


@pytest.mark.parametrize("name", ["frechet", "precision", "coverage", "recall"])
def test_beside_what_is_told_of_what_was_compared(name: str) -> None:
    assert rows(name, 0)["Beside"] == "held-out MNIST" and rows(name, 0)["Pictures"] == "1,000 of seed 7"


@pytest.mark.parametrize("name", ["time", "memory", "path", "entropy", "reconstruction", "parameters", "training"])
def test_and_not_of_what_was_not(name: str) -> None:
    assert "Beside" not in rows(name, 0)


def test_a_reconstruction_is_of_held_out_pictures_and_memory_of_some_at_once() -> None:
    assert rows("reconstruction", 0)["Pictures"] == "2,000 held-out ones of MNIST"
    assert rows("memory", 0)["Pictures"].endswith("drawn at once")


def test_a_path_tells_its_codes_and_that_a_class_is_kept() -> None:
    assert rows("path", 0)["Arcs"] == f"1,000 between pairs of codes of {VAE.latent_dim} numbers, of seed 7"
    assert "Class" not in rows("path", 0) and rows("path", 1)["Class"] == "the same on the whole arc"
    cell = TABLE.line("path").cells[0]
    assert "a ten-thousandth of an arc" in words.meaning(cell) and "stays the same" in words.meaning(cell)
    assert "a ten-thousandth of an arc" in words.line_help(TABLE.line("path"))


def test_precision_coverage_and_recall_say_whom_they_ask() -> None:
    told = {name: words.meaning(TABLE.line(name).cells[0]) for name in ("precision", "coverage", "recall")}
    assert "every generated picture" in told["precision"]
    assert "fifth real neighbour" in told["coverage"] and "fifth generated neighbour" in told["recall"]


def test_of_every_family_it_is_told_which_parameters_are_counted() -> None:
    assert set(COUNTED) >= set(GENERATIVE)
    assert rows("parameters", 0) == {"Counted": "encoder and decoder; drawing needs the decoder alone"}
    assert rows("parameters", 1) == {"Counted": "the generator, without the discriminator, which only teaches"}
    assert rows("parameters", 2) == {"Counted": "the network that takes the noise away"}
    latent = dataclasses.replace(DDPM, family="latent-ddpm")
    assert "and the VAE" in dict(facts(TABLE.line("parameters"), 2, latent))["Counted"]
    assert "needs to draw" not in MEASURES["parameters"].help
