"""A run in slow motion, and turns of one player: stages one by one, and the bits of the run at full speed."""

import dataclasses

import pytest
import torch
from session_desk import RUNS, new_session

from genstudio import api
from genstudio.settings import GANSettings, PointGANSettings

N = 4  # iterations
PICTURES = api.TrainRequest(
    "gan", "strokes", GANSettings(latent_dim=6, width=8, d_width=4, levels=2, batch_size=8, r1=1.0), N, preview=2
)
POINTS = api.TrainRequest(
    "point-gan", "ring", PointGANSettings(hidden=8, batch_size=16, d_updates=3, loss="wasserstein", clip=0.05), N,
    preview=1,
)  # fmt: skip
NAMES = ["draw", "generate", "score", "penalty", "update D", "score again", "update G"]


@pytest.fixture
def session(tmp_path):
    return new_session(tmp_path)


def state_of(session, place=0):
    return session.runs[place].trainer.state()


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def at_full_speed(tmp_path, request):
    session = new_session(tmp_path)
    list(session.stream(request))
    return state_of(session)


def slow(session, request=PICTURES):
    """A stream in slow motion, after its first event."""
    assert session.handle(api.SlowRequest((0,), True)) == api.SlowEvent(True)
    events = session.stream(request)
    next(event for event in events if isinstance(event, api.TrainEvent))
    return events


def rows_of(events):
    return [row.tolist() for event in events if event for row in event.rows]


