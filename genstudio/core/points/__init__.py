"""Points in the plane: what a game is about where its densities are known and one can see all of it."""

from genstudio.core.points.data import PointData
from genstudio.core.points.mixture import Mixture
from genstudio.core.points.sets import POINTS, PointSet, drawn, points_of

__all__ = ["POINTS", "Mixture", "PointData", "PointSet", "drawn", "points_of"]
