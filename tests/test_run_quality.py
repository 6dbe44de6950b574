"""The quality meters of a run: what they find, and that the run does not notice."""

import dataclasses
import itertools

import pytest
import torch
from session_desk import RUNS, new_session

from genstudio import api
from genstudio.core import datasets
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.training import TrainingData
from genstudio.session import run_quality, training
from genstudio.settings import ConditionalGANSettings
from genstudio.steps import finish

GAN = dataclasses.replace(RUNS["tiny-gan"], iterations=12, preview=0)
COUNT = 50


@pytest.fixture(scope="module")
def strokes():
    return TrainingData.of(datasets.load("strokes", None, count=1000), FLOAT32_CPU.device)


@pytest.fixture(scope="module")
def recogniser():
    return run_quality.Recogniser(FLOAT32_CPU)


@pytest.fixture
def eager(monkeypatch):
    """Meters have all the time there is, and little to do: a measurement after every iteration."""
    monkeypatch.setattr(run_quality, "FEWEST_FOR_SHARES", COUNT)
    monkeypatch.setattr(run_quality.Share, "allows", True)


@pytest.fixture
def session(tmp_path):
    return new_session(tmp_path)


def run_with_meters(session, request=GAN, count=COUNT):
    """Its events, the meters switched on after the first."""
    events = session.stream(request)
    found = [next(events)]
    found.append(session.handle(api.MeterRequest(0, count)))
    return found + [event for event in events if event]


def measured(events):
    return [one for event in events for one in getattr(event, "measured", ())]


def test_a_run_with_meters_has_the_same_bits(session, tmp_path, eager):
    found = measured(run_with_meters(session))
    assert len(found) >= 2
    plain = new_session(tmp_path)
    list(plain.stream(GAN))
    with_meters, without = (s.runs[0].trainer.state() for s in (session, plain))
    assert with_meters.keys() == without.keys()
    assert all(torch.equal(with_meters[name], without[name]) for name in without)


def test_the_meters_leave_the_global_random_numbers_alone(session, eager):
    before = torch.get_rng_state()
    assert measured(run_with_meters(session))
    assert torch.equal(torch.get_rng_state(), before)


def test_an_untrained_generator_is_far_above_the_floor(session, eager):
    *_, last = measured(run_with_meters(session))
    assert last.count == COUNT and 0 < last.iteration <= 12
    meters, floor = last.meters, last.floor
    assert meters.frechet.value - 3 * meters.frechet.error > 3 * floor.frechet.value
    assert floor.coverage.value > 0.8 > 0.3 > meters.coverage.value
    assert sum(share.value for share in meters.class_shares) == pytest.approx(1)
    assert len(meters.class_shares) == len(session.handle(api.MeterRequest(0, COUNT)).classes) == 10


def test_real_pictures_have_every_class_and_reach_the_floor(strokes, recogniser):
    reference = finish(run_quality.reference_of(strokes, recogniser, 300))
    assert all(share.value > 0.03 for share in reference.floor.class_shares)
    assert min(reference.floor.precision.value, reference.floor.recall.value, reference.floor.coverage.value) > 0.85
    assert len(reference.features) == 300


def test_a_copy_is_measured_while_the_run_goes_on(strokes, recogniser):
    """Slices between iterations find what they would have found at once."""
    trainer = training.FAMILIES["cgan"].trainer(
        ConditionalGANSettings(width=8, d_width=8, levels=2), strokes, FLOAT32_CPU
    )
    reference = finish(run_quality.reference_of(strokes, recogniser, COUNT))
    at_once = finish(run_quality.measure(trainer, recogniser, reference, COUNT))
    slices = itertools.count()

    def train(_: None) -> None:
        if next(slices) % 20 == 1:
            trainer.run_iteration()

    between = finish(run_quality.measure(trainer, recogniser, reference, COUNT), train)
    assert trainer.iteration > 1 and between == at_once


def test_no_slice_leaves_its_modes_behind(strokes, recogniser):
    trainer = training.FAMILIES["gan"].trainer(GAN.settings, strokes, FLOAT32_CPU)
    reference = finish(run_quality.reference_of(strokes, recogniser, COUNT))
    for _ in run_quality.measure(trainer, recogniser, reference, COUNT):
        assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled() and not torch.is_autocast_enabled()


