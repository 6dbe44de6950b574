"""What a picture takes: only times of one sitting are ranked, and a busy machine is so for all of it."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from comparison_facts import GAN, HERE, NAMES, facts, sitting, three

from genstudio import api, store
from genstudio.api.comparison import Line, table_of, times_of, usual_words
from genstudio.api.comparison_text import TIMED_APART, as_csv, as_markdown, differences
from genstudio.api.timing import with_newest
from genstudio.cli import main
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.threads import use_threads
from genstudio.session import Session, evaluating, timing
from genstudio.session.moment import this_minute
from genstudio.store import cards

FAST, SLOW = (0.30, 0.31, 0.29), (0.60, 0.61, 0.59)
MANY = (90.0, 91.0, 92.0)


def line(*sittings: api.Sitting, known: dict[str, api.ModelFacts] | None = None) -> Line:
    found = three() if known is None else known
    return table_of(NAMES, found, {}, 1000, sittings=sittings).line("time")


# ---- who is fastest ---------------------------------------------------------------------------------


def test_times_of_the_cards_stand_there_without_a_winner() -> None:
    found = line()
    assert [cell.band.value for cell in found.cells if cell.band] == [0.3, 0.3, 90.0]
    assert found.apart == ("sitting",) and found.best == frozenset() and differences(found) == ()
    text = as_markdown(table_of(NAMES, three(), {}, 1000))
    assert f"- * Time for a picture: not compared, for {TIMED_APART}; `genstudio compare` with `--times`" in text


def test_times_of_one_sitting_are_ranked_and_are_those_of_the_sitting() -> None:
    found = line(sitting(vae=SLOW, gan=FAST, ddpm=MANY))
    assert [cell.band.value for cell in found.cells if cell.band] == [0.6, 0.3, 91.0]
    assert not found.apart and found.best == {1}
    text = as_markdown(table_of(NAMES, three(), {}, 1000, sittings=[sitting(vae=SLOW, gan=FAST, ddpm=MANY)]))
    assert "measured in one sitting, 2026-11-22, in turns" in text and "Time for a picture ↓*" not in text


def test_load_is_in_the_band_so_that_two_medians_that_differ_by_it_are_not_told_apart() -> None:
    busy = sitting(vae=(0.3, 0.9, 0.5, 0.3, 1.2), gan=(0.4, 1.0, 0.7, 0.4, 1.3), ddpm=MANY)
    assert line(busy).best == {0, 1}
    quiet = sitting(vae=(0.50, 0.51, 0.50, 0.49, 0.50), gan=(0.70, 0.71, 0.70, 0.69, 0.70), ddpm=MANY)
    assert line(quiet).best == {0}


def test_a_round_that_was_interrupted_moves_neither_number_nor_band() -> None:
    calm, broken = api.Timed("", "", (1.0,) * 9), api.Timed("", "", (*(1.0,) * 8, 50.0))
    assert broken.band() == calm.band() == api.Band(1.0, 0.0)
    assert api.Timed("", "", (2.0,)).band() == api.Band(2.0, 0.0)


def test_a_model_that_was_not_there_keeps_its_own_time_and_is_left_out() -> None:
    found = line(sitting(vae=FAST, ddpm=MANY))
    assert found.cells[0].sitting is not None and found.cells[1].sitting is None
    assert not found.apart and found.left_out == {1} and found.best == {0}
    known = three() | {GAN.name: facts(GAN)}
    assert line(sitting(vae=FAST, ddpm=MANY), known=known).best == {0}, "one without a number is in nobody's way"


def test_the_sitting_of_most_of_the_models_counts_and_of_such_the_newest() -> None:
    two, all_ = sitting(vae=FAST, gan=FAST), sitting(vae=SLOW, gan=FAST, ddpm=MANY)
    newer = sitting(vae=FAST, gan=SLOW, ddpm=MANY)
    assert line(two, all_).best == {1} and line(newer, all_).best == {0}
    other = api.Sitting((api.Timed("another file", "", FAST), *two.models[1:]), 16, HERE, "")
    assert line(other).apart == ("sitting",), "a file that was trained again is another one"


def test_a_sitting_is_replaced_by_the_next_of_the_same_models() -> None:
    first, second, other = sitting(vae=FAST, gan=SLOW), sitting(gan=SLOW, vae=SLOW), sitting(vae=FAST, ddpm=MANY)
    assert with_newest(second, (first, other)) == (second, other)


def test_a_table_for_programs_says_why_times_are_not_ranked_and_where_they_are_from() -> None:
    def rows(*sittings: api.Sitting) -> list[dict[str, str]]:
        found = csv.DictReader(io.StringIO(as_csv(table_of(NAMES, three(), {}, 1000, sittings=sittings))))
        return [row for row in found if row["measure"] == "time"]

    apart = rows()
    assert all(row["why_not_ranked"].startswith("The times were measured at different times") for row in apart)
    ranked = rows(sitting(vae=SLOW, gan=FAST, ddpm=MANY))
    assert [row["best"] for row in ranked] == ["", "yes", ""] and {row["why_not_ranked"] for row in ranked} == {""}
    assert {(row["when"], row["machine"]) for row in ranked} == {("2026-11-22T18:00+00:00", HERE)}


# ---- measuring --------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path / "user")
    monkeypatch.setattr(timing, "LEAST_S", 0.0)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session("io", compute=FLOAT32_CPU)


def asked(rounds: int = 2) -> api.TimesRequest:
    few = api.SampleRequest("mnist-ddpm", seed=7, count=1, sampler="ddim", steps=2)
    return api.TimesRequest((api.SampleRequest("mnist-vae-2", 7, 1), few), rounds)


def test_models_are_timed_in_turns_after_a_round_that_does_not_count(session: Session) -> None:
    *progress, end = session.stream(asked())
    told = list(dict.fromkeys(event.what for event in progress))
    assert told == [
        "Warming up",
        "Round 1 of 2: mnist-ddpm", "Round 1 of 2: mnist-vae-2",
        "Round 2 of 2: mnist-vae-2", "Round 2 of 2: mnist-ddpm",
    ], "no model always comes after the same other one"  # fmt: skip
    shares = [event.done / event.total for event in progress]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] <= 1
    vae, ddpm = end.sitting.models
    assert len(vae.ms) == len(ddpm.ms) == 2 and min(*vae.ms, *ddpm.ms) > 0
    assert (vae.way, ddpm.way) == ("", "ddim, 2 steps") and vae.sha256 != ddpm.sha256
    assert end.sitting.at_once == 16 and not end.trouble and store.sittings() == (end.sitting,)


def test_all_draw_on_one_thread(session: Session, monkeypatch: Any) -> None:
    import torch

    threads: list[int] = []
    real = timing.time.perf_counter

    def clock() -> float:
        threads.append(torch.get_num_threads())
        return real()

    monkeypatch.setattr(timing.time, "perf_counter", clock)
    use_threads(2)
    list(session.stream(asked(1)))
    assert threads and set(threads[1::2]) == {1}, "when the clock is stopped"


def test_a_sitting_and_a_card_say_by_the_same_clock_when_they_were_measured(session: Session, monkeypatch: Any) -> None:
    moment = datetime.datetime.fromisoformat(this_minute())
    assert moment.utcoffset() is not None and (moment.second, moment.microsecond) == (0, 0)
    assert abs(datetime.datetime.now(datetime.UTC) - moment) < datetime.timedelta(minutes=2)
    assert evaluating.this_minute is timing.this_minute is this_minute
    monkeypatch.setattr(timing, "this_minute", lambda: "2026-11-22T18:05+00:00")
    *_, end = session.stream(asked(1))
    assert end.sitting.when == "2026-11-22T18:05+00:00"


def test_a_sitting_that_is_stopped_notes_nothing(session: Session) -> None:
    work = session.stream(asked())
    for _ in range(5):
        next(work)
    work.close()
    assert store.sittings() == ()


def test_what_cannot_be_timed_gets_a_sentence(session: Session) -> None:
    alone = api.TimesRequest((api.SampleRequest("mnist-vae-2", 7, 1),))
    with pytest.raises(ValueError, match="two or more different models"):
        next(session.stream(alone))
    with pytest.raises(FileNotFoundError, match="nobody"):
        next(session.stream(api.TimesRequest((*alone.samples, api.SampleRequest("nobody", 7, 1)))))


def test_times_that_cannot_be_noted_are_told_all_the_same(session: Session, tmp_path: Path) -> None:
    (tmp_path / "user").write_text("a file where the folder should be")
    *_, end = session.stream(asked(1))
    assert end.trouble.startswith("The times could not be noted") and len(end.sitting.models) == 2


def test_the_facts_have_the_sittings_and_models_are_asked_in_their_usual_way(session: Session) -> None:
    *_, end = session.stream(asked(1))
    event = session.handle(api.FactsRequest(("mnist-vae-2", "mnist-ddpm")))
    assert event.sittings == (end.sitting,)
    request = times_of({model: one.info for model, one in event.facts.items()})
    ways = [api.way_in_words(event.facts[sample.model].info.family, sample) for sample in request.samples]
    assert request.models == ("mnist-vae-2", "mnist-ddpm") and ways[1] == usual_words(event.facts["mnist-ddpm"].info)


# ---- what is kept -----------------------------------------------------------------------------------


def test_what_was_measured_together_is_read_again_the_newest_first() -> None:
    first, second = sitting(vae=FAST, gan=SLOW), sitting(vae=FAST, gan=SLOW, ddpm=MANY)
    path = store.add_sitting(first)
    assert store.add_sitting(second) == path and store.sittings() == (second, first)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.update(times_version=2),
        lambda values: values["sittings"][0].update(at_once="16"),
        lambda values: values["sittings"][0].pop("machine"),
        lambda values: values["sittings"][0]["models"][0].update(ms=[1.0, -1.0]),
        lambda values: values["sittings"][0]["models"][0].update(ms=[]),
        lambda values: values["sittings"][0]["models"][0].update(ms=[1.0] * 101),
    ],
)
def test_a_damaged_file_says_nothing_and_is_written_over(change: Any) -> None:
    path = store.add_sitting(sitting(vae=FAST, gan=SLOW))
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))
    assert store.sittings() == ()
    store.add_sitting(sitting(vae=FAST, ddpm=MANY))
    assert store.sittings() == (sitting(vae=FAST, ddpm=MANY),)


# ---- in the terminal --------------------------------------------------------------------------------


def test_the_command_times_models_when_it_is_told_to_and_keeps_it(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(api.TimesRequest, "rounds", 1)
    monkeypatch.setattr("genstudio.api.timing.ROUNDS", 1)
    words = ["compare", "mnist-vae-2", "mnist-vae-4", "--count", "1000"]
    assert main(words) == 0
    together = "measured in one sitting"
    assert together not in capsys.readouterr().out
    assert main([*words, "--times"]) == 0
    timed = capsys.readouterr().out
    speed = next(line for line in timed.splitlines() if line.startswith("| Speed | Time for a picture ↓ |"))
    assert together in timed and "in turns on one thread each, 16 pictures at once" in timed and speed.count(" ms") == 2
    assert main(words) == 0
    assert capsys.readouterr().out == timed
