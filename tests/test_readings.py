"""All meters at once: what they say of equal, shifted, collapsed and broken sets, and how sure they are."""

import pytest
import torch

from genstudio.api import METERS, Band, in_words
from genstudio.core.metrics import bootstrap
from genstudio.core.metrics.copies import Copies, copies, is_near, nearest, parts
from genstudio.core.metrics.frechet import frechet_distance, moments
from genstudio.core.metrics.kernel import kernel_distance
from genstudio.core.metrics.readings import Readings, Reference, classified, compared, copied, mean_of_draws, median_of
from genstudio.core.metrics.sliced import directions, sliced_w2
from genstudio.core.seeding import generator
from genstudio.steps import finish

WIDTH = 8
NAMES = {"frechet", "kernel", "sliced", "precision", "recall", "density", "coverage"}


def normal(seed: int, count: int = 300) -> torch.Tensor:
    return torch.randn(count, WIDTH, generator=generator(seed))


def readings(real, fake):
    return finish(compared(Reference(real, generator(8)), fake, generator(9)))


def test_every_meter_of_equal_sets_is_what_it_should_be():
    found = readings(normal(0), normal(1))
    assert set(found.bands) == NAMES <= set(METERS) and not found.missing
    assert abs(found.bands["kernel"].value) < 3 * found.bands["kernel"].error
    assert found.bands["frechet"].value < 1 and found.bands["sliced"].value < 0.3
    assert found.bands["density"].value == pytest.approx(1, abs=0.2) and found.bands["coverage"].value > 0.9
    assert all(band.error > 0 for band in found.bands.values())


def test_the_errors_are_about_what_other_draws_differ_by():
    """Forty other draws of both sets; a spread of forty is known to a ninth."""
    draws = [readings(normal(2 * k, 200), normal(2 * k + 1, 200) + 0.3) for k in range(40)]
    for name in ("kernel", "sliced", "precision", "recall", "density", "coverage", "frechet"):
        assert 0.65 < told_over_spread(draws, name) < 1.5, name


def test_the_mean_of_draws_differs_less_by_what_it_tells():
    """Four sets, each beside the same real ones; forty times with other real ones."""
    means = []
    for k in range(0, 200, 5):
        reference = Reference(normal(k, 200), generator(8))
        sets = [finish(compared(reference, normal(k + one, 200) + 0.3, generator(9))) for one in range(1, 5)]
        means.append(mean_of_draws(sets))
        assert means[-1].bands["kernel"].value == pytest.approx(sum(one.bands["kernel"].value for one in sets) / 4)
        assert means[-1].bands["kernel"].error < max(one.bands["kernel"].error for one in sets)
    for name in ("kernel", "sliced", "frechet"):
        assert 0.6 < told_over_spread(means, name) < 1.5, name


def test_what_a_set_is_of_itself_is_surer_by_the_root_of_its_draws():
    """It shares no real pictures with the others."""
    means = []
    for k in range(0, 200, 5):
        sets = [classified(2 * normal(k + one, 200), generator(9 + one)) for one in range(1, 5)]
        means.append(mean_of_draws(sets))
    for name in ("entropy", "inception"):
        assert 0.6 < told_over_spread(means, name) < 1.7, name


@pytest.mark.parametrize("count", [2, 4, 8])
@pytest.mark.parametrize("name", ["kernel", "entropy"])
def test_however_many_draws_there_are_the_mean_is_no_surer_than_what_they_are_compared_with(name, count):
    """Means of 50 numbers; for the kernel minus that of 50 real ones, which all draws of one time are compared with.

    Two thousand times, so that a spread is known to 1.6 %.
    """
    rng, means = generator(0), []
    for real in torch.randn(2000, 50, generator=rng).double():
        draws = [Readings() for _ in range(count)]
        for draw, own in zip(draws, torch.randn(count, 50, generator=rng).double(), strict=True):
            sides = [own] if name == "entropy" else [own, -real]
            error = sum(float(side.var()) / 50 for side in sides) ** 0.5
            draw.add(name, Band(sum(float(side.mean()) for side in sides), error), 50)
        means.append(mean_of_draws(draws))
    assert told_over_spread(means, name) == pytest.approx(1, abs=0.06)


