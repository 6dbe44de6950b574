"""What pictures are compared in: the features of the bundled classifier, of Inception v3, or the pixels themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio import api
from genstudio.core.families.classifier import Classifier
from genstudio.core.images import to_float
from genstudio.core.parts import by_parts
from genstudio.session.classifier import CLASSES, READS, load_classifier

BATCH, SLOW = 500, 64  # pictures from one word of progress to the next; of Inception v3
INCEPTION = "inception_v3_google-0cc3c7bd.pth"  # torchvision's own file; its name ends with how its SHA-256 begins
SIDE = 299  # px, what Inception v3 looks at

Seen = tuple[Tensor, Tensor | None]  # features (B, F) and logits (B, K), on the CPU


@dataclass(frozen=True)
class Eye:
    """Looks at pictures (B, C, H, W) in [-1, 1]; lives on one thread."""

    name: api.Eye
    see: Callable[[Tensor], Seen]
    exact: Callable[[Tensor], Tensor]  # features without rounding, for path lengths
    classes: tuple[str, ...] = ()  # of the logits, where they have names
    batch: int = BATCH

    def look(self, images: api.Pictures, what: str) -> Generator[api.ProgressEvent, None, Seen]:
        """Features (N, F) and logits (N, K) of pictures (N, H, W, C), with progress."""
        found: list[Seen] = []
        for start in range(0, len(images), self.batch):
            yield api.ProgressEvent(f"Looking at {what}", start, len(images))
            x = torch.from_numpy(images[start : start + self.batch].copy()).permute(0, 3, 1, 2)
            found += by_parts(lambda part: self.see(to_float(part)), x)
        logits = [seen for _, seen in found if seen is not None]
        return torch.cat([features for features, _ in found]), torch.cat(logits) if logits else None


def eye_for(asked: str, info: api.ModelInfo, dataset: str, folder: Path | None = None) -> Eye:
    """The one that was asked for, else the best for pictures of a dataset: the classifier for digits, Inception v3
    where its weights are on this machine, or the pixels.

    Args:
        folder: Of torch's downloaded weights; its own by default.
    Raises:
        ValueError: if the one asked for cannot look at such pictures.
    """
    is_digits = (info.channels, info.size) == (1, 28)
    if asked == "classifier" or (not asked and is_digits and dataset in READS):
        if not is_digits:
            raise ValueError("The bundled classifier reads grey pictures of 28 x 28; choose inception or pixels.")
        return of_classifier(load_classifier())
    weights = (folder or Path(torch.hub.get_dir()) / "checkpoints") / INCEPTION
    if asked == "inception" or (not asked and weights.is_file()):
        return _inception(weights)
    if asked not in ("", "pixels"):
        raise ValueError(f"features are {asked!r}; allowed: {', '.join(api.EYES)}")
    return Eye("pixels", lambda x: (x.flatten(1), None), exact=lambda x: x.flatten(1))


def of_classifier(network: Classifier) -> Eye:
    """The one that sees digits."""

    def see(x: Tensor) -> Seen:
        features = network.features(x)
        return features, network.head(features)

    return Eye("classifier", see, network.features, CLASSES)


def _inception(path: Path) -> Eye:
    """torchvision's network, and its layer of 2,048 features that the literature's FID is measured in.

    The weights are those that torchvision downloads, read as numbers and only if the file is what its name says.
    The literature's own numbers come from another port of the same network: compare them with care.
    """
    if not path.is_file():
        raise ValueError(
            f"Inception v3 is not on this machine: its weights would be in {path.name} among torch's downloads. "
            "They are never fetched unasked."
        )
    if not hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.stem.rpartition("-")[2]):
        raise ValueError(f"{path.name} is damaged: it is not what its name says.")
    network = inception()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    network.eval().requires_grad_(False)
    head = network.get_submodule("fc")
    network.fc = nn.Identity()  # what is below the last layer comes out

    def features(x: Tensor) -> Tensor:
        grown = F.interpolate(x.expand(-1, 3, -1, -1), (SIDE, SIDE), mode="bilinear", antialias=True)
        found: Tensor = network(grown)  # (B, 2048)
        return found

    def see(x: Tensor) -> Seen:
        found = features(x)
        return found, head(found)

    return Eye("inception", see, features, batch=SLOW)


def inception() -> nn.Module:
    """The network without weights that mean anything."""
    from torchvision.models import inception_v3  # takes more than a second

    with torch.random.fork_rng(devices=[]):
        made: nn.Module = inception_v3(weights=None, init_weights=False, transform_input=False)
    return made
