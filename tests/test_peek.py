"""Looking into a run by codes of one's own: now and as it was, and that the run does not notice."""

import dataclasses

import numpy as np
import pytest
import torch
from session_desk import RUNS, new_session

from genstudio import api
from genstudio.core.seeding import image_noise
from genstudio.session.peek import Generators
from genstudio.session.spread import Budget
from genstudio.settings import ConditionalGANSettings, GANSettings

GAN = dataclasses.replace(RUNS["tiny-gan"], iterations=12, preview=4)
CLASSES = dataclasses.replace(
    GAN, family="cgan", settings=ConditionalGANSettings(latent_dim=6, width=8, d_width=8, levels=2, batch_size=8)
)


@pytest.fixture
def session(tmp_path):
    return new_session(tmp_path)


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """Previews come after every iteration."""
    monkeypatch.setattr("genstudio.session.training.Clock.rows_due", lambda self: True)
    monkeypatch.setattr("genstudio.session.training.Clock.preview_due", lambda self: True)


def codes(count=4, settings=GAN.settings):
    """Those of the samples on the screen."""
    return tuple(map(tuple, image_noise(settings.seed, range(count), (settings.latent_dim,)).tolist()))


def samples(events):
    """Of all moments, by iteration."""
    return {iteration: pictures for event in events if event for iteration, pictures in event.samples}


def test_the_generator_that_learns_draws_the_codes_of_the_samples_as_the_samples_are(session):
    seen = samples(session.stream(GAN))
    found = session.handle(api.PeekRequest(0, api.NOW, codes()))
    assert found.iteration == 12 and np.array_equal(found.images, seen[12])


def test_the_past_is_what_was_seen_then(session):
    seen = samples(session.stream(GAN))
    assert list(seen) == list(range(13))
    for iteration in (0, 5, 12, 3):
        found = session.handle(api.PeekRequest(0, iteration, codes()))
        assert found.iteration == iteration and np.array_equal(found.images, seen[iteration])


def test_the_newest_kept_before_answers_for_a_moment_of_which_nothing_is_kept(session, monkeypatch):
    monkeypatch.setattr(Generators, "MOST", 4)
    seen = samples(session.stream(GAN))
    kept = session.runs[0].generators.iterations()
    assert kept[0] == 0 and 2 <= len(kept) <= 4
    found = session.handle(api.PeekRequest(0, kept[1] + 1, codes()))
    assert found.iteration == kept[1] and np.array_equal(found.images, seen[kept[1]])


