"""The nearest codes, against every distance in float64."""

import pytest
import torch

from genstudio.core.neighbours import Neighbours

RNG = torch.Generator().manual_seed(0)
CODES, QUERIES = torch.randn(3000, 8, generator=RNG), torch.randn(150, 8, generator=RNG)


def brute_force(codes, queries, metric):
    a, b = queries.double()[:, None], codes.double()[None]
    if metric == "euclid":
        distances = (a - b).norm(dim=2)
    else:
        distances = 1 - torch.cosine_similarity(a, b, dim=2)
    return distances.sort(dim=1, stable=True)


@pytest.mark.parametrize("metric", ["euclid", "cosine"])
@pytest.mark.parametrize("k", [1, 7, 3000])
def test_the_nearest_are_those_of_brute_force(metric, k):
    distances, indices = Neighbours(CODES, metric).nearest(QUERIES, k)
    expected, order = brute_force(CODES, QUERIES, metric)
    assert torch.allclose(distances, expected[:, :k], atol=1e-6)
    assert (indices == order[:, :k]).float().mean() > 0.999 and torch.equal(indices[:, :1], order[:, :1])


def test_ties_come_by_index():
    corners = torch.tensor([[1.0, 1], [-1, 1], [2, 2], [1, -1], [-1, -1]])
    distances, indices = Neighbours(corners).nearest(torch.zeros(1, 2), 3)
    assert indices.tolist() == [[0, 1, 3]] and torch.allclose(distances, torch.tensor(2.0).double().sqrt())
    same = Neighbours(torch.ones(1000, 3) / 3)
    assert same.nearest(torch.rand(2, 3, generator=RNG), 5)[1].tolist() == [[0, 1, 2, 3, 4]] * 2
    _, indices = Neighbours(corners, "cosine").nearest(torch.tensor([[3.0, 3]]), 2)
    assert indices.tolist() == [[0, 2]], "cosine sees no length"


def test_a_code_far_from_the_origin_still_finds_itself():
    """|a|^2 + |b|^2 - 2ab in float32 alone would round these distances away."""
    codes = 1000 + 0.01 * CODES
    distances, indices = Neighbours(codes).nearest(codes[:50], 2)
    assert indices[:, 0].tolist() == list(range(50)) and (distances[:, 0] == 0).all()
    assert torch.equal(indices[:, 1], brute_force(codes, codes[:50], "euclid")[1][:, 1])


def test_a_code_of_zeros_is_at_right_angles_to_all():
    distances, indices = Neighbours(torch.tensor([[-1.0, 0], [0, 0], [2, 0]]), "cosine").nearest(torch.eye(2)[:1], 3)
    assert indices.tolist() == [[2, 1, 0]] and distances.tolist() == [[0, 1, 2]]


def test_no_queries_no_neighbours_and_too_many_are_refused():
    search = Neighbours(CODES)
    assert search.nearest(QUERIES[:0], 3)[1].shape == (0, 3)
    for k in (0, 3001):
        with pytest.raises(ValueError, match=f"{k} neighbours of 3000 codes"):
            search.nearest(QUERIES, k)
    with pytest.raises(ValueError, match="of 0 codes"):
        Neighbours(CODES[:0]).nearest(QUERIES, 1)
