"""The table of models and measures: what stands in it, who is best, and what is not compared."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import random
import statistics

import pytest
from comparison_facts import (
    DDPM,
    FLOOR,
    GAN,
    HERE,
    NAMES,
    NO_CODE,
    VAE,
    diffusion_evaluation,
    evaluation,
    facts,
    sitting,
    three,
)  # fmt: skip

from genstudio import api
from genstudio.api import radar
from genstudio.api.aspects import ASPECTS, BASIS, MEASURES, best_of, differ, written
from genstudio.api.comparison import (
    NO_CLASSES,
    NO_TIME,
    ONE_TRAINING,
    Table,
    chosen,
    evaluation_of,
    table_of,
    to_measure,
    usual_words,
)
from genstudio.api.comparison_text import as_csv, as_markdown, differences, left_out, not_ranked
from genstudio.api.model_facts import is_sibling
from genstudio.settings import ConditionalGANSettings, DiffusionSettings

TIMED = sitting(vae=(0.3, 0.31, 0.32), gan=(0.31, 0.3, 0.33), ddpm=(90.0, 95.0, 92.0))


def table(known: dict[str, api.ModelFacts] | None = None, count: int = 1000, **gone: str) -> Table:
    return table_of(NAMES, three() if known is None else known, gone, count, sittings=[TIMED])


# ---- aspects ----------------------------------------------------------------------------------------


def test_every_aspect_of_the_lecture_has_measures_and_each_belongs_to_one() -> None:
    named = [name for aspect in ASPECTS.values() for name in aspect.measures]
    assert list(ASPECTS) == ["quality", "diversity", "stability", "latent", "speed", "cost"]
    assert len(named) == len(set(named)) and set(named) <= set(MEASURES)
    assert set(BASIS) <= set(named), "nothing is demanded of what is not shown"
    assert all(set(parts) <= {"eye", "dataset", "count", "machine", "real"} for parts in BASIS.values())
    assert [line.name for line in table().lines] == named


def test_a_number_and_its_error_stand_in_the_units_of_the_measure() -> None:
    assert written("recall", api.Band(0.5, 0.02)) == ("50.0", "2.0", "%")
    assert written("training", api.Band(9000, 0)) == ("2.5", "", "h")
    assert written("training", api.Band(90, 0)) == ("1.5", "", "min")
    assert written("training", api.Band(0.25, 0)) == ("0.25", "", "s")
    assert written("parameters", api.Band(461_825, 0)) == ("0.46", "", "M")
    assert written("parameters", api.Band(8_123, 0)) == ("8,123", "", "")
    assert written("time", api.Band(12_345.6, 0)) == ("12,346", "", "ms"), "no exponent"


# ---- who is best ------------------------------------------------------------------------------------


def bands(*pairs: tuple[float, float] | None) -> list[api.Band | None]:
    return [None if pair is None else api.Band(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("numbers", "best"),
    [
        (bands((30, 0.4), (2, 0.1), (9, 0.3)), {1}),
        (bands((30, 0.4), (2.9, 0.2), (3.0, 0.2)), {1, 2}),  # their bands overlap
        (bands((30, 5), (31, 5), (32, 5)), set()),  # none surely differs
        (bands((30, 0.4), None, None), set()),  # there is nobody to compare with
        (bands(None, (4, 0.1), (2, 0.1)), {2}),
        (bands((2.0, 0.1), (2.35, 0.1)), {0}),  # 2.5 standard errors of the difference
        (bands((2.0, 0.1), (2.25, 0.1)), set()),  # 1.8
        (bands((2.0, 3.0), (2.2, 0.01), (3.0, 0.01)), {0, 1}),  # the second beats the third, which the first does not
    ],
)
def test_the_best_is_marked_unless_others_are_as_near_as_the_errors(
    numbers: list[api.Band | None], best: set[int]
) -> None:
    assert best_of("frechet", numbers) == best


def test_of_shares_the_largest_is_best_and_of_copies_none() -> None:
    assert best_of("recall", bands((0.2, 0.01), (0.9, 0.01))) == {1}
    assert best_of("copies", bands((0.01, 0.001), (0.9, 0.01))) == set()


def test_readings_of_a_clock_within_a_tenth_are_alike_and_sizes_are_exact() -> None:
    assert not differ("time", api.Band(1.0, 0), api.Band(1.09, 0)) and differ("time", api.Band(1, 0), api.Band(1.2, 0))
    assert differ("parameters", api.Band(400_000, 0), api.Band(400_001, 0))


@pytest.mark.parametrize("seed", range(20))
def test_whose_bands_overlap_is_never_beaten_alone(seed: int) -> None:
    """Bands of one standard error each, as they are read."""
    import random

    draw = random.Random(seed)
    numbers = [api.Band(draw.uniform(1, 3), draw.uniform(0.05, 0.5)) for _ in range(4)]
    best = best_of("frechet", numbers)
    high = min(band.value + band.error for band in numbers)
    overlapping = {k for k, band in enumerate(numbers) if band.value - band.error <= high}
    assert not best or overlapping <= best


# ---- the table --------------------------------------------------------------------------------------


def test_the_table_has_numbers_floors_and_the_best() -> None:
    found = table()
    frechet = found.line("frechet")
    assert [cell.band.value for cell in frechet.cells if cell.band] == [30.0, 2.9, 3.0]
    assert frechet.best == {1, 2} and frechet.floor() == api.Band(1.3, 0.1) and not frechet.apart
    assert found.line("path").best == {0} and found.line("path").cells[2].why == NO_CODE
    assert found.line("path").floor() is None
    assert found.line("parameters").best == {0} and found.line("training").best == {0, 1}


def test_stability_is_not_made_up_of_one_file() -> None:
    cells = table().line("spread").cells
    assert all(cell.band is None and cell.why == ONE_TRAINING for cell in cells)


def test_stability_is_the_spread_of_trainings_that_began_with_other_seeds() -> None:
    known = three()
    siblings = (
        api.Sibling("again", 1, (evaluation(36.0),)),
        api.Sibling("with fewer", 2, (evaluation(99.0, count=500),)),
        api.Sibling("not measured", 3, ()),
    )
    known[VAE.name] = facts(VAE, evaluation(30.0), siblings=siblings)
    cell = table(known).line("spread").cells[0]
    share = math.sqrt(18) / 33  # of 30 and 36
    assert cell.band is not None and cell.band.value == pytest.approx(share)
    assert cell.band.error == pytest.approx(share / math.sqrt(2)) and cell.trainings == (VAE.name, "again")
    known[VAE.name] = facts(VAE, evaluation(30.0), evaluation(90.0, count=500), siblings=siblings[1:])
    other = table(known).line("spread").cells[0]
    assert other.trainings == (VAE.name, "with fewer") and other.band is not None, "as they were measured in common"
    assert other.band.value == pytest.approx(math.sqrt(40.5) / 94.5) and other.basis["count"] == 500
    known[VAE.name] = facts(VAE, evaluation(30.0), siblings=siblings[1:])
    assert "none was measured as it was" in table(known).line("spread").cells[0].why


def test_trainings_that_come_out_alike_by_chance_are_no_proof() -> None:
    """Of a recipe whose trainings do not differ at all, what is told is about what measuring makes of it."""
    draw, told, off = random.Random(5), [], []
    for _ in range(400):
        siblings = (api.Sibling("again", 1, (evaluation(draw.gauss(30, 3), error=3.0),)),)
        known = {VAE.name: facts(VAE, evaluation(draw.gauss(30, 3), error=3.0), siblings=siblings)}
        band = table_of((VAE.name,), known, {}, 1000).line("spread").cells[0].band
        assert band is not None
        told.append(band.error**2)
        off.append((band.value - 0.1) ** 2)  # 3 of 30, all of it by measuring
    assert 0.9 < math.sqrt(statistics.fmean(told) / statistics.fmean(off)) < 2
    assert min(told) > 0.06**2, "also where both came out the same"


def test_a_sibling_differs_in_its_seed_alone() -> None:
    seeded = dataclasses.replace(GAN, settings=ConditionalGANSettings(seed=5), name="other")
    assert is_sibling(GAN, seeded) and is_sibling(seeded, GAN)
    assert not is_sibling(GAN, GAN), "the same seed gives the same training"
    assert not is_sibling(GAN, dataclasses.replace(seeded, iteration=7))
    assert not is_sibling(GAN, dataclasses.replace(seeded, settings=ConditionalGANSettings(seed=5, batch_size=32)))
    assert not is_sibling(GAN, dataclasses.replace(seeded, dataset="strokes"))


def test_what_is_not_known_says_why() -> None:
    known = three()
    known[VAE.name] = facts(VAE, time=api.TrainingTime())
    del known[DDPM.name]
    found = table(known, **{DDPM.name: "There is no model of that name."})
    assert found.line("frechet").cells[0].why == "Not measured yet; it takes 1,000 pictures of it."
    assert found.line("training").cells[0].why == NO_TIME
    assert found.line("parameters").cells[0].band == api.Band(400_000, 0)
    assert {line.cells[2].why for line in found.lines} == {"There is no model of that name."}
    assert found.line("frechet").best == frozenset(), "one number is no comparison"


def test_hours_that_a_card_reckons_are_not_compared_with_those_that_were_counted() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9), time=api.TrainingTime(2352.9, HERE, timed=300))
    line = table(known).line("training")
    assert line.cells[1].band == api.Band(2352.9, 0)
    assert line.cells[1].basis["machine"] == f"{HERE}, reckoned from the pace of a part"
    assert not line.apart and line.left_out == {1} and line.differs == ("machine",)
    assert line.best == {0}, "the two others are compared with each other"


@pytest.mark.parametrize(
    ("fields", "apart", "said"),
    [
        ({"count": 10_000}, ("count",), ("1,000 pictures", "10,000 pictures")),
        ({"eye": "pixels"}, ("eye",), ("MNIST classifier", "pixels")),
        ({"dataset": "strokes"}, ("dataset",), ("MNIST", "strokes")),
        ({"seed": 2}, ("real",), ("real pictures of seed 7", "real pictures of seed 2")),
    ],
)
def test_numbers_of_different_things_are_not_compared(
    fields: dict[str, object], apart: tuple[str, ...], said: tuple[str, ...]
) -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9, **fields))
    line = table_of((VAE.name, GAN.name), known, {}, 1000).line("frechet")
    assert line.apart == apart and line.best == frozenset() and line.floor() is None
    assert differences(line) == said
    line = table(known).line("frechet")
    assert line.apart == () and line.compared() == (0, 2) and line.left_out == {1} and line.differs == apart
    assert line.best == {2} and line.floor() == FLOOR["frechet"], "the others are alike, and compared"
    assert left_out(line, 1) == f"Not compared with the others: this is of {said[1]}, they are of {said[0]}."
    assert not left_out(line, 0) and not_ranked(line, line.cells[1]) == left_out(line, 1)
    text = as_markdown(table(known))
    assert "2.90 ± 0.40‡" in text and f"of {GAN.name}: {left_out(line, 1)}" in text
    assert "parameters" in {line.name for line in table(known).lines if line.best}, "what is of the files still is"


def test_numbers_of_all_real_pictures_are_compared_whatever_the_seeds_and_their_floor_is_the_mean() -> None:
    known = three()
    other = evaluation(2.9, 0.2, seed=2, floor={**FLOOR, "frechet": api.Band(2.0, 0.5)})
    for name, one in ((VAE.name, evaluation(30.0)), (GAN.name, other)):
        known[name] = facts(known[name].info, dataclasses.replace(one, available=1000))
    found = table_of((VAE.name, GAN.name), known, {}, 1000)
    line = found.line("frechet")
    assert line.apart == () and line.best == {1}
    assert line.floor() == api.Band((FLOOR["frechet"].value + 2.0) / 2, max(FLOOR["frechet"].error, 0.5))


def test_times_of_another_machine_are_not_compared_and_distances_are() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.0, 0.1, machine=""))
    found = table_of(NAMES, known, {}, 1000)
    assert found.line("time").apart == ("machine", "sitting") and found.line("memory").left_out == {1}
    assert differences(found.line("time")) == (HERE, "a machine that nobody noted")
    assert found.line("frechet").best == {1}


def test_features_that_tell_no_classes_have_no_entropy() -> None:
    one = evaluation(2.9, eye="pixels")
    known = three()
    known[GAN.name] = facts(GAN, dataclasses.replace(one, bands={k: b for k, b in one.bands.items() if k != "entropy"}))
    assert table(known).line("entropy").cells[1].why == NO_CLASSES


# ---- which evaluation -------------------------------------------------------------------------------


def test_the_evaluation_that_was_asked_for_is_shown_else_the_nearest_to_it() -> None:
    few, many = evaluation(30, count=200), evaluation(31, count=10_000)
    pixels, right = evaluation(900, eye="pixels"), evaluation(29)
    assert chosen(facts(VAE, few, many, pixels, right), 1000) == right
    assert chosen(facts(VAE, few, many, right), 10_000) == many
    assert chosen(facts(VAE, few, pixels), 1000) == pixels and chosen(facts(VAE), 1000) is None
    other = dataclasses.replace(diffusion_evaluation(20), way="ddim, 10 steps")
    assert chosen(facts(DDPM, other, diffusion_evaluation(3)), 1000) == diffusion_evaluation(3), "the usual way first"


def test_what_is_still_to_be_measured() -> None:
    known = three()
    assert to_measure(NAMES, known, 1000) == ()
    assert to_measure(NAMES, known, 10_000) == NAMES
    known[GAN.name] = facts(GAN, evaluation(2.9, eye="pixels"))
    assert to_measure(NAMES, known, 1000) == (GAN.name,), "the others were seen by a better eye"
    known[DDPM.name] = facts(DDPM, dataclasses.replace(diffusion_evaluation(), way="ddim, 5 steps"))
    assert to_measure(NAMES, known, 1000) == (GAN.name, DDPM.name)
    assert to_measure(("gone", *NAMES), known, 1000) == (GAN.name, DDPM.name), "what is not here cannot be"


def test_a_model_is_measured_in_its_usual_way_and_noted() -> None:
    asked = evaluation_of("mine", dataclasses.replace(DDPM, family="consistency"), 1000)
    assert (asked.sample.sampler, asked.sample.steps, asked.sample.spacing) == ("consistency", 4, "trailing")
    assert asked.notes and asked.sample.count == 1000 and asked.dataset == "" and asked.eye == ""
    short = dataclasses.replace(DDPM, settings=DiffusionSettings(timesteps=20))
    assert evaluation_of("mine", short, 1000).sample.steps == 20 and usual_words(short) == "ddpm, 20 steps"


# ---- radar ------------------------------------------------------------------------------------------


def test_what_reads_alike_is_never_best_alone() -> None:
    memory = [api.Band(0.05021, 0), api.Band(0.05022, 0), api.Band(0.05034, 0)]
    assert best_of("memory", memory) == {0, 1} and best_of("memory", memory[:2]) == frozenset()
    assert best_of("parameters", [api.Band(1_830_000, 0), api.Band(1_832_000, 0), api.Band(1_850_000, 0)]) == {0, 1}


def test_the_radar_goes_from_the_worst_to_the_best_and_leaves_gaps() -> None:
    axes = {axis.aspect: axis for axis in radar.axes_of(table())}
    quality = axes["quality"]
    assert quality.name == "frechet" and quality.places[0] == 0 and quality.places[1] == 1
    assert quality.places[2] == pytest.approx(math.log(30 / 3.0) / math.log(30 / 2.9)), "by the logarithm"
    assert axes["stability"].name == "" and set(axes["stability"].places) == {None}
    assert axes["latent"].places == (1, 0, None)
    assert axes["diversity"].places == (1, 1, 1), "all are alike"
    assert axes["speed"].places == (1, 1, 0)


def test_an_axis_whose_first_measure_cannot_be_compared_takes_the_next() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9, machine="another"))
    axes = {axis.aspect: axis for axis in radar.axes_of(table_of(NAMES, known, {}, 1000))}
    assert axes["cost"].name == "memory" and axes["cost"].places[1] is None, "who was measured elsewhere is left out"
    axes = {axis.aspect: axis for axis in radar.axes_of(table_of((VAE.name, GAN.name), known, {}, 1000))}
    assert axes["cost"].name == "training" and axes["speed"].name == ""


# ---- as text ----------------------------------------------------------------------------------------


def test_markdown_has_the_best_in_bold_and_says_what_the_numbers_are_of() -> None:
    text = as_markdown(table())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows[0] == "|  | measured | mnist-vae-16 | mnist-cgan | mnist-ddpm | real pictures |"
    assert (
        rows[2] == "| Quality | Fréchet distance ↓ | 30.00 ± 0.40 | **2.90 ± 0.20** | **3.00 ± 0.20** | 1.30 ± 0.10 |"
    )
    assert len({row.count("|") for row in rows}) == 1
    assert "- mnist-ddpm: 1,000 pictures (ddpm, 50 steps) beside MNIST, MNIST classifier, 2026-11-22." in text


def test_markdown_says_why_what_is_surely_beaten_may_be_bold() -> None:
    known = {name: dataclasses.replace(one, parameters=1_830_000) for name, one in three().items()}
    known[GAN.name] = dataclasses.replace(known[GAN.name], parameters=1_832_000)
    known[DDPM.name] = dataclasses.replace(known[DDPM.name], parameters=1_850_000)
    text = as_markdown(table(known))
    assert "| **1.83 M** | **1.83 M** | 1.85 M |" in text
    assert "Bold: not surely beaten (two standard errors of the difference), and what reads the same." in text


def test_markdown_says_what_is_not_compared() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9, count=10_000))
    text = as_markdown(table_of((VAE.name, GAN.name), known, {}, 1000))
    assert "Fréchet distance ↓*" in text and "**2.90" not in text
    assert "not compared, for the numbers are of 1,000 pictures and 10,000 pictures." in text


def test_csv_has_a_row_for_each_number_with_all_that_is_known_of_it() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(table()))))
    assert len(rows) == len(table().lines) * 3
    one = next(row for row in rows if (row["measure"], row["model"]) == ("frechet", "mnist-cgan"))
    assert (one["value"], one["error"], one["real_pictures"], one["best"]) == ("2.9", "0.2", "1.3", "yes")
    assert (one["pictures"], one["seed"], one["dataset"], one["machine"]) == ("1000", "7", "mnist", HERE)
    gap = next(row for row in rows if (row["measure"], row["model"]) == ("path", "mnist-ddpm"))
    assert gap["value"] == "" and gap["why_missing"] == NO_CODE


def test_of_data_that_hold_out_few_pictures_so_many_are_enough() -> None:
    few = {model: facts(one.info, *(dataclasses.replace(e, count=60) for e in one.evaluations))
           for model, one in three().items()}  # fmt: skip
    assert to_measure(NAMES, few, 1000) == NAMES and to_measure(NAMES, few, 1000, {"mnist": 60}) == ()
    found = table_of(NAMES, few, {}, 1000, {"mnist": 60})
    assert found.line("frechet").best == {1, 2} and found.line("frechet").cells[0].basis["count"] == 60


def test_an_evaluation_knows_by_itself_that_no_more_could_be_compared() -> None:
    few = {model: facts(one.info, *(dataclasses.replace(e, count=60, available=60) for e in one.evaluations))
           for model, one in three().items()}  # fmt: skip
    assert to_measure(NAMES, few, 1000) == () and to_measure(NAMES, few, 50) == NAMES
    part = dataclasses.replace(few[VAE.name].evaluations[0], available=200)
    few[VAE.name] = facts(VAE, part)
    assert to_measure(NAMES, few, 1000) == (VAE.name,), "there are more than were compared"
    whole = dataclasses.replace(part, count=200)
    assert chosen(facts(VAE, part, whole), 1000) == whole and chosen(facts(VAE, part, whole), 60) == part


def test_a_number_that_is_of_another_count_than_the_rest_says_so() -> None:
    known = three()
    known[GAN.name] = facts(GAN, evaluation(2.9, counts={"recall": 500}))
    assert table(known).line("recall").left_out == {1} and not table(known).line("precision").left_out
