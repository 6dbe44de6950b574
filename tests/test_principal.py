"""Principal components against the singular value decomposition."""

import numpy as np
import pytest
import torch

from genstudio.core.principal import principal

RNG = torch.Generator().manual_seed(0)
X = torch.randn(5000, 12, generator=RNG) @ torch.randn(12, 12, generator=RNG) + 3  # more than one chunk


def test_components_are_those_of_the_svd():
    fitted = principal(X, 5)
    _, s, v = torch.linalg.svd((X - X.mean(0)).double(), full_matrices=False)
    assert torch.allclose((fitted.components.double() * v[:5]).sum(1).abs(), torch.ones(5).double(), atol=1e-6)
    assert torch.allclose(fitted.deviations.double(), s[:5] / (len(X) - 1) ** 0.5, rtol=1e-5)
    assert torch.allclose(fitted.explained.double(), s[:5] ** 2 / (s**2).sum(), rtol=1e-5)
    assert torch.allclose(fitted.mean, X.mean(0), atol=1e-5)


def test_variances_are_numpys():
    values = np.linalg.eigvalsh(np.cov(X.numpy().astype(np.float64), rowvar=False))[::-1]
    assert np.allclose(principal(X, 12).deviations.numpy() ** 2, values, rtol=1e-5)
    assert principal(X, 12).explained.sum().item() == pytest.approx(1, abs=1e-6)


def test_components_are_orthonormal_and_their_largest_entry_is_positive():
    fitted = principal(X, 12)
    assert torch.allclose(fitted.components @ fitted.components.T, torch.eye(12), atol=1e-6)
    assert (fitted.components.gather(1, fitted.components.abs().argmax(1, keepdim=True)) > 0).all()
    turned = principal(-X, 12)
    assert torch.allclose(turned.components, fitted.components, atol=1e-5), "mirrored data, the same signs"


def test_codes_have_unit_variance_and_all_of_them_give_the_data_back():
    fitted = principal(X, 12)
    z = fitted.encode(X)
    assert torch.allclose(torch.cov(z.T), torch.eye(12), atol=1e-3) and z.mean(0).abs().max() < 1e-3
    assert torch.allclose(fitted.decode(z), X, atol=1e-3)


def test_what_is_lost_is_the_variance_left_unexplained():
    fitted = principal(X, 4)
    lost = (X - fitted.decode(fitted.encode(X))).square().sum() / (X - X.mean(0)).square().sum()
    assert lost.item() == pytest.approx(1 - fitted.explained.sum().item(), rel=1e-4)


def test_pictures_come_back_as_pictures():
    pictures = X.view(-1, 1, 3, 4)
    fitted = principal(pictures, 2)
    assert torch.equal(fitted.components, principal(X, 2).components)
    assert fitted.encode(pictures).shape == (5000, 2) and fitted.decode(torch.zeros(7, 2)).shape == (7, 1, 3, 4)
    assert torch.allclose(fitted.decode(torch.zeros(1, 2))[0], pictures.mean(0), atol=1e-5)


def test_directions_without_variance_have_codes_of_zero():
    """Three pictures span two directions; grey ones none."""
    fitted = principal(X[:3], 4)
    assert (fitted.deviations > 0).tolist() == [True, True, False, False]
    assert (fitted.encode(X)[:, 2:] == 0).all() and torch.allclose(
        fitted.decode(fitted.encode(X[:3])), X[:3], atol=1e-4
    )
    flat = principal(torch.ones(5, 3), 3)
    assert (flat.encode(torch.ones(5, 3)) == 0).all() and (flat.explained == 0).all()


def test_too_few_pictures_and_too_many_components_are_refused():
    with pytest.raises(ValueError, match="1 pictures"):
        principal(X[:1], 1)
    for count in (0, 13):
        with pytest.raises(ValueError, match=f"{count} components of 12 numbers"):
            principal(X, count)


@pytest.mark.parametrize("count", [3, 9])
def test_few_rows_have_the_components_of_their_covariance(count):
    """Five rows of twelve numbers span four directions, which the covariance has, too."""
    few = X[:5]
    fitted = principal(few, count)
    values, vectors = torch.linalg.eigh(torch.cov(few.T.double()))
    assert torch.allclose(fitted.deviations[:4].double() ** 2, values.flip(0)[:count][:4], rtol=1e-5)
    assert (fitted.deviations[4:] == 0).all()
    known = min(count, 4)
    same = (fitted.components[:known].double() * vectors.T.flip(0)[:known]).sum(1).abs()
    assert torch.allclose(same, torch.ones(known).double(), atol=1e-6)
    assert torch.allclose(fitted.components @ fitted.components.T, torch.eye(count), atol=1e-6)
    assert fitted.explained[:4].sum() <= 1 + 1e-6
