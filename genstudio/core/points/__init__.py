"""Points in the plane or on a line: what one learns from where densities are known and one can see all of it."""

from genstudio.core.points.data import PointData
from genstudio.core.points.mixture import Mixture
from genstudio.core.points.sets import LINES, POINTS, PointSet, drawn, points_of

__all__ = ["LINES", "POINTS", "Mixture", "PointData", "PointSet", "drawn", "points_of"]
