"""What was measured of a model, in a small file beside it; of those that travel with the program, or where that cannot
be written, in the user's folder.

The model's own file stays as it is: pictures name it by its hash.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from genstudio.api import METERS, Band, Evaluation, Eye, ModelInfo, Sibling, TrainingTime
from genstudio.files import atomic_write, check_regular
from genstudio.store.checkpoints import read_header
from genstudio.store.folders import model_info, models_dir
from genstudio.store.header import parse_json

ENDING = ".card.json"
CARD_VERSION = 1
MOST_BYTES = 1 << 20
KEPT = 16  # evaluations of a model
LOCK, PATIENCE_S = ".lock", 10


@dataclass(frozen=True)
class Card:
    """What one file says of a model.

    Args:
        evaluations: The newest first.
        time: What its training is reckoned to take.
        siblings: Other trainings of its recipe, whose weights nobody keeps.
    """

    evaluations: tuple[Evaluation, ...] = ()
    time: TrainingTime = field(default_factory=TrainingTime)
    siblings: tuple[Sibling, ...] = ()


def cards_dir() -> Path:
    """The user's folder of what was measured and may not stand beside the models; it may not exist yet."""
    return models_dir() / "cards"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Nobody else of this user's programs and threads is in here, so that what is read is still so when it is written.

    Where no lock can be had, one goes on without: the folder cannot be written, its disk knows of none, or somebody
    holds it for longer than any card takes.
    """
    from filelock import FileLock  # which takes a while to import

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, NotImplementedError):
            cards_dir().mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(cards_dir() / LOCK, timeout=PATIENCE_S))
        yield


def card_paths(model: Path, sha256: str) -> tuple[Path, Path]:
    """Where the card of a model file may be: beside it, or in the user's folder, where many are called alike."""
    return model.with_name(f"{model.stem}{ENDING}"), cards_dir() / f"{model.stem}-{sha256[:16]}{ENDING}"


def evaluations(info: ModelInfo) -> tuple[Evaluation, ...]:
    """What was measured of this very file, the newest first; a card that is damaged or of another file says nothing.

    What is in the user's folder is newer: it is where nobody could write beside the model, or that is bundled.
    """
    found: dict[Any, Evaluation] = {}
    for path in reversed(card_paths(Path(info.path), info.sha256)):
        for one in _known(path, info).evaluations:
            found.setdefault(one.asked(), one)
    return tuple(found.values())


def training_time(info: ModelInfo) -> TrainingTime:
    """What its run has counted, or else what its card reckons."""
    header = read_header(Path(info.path))
    if header.seconds:
        return TrainingTime(header.seconds, header.machine)
    return _reckoned(info)


def siblings(info: ModelInfo) -> tuple[Sibling, ...]:
    """Other trainings of its recipe, of which the card beside it tells what was measured."""
    return _published(info).siblings


def add_evaluation(info: ModelInfo, evaluation: Evaluation) -> Path:
    """Write one more onto the card; one of the same kind is replaced. Where the card is.

    Raises:
        OSError: if it can be written nowhere.
    """
    with alone():
        return _add(info, evaluation)


def _add(info: ModelInfo, evaluation: Evaluation) -> Path:
    others = [one for one in evaluations(info) if one.asked() != evaluation.asked()]
    kept = (evaluation, *others)[:KEPT]
    text = _text_of(info, Card(kept, _reckoned(info), siblings(info)))
    beside, own = card_paths(Path(info.path), info.sha256)
    if not info.pretrained and _is_there(info):
        with contextlib.suppress(OSError):  # a folder that nobody may write to
            path = _write(beside, text)
            own.unlink(missing_ok=True)  # all of it is in the other
            return path
    own.parent.mkdir(parents=True, exist_ok=True)
    return _write(own, text)


def _is_there(info: ModelInfo) -> bool:
    """Whether its file still holds this very model: measuring takes minutes."""
    try:
        return model_info(Path(info.path)).sha256 == info.sha256
    except (OSError, ValueError):
        return False


def publish_evaluation(info: ModelInfo, evaluation: Evaluation) -> Path:
    """Make this alone the card that travels with a model file; what somebody has measured of it stays where it is.

    Raises:
        OSError: if it cannot be written.
    """
    with alone():
        return _publish(info, evaluations=(evaluation,), time=_reckoned(info))


def publish_training_time(info: ModelInfo, time: TrainingTime) -> Path:
    """Onto the card that travels with a model file.

    Raises:
        OSError: if it cannot be written.
    """
    with alone():
        return _publish(info, time=time)


def publish_sibling(info: ModelInfo, sibling: Sibling) -> Path:
    """Onto the card that travels with a model file, in the stead of one that began with the same seed.

    Raises:
        OSError: if it cannot be written.
    """
    with alone():
        others = (one for one in siblings(info) if one.seed != sibling.seed)
        return _publish(info, siblings=tuple(sorted((sibling, *others), key=lambda one: one.seed)))


