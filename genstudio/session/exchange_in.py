"""Models from diffusers folders: one of a folder becomes a model file of ours, or is refused with the reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api, store
from genstudio.core import doubled
from genstudio.core.families import parameter_shapes
from genstudio.files import free_path
from genstudio.session.exchange_levels import (
    UNSAID,
    Unplayable,
    config_of,
    drawn_otherwise,
    is_alike,
    judging,
    levels_of,
)
from genstudio.session.models import ModelShelf, expected_weights
from genstudio.settings import DenoisingSettings, DiffusionSettings, UNet2DSettings, check_settings
from genstudio.settings.unet2d import DEFAULTS, layout_from, words_of_layout

GIVEN = ("sample_size", "in_channels", "out_channels", "num_class_embeds", "num_train_timesteps")  # beside the layout
FOLDED = tuple(doubled.PATCH**2 * channels for channels in (1, 3))
MOST_CLASSES = 1000

Model = tuple[store.Header, dict[str, np.ndarray]]


def bring(models: ModelShelf, request: api.ImportRequest) -> Iterator[api.ProgressEvent | api.ImportedEvent]:
    """Read a folder and write its model file."""
    folder = Path(request.folder)
    name = folder.resolve().name
    yield api.ProgressEvent(f"Reading {name}", 0, 0)
    opened = store.open_folder(folder)
    header, tensors = read(opened)
    note = drawn_otherwise(opened.scheduler)
    header = header if header.origin else dataclasses.replace(header, origin=name[:200])
    path = Path(request.path)
    if not request.path:
        path = models.folders[-1] / f"{name}{store.ENDING}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if has(path, header, tensors):
            yield api.ImportedEvent(str(path), path.stat().st_size, False, note)
            return
        path = free_path(path)
    yield api.ProgressEvent("Comparing it with your models", 0, 0)
    twin = twin_of(models, header, tensors, path)
    yield api.ProgressEvent(f"Writing {path.name}", 0, 0)  # who stops it while it is read finds nothing written
    store.write_checkpoint(path, header, tensors)
    yield api.ImportedEvent(str(path), path.stat().st_size, True, note, twin)


def twin_of(models: ModelShelf, header: store.Header, tensors: Mapping[str, np.ndarray], but: Path) -> str:
    """The first of all models but one with the same settings and, bit for bit, weights; "" if there is none."""
    same = (header.family, header.settings, header.size, header.channels)
    alike = (i for i in store.list_models(models.folders) if (i.family, i.settings, i.size, i.channels) == same)
    others = (info for info in alike if Path(info.path).resolve() != but.resolve())
    return next((info.name for info in others if has(Path(info.path), header, tensors)), "")


def has(path: Path, header: store.Header, tensors: Mapping[str, np.ndarray]) -> bool:
    """Whether a file holds this very model; what has been measured of it since is no matter."""
    try:
        there, weights = store.read_checkpoint(path, expected_weights)
    except (OSError, ValueError):
        return False
    parts = ("family", "settings", "channels", "size", "classes")
    return all(getattr(there, part) == getattr(header, part) for part in parts) and all(
        weights[name].dtype == value.dtype and np.array_equal(weights[name], value) for name, value in tensors.items()
    )


def read(folder: store.DiffusersFolder) -> Model:
    """The model of a folder, as one of our files has it.

    Raises:
        FileNotFoundError, ValueError: in one sentence, also for what GenStudio cannot play.
    """
    try:
        return _own(folder) if _is_own(folder) else _foreign(folder)
    except Unplayable as error:
        raise ValueError(f"The folder {folder.name} cannot be played: {error}.") from None


def _is_own(folder: store.DiffusersFolder) -> bool:
    """Whether its network is shaped as `core.doubled` writes ours."""
    unet = folder.unet
    widths = unet.get("block_out_channels")
    if unet.get("in_channels") not in FOLDED or not isinstance(widths, list) or not widths:
        return False
    if type(widths[0]) is not int or widths[0] % 16 or not 16 <= widths[0] <= 512:
        return False
    return {**DEFAULTS, **_layout_words(unet)} == {**DEFAULTS, **doubled.config_of(widths[0] // 2)}


def _own(folder: store.DiffusersFolder) -> Model:
    """A model of the family ddpm that GenStudio wrote as a folder."""
    unet, note = folder.unet, folder.note
    folded, side, embeddings = (unet.get(name) for name in ("in_channels", "sample_size", "num_class_embeds"))
    assert type(folded) is int
    if unet.get("out_channels") != folded or type(side) is not int:
        raise Unplayable("its network answers with other pictures than it is shown")
    if type(embeddings) is not int or not 1 <= embeddings <= MOST_CLASSES + 1:
        raise Unplayable(f"it knows {embeddings!r:.20} classes; 1 to {MOST_CLASSES + 1:,} are read")
    channels, size, classes = folded // doubled.PATCH**2, doubled.PATCH * side, embeddings - 1
    _check_size(size, 4)
    width = unet["block_out_channels"][0] // 2
    layout = words_of_layout(doubled.config_of(width))
    shapes = parameter_shapes("unet2d", UNet2DSettings(layout), folded, side, embeddings)
    ours = doubled.read_back(store.read_weights(folder, shapes))
    if ours is None:
        raise Unplayable("its channels are folded pictures, but its weights are no longer as GenStudio wrote them")
    same = (channels, size, classes)
    if note is None or not _is_of(note, "ddpm", same, folder) or getattr(note.settings, "width", 0) != width:
        note = _anew(folder, "ddpm", _learnt(folder, width), same)
    return _plain(note), {f"model.{name}": value for name, value in ours.items()}


def _learnt(folder: store.DiffusersFolder, width: int) -> DiffusionSettings:
    """The settings of a ddpm whose note has been lost, or is of other levels or sizes; that still tells whether the
    network learnt to do without a class.
    """
    levels = levels_of(folder.scheduler)
    if levels.clip != 1:
        raise Unplayable("it does not clip its pictures as GenStudio does")
    settings = DiffusionSettings(width, levels.schedule, levels.timesteps, levels.objective)
    if folder.note is not None and isinstance(folder.note.settings, DiffusionSettings):
        settings = dataclasses.replace(settings, class_dropout=folder.note.settings.class_dropout)
    with judging():
        check_settings(settings)
    return settings


def _foreign(folder: store.DiffusersFolder) -> Model:
    """A model of the family unet2d."""
    unet, note = folder.unet, folder.note
    with judging():
        words = words_of_layout(_layout_words(unet))
    if note is not None and note.family == "ddpm" and unet.get("in_channels") in FOLDED:
        raise Unplayable(_changed(unet, note.settings))
    channels, size, classes = same = _pictures_of(unet)
    _check_size(size, 2 ** (len(layout_from(words).channels) - 1))
    levels = levels_of(folder.scheduler)
    settings = UNet2DSettings(words, levels.schedule, levels.timesteps, levels.objective, levels.clip)
    with judging():
        check_settings(settings)
    shapes = parameter_shapes("unet2d", settings, channels, size, classes)
    tensors = store.read_weights(folder, shapes)
    if note is None or not _is_of(note, "unet2d", same, folder) or note.settings != settings:
        note = _anew(folder, "unet2d", settings, same)
    return _plain(note), {f"model.{name}": value for name, value in tensors.items()}


def _changed(unet: Mapping[str, Any], settings: Any) -> str:
    """What of the network of a folder that GenStudio wrote is no longer as it wrote it."""
    written, told = {**DEFAULTS, **doubled.config_of(settings.width)}, {**DEFAULTS, **_layout_words(unet)}
    names = [name for name in (*written, *told) if written.get(name) != told.get(name)]
    if not names:
        return "its channels are folded pictures, but its network is no longer as GenStudio wrote it"
    name = names[0]
    return f"its {name} is {told.get(name)!r:.40}, where GenStudio wrote {written.get(name)!r:.40}"


def _layout_words(unet: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in unet.items() if name not in GIVEN}


def _anew(
    folder: store.DiffusersFolder, family: str, settings: DenoisingSettings, pictures: tuple[int, int, int]
) -> store.Header:
    """What is said of a model of which nothing else is known; its classes have numbers for names."""
    channels, size, classes = pictures
    dataset = f"{folder.name[:200]} (diffusers)"  # a name that no dataset has
    return store.Header(family, settings, dataset, channels, size, tuple(map(str, range(classes))), 0)


def _plain(note: store.Header) -> store.Header:
    """What a model file says that has nothing but the network."""
    return dataclasses.replace(note, training=False, history=0)


def _is_of(note: store.Header, family: str, pictures: tuple[int, int, int], folder: store.DiffusersFolder) -> bool:
    """Whether what GenStudio wrote of a model is still true of its folder."""
    if note.family != family or (note.channels, note.size, len(note.classes)) != pictures:
        return False
    told = {**UNSAID, **folder.scheduler}
    return all(is_alike(value, told[name]) for name, value in config_of(note.settings).items())


def _pictures_of(unet: Mapping[str, Any]) -> tuple[int, int, int]:
    """Channels, side and classes."""
    channels, answers = unet.get("in_channels", 3), unet.get("out_channels", 3)
    if type(channels) is not int or channels not in (1, 3):
        raise Unplayable(f"its pictures have {channels!r:.20} channels; 1 (grey) or 3 (colour) are shown")
    if answers != channels:
        raise Unplayable(f"its network is shown {channels} channels and answers {answers!r:.20}, not as many")
    side = unet.get("sample_size")
    sides = side if isinstance(side, list) else [side, side]
    if len(sides) != 2 or any(type(one) is not int for one in sides):
        raise Unplayable("it does not say how large its pictures are")
    height, width = map(int, sides)
    if height != width:
        raise Unplayable(f"its pictures are {width} x {height} px; only square ones are shown")
    classes = unet.get("num_class_embeds")
    if classes is not None and (type(classes) is not int or not 1 <= classes <= MOST_CLASSES):
        raise Unplayable(f"it knows {classes!r:.20} classes; 1 to {MOST_CLASSES:,} are read")
    return channels, height, int(classes or 0)


def _check_size(size: int, multiple: int) -> None:
    if not 8 <= size <= store.MAX_SIZE:
        raise Unplayable(f"its pictures are {size} px a side; 8 to {store.MAX_SIZE} are shown")
    for number in (4, multiple):
        if size % number:
            raise Unplayable(f"its pictures are {size} px a side, which is no multiple of {number}")