def test_the_mean_of_one_draw_is_that():
    one = readings(normal(0), normal(1))
    assert mean_of_draws([one]) == one


def test_a_number_that_one_draw_lacks_is_missing_in_whatever_order_they_come():
    few, many = Readings(missing={"frechet": "Too few."}), Readings()
    for draw in (few, many):
        draw.add("kernel", Band(1.0, 0.1), 9)
    many.add("frechet", Band(1.0, 0.1), 9)
    for draws in ([few, many], [many, few], [many, few, many]):
        found = mean_of_draws(draws)
        assert set(found.bands) == set(found.counts) == {"kernel"} and found.missing == {"frechet": "Too few."}
    many.add("time", Band(1.0, 0.1), 9)
    assert set(mean_of_draws([many, few]).bands) == {"kernel"}


@pytest.mark.parametrize(("width", "apart"), [(WIDTH, 0.0), (64, 0.0), (64, 0.3)])
def test_the_error_of_the_frechet_distance_holds_where_features_are_many_and_nothing_differs(width, apart):
    """There the distance rises with every picture that is drawn twice, so a plain bootstrap says twice as much."""
    sets = [torch.randn(2, 2 * width + 72, width, generator=generator(k)) for k in range(16)]
    draws = [readings(real, fake + apart) for real, fake in sets]
    assert 0.5 < told_over_spread(draws, "frechet") < 2.2


def told_over_spread(draws, name):
    spread = float(torch.tensor([one.bands[name].value for one in draws]).std())
    return float(torch.tensor([one.bands[name].error for one in draws]).mean()) / spread


def test_a_generator_that_repeats_one_picture_is_measured():
    """Its covariance is singular: the distance is finite, nothing is covered, and it is far."""
    real, fake = normal(0), normal(1, 1).expand(300, -1)
    found = readings(real, fake)
    assert found.bands["frechet"].value > 5 and found.bands["recall"].value < 0.02
    assert found.bands["coverage"].value < 0.1 and found.bands["kernel"].value > 10 * found.bands["kernel"].error


def test_features_that_are_no_numbers_are_a_sentence():
    fake = normal(1)
    fake[3, 2], fake[5, 0] = torch.nan, torch.inf
    with pytest.raises(ValueError, match="2 of 300 generated pictures have features that are no finite numbers"):
        readings(normal(0), fake)


@pytest.mark.parametrize(
    ("count", "missing"),
    [
        (199, {"precision", "recall", "density", "coverage"}),
        (19, NAMES - {"frechet"}),
        (2 * WIDTH - 1, NAMES),
        (2, NAMES),
        (1, NAMES),
    ],
)
def test_what_few_pictures_cannot_tell_is_said_instead_of_a_number(count, missing):
    found = readings(normal(0, count), normal(1, count))
    assert set(found.missing) == missing and set(found.bands) == NAMES - missing
    assert all(why.endswith(".") and str(count) in why for why in found.missing.values())


def test_a_median_does_not_heed_what_was_disturbed_and_knows_its_error():
    times = torch.rand(400, generator=generator(3)) + 1
    calm, disturbed = (median_of(part, generator(4)) for part in (times, torch.cat([times, torch.full((9,), 1e3)])))
    assert disturbed.value == pytest.approx(calm.value, rel=0.05) == pytest.approx(1.5, abs=0.1)
    spread = float(
        torch.tensor([float((torch.rand(400, generator=generator(k)) + 1).median()) for k in range(60)]).std()
    )
    assert 0.5 < calm.error / spread < 2


def test_the_median_of_an_even_number_is_in_the_middle_and_of_few_is_not_sure_of_anything():
    assert [median_of(torch.tensor(few), generator(4)) for few in ([2.0], [1.0, 3], [1.0, 2, 9], [1.0, 2, 4, 9])] == [
        Band(2, 0), Band(2, 0), Band(2, 0), Band(3, 0)
    ]  # fmt: skip
    assert in_words("time", median_of(torch.tensor([0.3, 1.5]), generator(4))) == "0.9 ms"
    five = median_of(torch.tensor([1.0, 2, 3, 4, 5]), generator(4))
    assert five.value == 3 and 0.5 < five.error < 2


