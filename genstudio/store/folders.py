"""Where models are, and what a picker shows of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import platformdirs

from genstudio import api
from genstudio.errors import hint
from genstudio.files import pretrained_dir, sha256_of
from genstudio.settings import CONDITIONAL, GENERATIVE
from genstudio.store.checkpoints import read_header

ENDING = ".safetensors"


def models_dir() -> Path:
    """The user's folder of saved models; it may not exist yet."""
    return Path(platformdirs.user_data_dir("genstudio", appauthor=False)) / "models"


def model_info(path: Path, pretrained: bool | None = None) -> api.ModelInfo:
    """What the catalog shows of a model file.

    Raises:
        FileNotFoundError, ValueError: in one sentence.
    """
    path = Path(path)
    header, status = read_header(path), path.stat()
    bundled = path.resolve().parent == pretrained_dir().resolve() if pretrained is None else pretrained
    return api.ModelInfo(
        name=path.stem,
        family=header.family,
        path=str(path),
        dataset=header.dataset,
        channels=header.channels,
        size=header.size,
        classes=header.classes if header.family in CONDITIONAL else (),
        settings=header.settings,
        iteration=header.iteration,
        sha256=_sha256(path, status.st_mtime_ns, status.st_size),
        bytes=status.st_size,
        quality=header.quality,
        pretrained=bundled,
        resumable=header.training,
    )


@lru_cache(maxsize=256)
def _sha256(path: Path, mtime_ns: int, size: int) -> str:
    """The file's hash, taken again when the file has changed."""
    return sha256_of(path)


def naturally(name: str) -> tuple[tuple[str, int], ...]:
    """A key that sorts names as people do: by the size of the numbers in them, mnist-vae-4 before mnist-vae-16."""
    return tuple((words, int(number or -1)) for words, number in re.findall(r"(\D*)(\d*)", name))


def list_models(folders: Sequence[Path]) -> tuple[api.ModelInfo, ...]:
    """The sound files of models that make pictures, bundled ones first, by name; others are passed over."""
    return look_through(folders)[0]


def look_through(folders: Sequence[Path]) -> tuple[tuple[api.ModelInfo, ...], tuple[OSError | ValueError, ...]]:
    """The same, and why other files in the folders are no sound models; each sentence names its file."""
    found, errors = [], []
    for folder in folders:
        for path in sorted(Path(folder).glob(f"*{ENDING}")):
            try:
                found.append(model_info(path))
            except (OSError, ValueError) as error:
                errors.append(error)
    drawing = (model for model in found if model.family in GENERATIVE)
    return tuple(sorted(drawing, key=lambda model: (not model.pretrained, naturally(model.name)))), tuple(errors)


def find_model(name_or_path: str, folders: Sequence[Path] | None = None) -> Path:
    """The file of a model in the folders (bundled and the user's by default), or of a path.

    Raises:
        FileNotFoundError: naming the models there are.
    """
    folders = tuple(folders) if folders is not None else (pretrained_dir(), models_dir())
    if "\0" in name_or_path:
        raise ValueError("A model's name must not contain a null character.")
    is_path = name_or_path.endswith(ENDING) or "/" in name_or_path or "\\" in name_or_path
    if not is_path:
        for folder in folders:
            candidate = Path(folder) / f"{name_or_path}{ENDING}"
            if candidate.is_file():
                return candidate
    if is_path and Path(name_or_path).exists():
        return Path(name_or_path)
    names = sorted({model.name for model in list_models(folders)}, key=naturally)
    known = f"known are {', '.join(names)}" if names else "there are none yet"
    end = hint(Path(name_or_path).stem, names, f"{known}, or give the path of a {ENDING} file")
    raise FileNotFoundError(f"There is no model {name_or_path!r}; {end}")
