"""What states that show the surroundings of a code have in common. No Qt."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Self

import numpy.typing as npt

from genstudio.ui.tabs.vae_state import as_code, random_code


@dataclass(frozen=True)
class AroundCode:
    """The code, and how many random ones have been drawn so far."""

    z: tuple[float, ...]
    drawn: int = field(default=0, kw_only=True)

    def at(self, z: npt.ArrayLike) -> Self:
        """The same around another code."""
        return dataclasses.replace(self, z=as_code(z))

    def draw(self) -> Self:
        """The same around the next random code."""
        return dataclasses.replace(self, z=random_code(0, self.drawn, len(self.z)), drawn=self.drawn + 1)
