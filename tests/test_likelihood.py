"""The importance-weighted bound of a linear-Gaussian model, whose likelihood is known."""

import math

import pytest
import torch
from torch import distributions

from genstudio.core.metrics.likelihood import importance_weighted
from genstudio.core.metrics.rate_distortion import rate_distortion

D, P, NOISE = 2, 5, 0.7


def drained(stream):
    """What it returns, and all it yields."""
    progress = []
    while True:
        try:
            progress.append(next(stream))
        except StopIteration as end:
            return end.value, progress


class LinearGaussian:
    """x = W z + noise, and a q(z|x) that is the posterior widened by `spread` and shifted by `shift`."""

    def __init__(self, spread=1.0, shift=0.0):
        rng = torch.Generator().manual_seed(3)
        w = torch.linalg.qr(torch.randn(P, D, generator=rng))[0]  # orthogonal columns: a diagonal posterior
        self.w = w * torch.tensor([1.5, 0.8])
        self.spread, self.shift = spread, shift
        self.x = torch.randn(40, D, generator=rng) @ self.w.T + NOISE * torch.randn(40, P, generator=rng)

    def encode(self, x):
        variance = 1 / (1 + self.w.square().sum(0) / NOISE**2)
        mu = x @ self.w / NOISE**2 * variance + self.shift
        return mu, (variance * self.spread**2).log().expand_as(mu)

    def log_likelihood(self, x, z):
        return distributions.Normal(z @ self.w.T, NOISE).log_prob(x).sum(1)

    def truth(self):
        covariance = self.w @ self.w.T + NOISE**2 * torch.eye(P)
        return distributions.MultivariateNormal(torch.zeros(P), covariance).log_prob(self.x)

    def bounds(self, **options):
        return drained(importance_weighted(self, self.log_likelihood, self.x, **options))


def test_exact_where_q_is_the_posterior():
    model = LinearGaussian()
    for samples in (1, 7):
        bounds, _ = model.bounds(samples=samples)
        assert torch.allclose(bounds.weighted.float(), model.truth(), atol=1e-4)
        assert torch.allclose(bounds.elbo, bounds.weighted, atol=1e-4)


def test_tends_to_the_truth_from_below():
    model = LinearGaussian(spread=1.3, shift=0.4)
    truth = model.truth().double()
    gaps = [float((truth - model.bounds(samples=k)[0].weighted).mean()) for k in (1, 10, 100, 5000)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.3 and abs(gaps[-1]) < 0.01


def test_elbo_is_the_truth_less_the_divergence_from_the_posterior():
    model = LinearGaussian(spread=1.3, shift=0.4)
    (mu, log_var), exact = model.encode(model.x), LinearGaussian().encode(model.x)
    q, posterior = (distributions.Normal(m, (0.5 * v).exp()) for m, v in ((mu, log_var), exact))
    expected = model.truth() - distributions.kl_divergence(q, posterior).sum(1)
    bounds, _ = model.bounds(samples=5000)
    assert bounds.mean_elbo()[0] == pytest.approx(float(expected.mean()), abs=0.02)
    assert (bounds.elbo <= bounds.weighted).all(), "Jensen, picture by picture"
    single, _ = model.bounds(samples=1)
    assert torch.equal(single.elbo, single.weighted)


def test_pieces_do_not_change_the_numbers():
    model = LinearGaussian(spread=1.3)
    whole, _ = model.bounds(samples=30, rows=10_000)
    for rows in (1, 7, 30, 95):
        pieces, progress = model.bounds(samples=30, rows=rows)
        assert torch.allclose(pieces.weighted, whole.weighted, atol=1e-5)
        assert torch.allclose(pieces.elbo, whole.elbo, atol=1e-4)
        assert progress[-1] == (1200, 1200) and progress == sorted(progress) and progress[0][0] <= max(rows, 30)


def test_a_picture_ignores_the_pictures_after_it():
    model = LinearGaussian(spread=1.3)
    whole, _ = model.bounds(samples=20, seed=5)
    model.x = model.x[:3]
    first, _ = model.bounds(samples=20, seed=5)
    other, _ = model.bounds(samples=20, seed=6)
    assert torch.allclose(first.weighted, whole.weighted[:3], atol=1e-5)
    assert not torch.allclose(first.weighted, other.weighted, atol=1e-5)


def test_the_error_is_that_of_the_mean_over_pictures():
    bounds, _ = LinearGaussian().bounds(samples=2)
    mean, error = bounds.mean()
    assert mean == pytest.approx(float(bounds.weighted.mean()))
    assert error == pytest.approx(float(bounds.weighted.std()) / math.sqrt(40))
    model = LinearGaussian()
    model.x = model.x[:1]
    assert math.isnan(model.bounds(samples=2)[0].mean()[1])


def test_weights_far_below_the_smallest_float_are_no_zero():
    """A picture of 10,000 nats, as binary pictures of many pixels have."""
    model = LinearGaussian()
    faint = importance_weighted(model, lambda x, z: model.log_likelihood(x, z) - 1e4, model.x, samples=3)
    assert torch.allclose(drained(faint)[0].weighted, model.truth().double() - 1e4, atol=0.01)


def test_gradients_are_as_found_between_the_pieces():
    model = LinearGaussian()
    for _ in importance_weighted(model, model.log_likelihood, model.x, samples=50, rows=50):
        assert torch.is_grad_enabled()


def test_nothing_to_measure_is_refused():
    model = LinearGaussian()
    with pytest.raises(ValueError, match="40 pictures, 0 samples"):
        model.bounds(samples=0)
    model.x = model.x[:0]
    with pytest.raises(ValueError, match="0 pictures"):
        model.bounds()


def test_the_rate_is_the_divergence_from_the_prior_and_the_rest_is_lost():
    model = LinearGaussian(spread=1.3, shift=0.4)
    model.x = model.x.repeat(50, 1)
    found, progress = drained(rate_distortion(model, model.log_likelihood, model.x))
    mu, log_var = model.encode(model.x)
    q, prior = distributions.Normal(mu, (0.5 * log_var).exp()), distributions.Normal(0.0, 1.0)
    assert found.rate == pytest.approx(float(distributions.kl_divergence(q, prior).sum(1).mean()), rel=1e-5)
    x_mean, x_var = mu @ model.w.T, log_var.exp() @ model.w.T.square()  # of W z under q
    lost = (model.x - x_mean).square() + x_var
    expected = (lost / (2 * NOISE**2)).sum(1).mean() + P * math.log(NOISE * math.sqrt(2 * math.pi))
    assert found.distortion == pytest.approx(float(expected), abs=0.1)
    assert progress[-1] == (2000, 2000) and found.count == 2000
    pieces, _ = drained(rate_distortion(model, model.log_likelihood, model.x, rows=7))
    assert (pieces.rate, pieces.distortion) == pytest.approx((found.rate, found.distortion), rel=1e-5)
    model.x = model.x[:0]
    with pytest.raises(ValueError, match="0 pictures"):
        drained(rate_distortion(model, model.log_likelihood, model.x))
