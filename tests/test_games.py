"""The gallery: each failure fails as it says, each cure heals it, and the games that go well do."""

import dataclasses
import math

import game_desk
import pytest

from genstudio.api.health import lights
from genstudio.settings import check_settings
from genstudio.settings.games import FAILURES, GAMES

EVERY = 50


def played(points, settings, iterations):
    """The end of a game: its lights by name, and its numbers."""
    check_settings(settings)
    moments = game_desk.played(points, settings, iterations, EVERY)
    return {light.name: light.level for light in lights(moments, settings)}, moments[-1].numbers


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_fails_as_it_says_and_its_cure_heals_it(name):
    failure = FAILURES[name]
    before, sick = played(failure.points, failure.settings, failure.iterations)
    after, well = played(failure.points, failure.healed(), 500)
    assert before[failure.alarm] == "bad" and after[failure.alarm] == "good"
    assert well["wasserstein"][0] < 0.5 * sick["wasserstein"][0]
    if name == "disjoint":
        assert sick["js"][0] == pytest.approx(math.log(2), abs=0.01), "as far as it can be, and silent"
    if name == "collapse":
        assert sick["modes"][0] <= 2 and well["modes"][0] == 8


@pytest.mark.parametrize("name", [name for name in GAMES if name != "grid"])
def test_a_game_of_the_list_goes_well(name):
    game = GAMES[name]
    found, numbers = played(game.points, game.settings, game.iterations)
    assert set(found.values()) == {"good"}
    assert numbers["wasserstein"][0] < 0.15 and numbers["js"][0] < 0.35


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_the_grid_is_found_whole_with_every_seed(seed):
    game = GAMES["grid"]
    _, numbers = played(game.points, dataclasses.replace(game.settings, seed=seed), game.iterations)
    covered, share, islands = numbers["modes"]
    assert covered == islands == 25 and share >= 0.9
