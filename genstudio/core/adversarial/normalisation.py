"""What is normalised inside D: activations over the batch or the picture, or the weights."""

from __future__ import annotations

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from genstudio.core.batch_norm import BatchNorm2d


def has_bias(kind: str) -> bool:
    """Whether the convolution before it needs a bias of its own: normalised activations get one afterwards."""
    return kind in ("none", "spectral")


def norm(kind: str, channels: int) -> nn.Module:
    """The layer after a convolution.

    batch: Ioffe & Szegedy 2015 (arXiv:1502.03167); not with a gradient penalty, for then a picture's output depends
    on the others. layer: over all channels of each picture (Ba et al. 2016, arXiv:1607.06450), as WGAN-GP advises.
    """
    if kind == "batch":
        return BatchNorm2d(channels)
    return nn.GroupNorm(1, channels) if kind == "layer" else nn.Identity()


def normalise_weights(network: nn.Module) -> None:
    """Every layer with weights divided by its largest singular value (Miyato et al. 2018, arXiv:1802.05957)."""
    for module in list(network.modules()):
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            spectral_norm(module)
