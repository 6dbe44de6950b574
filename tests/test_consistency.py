"""Consistency models: what a student needs of its teacher, what it learns, and that it repeats."""

from __future__ import annotations

import dataclasses
import gc
import itertools
import weakref
from pathlib import Path

import pytest
import torch

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families.consistency import ConsistencyTrainer, Lessons
from genstudio.core.families.ddpm import DDPMTrainer
from genstudio.core.families.ways import Ways
from genstudio.core.levels import trailing
from genstudio.core.prediction import predictor
from genstudio.core.samplers import consistency, ddim
from genstudio.core.seeding import ImageNoise
from genstudio.core.training import TrainingData
from genstudio.session import Session
from genstudio.settings import ConsistencySettings, DiffusionSettings, check_settings

SMALL = ConsistencySettings(width=8, timesteps=100, grid=8, batch_size=16, lr=1e-3)


def bars() -> TrainingData:
    """Two pictures without classes: an upright bar and a lying one. Noise alone tells which it will be."""
    pictures = torch.zeros(32, 8, 8, 1, dtype=torch.uint8)
    pictures[::2, :, 3:5], pictures[1::2, 3:5] = 255, 255
    return TrainingData(pictures, torch.zeros(32, dtype=torch.int64), 0, torch.device("cpu"))


@pytest.fixture(scope="module")
def teacher() -> DDPMTrainer:
    settings = DiffusionSettings(width=8, timesteps=100, objective="v", batch_size=16, lr=3e-3, ema_decay=0.98)
    trainer = DDPMTrainer(settings, bars(), FLOAT32_CPU)
    for _ in range(300):
        trainer.run_iteration()
    return trainer


def student(teacher: DDPMTrainer, **changes) -> ConsistencyTrainer:
    lessons = Lessons(bars(), teacher.model(), "v")
    return ConsistencyTrainer(dataclasses.replace(SMALL, **changes), lessons, FLOAT32_CPU)


def one_step_error(trainer: DDPMTrainer) -> float:
    """Mean squared distance of pictures made in one step from the nearer bar; of the mean of both it is 0.75."""
    predict, rng, x = trainer.fixed(16)
    *_, last = consistency(predict, trailing(trainer.schedule, 1), x, rng)
    wanted = trainer.data.images[:2].float() / 127.5 - 1  # (2, 1, 8, 8)
    return float(((last.x_t[:, None] - wanted) ** 2).mean(dim=(2, 3, 4)).min(1).values.mean())


GOALS = pytest.mark.parametrize("goal", ["end", "neighbour"])


@GOALS
def test_it_begins_as_its_teacher_and_learns_to_do_it_in_one_step(teacher: DDPMTrainer, goal: str) -> None:
    trainer = student(teacher, class_dropout=0.0, ema_decay=0.95, goal=goal)
    begin = one_step_error(trainer)
    assert begin == pytest.approx(one_step_error(teacher), rel=1e-5)
    for _ in range(100):
        trainer.run_iteration()
    assert one_step_error(trainer) < 0.75 * begin


def test_it_begins_with_what_its_teacher_knows_whatever_that_predicts(teacher: DDPMTrainer) -> None:
    for objective in ("noise", "v"):
        trainer = ConsistencyTrainer(SMALL, Lessons(bars(), teacher.model(), objective), FLOAT32_CPU)
        for name, weight in teacher.model().state_dict().items():
            assert torch.equal(trainer.state()[f"net.{name}"], weight), name


def test_the_end_of_the_way_is_the_picture_itself(teacher: DDPMTrainer) -> None:
    trainer = student(teacher)
    x = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(0)).clamp(-1, 1)
    predict = predictor(lambda x, t: torch.full_like(x, 7.0), trainer.settings.objective)
    assert torch.equal(predict(x, trainer.schedule.level(-1)).x0, x)


@GOALS
@pytest.mark.parametrize("cut", [3, 7, 8, 17])  # within a batch of ways, before its last step, after it, later
def test_a_run_that_goes_on_repeats_bit_for_bit(teacher: DDPMTrainer, goal: str, cut: int) -> None:
    whole, first, rest = (student(teacher, goal=goal) for _ in range(3))
    for _ in range(cut + 3):
        whole.run_iteration()
    for _ in range(cut):
        first.run_iteration()
    rest.load_state(first.state())
    rest.iteration = cut
    for _ in range(3):
        rest.run_iteration()
    assert all(torch.equal(value, rest.state()[name]) for name, value in whole.state().items())
    assert torch.equal(whole.preview(4), rest.preview(4))


@GOALS
def test_also_after_the_class_dropout_was_changed_on_the_way(goal: str) -> None:
    data = bars()
    data.classes, data.labels = 2, torch.arange(32) % 2
    knows = DDPMTrainer(DiffusionSettings(width=8, timesteps=100, objective="v"), data, FLOAT32_CPU)
    settings = dataclasses.replace(SMALL, goal=goal, class_dropout=0.5)
    whole, rest = (ConsistencyTrainer(settings, Lessons(data, knows.model(), "v"), FLOAT32_CPU) for _ in range(2))
    for _ in range(10):
        whole.run_iteration()
    state = whole.state()
    for trainer in (whole, rest):
        trainer.settings = dataclasses.replace(trainer.settings, class_dropout=0.0)
    rest.load_state({name: value.clone() for name, value in state.items()})
    rest.iteration = 10
    for trainer in (whole, rest):
        trainer.run_iteration()
    assert all(torch.equal(value, rest.state()[name]) for name, value in whole.state().items())


