"""The bundled classifier of digits, which looks at pictures for the meters."""

from __future__ import annotations

from pathlib import Path

import torch

from genstudio import store
from genstudio.core.families.classifier import Classifier
from genstudio.session.models import load_weights
from genstudio.settings import ClassifierSettings

CLASSIFIER = "mnist-classifier"
READS = ("mnist", "strokes")  # datasets of what it has learnt to read
SHAPE = (28, 28, 1)  # of a picture
CLASSES = tuple("0123456789")


def load_classifier(folder: Path | None = None) -> Classifier:
    """The bundled classifier, ready to answer on the CPU."""

    def expected(header: store.Header) -> dict[str, tuple[int, ...]]:
        width = header.settings.width if isinstance(header.settings, ClassifierSettings) else 0
        with torch.device("meta"):
            return {f"model.{n}": tuple(t.shape) for n, t in Classifier(width).state_dict().items()}

    path = (folder or store.pretrained_dir()) / f"{CLASSIFIER}.safetensors"
    header, tensors = store.read_checkpoint(path, expected, groups=("model",))
    assert isinstance(header.settings, ClassifierSettings)  # the shapes above have been checked
    with torch.device("meta"):
        network = Classifier(header.settings.width)
    load_weights(network, tensors)
    return network.eval().requires_grad_(False)
