"""A window of small pages on real engines, for tests of the window itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fakes import CATALOG, FakeSession, makers
from PySide6.QtCore import QMimeData, QUrl

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import MainWindow
from genstudio.ui.page_place import PagePlace
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.widgets.form import IntBox
from genstudio.ui.widgets.stage import Stage


class SmallPage(TabPage):
    """A page with one number and one stage, that notes what the window asks of it."""

    def __init__(self, name: str, title: str, bridge: Bridge) -> None:
        super().__init__(name, title, bridge)
        self.notes: list[Any] = []
        self.stage = Stage()
        self.stage_area.addWidget(self.stage)
        self.seed = IntBox(0, 1000, 0)
        self.inspector.add_section("Ask for").add_row("Seed", self.seed, "The same seed gives the same pictures.")
        self.seed.valueChanged.connect(self.remember)
        self.export_target: Any = None

    def handle(self, verb: str, event: Any) -> None:
        self.notes.append((verb, type(event).__name__))
        if isinstance(event, api.PicturesEvent):
            self.stage.set_pictures(event.images)

    def activate(self) -> None:
        self.notes.append("activate")
        self.ask("play", "sample", api.SampleRequest(f"mnist-{self.name}", self.seed.value(), 4))

    def deactivate(self) -> None:
        self.notes.append("deactivate")

    def parameters(self) -> dict[str, Any]:
        return {"seed": self.seed.value()}

    def set_parameters(self, values: dict[str, Any]) -> None:
        self.seed.setValue(int(values.get("seed", 0)))

    def export_source(self) -> Any:
        return self.export_target

    export_film_source = export_source

    def restore(self, event: api.RestoredEvent) -> None:
        self.notes.append(("restore", event.source))

    def random(self) -> None:
        self.notes.append("random")

    def step(self, direction: int) -> None:
        self.notes.append(("step", direction))

    def toggle_play(self) -> None:
        self.notes.append("play")

    def offer_dataset(self, path: str) -> bool:
        self.notes.append(("dataset", path))
        return self.name == "gan"

    def offer_picture(self, picture: Any) -> bool:
        self.notes.append(("picture", picture.shape))
        return True


def placed(*pages: TabPage, modes: Sequence[str] = ()) -> list[PagePlace]:
    """Places of pages that are there already; with their modes, if they share a tab."""
    names = [*modes, *[""] * (len(pages) - len(modes))]
    return [
        PagePlace(page.name, page.title, lambda page=page: page, mode=mode, mode_help=f"What {mode} is")
        for page, mode in zip(pages, names, strict=True)
    ]


def build(session: FakeSession) -> MainWindow:
    """A window of three small pages on real engines."""
    bridge = Bridge(makers(session))
    titles = {"vae": "Latent space", "gan": "Adversarial game", "diffusion": "Denoising"}
    return MainWindow(bridge, placed(*(SmallPage(name, title, bridge) for name, title in titles.items())))


@contextmanager
def opened(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come; it is closed at the end."""
    made = build(session)
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=30_000):
        made.begin()
    yield made
    made.close()


@contextmanager
def real(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    """A window on the screen with the real pages, which know the catalog; those that nobody asks for are not made."""
    made = MainWindow(Bridge(makers(session)))
    qtbot.addWidget(made)
    made.show()
    made.route("app.catalog", api.CatalogEvent(CATALOG))
    made.spare_time.stop()
    yield made
    made.close()


def drop_of(path: Path | str) -> QMimeData:
    """What a file manager drags."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def settled(qtbot, window: MainWindow, text: str) -> None:
    """Wait until the message bar says something with these words."""
    qtbot.waitUntil(lambda: text in window.bar.text(), timeout=30_000)
