"""What a mode offers where it needs the pictures that a model learned from, and they are not on this computer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genstudio.ui.latent.model_page import ModelPage

TRAINS = "latent-train"  # the page that downloads datasets


def offers_data(page: ModelPage) -> bool:
    """Say that the pictures are missing and offer the way to their download; False if they are there."""
    info, known = page.info(), page.catalog.datasets if page.catalog is not None else ()
    found = next((one for one in known if info is not None and one.name == info.dataset), None)
    if found is None or found.available:
        return False
    text = f"{found.title}, from which the model learned, is not on this computer; the study needs it."
    page.offered.emit(text, f"Get {found.title}", partial(go_for, page, found.name))
    return True


def go_for(page: ModelPage, dataset: str) -> None:
    """To the page that downloads it."""
    page.desk.wish = {"dataset": dataset}
    page.mode_wanted.emit(TRAINS)
