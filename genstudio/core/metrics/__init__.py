"""How good generated pictures are, measured in the features of the bundled classifier."""

from genstudio.core.metrics.frechet import Moments, frechet_distance, moments
from genstudio.core.metrics.seen_classes import inception_score

__all__ = ["Moments", "frechet_distance", "inception_score", "moments"]