def test_what_a_run_needs_before_it_begins_is_made_call_by_call(teacher: DDPMTrainer) -> None:
    """So that it can be paused and closed meanwhile."""
    trainer = student(teacher, goal="end")
    pieces = sum(1 for _ in trainer.preparing())
    assert pieces == trainer.settings.grid and not list(trainer.preparing())
    trainer.run_iteration()
    assert not list(trainer.preparing()), "iterations make their own as they go"


def test_a_student_that_is_dropped_is_gone_at_once(teacher: DDPMTrainer) -> None:
    trainer = student(teacher, goal="end")
    trainer.run_iteration()
    left = weakref.ref(trainer)
    gc.disable()
    try:
        del trainer
        assert left() is None
    finally:
        gc.enable()


def test_more_steps_than_noise_levels_are_refused_by_their_name() -> None:
    with pytest.raises(ValueError, match="grid is 20; with 10 noise levels it is at most 10"):
        check_settings(ConsistencySettings(timesteps=10, grid=20))


def test_a_student_of_another_width_begins_anew(teacher: DDPMTrainer) -> None:
    trainer = student(teacher, width=16)
    trainer.run_iteration()
    assert torch.isfinite(trainer.metrics()).all()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"teacher": "mnist-vae-2"}, "mnist-vae-2 is no diffusion model; only such a one can teach."),
        ({"teacher": "mnist-nobody"}, "mnist-nobody"),
        ({"schedule": "linear"}, "The teacher mnist-ddpm has the schedule cosine, its student is to have linear."),
        ({"timesteps": 100, "grid": 10}, "mnist-ddpm has 1000 noise levels, its student is to have 100."),
    ],
)
def test_a_teacher_that_does_not_fit_is_refused_in_a_sentence(changes, says, tmp_path: Path) -> None:
    from genstudio.errors import sentence, whole

    settings = ConsistencySettings(**changes)
    with pytest.raises((ValueError, FileNotFoundError)) as caught:
        for _ in Session(data_dir=tmp_path).stream(api.TrainRequest("consistency", "strokes", settings)):
            pass
    assert says in whole(sentence(caught.value))


def test_a_teacher_that_never_did_without_a_class_is_asked_for_none(tmp_path: Path) -> None:
    """What it would say of none is what it began with: nobody is guided by that, and no student learns it."""
    session = Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    settings = DiffusionSettings(width=8, timesteps=100, class_dropout=0.0, batch_size=4)
    list(session.stream(api.TrainRequest("ddpm", "strokes", settings, 1)))
    path = str(tmp_path / "teacher.safetensors")
    session.handle(api.SaveRequest(path))
    loaded = session.models.get(path)
    assert loaded.info.classes and not loaded.info.knows_no_class
    x, labels = torch.randn(2, *loaded.state_shape()), torch.tensor([1, 2])
    level = loaded.schedule().level(50)
    assert torch.equal(loaded.predict(labels, 5.0)(x, level).x0, loaded.predict(labels, 1.0)(x, level).x0)
    with pytest.raises(ValueError, match="draws no picture without a class"):
        list(session.stream(api.DenoiseRequest(path, label=api.NO_CLASS, steps=1)))
    student = ConsistencySettings(path, width=8, timesteps=100, grid=4, batch_size=4)
    with pytest.raises(ValueError, match="draws nothing without a class; let its student lose none"):
        list(session.stream(api.TrainRequest("consistency", "strokes", student, 1)))
    list(session.stream(api.TrainRequest("consistency", "strokes", dataclasses.replace(student, class_dropout=0.0), 1)))


def test_ways_that_were_left_half_made_are_made_anew() -> None:
    class Doubling:
        def begin(self, number: int) -> tuple[torch.Tensor, torch.Tensor]:
            return torch.full((2, 1), float(number)), torch.arange(2)

        def walk(self, states: torch.Tensor, classes: torch.Tensor, step: int) -> torch.Tensor:
            return 2 * states + step

    left, whole = Ways(3), Ways(3)
    for iteration in range(13):
        left.go_to(iteration, Doubling())
    for _ in itertools.islice(left.catch_up(4, Doubling()), 4):
        pass
    for ways in (left, whole):
        ways.go_to(13, Doubling())
    at = torch.zeros(8, dtype=torch.int64)
    drawn = [ways.drawn(at, torch.Generator().manual_seed(0)) for ways in (left, whole)]
    assert all(torch.equal(a, b) for a, b in zip(*drawn, strict=True))


def test_a_way_is_that_of_the_sampler_and_ends_where_the_teacher_ends(teacher: DDPMTrainer) -> None:
    trainer = student(teacher, class_dropout=0.0)
    trainer.run_iteration()
    at = torch.arange(8)
    states, classes, ends = trainer._ways.drawn(at, torch.Generator().manual_seed(0))
    predict = predictor(lambda x, t: teacher.model()(x, torch.full((len(x),), t), classes), "v")
    levels = trailing(trainer.schedule, 8)
    for k, (state, end) in enumerate(zip(states, ends, strict=True)):
        x = state[None].expand(8, -1, -1, -1)
        *_, last = ddim(predict, levels, x, ImageNoise(0, range(8), x.device), first=k)
        assert torch.allclose(last.x_t[k], end, atol=1e-4), k


def test_each_iteration_asks_the_teacher_once(teacher: DDPMTrainer) -> None:
    trainer, calls = student(teacher), []
    trainer.run_iteration()
    trainer.data.teacher.register_forward_hook(lambda *_: calls.append(1))
    for _ in range(20):
        trainer.run_iteration()
    assert len(calls) == 20
