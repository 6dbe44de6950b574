"""The models with codes that a page can open: those of the catalog and those that were dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.api import Catalog, ModelInfo, called
from genstudio.errors import counted
from genstudio.settings import LATENT
from genstudio.ui.tabs.dropped_models import key_of
from genstudio.ui.tabs.heirs import Heirs, went_on
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.tabs.run_words import gone, moved_on, name_of, not_opened
from genstudio.ui.tabs.vae_state import VaeState
from genstudio.ui.widgets.form import Choice

FIRST = "mnist-vae-16"


class VaeShelf:
    """Models by what requests call them: a name, or a dropped file's path. Shown in a picker."""

    def __init__(self, picker: Choice) -> None:
        self._infos: dict[str, ModelInfo] = {}
        self._dropped: dict[str, ModelInfo] = {}
        self._picker = picker
        self._good: tuple[str, Any] | None = None  # what was kept last
        self._heirs = Heirs()

    def share(self, dropped: dict[str, ModelInfo]) -> None:
        """What is dropped on one shelf is on all that share such a dictionary."""
        self._dropped = dropped

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def get(self, key: str) -> ModelInfo | None:
        """What is known of a model; None if it is not here."""
        if key not in self._infos and key in self._dropped:
            self.add(key, self._dropped[key])
        return self._infos.get(key)

    def name(self, key: str) -> str:
        """What a sentence calls a model."""
        info = self.get(key)
        return info.name if info is not None else key

    def set_catalog(self, catalog: Catalog, shown: str) -> bool:
        """The catalog's models, and the dropped ones as before; whether the model shown is still the same."""
        old = self.get(shown)
        found = {info.name: info for info in catalog.models_of(*LATENT)}
        self._dropped.update((info.path, info) for info in catalog.opened if info.family in LATENT)
        self._heirs.note(self._infos, found, shown, catalog.models_dir)
        self._infos = found | self._heirs.aside | self._dropped
        self._fill()
        return old is not None and self.get(shown) == old

    def heir(self, key: str) -> str:
        """What stands in a model's place: itself, or the file in which a kept run went on; "" if it is gone."""
        return self._heirs.of(key, self)

    def has_lost(self, key: str) -> bool:
        """Whether a model that was here is gone, or goes by another name."""
        return key != "" and key not in self

    def say_moved(self, page: TabPage, key: str, now: str) -> None:
        """Say that another model is shown in the place of one that is gone; nothing if it is the same one."""
        heir = self.heir(key)
        if went_on(key, heir):
            page.tell(moved_on(key, heir))
        elif key and not heir:
            page.tell(gone(key, now))

    def take(self, info: ModelInfo) -> str:
        """What a model is called whose file has been dropped and read; one that is new is offered from now on."""
        if (key := key_of(info, self._infos)) == info.path:
            self.add(key, info)
        return key

    def add(self, key: str, info: ModelInfo) -> None:
        """One more."""
        self._infos[key] = info
        if key == info.path:
            self._dropped[key] = info
        self._fill()

    def keep(self, key: str, seen: Any) -> None:
        """What is seen of a model that answers: the way back from one that does not."""
        self._good = key, seen

    def good(self) -> tuple[str, Any] | None:
        """The model that answered last, if it is still here, and what was seen of it."""
        return self._good if self._good is not None and self._good[0] in self else None

    def not_opened(self, key: str, error: BaseException) -> tuple[str, str]:
        """What the stage says of a model that could not be loaded, and its button: the way back, if there is one."""
        good = self.good()
        return not_opened(self.name(key), error, self.name(good[0]) if good else "")

    def fresh(self, key: str) -> VaeState:
        """How a model is shown first."""
        return VaeState.first(key, self._infos[key].latent_dim)

    def first(self, saved: Mapping[str, Any]) -> VaeState | None:
        """What the page opens on: the saved state if its model is here, else a fresh one; None without models."""
        if not self._infos:
            return None
        key = next(k for k in (saved.get("model"), FIRST, next(iter(self._infos))) if k in self._infos)
        state = VaeState.from_dict(dict(saved), self._infos[key].latent_dim)
        return state if state and state.model == key else self.fresh(key)

    def _fill(self) -> None:
        shown = self._picker.value()
        self._picker.clear()
        for key, info in self._infos.items():
            self._picker.add_choice(
                name_of(info.name), key, f"{counted(info.latent_dim, 'latent')}, trained on {called(info.dataset)}"
            )
        self._picker.setEnabled(bool(self._infos))
        self._picker.set_value(shown)