@pytest.mark.parametrize("request_", [PICTURES, POINTS], ids=["pictures", "points"])
def test_slow_motion_is_the_run_at_full_speed_bit_for_bit(session, tmp_path, request_):
    events = list(slow(session, request_))
    assert all(len(event.stages) == 1 for event in events)
    assert [event.stages[0].number for event in events] == list(range(1, len(events) // N + 1)) * N
    assert same(state_of(session), at_full_speed(tmp_path, request_))
    quick = new_session(tmp_path)
    assert rows_of(events) == rows_of(quick.stream(request_))


def test_looks_in_the_middle_of_an_iteration_change_no_bit(session, tmp_path):
    request = dataclasses.replace(PICTURES, settings=dataclasses.replace(PICTURES.settings, d_norm="spectral"))
    for _ in slow(session, request):
        assert len(session.handle(api.WatchRequest(0, True)).samples) == request.preview
        for iteration in (api.NOW, 0):
            session.handle(api.PeekRequest(0, iteration, ((0.5,) * 6,)))
    assert same(state_of(session), at_full_speed(tmp_path, request))


def test_a_next_is_one_stage_with_its_numbers(session):
    events = slow(session)
    told = [next(events) for _ in NAMES]
    assert [event.stages[0].line.name for event in told] == NAMES
    assert [event.iteration for event in told] == [0] * 6 + [1]
    assert {(event.stages[0].iteration, event.stages[0].of) for event in told} == {(1, 7)}
    assert [len(event.rows) for event in told] == [0] * 6 + [1] and told[-1].samples
    score = told[2].stages[0]
    assert score.numbers["d_loss"] == pytest.approx(float(told[-1].rows[0, 0])) and score.line.result == "d_loss"
    assert told[3].stages[0].line.formula == "P = ½E[‖∇D(x)‖²]" and told[3].stages[0].numbers["penalty"] > 0


def test_unread_stages_are_all_told(session):
    events = slow(session)
    joined = next(events)
    for _ in range(8):
        joined = joined.merge(next(events))
    assert [stage.line.name for stage in joined.stages] == [*NAMES, *NAMES[:2]] and len(joined.rows) == 1


def test_several_updates_are_counted(session):
    events = slow(session, POINTS)
    stages = [next(events).stages[0] for _ in range(14)]
    assert [(s.line.name, s.update, s.updates) for s in stages[3::4]] == [
        ("update D", 1, 3), ("update D", 2, 3), ("update D", 3, 3),
    ]  # fmt: skip
    assert stages[-1].line.name == "update G" and stages[-1].number == stages[-1].of == 14


@pytest.mark.parametrize("stages", range(1, 7))
def test_who_leaves_slow_motion_finishes_the_iteration_first(session, tmp_path, stages):
    events = slow(session)
    for _ in range(stages):
        next(events)
    assert session.handle(api.SlowRequest((0,), False)) == api.SlowEvent(False, (0,))
    rest = next(events)
    assert rest.iteration == 1 and [stage.line.name for stage in rest.stages] == NAMES[stages:]
    assert not [event for event in events if event and event.stages]
    assert same(state_of(session), at_full_speed(tmp_path, PICTURES))


@pytest.mark.parametrize("stages", [1, 3, 4, 6])
def test_a_file_written_in_the_middle_holds_whole_iterations(session, tmp_path, stages):
    events = slow(session)
    for _ in range(7 + stages):
        next(events)
    path = str(tmp_path / "half.safetensors")
    saved = session.handle(api.SaveRequest(path))
    assert saved.progress.iteration == 2
    other = new_session(tmp_path)
    list(other.stream(dataclasses.replace(PICTURES, resume=path)))
    expected = at_full_speed(tmp_path, PICTURES)
    assert same(state_of(other), expected)
    list(events)
    assert same(state_of(session), expected)


def test_a_run_that_was_put_away_in_the_middle_is_kept_whole(session, tmp_path):
    events = slow(session)
    for _ in range(11):
        next(events)
    events.close()
    kept = session.handle(api.KeepRequest())
    assert kept.progress.iteration == 2
    session.handle(api.SlowRequest((0,), False))
    list(session.stream(dataclasses.replace(PICTURES, resume=kept.path)))
    assert same(state_of(session), at_full_speed(tmp_path, PICTURES))


def test_the_last_iteration_finished_by_a_file_is_told(session, tmp_path):
    events = slow(session)
    for _ in range(N * 7 - 2):
        next(events)
    session.handle(api.SaveRequest(str(tmp_path / "end.safetensors")))
    (end,) = events
    assert end.iteration == N and len(end.rows) == 1 and end.samples
    assert [stage.line.name for stage in end.stages] == NAMES[-2:]


def test_a_setting_changed_in_the_middle_counts_from_the_next_iteration(session, tmp_path):
    events = slow(session)
    for _ in range(4):
        next(events)
    settings = dataclasses.replace(PICTURES.settings, lr_g=1e-3, r1=0.0)
    changes = session.handle(api.TuneRequest(settings)).changes
    assert {change.iteration for change in changes} == {1}
    list(events)
    changed = dataclasses.replace(PICTURES, changes=tuple(session.runs[0].changes))
    assert same(state_of(session), at_full_speed(tmp_path, changed))


def test_a_run_goes_back_while_another_is_half_done(session, tmp_path):
    events = slow(session)
    for _ in range(17):
        next(events)
    back = list(session.stream(api.RewindRequest(2, left=0, place=1)))
    assert back[0].iteration <= 2
    list(events)
    expected = at_full_speed(tmp_path, PICTURES)
    assert same(state_of(session), expected) and same(state_of(session, 1), expected)


def take(session, events, learner):
    assert session.handle(api.TurnRequest(learner)) == api.TurnEvent(learner, 0)
    return next(events)


def moved(session, before):
    after = state_of(session)
    return {name[0] for name in after if name[:2] in ("g.", "d.") and not torch.equal(after[name], before[name])}


@pytest.mark.parametrize("is_slow", [False, True])
@pytest.mark.parametrize("request_", [PICTURES, POINTS], ids=["pictures", "points"])
def test_turns_of_one_player_can_be_repeated_bit_for_bit(session, tmp_path, request_, is_slow):
    events = slow(session, request_)
    session.handle(api.SlowRequest((0,), is_slow))
    for learner, learned in (("d", {"d"}), ("d", {"d"}), ("g", {"g"}), ("both", {"d", "g"})):
        before = {name: tensor.clone() for name, tensor in state_of(session).items()}
        event = take(session, events, learner)
        weights = {stage.line.player for stage in event.stages}
        assert moved(session, before) >= learned == weights and len(event.rows) == 1
    assert event.iteration == 4 and session.runs[0].trainer.settings == request_.settings
    made = tuple(change for change in session.runs[0].changes if change.name != api.THREADS)
    assert [(c.iteration, c.name) for c in made] == [
        (0, "g_updates"), (2, "g_updates"), (2, "d_updates"), (3, "d_updates"),
    ]  # fmt: skip
    again = dataclasses.replace(request_, changes=tuple(session.runs[0].changes))
    assert same(state_of(session), at_full_speed(tmp_path, again))


def test_a_turn_that_breaks_leaves_the_rules_as_they_were(session, monkeypatch):
    events = slow(session, POINTS)
    session.handle(api.TurnRequest("d"))
    monkeypatch.setattr("genstudio.core.adversarial.game.GameTrainer._penalties", None)
    with pytest.raises(TypeError):
        next(events)
    assert session.runs[0].trainer.settings == POINTS.settings


def test_a_repeated_run_that_is_steered_at_once_keeps_note_of_its_threads(session):
    threads = api.Change(0, api.THREADS, 1.0)
    events = session.stream(dataclasses.replace(PICTURES, changes=(threads, api.Change(2, "lr_g", 0.002))))
    next(event for event in events if isinstance(event, api.TrainEvent))
    session.handle(api.TurnRequest("d"))
    next(events)
    assert session.runs[0].changes == [threads, api.Change(0, "g_updates", 0.0), api.Change(1, "g_updates", 1.0)]


def test_changes_by_hand_end_while_a_file_can_hold_them(session, monkeypatch):
    monkeypatch.setattr("genstudio.session.run.MOST_TUNED", 5 - api.MOST_CHANGES)
    next(event for event in session.stream(PICTURES) if event)
    assert len(session.runs[0].changes) == 1  # the threads
    session.handle(api.TurnRequest("d"))
    with pytest.raises(ValueError, match="a run keeps note of at most"):
        session.handle(api.TurnRequest("g"))
    names = ("lr_g", "lr_d", "r1", "d_updates", "g_updates")
    with pytest.raises(ValueError, match="a run keeps note of at most"):
        session.handle(api.TuneRequest(dataclasses.replace(PICTURES.settings, **dict.fromkeys(names, 2))))
    session.handle(api.TuneRequest(dataclasses.replace(PICTURES.settings, **dict.fromkeys(names[1:], 2))))


def test_a_fork_from_between_two_turns_repeats_the_rest(session, tmp_path):
    events = slow(session, dataclasses.replace(POINTS, iterations=0))
    for learner in ("d", "g", "g", "d", "both"):
        last = take(session, events, learner)
    assert 2 in last.rewinds
    back = session.stream(api.RewindRequest(2, left=0, place=1))
    assert next(back).iteration == 2
    for learner in ("g", "d", "both"):
        session.handle(api.TurnRequest(learner, place=1))
        next(back)
    assert same(state_of(session, 1), state_of(session))
    assert session.runs[1].changes == session.runs[0].changes


def test_a_turn_in_the_middle_finishes_the_iteration_first(session):
    events = slow(session)
    for _ in range(3):
        next(events)
    both = take(session, events, "both")
    assert both.iteration == 1 and both.stages[0].line.name == "penalty"
    alone = take(session, events, "d")
    assert alone.iteration == 2 and len(alone.rows) == 1
    assert [stage.line.name for stage in alone.stages if stage.iteration == 2] == NAMES[:5]


def test_what_has_no_stages_says_so(session):
    next(session.stream(RUNS["tiny-vae"]))
    for request in (api.SlowRequest((0,), True), api.TurnRequest("d")):
        with pytest.raises(ValueError, match=r"Only the adversarial game goes on stage by stage\."):
            session.handle(request)
    assert not session.places.slow
    with pytest.raises(ValueError, match="Nothing has been trained yet"):
        session.handle(api.TurnRequest("d", place=3))