def _publish(info: ModelInfo, **changed: Any) -> Path:
    card = dataclasses.replace(_published(info), **changed)
    return _write(card_paths(Path(info.path), info.sha256)[0], _text_of(info, card))


def _published(info: ModelInfo) -> Card:
    return _known(card_paths(Path(info.path), info.sha256)[0], info)


def _known(path: Path, info: ModelInfo) -> Card:
    """What a file says of this model: nothing if it is damaged, or of another one."""
    try:
        return _read(path, info.sha256)
    except (OSError, ValueError):
        return Card()


def _reckoned(info: ModelInfo) -> TrainingTime:
    times = (_known(path, info).time for path in card_paths(Path(info.path), info.sha256))
    return next((time for time in times if time.seconds), TrainingTime())


def _text_of(info: ModelInfo, card: Card) -> bytes:
    values = {
        "card_version": CARD_VERSION,
        "model_sha256": info.sha256,
        "evaluations": [dataclasses.asdict(one) for one in card.evaluations],
    }
    if card.time.seconds:
        values["training_time"] = dataclasses.asdict(card.time)
    if card.siblings:
        values["siblings"] = [dataclasses.asdict(one) for one in card.siblings]
    return json.dumps(values, indent=1, sort_keys=True, allow_nan=False).encode()


def _write(path: Path, text: bytes) -> Path:
    """One of a newer version is not ours to write over."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # a damaged one may go
        if parse_json(path.read_bytes())["card_version"] > CARD_VERSION:
            path.rename(path.with_suffix(".json.old"))
    with atomic_write(path) as file:
        file.write(text)
    return path


def _read(path: Path, sha256: str) -> Card:
    check_regular(path, MOST_BYTES)
    values = parse_json(path.read_bytes())
    if not isinstance(values, dict) or values.get("card_version") != CARD_VERSION:
        raise ValueError(f"{path.name} is no card that this GenStudio reads.")
    if values.get("model_sha256") != sha256:
        return Card()
    time = _training_time(values["training_time"]) if "training_time" in values else TrainingTime()
    return Card(_evaluations(values.get("evaluations")), time, tuple(_siblings(values.get("siblings"))))


def _siblings(values: Any) -> Iterator[Sibling]:
    """Those that are sound: what else the card tells does not hang on them."""
    for one in values[:KEPT] if isinstance(values, list) else ():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            yield Sibling(_text(one["name"]), _count(one["seed"]), _evaluations(one["evaluations"]))


def _training_time(values: Any) -> TrainingTime:
    if not isinstance(values, dict) or set(values) != {"seconds", "machine", "timed"}:
        raise ValueError("its training time is not one")
    if _number(values["seconds"]) < 0:
        raise ValueError("its training time is negative")
    return TrainingTime(_number(values["seconds"]), _text(values["machine"]), _count(values["timed"]))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _evaluations(values: Any) -> tuple[Evaluation, ...]:
    return tuple(_evaluation(one) for one in _list(values)[:KEPT])


def _evaluation(values: Any) -> Evaluation:
    fields = {field.name for field in dataclasses.fields(Evaluation)}
    values = (
        {"machine": "", "counts": {}, "when": "", "available": 0, "real_shares": {}, **values}
        if isinstance(values, dict)
        else {}
    )  # cards from before it was noted
    if set(values) != fields or values["eye"] not in get_args(Eye):
        raise ValueError("its fields are not those of this version")
    for name, kind in (("dataset", str), ("count", int), ("seed", int), ("way", str), ("machine", str), ("when", str)):
        if type(values[name]) is not kind:
            raise ValueError(f"its {name} is not sound")
    shares = {name: _named(values[name], _number, lambda name: len(name) <= 200) for name in ("shares", "real_shares")}
    return Evaluation(**{
        **values, **shares,
        "bands": _named(values["bands"], _band, METERS.__contains__),
        "floor": _named(values["floor"], _band, METERS.__contains__),
        "missing": _named(values["missing"], _text, METERS.__contains__),
        "available": _count(values["available"]),
        "counts": _named(values["counts"], _count, METERS.__contains__),
    })  # fmt: skip


def _named(values: Any, read: Callable[[Any], Any], knows: Callable[[str], bool]) -> dict[str, Any]:
    if not isinstance(values, dict) or len(values) > 1000:
        raise ValueError("its numbers have no names")
    return {name: read(value) for name, value in values.items() if knows(name)}


def _band(value: Any) -> Band:
    if not isinstance(value, dict) or set(value) != {"value", "error"}:
        raise ValueError("a number has no error")
    return Band(_number(value["value"]), _number(value["error"]))


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count is not one")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("a number is not finite")
    return float(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise ValueError("a sentence is not one")
    return value