def test_a_generator_of_no_numbers_is_measured_as_bad_and_stops_nothing(strokes, recogniser):
    """The run itself says what has happened."""
    trainer = training.FAMILIES["gan"].trainer(GAN.settings, strokes, FLOAT32_CPU)
    with torch.no_grad():
        for parameter in trainer.model().parameters():
            parameter.fill_(torch.nan)
    reference = finish(run_quality.reference_of(strokes, recogniser, COUNT))
    found = finish(run_quality.measure(trainer, recogniser, reference, COUNT)).meters
    assert found.frechet.value > 5 * reference.floor.frechet.value and found.recall.value == 0


def test_meters_go_off_and_on(session, eager):
    events = session.stream(dataclasses.replace(GAN, iterations=0))
    next(events)
    assert session.handle(api.MeterRequest(0, COUNT)).count == COUNT
    while not session.runs[0].measured:
        next(events)
    assert session.handle(api.MeterRequest(0, 0)) == api.MeterEvent(0, 0)
    many = len(session.runs[0].measured)
    assert not any(event.measured for event in (next(events) for _ in range(10)) if event)
    assert len(session.runs[0].measured) == many


def test_a_run_that_goes_back_keeps_what_was_measured_until_then(session, eager):
    request = dataclasses.replace(GAN, preview=4)
    found = measured(run_with_meters(session, request))
    back = session.stream(api.RewindRequest(6, left=0, place=1))
    first = next(back)
    assert first.measured == tuple(one for one in found if one.iteration <= first.iteration)
    later = measured(event for event in back if event)
    assert later and all(one.iteration >= first.iteration for one in later)


def test_unread_events_lose_nothing(session, eager):
    events = [event for event in run_with_meters(session) if isinstance(event, api.TrainEvent)]
    joined = events[0]
    for event in events[1:]:
        joined = joined.merge(event)
    assert joined.measured == tuple(measured(events))


@pytest.mark.parametrize(
    ("request_", "count", "reason"),
    [
        (RUNS["tiny-vae"], COUNT, "Quality is measured while a GAN learns pictures, and this run is none."),
        (
            dataclasses.replace(GAN, dataset="shapes", iterations=1),
            COUNT,
            "The bundled classifier reads digits only, so quality is measured on MNIST and Strokes.",
        ),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(session, eager, request_, count, reason):
    found = run_with_meters(session, request_, count)
    assert found[1] == api.MeterEvent(0, 0, reason=reason)
    assert not measured(found) and found[-1].iteration == request_.iterations


def test_a_set_too_small_says_so():
    few = TrainingData(torch.zeros(399, 28, 28, 1, dtype=torch.uint8), torch.zeros(399).long(), 0, FLOAT32_CPU.device)
    trainer = training.FAMILIES["gan"].trainer(GAN.settings, few, FLOAT32_CPU)
    reason = run_quality.Gauges(FLOAT32_CPU).why_not("mnist", trainer, 200)
    assert reason == "To measure 200 takes 400 real pictures; there are 399. Choose fewer."


def test_a_run_that_is_not_there_and_a_bad_count_are_sentences(session):
    assert "Nothing has been trained yet" in session.handle(api.MeterRequest()).reason
    next(session.stream(GAN))
    with pytest.raises(ValueError, match=r"count is 199; allowed: 0 \(no meters\) or 200 to 5000"):
        session.handle(api.MeterRequest(0, 199))


def test_what_a_run_remembers_stays_small(session, monkeypatch):
    monkeypatch.setattr("genstudio.session.run.MOST_MEASURED", 4)
    next(session.stream(GAN))
    run = session.runs[0]
    run._new_measured += range(9)
    assert run.read_measured() == tuple(range(9)) and run.measured == (0, 4, 8)


def test_meters_that_break_end_and_the_run_goes_on(session, eager, monkeypatch):
    def full(*args):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        yield

    monkeypatch.setattr(run_quality, "measure", full)
    events = run_with_meters(session)
    told = [event.meter_trouble for event in events if isinstance(event, api.TrainEvent) and event.meter_trouble]
    assert len(told) == 1 and "memory" in told[0]
    assert events[-1].iteration == GAN.iterations and session.runs[0].meter is None


def test_a_run_tells_how_far_its_measurement_is(session, monkeypatch):
    monkeypatch.setattr(run_quality, "FEWEST_FOR_SHARES", COUNT)
    told = iter([True, True, False] * 1000)
    monkeypatch.setattr(run_quality.Share, "allows", property(lambda share: next(told)))
    seen = [event.meter_seen for event in run_with_meters(session) if getattr(event, "rows", None) is not None]
    counts = [done for done, _ in seen]
    assert counts == sorted(counts) and 0 < counts[-1] < 3 * COUNT and seen[-1][1] == 3 * COUNT, "real ones come first"
