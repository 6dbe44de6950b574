"""Quality of a model of digits as recipes and benchmarks note it, in the features of the bundled classifier."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core import datasets
from genstudio.core.families.classifier import Classifier
from genstudio.core.metrics import Moments, frechet_distance, inception_score, moments
from genstudio.session.classifier import SHAPE
from genstudio.session.exporting import sampled
from genstudio.session.eyes import of_classifier
from genstudio.session.models import ModelShelf
from genstudio.steps import finish


@dataclass(frozen=True)
class Quality:
    """Distances to the test pictures in squared feature units; `floor` is that of real training pictures."""

    frechet: float
    floor: float
    inception: float  # 1 to 10
    classes: int  # how many of the ten appear with at least a fifth of their share
    count: int

    @property
    def times_floor(self) -> float:
        """How many times further from the test pictures than real ones are."""
        return self.frechet / self.floor

    def numbers(self) -> dict[str, float]:
        """For a file header."""
        return {
            "frechet": round(self.frechet, 3),
            "floor": round(self.floor, 3),
            "inception": round(self.inception, 3),
            "classes": self.classes,
            "count": self.count,
        }


class Judge:
    """The classifier with the test set's moments; measures any pictures against them."""

    def __init__(self, classifier: Classifier, dataset: str, data_dir: Path, count: int = 10_000) -> None:
        self._eye = of_classifier(classifier)
        self._test = self._moments(datasets.load(dataset, data_dir, train=False).images[:count])
        self.floor = frechet_distance(self._moments(datasets.load(dataset, data_dir).images[:count]), self._test)

    def _moments(self, images: api.Pictures) -> Moments:
        return moments(self._features(images)[0])

    def _features(self, images: api.Pictures) -> tuple[Tensor, Tensor]:
        """Features (N, 128) and logits (N, 10) of pictures (N, 28, 28, 1)."""
        if images.shape[1:] != SHAPE:
            raise ValueError(f"the classifier reads 28x28 grey pictures, not {images.shape[1]}x{images.shape[2]}")
        features, logits = finish(self._eye.look(images, "pictures"))
        assert logits is not None  # a classifier has some
        return features, logits

    def measure(self, images: api.Pictures) -> Quality:
        """Quality of generated pictures (N, 28, 28, 1)."""
        features, logits = self._features(images)
        shares = torch.bincount(logits.argmax(1), minlength=10) / len(images)
        return Quality(
            frechet=frechet_distance(moments(features), self._test),
            floor=self.floor,
            inception=inception_score(logits),
            classes=int((shares >= 0.02).sum()),
            count=len(images),
        )

    def seen_as(self, images: api.Pictures, labels: np.ndarray) -> float:
        """The share of pictures (N, 28, 28, 1) in which the classifier sees the class (N,) that was asked for."""
        return float((self._features(images)[1].argmax(1).numpy() == labels).mean())


def measured(
    models: ModelShelf, request: api.SampleRequest, judge: Judge
) -> Generator[api.ProgressEvent, None, Quality]:
    """Draw the request's pictures and measure them, with progress."""
    return judge.measure((yield from sampled(models.get(request.model), request)))
