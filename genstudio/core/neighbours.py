"""The nearest of many codes: exact search by one matrix product."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

CHUNK = 64  # queries at once
Metric = Literal["euclid", "cosine"]


class Neighbours:
    """Codes (N, D) to search in. Owns their squared norms; lives on one thread.

    Args:
        codes: (N, D) floats, finite.
        metric: "euclid" is |a - b|, "cosine" is 1 - cos(a, b), 0 to 2 (1 to a code of zeros).
    """

    def __init__(self, codes: Tensor, metric: Metric = "euclid") -> None:
        self.metric = metric
        self._codes = self._prepared(codes)
        norms = self._codes.norm(dim=1)  # (N,)
        self._longest = float(norms.amax()) if len(codes) else 0.0
        self._squares = norms.square() if metric == "euclid" else torch.zeros_like(norms)

    def __len__(self) -> int:
        return len(self._codes)

    @torch.no_grad()
    def nearest(self, queries: Tensor, k: int) -> tuple[Tensor, Tensor]:
        """Distances (M, k) float64 and indices (M, k) int64 of the k nearest to queries (M, D), nearest first.

        Equally near codes come in the order of their indices.

        Raises:
            ValueError: if there are not 1 to N neighbours to give.
        """
        if not 1 <= k <= len(self):
            raise ValueError(f"{k} neighbours of {len(self)} codes; 1 to {len(self)} are allowed")
        distances = torch.empty(len(queries), k, dtype=torch.float64, device=self._codes.device)
        indices = torch.empty(len(queries), k, dtype=torch.int64, device=self._codes.device)
        q = self._prepared(queries)
        for start in range(0, len(q), CHUNK):
            scores = torch.addmm(self._squares, q[start : start + CHUNK], self._codes.T, alpha=-2)  # (CHUNK, N)
            for row, row_scores in enumerate(scores, start):
                distances[row], indices[row] = self._measured(q[row], row_scores, k)
        return distances, indices

    def _prepared(self, x: Tensor) -> Tensor:
        return x.float() if self.metric == "euclid" else F.normalize(x.float(), dim=1)

    def _measured(self, query: Tensor, scores: Tensor, k: int) -> tuple[Tensor, Tensor]:
        """The k nearest, measured in float64 among all that the rounding of the scores lets be among them.

        A score is |c|^2 - 2 c q, the squared distance without |q|^2, or -2 cos(c, q); each misses its true
        value by less than half the slack (Higham 2002, section 3.1).
        """
        slack = 2 * (len(query) + 2) * torch.finfo(torch.float32).eps * (float(query.norm()) + self._longest) ** 2
        bound = scores.topk(k, largest=False).values[-1] + slack
        candidates = (scores <= bound).nonzero()[:, 0]  # rising
        codes, q = self._codes[candidates].double(), query.double()
        if self.metric == "euclid":
            distances = (codes - q).norm(dim=1)
        else:
            distances = (1 - codes @ q).clamp_min(0)
        order = distances.argsort(stable=True)[:k]
        return distances[order], candidates[order]
