"""Comparisons as files: written with what brings their page back, and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from genstudio import api, export
from genstudio.export.receipts import CSV_START, to_json
from genstudio.files import atomic_write
from genstudio.session.models import ModelShelf

ENDINGS = (".png", ".csv", ".md")


def write(models: ModelShelf, request: api.WriteComparisonRequest) -> Iterator[api.SavedEvent]:
    """By the ending of the file; text and picture are the window's, the hashes of the models those of their files.

    Raises:
        ValueError: for another ending.
        OSError: if it cannot be written; an old file is whole.
    """
    path, ending = Path(request.path), Path(request.path).suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"A comparison cannot be written as {path.name}; allowed endings: {', '.join(ENDINGS)}.")
    hashes = [models.get(name).info.sha256 for name in request.source.models]
    if ending == ".png":
        if request.picture is None:
            raise ValueError("There is no picture of this comparison.")
        export.write_png(path, request.picture, receipt_of(request.source, hashes), is_generated=False)
    else:
        start = csv_start(request.source, hashes) if ending == ".csv" else ""
        with atomic_write(path) as file:
            file.write((start + request.text).encode())
    yield api.SavedEvent(str(path), path.stat().st_size)


def receipt_of(source: api.ComparisonRequest, hashes: Sequence[str]) -> dict[str, Any]:
    """What brings a comparison of models of these SHA-256 back."""
    first = hashes[0] if hashes else ""
    return export.make_receipt(source, api.GridLayout(), first, models_sha256=list(hashes), shows="measurements")


def csv_start(source: api.ComparisonRequest, hashes: Sequence[str]) -> str:
    """The same as the first line of a table, which is a comment."""
    return f"{CSV_START}{to_json(receipt_of(source, hashes))}\n"


def restored(path: Path, source: api.ComparisonRequest, model: api.ModelInfo | None) -> api.RestoredEvent:
    """The models and the number of pictures of a file; its numbers are those of then, the page's those of the cards."""
    message = f"The models of {path.name} are shown, with what is on their cards now."
    return api.RestoredEvent(str(path), source, api.GridLayout(), None, message, model=model)
