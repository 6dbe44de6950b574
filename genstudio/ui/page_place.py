"""The places of the pages: what the bars say of each at once, and the page itself once it is wanted."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.latent.desk import LatentDesk

if TYPE_CHECKING:
    from genstudio.ui.bridge import Bridge
    from genstudio.ui.tabs.page import TabPage

LATENT, GAME, DENOISING, BESIDE = "Latent space", "Adversarial game", "Denoising", "Side by side"
HANDING = ("diffusion", "forward", "denoising-train")  # pages that share the desk of their tab
TABLE = (  # name, title of the tab, mode, what the mode is, where the page's class is; in the order of tabs and modes
    ("vae", LATENT, "Explore",
     "Sliders over the numbers of a code, and the way from one code to another", "tabs.vae:VAETab"),
    ("picture", LATENT, "Picture",
     "Draw or drop a picture: its code, what comes back, how sure the model is", "latent.picture:PictureTab"),
    ("map", LATENT, "Map",
     "A plane of codes: what is decoded there, where pictures lie, and where nothing is", "latent.map:MapPage"),
    ("path", LATENT, "Interpolate",
     "The way through two to eight pictures: line, arc, or blended pixels", "latent.path:Interpolate"),
    ("traverse", LATENT, "Traverse",
     "One row of pictures for each number of the code; or two numbers as a plane", "latent.traverse:TraversePage"),
    ("arithmetic", LATENT, "Arithmetic",
     "Sums of codes: what A has and B has not, added to C", "latent.arithmetic:ArithmeticPage"),
    ("compare", LATENT, "Compare",
     "Models side by side: why an autoencoder generates poorly", "latent.compare:ComparePage"),
    ("capacity", LATENT, "Capacity",
     "How many numbers a picture needs: models with more and more latents", "latent.capacity:CapacityPage"),
    ("factors", LATENT, "Factors",
     "Disentanglement: which number of the code tells which factor of the picture", "latent.factors:FactorsPage"),
    ("latent-train", LATENT, "Train",
     "A new model learns before your eyes: VAE, autoencoder or PCA", "latent.train:TrainPage"),
    ("gan", GAME, "Pictures",
     "The game on pictures: trained generators that walk, and new ones that learn", "game.page:GANTab"),
    ("points", GAME, "Points",
     "The game on points in the plane, where one sees all of it", "points.page:PointsPage"),
    ("race", GAME, "Race",
     "Two games locked by iteration: one setting differs, or points beside pictures", "race.page:RacePage"),
    ("diffusion", DENOISING, "Reverse",
     "From noise to pictures, step by step, with the numbers that make them", "diffusion.page:DiffusionTab"),
    ("forward", DENOISING, "Forward",
     "From a picture to noise: slide t, and change the schedule", "diffusion.forward:ForwardPage"),
    ("invert", DENOISING, "Invert",
     "A picture into the noise that it comes from, and back; a film from A to B", "diffusion.invert:InvertPage"),
    ("samplers", DENOISING, "Compare",
     "The same noise, several ways side by side: what few steps cost and lose", "diffusion.compare_page:SamplersPage"),
    ("field", DENOISING, "Points",
     "A network learns points in the plane or on a line, before your eyes: the field, and particles along it",
     "diffusion.field:FieldPage"),
    ("denoising-train", DENOISING, "Train",
     "A new diffusion model learns before your eyes: samples, loss, and the loss at every level of noise",
     "diffusion.train:DenoisingTrainPage"),
    ("triptych", BESIDE, "Triptych",
     "One control moves a VAE, a GAN and a diffusion model: what each draws, and how long it takes",
     "triptych.page:TriptychPage"),
    ("one-picture", BESIDE, "One picture",
     "A picture of yours, found again in a VAE, a GAN and a diffusion model: how near each comes",
     "one_picture.page:OnePicturePage"),
    ("measured", BESIDE, "Measured",
     "The lecture's table of stars in measured numbers: quality, diversity, stability, codes, speed, cost",
     "measured.page:MeasuredPage"),
    ("copied", BESIDE, "Copied?",
     "The training picture that is nearest to each new one: has a model learnt its pictures by heart?",
     "copied.page:CopiedPage"),
)  # fmt: skip


class PagePlace:
    """The place of one page, which is made when it is wanted first. Lives on the window thread.

    Args:
        name: The page's name, e.g. "vae".
        title: The tab in which it is shown.
        make: Makes the page.
        load: Imports what makes it; may be called before, so that both are not one long pause.
        mode: Its name in the mode bar; '' for a page that has its tab for itself.
        mode_help: A tooltip for that.
    """

    def __init__(
        self,
        name: str,
        title: str,
        make: Callable[[], TabPage],
        load: Callable[[], object] = lambda: None,
        mode: str = "",
        mode_help: str = "",
    ) -> None:
        self.name, self.title, self.mode, self.mode_help = name, title, mode, mode_help
        self.load, self._make = load, make
        self._page: TabPage | None = None

    def make(self) -> TabPage:
        """The page; the first call makes it."""
        if self._page is None:
            self._page = self._make()
            assert (self._page.name, self._page.title) == (self.name, self.title)
        return self._page


def make_places(bridge: Bridge) -> tuple[PagePlace, ...]:
    """The window's places in the order of their tabs and modes."""
    desk, denoising = LatentDesk(), DenoisingDesk()

    def place(name: str, title: str, mode: str, mode_help: str, where: str) -> PagePlace:
        module, kind = where.split(":")
        shared = (desk,) if title == LATENT else (denoising,) if name in HANDING else ()

        def load() -> Any:
            return getattr(importlib.import_module(f"genstudio.ui.{module}"), kind)

        return PagePlace(name, title, lambda: load()(bridge, *shared), load, mode, mode_help)

    return tuple(place(*line) for line in TABLE)