def test_numbers_do_not_depend_on_the_other_meters():
    real, fake = normal(0), normal(1, 250) * 1.3
    found = readings(real, fake).bands
    assert found["frechet"].value == pytest.approx(frechet_distance(moments(real), moments(fake)))
    assert found["kernel"].value == pytest.approx(kernel_distance(real, fake))
    along = directions(WIDTH, 4000, generator(3))
    assert found["sliced"].value == pytest.approx(sliced_w2(real, fake, along), rel=0.2)


def test_classes_by_hand():
    """Two classes seen surely, as often: a score and an entropy of 2 and log 2; one class: 1 and 0."""
    sure = 50 * torch.eye(2)
    found = classified(sure.repeat(50, 1), generator(0)).bands
    assert found["inception"].value == pytest.approx(2) and found["entropy"].value == pytest.approx(0.6931, abs=1e-4)
    one = classified(sure[:1].repeat(50, 1), generator(0)).bands
    assert one["inception"].value == pytest.approx(1) and one["entropy"].value == pytest.approx(0, abs=1e-9)
    assert one["entropy"].error == 0
    few = classified(sure[:1].repeat(19, 1), generator(0))
    assert set(few.missing) == {"inception", "entropy"} and not few.bands


def test_classes_of_pictures_that_are_all_alike_are_told_without_the_arithmetic():
    """One set of logits a thousand times: a score of 1 and an entropy of 0, however the sums are rounded."""
    logits = torch.linspace(0, 3, 10).expand(1000, -1)
    found = classified(logits, generator(0)).bands
    assert found["inception"].value >= 1 and found["entropy"].value >= 0
    assert [in_words(name, found[name]) for name in ("inception", "entropy")] == ["1", "0 nats"]


@pytest.mark.parametrize(
    ("name", "band", "said"),
    [
        ("inception", Band(0.99999999999999112, 3.8e-16), "1"),
        ("entropy", Band(-0.0, 0.0), "0 nats"),
        ("kernel", Band(-0.001, 0.13), "0.00 ± 0.13"),
        ("kernel", Band(-0.12, 0.13), "−0.12 ± 0.13"),
        ("frechet", Band(2.0, 2e-7), "2.00000000 ± 0.00000020"),
        ("coverage", Band(0.5, 0.0), "50 %"),
        ("path", Band(42575.0, 4795.0), "42,575 ± 4,795"),
    ],
)
def test_no_digits_are_written_that_are_none_of_the_number(name, band, said):
    assert in_words(name, band) == said


def test_the_error_of_a_mean_is_that_of_the_textbook():
    terms = 3 * torch.randn(1000, generator=generator(0))
    assert bootstrap.error_of_mean(terms) == pytest.approx(float(terms.std()) / 1000**0.5, rel=1e-3)
    drawn = bootstrap.error_of(lambda counts: float(counts @ terms.double()) / 1000, 1000, generator(1), 400)
    assert bootstrap.error_of_mean(terms) == pytest.approx(drawn, rel=0.15)


def test_a_model_that_learnt_by_heart_lights_up():
    """New pictures are as near to the training set as held-out ones; copies, even with some noise, are far nearer."""
    training, held_out, new = normal(0, 5000), normal(1, 400), normal(2, 200)
    honest = finish(copies(new, training, held_out))
    assert near(honest).double().mean() < 0.06
    assert float(honest.distances.median() / honest.held_out.median()) == pytest.approx(1, abs=0.1)
    memory = training[700:900] + 0.01 * normal(3, 200)
    caught = finish(copies(memory, training, held_out))
    assert near(caught).all() and caught.distances.max() < 0.1 * caught.held_out.median()
    assert caught.nearest.tolist() == list(range(700, 900))
    exact = finish(copies(training[4500:4510], training, held_out))
    assert (exact.distances == 0).all(), "a copy is at no distance, not at that of rounding"


