"""What a picture shows, as the bundled classifier of digits sees it."""

from __future__ import annotations

import torch

from genstudio import api
from genstudio.api.borders import border
from genstudio.core.families.classifier import Classifier
from genstudio.core.fitting import CONTENT
from genstudio.core.images import to_float
from genstudio.session.classifier import CLASSES, READS, SHAPE, load_classifier


class Guesses:
    """The classifier, read when it is first asked; lives on the session's thread."""

    def __init__(self) -> None:
        self._network: Classifier | None = None
        self._is_here = True

    @torch.inference_mode()
    def guess(self, request: api.GuessRequest) -> api.GuessEvent:
        """Of which digit a picture is; nothing of a blank one, and of what the classifier has not learnt to read."""
        picture = request.picture
        is_read = request.dataset in READS and picture.shape == SHAPE
        if not is_read or int(picture.max()) - int(picture.min()) < CONTENT or (network := self._classifier()) is None:
            return api.GuessEvent(request)
        if border(picture[None]) > 0.5:  # dark ink on white paper
            picture = 255 - picture
        x = to_float(torch.from_numpy(picture.copy())[None].permute(0, 3, 1, 2))
        try:
            shares = network(x).softmax(1)[0].numpy()
        except RuntimeError:  # out of memory: the picture is good for all that
            return api.GuessEvent(request)
        return api.GuessEvent(request, CLASSES, shares)

    def _classifier(self) -> Classifier | None:
        if self._network is None and self._is_here:
            try:
                self._network = load_classifier()
            except (OSError, ValueError):  # it is no part of this installation, or damaged
                self._is_here = False
        return self._network
