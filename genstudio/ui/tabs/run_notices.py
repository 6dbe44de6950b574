"""What the window says of runs that it kept by itself, and which of them it has told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings

from genstudio.api import ModelInfo
from genstudio.files import free_path
from genstudio.ui.tabs.run_words import GAME, KEPT, SUFFIX

TOLD, TOLD_GONE = "runs/told", "runs/made_room"  # of the settings
MADE_ROOM = "made room"  # how the session calls the folder of runs that are no longer kept


def newest_kept(models: Sequence[ModelInfo]) -> ModelInfo | None:
    """Of the runs that nobody saved, the one that was written last; components are soon made again."""
    learned = [info for info in models if KEPT.fullmatch(info.name) and info.family != "pca"]
    return max(learned, key=lambda info: _written(info.path), default=None)


def newest_game(models_dir: str) -> Path | None:
    """Of the games on points that were kept by themselves, the one that was written last."""
    games = [file for file in Path(models_dir).glob(f"*{GAME}") if KEPT.fullmatch(file.stem)] if models_dir else []
    return max(games, key=lambda file: _written(str(file)), default=None)


def _written(path: str) -> float:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return 0.0


def is_told(page: str, path: str) -> bool:
    """Whether a page has said of a file that it was kept."""
    return str(QSettings().value(f"{TOLD}/{page}", "")) == path


def note_told(page: str, path: str) -> None:
    """It has; or the user knows."""
    QSettings().setValue(f"{TOLD}/{page}", path)


def gone_untold(models_dir: str) -> tuple[str, ...]:
    """Files that made room when nobody was there to be told."""
    told = str(QSettings().value(TOLD_GONE, "")).split("\n")
    return tuple(
        file for file in sorted(map(str, (Path(models_dir) / MADE_ROOM).glob(f"*{SUFFIX}"))) if file not in told
    )


def note_gone(files: Sequence[str]) -> None:
    """The user was told of these."""
    QSettings().setValue(TOLD_GONE, "\n".join(files))


def keep_by_name(file: str) -> Path:
    """Put a file that made room back among the models, under a name that is the user's own.

    Raises:
        OSError: if that cannot be.
    """
    found = KEPT.fullmatch(Path(file).stem)
    name = f"{found[1]}-{found[2]}" if found else Path(file).stem
    return Path(file).rename(free_path(Path(file).parent.parent / f"{name}{SUFFIX}"))
