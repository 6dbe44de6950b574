"""A reverse process that branches off another one."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.sampling import DenoiseRequest


@dataclass(frozen=True)
class BranchRequest:
    """The steps from `first` on of a process whose earlier ones are known: they are those of the one it comes from.

    Answered by DenoiseEvents of `process`.
    """

    process: DenoiseRequest
    first: int