def test_a_run_that_is_looked_into_has_the_same_bits(session, tmp_path):
    before = torch.get_rng_state()
    for event in session.stream(GAN):
        for iteration in (api.NOW, 0, event.iteration // 2):
            session.handle(api.PeekRequest(0, iteration, codes()))
    assert torch.equal(torch.get_rng_state(), before)
    plain = new_session(tmp_path)
    list(plain.stream(dataclasses.replace(GAN, preview=0)))
    peeked, unpeeked = (s.runs[0].trainer.state() for s in (session, plain))
    assert peeked.keys() == unpeeked.keys() and all(torch.equal(peeked[name], unpeeked[name]) for name in unpeeked)
    assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()


def test_a_picture_is_drawn_on_one_thread_and_the_run_goes_on_with_its_own(session, monkeypatch):
    seen, used, forward = samples(session.stream(GAN)), [], torch.nn.Linear.forward

    def spied(self, x):
        used.append(torch.get_num_threads())
        return forward(self, x)

    monkeypatch.setattr(torch.nn.Linear, "forward", spied)
    own = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for iteration in (api.NOW, 5):
            found = session.handle(api.PeekRequest(0, iteration, codes()))
            assert np.array_equal(found.images, seen[found.iteration])
            assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(own)
    assert used == [1, 1]


def test_the_statistics_of_the_normalisations_are_those_of_then(session):
    kept = {}
    for event in session.stream(GAN):
        kept[event.iteration] = {name: t.clone() for name, t in session.runs[0].trainer.model().state_dict().items()}
    for iteration in (2, 9, 2):
        session.handle(api.PeekRequest(0, iteration, codes(1)))
        network, _ = session.runs[0].generators.network(session.runs[0].trainer, iteration)
        assert any(name.endswith("running_var") for name in kept[iteration]) and not network.training
        assert all(torch.equal(tensor, kept[iteration][name]) for name, tensor in network.state_dict().items())
    assert not torch.equal(kept[2]["layers.2.running_mean"], kept[9]["layers.2.running_mean"])


def test_a_run_that_goes_back_has_the_past_of_the_one_it_came_from(session):
    seen = samples(session.stream(GAN))
    back = session.stream(api.RewindRequest(6, left=0, place=1))
    first = next(back).iteration
    assert session.runs[1].generators.iterations() == tuple(range(first + 1))
    session.runs.pop(0)
    found = session.handle(api.PeekRequest(1, 2, codes()))
    assert found.iteration == 2 and np.array_equal(found.images, seen[2])
    session.runs[1].trainer.g.layers[0].weight.data.add_(1.0)  # another way from here
    other = samples(back)
    assert np.array_equal(session.handle(api.PeekRequest(1, 12, codes())).images, other[12])
    assert not np.array_equal(other[12], seen[12])


def test_the_class_that_is_asked_for_is_drawn(session):
    seen = samples(session.stream(CLASSES))
    same = (codes(1)[0],) * 10
    in_turn, named = (
        session.handle(api.PeekRequest(0, api.NOW, same, labels)).images for labels in ((), tuple(range(10)))
    )
    assert session.handle(api.PeekRequest(0, api.NOW, same)).classes == tuple("0123456789")
    assert np.array_equal(in_turn, named) and np.array_equal(in_turn[0], seen[12][0])
    one = session.handle(api.PeekRequest(0, 12, same, (3,) * 10)).images
    assert np.abs(one.astype(int) - named[3]).max() <= 1 and not np.array_equal(one[0], named[0])


def test_generators_share_the_room_of_all_runs(session):
    list(session.stream(GAN))
    run = session.runs[0]
    used = sum(kept.size_bytes for kept in (*run.snapshots, *run.generators))
    assert len(run.generators) == 13 and session.budget.used_bytes() == used
    whole = next(iter(run.snapshots)).size_bytes
    session.budget.most_bytes = 3 * whole
    list(session.stream(api.RunRequest(GAN, 1)))
    assert session.budget.used_bytes() <= 3 * whole
    assert all(run.generators.iterations()[0] == 0 for run in session.runs.values())


def test_what_is_no_number_is_not_kept(session):
    list(session.stream(GAN))
    trainer, kept = session.runs[0].trainer, Generators(Budget())
    kept.keep(trainer)
    assert kept.iterations() == (12,)
    trainer.iteration = 13
    trainer.average.layers[0].weight.data.fill_(torch.nan)
    kept.keep(trainer)
    assert kept.iterations() == (12,)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (api.PeekRequest(0, api.NOW, ()), "0 codes at once"),
        (api.PeekRequest(0, api.NOW, ((0.0,) * 5,)), "has 5 numbers; this generator takes 6"),
        (api.PeekRequest(0, api.NOW, ((float("nan"),) * 6,)), "not finite"),
        (api.PeekRequest(0, api.NOW, codes(2), (1,)), "2 codes and 1 classes"),
        (api.PeekRequest(0, api.NOW, codes(1), (10,)), "allowed: 0 to 9"),
        (api.PeekRequest(3, api.NOW, codes(1)), "Nothing has been trained yet"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(session, request_, sentence):
    next(session.stream(GAN))
    with pytest.raises(ValueError, match=sentence):
        session.handle(request_)


def test_other_families_and_a_past_of_nothing_are_sentences(session):
    next(session.stream(RUNS["tiny-vae"]))
    with pytest.raises(ValueError, match="Only a GAN that learns pictures"):
        session.handle(api.PeekRequest(0, api.NOW, ((0.0, 0.0),)))
    assert not len(session.runs[0].generators)
    next(session.stream(dataclasses.replace(GAN, preview=0)))
    with pytest.raises(ValueError, match="No generator of the run is kept"):
        session.handle(api.PeekRequest(0, 0, codes(1)))


def test_a_generator_without_classes_takes_none_amiss(session):
    plain = dataclasses.replace(GAN, settings=GANSettings(latent_dim=6, width=8, levels=2, batch_size=8))
    list(session.stream(plain))
    with_labels, without = (session.handle(api.PeekRequest(0, api.NOW, codes(2), labels)) for labels in ((1, 2), ()))
    assert np.array_equal(with_labels.images, without.images) and without.classes == ()
