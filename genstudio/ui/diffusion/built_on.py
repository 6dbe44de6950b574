"""Which model a new one builds on, its teacher or its VAE, and how that goes with the pictures. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.api import DatasetInfo, ModelInfo, data_name
from genstudio.ui.tabs.run_words import name_of

TEACHER = "consistency"  # the family that builds on one; a student has the classes of its teacher
ROLES = {TEACHER: "teacher", "latent-ddpm": "VAE"}
ELSEWHERE = {  # what comes of a model that learned from other pictures
    TEACHER: "the student will draw as its teacher does, not as these pictures are",
    "latent-ddpm": "it may not give these pictures back well",
}


def learned_from(info: ModelInfo, dataset: str) -> bool:
    """Whether a model knows these very pictures; a file names a folder without where it is."""
    return info.dataset in (dataset, data_name(dataset))


def is_alike(family: str, info: ModelInfo, data: DatasetInfo | None) -> bool:
    """Whether a new model of a family can build on it with such data; of data that was not read nobody can tell."""
    return data is None or _kind(family, info) == _kind(family, data)


def how_well(family: str, info: ModelInfo, dataset: str, data: DatasetInfo | None) -> tuple[bool, bool]:
    """How a model goes with the pictures, the better the larger: whether it knows them, and such as they are."""
    return learned_from(info, dataset), is_alike(family, info, data)


def best(
    family: str, models: Sequence[ModelInfo], dataset: str, data: DatasetInfo | None, usual: str = ""
) -> ModelInfo | None:
    """Of those that go best with the pictures the usual one, else the first; None of none."""
    return max(models, key=lambda info: (how_well(family, info, dataset, data), info.name == usual), default=None)


def misfit(family: str, info: ModelInfo, dataset: str, data: DatasetInfo | None, titles: tuple[str, str]) -> str:
    """How a model that a new one is to build on does not go with the pictures, in a sentence; "" if it does.

    Args:
        titles: What that model learned from, and the pictures, as a person calls them.
    """
    if learned_from(info, dataset):
        return ""
    who, (theirs, ours) = f"The {ROLES[family]} {name_of(info.name)}", titles
    if data is not None and not is_alike(family, info, data):
        knows, has = _in_words(family, info), _in_words(family, data)
        return f"{who} knows {knows}, but {ours} has {has}: choose another {ROLES[family]} or other data."
    return f"{who} learned from {theirs}, not from {ours}: {ELSEWHERE[family]}."


def _kind(family: str, info: ModelInfo | DatasetInfo) -> tuple[int, int, int]:
    return info.channels, info.size, len(info.classes) if family == TEACHER else 0


def _in_words(family: str, info: ModelInfo | DatasetInfo) -> str:
    channels, size, classes = _kind(family, info)
    of = f" of {classes} classes" if classes else " without classes" if family == TEACHER else ""
    return f"{'grey' if channels == 1 else 'colour'} pictures of {size}×{size}{of}"
