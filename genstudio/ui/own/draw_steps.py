"""What the pad can take back."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api import Drawing, Pictures


@dataclass
class Step:
    """What undo takes back: a stroke, or a change of the set that had been on the pad."""

    pad: Pictures  # as it was before
    back: tuple[Drawing, ...] = ()  # what makes the set again as it was before
    label: str = ""  # the class that was chosen then, which may have gone
    renamed: str = ""  # the name that it has got

    def is_of_set(self) -> bool:
        """Whether it changes more than the pad."""
        return bool(self.label)

    def is_keeping(self) -> bool:
        """Whether the pad was put into the set."""
        return bool(self.back) and not self.renamed and self.back[0].picture is None