def near(found: Copies) -> torch.Tensor:
    return is_near(found.distances, found.held_out)


def test_near_is_what_lies_on_the_line_or_below_it():
    """Of 199 distances 0 to 198 the second is 1, and of two hundred pictures of their kind two are no farther."""
    of_held_out = torch.arange(199.0)
    assert is_near(torch.tensor([0.5, 1.0, 1.5]), of_held_out).tolist() == [True, True, False]
    assert is_near(of_held_out, of_held_out).sum() == 2


@pytest.mark.parametrize(("judges", "rank"), [(100, 1), (150, 1), (198, 1), (199, 2), (1000, 10)])
def test_of_pictures_as_new_as_the_held_out_ones_a_hundredth_is_near(judges, rank):
    """Also where few of them judge: a line between the nearest two of a hundred would call 2 % near."""
    shares = [is_near(*torch.rand(2, judges, generator=generator(k))).double().mean() for k in range(400)]
    assert float(torch.stack(shares).mean()) == pytest.approx(rank / (judges + 1), abs=0.0015)


def test_it_lights_up_where_held_out_pictures_are_themselves_in_the_training_set():
    """A sixth of them, as of the bundled shapes; what was learnt by heart comes back with some noise."""
    training = normal(0, 1000)
    held_out = torch.cat([normal(1, 840), training[:160]])
    caught = finish(copies(training[300:400] + 0.01 * normal(3, 100), training, held_out))
    found = Readings()
    copied(found, caught.distances, caught.held_out, generator(0))
    assert found.bands["copies"].value == 1 and found.counts["copies"] == 100


def test_the_share_of_copies_has_the_error_of_its_threshold_too():
    """Of a hundredth the count of 300 alone would be sure to 0.6 %; the place of the hundredth moves it as well."""
    draws = []
    for k in range(24):
        found, (own, judges) = Readings(), torch.rand(2, 300, generator=generator(k), dtype=torch.float64)
        copied(found, own, judges, generator(k))
        draws.append(found)
    assert 0.6 < told_over_spread(draws, "copies") < 2


def test_the_place_of_one_in_a_hundred_takes_a_hundred_pictures():
    found = Readings()
    copied(found, torch.rand(50), torch.rand(99), generator(0))
    assert not found.bands and found.missing["copies"].startswith("99 new pictures")


def test_where_held_out_pictures_are_training_pictures_too_the_others_must_be_enough():
    judges = torch.cat([torch.zeros(1401), torch.rand(99) + 1])
    found = Readings()
    copied(found, torch.rand(50), judges, generator(0))
    said = "1,401 of 1,500 held-out pictures are training pictures, too. 99 new pictures do not tell how near"
    assert not found.bands and found.missing["copies"].startswith(said)
    copied(found, torch.rand(50), torch.cat([judges, torch.ones(1)]), generator(0))
    assert found.bands["copies"].value == 1


def test_a_number_that_is_none_is_missing():
    found = Readings()
    found.add("path", Band(float("nan"), 0.1), 3)
    found.add("time", Band(1.0, 0.1), 3)
    found.without_broken()
    assert set(found.bands) == set(found.counts) == {"time"} and "no finite number" in found.missing["path"]


def test_nothing_to_compare_is_a_sentence():
    with pytest.raises(ValueError, match="there must be generated, training and held-out pictures"):
        finish(copies(normal(0, 0), normal(1), normal(2)))


def test_the_k_nearest_are_those_of_the_slow_way():
    """Over several parts of the training set; of fewer pictures than k all."""
    training, new = normal(0, 9000), normal(1, 20)
    distances, rows = finish(nearest(new, training, 4))
    slow = (new[:, None].double() - training[None].double()).square().mean(2).sqrt()
    wanted = slow.sort(1)
    assert torch.allclose(distances, wanted.values[:, :4]) and torch.equal(rows, wanted.indices[:, :4])
    assert finish(nearest(new, training[:3], 4))[1].shape == (20, 3)
    work = nearest(new, training)
    assert len(list(work)) == parts(9000) == 3
