"""A page of models that come, change and go: those of the catalog, and files that were dropped on it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio.api import Catalog, LoadRequest, ModelInfo
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.dropped_models import DroppedModels
from genstudio.ui.tabs.heirs import Heirs
from genstudio.ui.tabs.page import TabPage


class ModelsPage(TabPage):
    """Owns the models of its families and what stands in for those that are gone. It begins when both the catalog is
    known and the page is on top; a subclass says with what, and what becomes of what it shows when models change."""

    families: tuple[str, ...] = ()  # of the models that it takes, those first on which it opens
    misfit = ""  # why a model of another family is of no use here, about its {name} and {family}

    def __init__(self, name: str, title: str, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(name, title, bridge, parent)
        self.infos: dict[str, ModelInfo] = {}  # models, by what requests call them
        self.dropped = DroppedModels(self)
        self._heirs = Heirs()
        self._saved: dict[str, Any] = {}  # the state to begin with
        self._is_active = False

    @property
    def info(self) -> ModelInfo | None:
        """The model for which pictures are made, on a page that has such a one."""
        return None

    def data_of_model(self) -> str:
        """The dataset from which that model learned; "" without one."""
        return self.info.dataset if self.info is not None else ""

    def models_in(self, catalog: Catalog) -> tuple[ModelInfo, ...]:
        """The models of a catalog, as pickers have them."""
        return catalog.by_family(*self.families)

    def set_catalog(self, catalog: Catalog) -> None:
        """Models and datasets; begin once the page is on top."""
        super().set_catalog(catalog)
        before = self.infos
        found = {info.name: info for info in self.models_in(catalog)}
        self._heirs.note(before, found, "", catalog.models_dir)
        self.dropped.know(info for info in catalog.opened if self.takes(info))
        self.infos = found | self.dropped.infos
        self.fill_models()
        self.models_came(catalog, {name for name, info in before.items() if self.infos.get(name) != info})

    def fill_models(self) -> None:
        """Bring pickers in line with `infos`, where that is not done with each state that is shown."""

    def models_came(self, catalog: Catalog, changed: set[str]) -> None:
        """There are other models, or other data; those of `changed` are gone or have other weights."""
        raise NotImplementedError

    # ---- dropped files ----------------------------------------------------------------------------------

    def takes(self, info: ModelInfo) -> bool:
        """Every model of its families."""
        return info.family in self.families

    def offer_model(self, path: str) -> bool:
        """A dropped checkpoint is read; its answer says whether the page has a use for it."""
        self.ask("play", "load", LoadRequest(path))
        return True

    def take_model(self, info: ModelInfo) -> None:
        """A dropped file has been read."""
        if not self.takes(info):
            self.dropped.forget()
            self.tell(self.misfit.format(name=info.name, family=info.family), error=True)
            return
        key = self.dropped.take(info, self.infos)
        if key == info.path:
            self.fill_models()
        if not self.dropped.reopen(info):
            self.use_model(key)

    def use_model(self, key: str) -> None:
        """Show a model that was dropped, and is one of `infos` now."""
        raise NotImplementedError
