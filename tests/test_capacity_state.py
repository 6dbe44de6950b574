"""The numbers of the capacity mode: which models make a ladder, and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest
from capacity_desk import NATS, RUNGS, vae
from fakes import MODELS

from genstudio import api
from genstudio.settings import VAESettings
from genstudio.ui.latent.axes import DEAD
from genstudio.ui.latent.capacity_state import Ladder, Rung, in_use, ladders
from genstudio.ui.latent.capacity_words import caption, table, told


def known(*infos: api.ModelInfo, measured=None):
    return ladders({info.name: info for info in infos}, measured or {})


def test_a_ladder_rises_with_the_latents_and_has_only_what_can_be_compared() -> None:
    other = vae(16, name="x-16", settings=VAESettings(latent_dim=16, likelihood="gaussian"))
    binary = vae(16, name="b-16", settings=VAESettings(latent_dim=16, pixels="binary"))
    found = known(*reversed(RUNGS), other, binary, MODELS[2])
    first, *rest = found.values()
    assert [rung.info.latent_dim for rung in first.rungs] == [2, 4, 16, 32]
    assert [len(ladder.rungs) for ladder in rest] == [1, 1]
    assert {"mnist" in ladder.title.lower() for ladder in found.values()} == {True}
    assert {ladder.title for ladder in rest} == {"MNIST, gaussian likelihood", "MNIST, binary pixels"}
    assert first.rungs[0].elbo == pytest.approx(-144.0)


def test_measured_models_stand_on_the_ladder_and_others_wait() -> None:
    infos = (RUNGS[0], vae(4, quality={}))
    (ladder,) = known(*infos).values()
    assert len(ladder.rungs) == 1 and ladder.unmeasured == ("vae-4",)
    (ladder,) = known(*infos, measured={infos[1].sha256: NATS[4]}).values()
    assert [rung.rate for rung in ladder.rungs] == [6.7, 11.0] and not ladder.unmeasured


def test_the_words_say_what_is_kept_and_what_more_would_bring() -> None:
    (ladder,) = known(*RUNGS).values()
    text = caption(ladder, 1, {}, "")
    assert "4 numbers" in text and "11.0 nats" in text and "110.0 nats" in text and "−121.0" in text
    assert "Random codes stay as good: Fréchet distance <generated>30 → 30</generated> from 2 to 4." in text
    assert "blurred" in caption(ladder, 0, {}, "")
    assert "Only 13 of them" in caption(ladder, 2, {"vae-16": 13}, "") and "no more" in caption(ladder, 2, {}, "")
    assert "no more is kept than with 16" in caption(ladder, 3, {"vae-32": 13}, "Strangers.")


def test_sentence_and_column_say_the_same_of_random_codes() -> None:
    def ladder_of(*distances: float) -> Ladder:
        qualities = ({**info.quality, "frechet": far} for info, far in zip(RUNGS, distances, strict=False))
        infos = [vae(info.latent_dim, quality=quality) for info, quality in zip(RUNGS, qualities, strict=False)]
        return next(iter(known(*infos).values()))

    better, worse = ladder_of(61.0, 35.0), ladder_of(35.0, 61.0)
    assert "become better, too: Fréchet distance <generated>61 → 35</generated>" in caption(better, 1, {}, "")
    assert "Random codes become worse: Fréchet distance <generated>35 → 61</generated>" in caption(worse, 1, {}, "")
    assert ">Fréchet</td>" in table(better, 1, {}) and ">61</td>" in table(better, 1, {})
    unknown = next(iter(known(*(vae(n, quality={"rate": r, "distortion": d}) for n, (r, d) in NATS.items())).values()))
    assert caption(unknown, 1, {}, "").endswith("More numbers keep more of it.")


def test_numbers_that_are_the_prior_itself_are_not_in_use() -> None:
    mu = np.zeros((8, 3), np.float32)
    mu[:, 0] = np.linspace(-2, 2, 8)
    empty = np.zeros((8, 28, 28, 1), np.uint8)
    sigma = np.array([[0.2, 1.0, 1.0]] * 8, np.float32)
    request = api.EncodeRequest("m", empty)
    assert in_use(api.EncodedEvent(request, mu, sigma, empty, empty, mu[:, 0], "nats", "", 0)) == 1
    mu[:, 1], mu[:, 2] = (2 * 1.1 * DEAD) ** 0.5, (2 * 0.9 * DEAD) ** 0.5
    assert in_use(api.EncodedEvent(request, mu, sigma, empty, empty, mu[:, 0], "nats", "", 0)) == 2, "as on other pages"


def test_nats_of_a_density_have_their_own_sign() -> None:
    low, high = Rung("a", RUNGS[0], 20, -900), Rung("b", RUNGS[1], 30, -950)
    assert told(low).endswith("distortion −900.0 nats<br>ELBO 880.0")
    assert "the ELBO is 920.0. " in caption(Ladder("k", "t", "mnist", (low, high), ()), 1, {}, "")
