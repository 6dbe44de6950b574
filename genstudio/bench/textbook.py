"""The plain training loops of textbooks and tutorials, on GenStudio's own networks.

DataLoader with torchvision transforms, BCELoss after a Sigmoid, one backward pass per term, plain
Adam, `.item()` of every loss in every step, float32. This is what `genstudio bench` compares with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from genstudio.core.families.gan import Discriminator, Generator
from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d
from genstudio.core.unet import UNet
from genstudio.settings import DiffusionSettings, GANSettings

Losses = dict[str, float]
BETAS = (0.5, 0.999)  # of a DCGAN (Radford et al. 2016, section 3)


class PictureDataset(Dataset[tuple[Tensor, int]]):
    """Pictures as torchvision's own datasets give them: a PIL image through a transform, one by one."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images, labels
        channels = images.shape[-1]
        self.transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize((0.5,) * channels, (0.5,) * channels)]
        )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = Image.fromarray(self.images[index].squeeze())
        return self.transform(image), int(self.labels[index])


def batches(images: np.ndarray, labels: np.ndarray, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Epoch after epoch of shuffled batches."""
    loader = DataLoader(PictureDataset(images, labels), batch_size=batch_size, shuffle=True, drop_last=True)
    while True:
        yield from loader


N = TypeVar("N", bound=nn.Module)


def plain(network: N) -> N:
    """The network with torch's own layers where ours are written for speed; weights unchanged."""
    for name, layer in network.named_modules():
        if isinstance(layer, (ThinConv2d, ThinConvTranspose2d)):
            kind = nn.Conv2d if isinstance(layer, ThinConv2d) else nn.ConvTranspose2d
            twin = kind(layer.in_channels, layer.out_channels, 4, 2, 1)
            twin.load_state_dict(layer.state_dict())
            network.set_submodule(name, twin)
    return network


def vae_loop(
    network: Any, data: Iterator[tuple[Tensor, Tensor]], device: torch.device, lr: float, beta: float
) -> Iterator[Losses]:
    """One `next()` is one iteration of a VAE with `encode` and `decode_logits`."""
    network.to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=lr)
    for x, _ in data:
        x = x.to(device)
        optimizer.zero_grad()
        mu, log_var = network.encode(x)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(log_var)
        x_hat = torch.sigmoid(network.decode_logits(z))
        recon = nn.functional.binary_cross_entropy(x_hat, (x + 1) / 2, reduction="sum") / len(x)
        kl = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp()) / len(x)
        loss = recon + beta * kl
        loss.backward()
        optimizer.step()
        yield {"loss": loss.item(), "recon_loss": recon.item(), "kl_loss": kl.item()}


def gan_loop(
    g: Generator, d: Discriminator, data: Iterator[tuple[Tensor, Tensor]], device: torch.device, settings: GANSettings
) -> Iterator[Losses]:
    """One `next()` is one update of D and one of G, as in PyTorch's DCGAN tutorial."""
    g.to(device)
    d.to(device)
    criterion = nn.BCELoss()
    opt_d = torch.optim.Adam(d.parameters(), lr=settings.lr_d, betas=BETAS)
    opt_g = torch.optim.Adam(g.parameters(), lr=settings.lr_g, betas=BETAS)
    for x, _ in data:
        x = x.to(device)
        d.zero_grad()
        target = torch.full((len(x),), settings.real_label, device=device)
        output = torch.sigmoid(d(x))
        loss_real = criterion(output, target)
        loss_real.backward()
        d_real = output.mean().item()
        z = torch.randn(len(x), settings.latent_dim, device=device)
        fake = g(z)
        target.fill_(0.0)
        output = torch.sigmoid(d(fake.detach()))
        loss_fake = criterion(output, target)
        loss_fake.backward()
        d_fake = output.mean().item()
        opt_d.step()
        g.zero_grad()
        target.fill_(1.0)
        loss_g = criterion(torch.sigmoid(d(fake)), target)
        loss_g.backward()
        opt_g.step()
        d_loss = (loss_real + loss_fake).item()
        yield {"d_loss": d_loss, "g_loss": loss_g.item(), "d_real": d_real, "d_fake": d_fake}


def ddpm_loop(
    network: UNet, data: Iterator[tuple[Tensor, Tensor]], device: torch.device, settings: DiffusionSettings
) -> Iterator[Losses]:
    """One `next()` is one iteration of Ho et al. 2020, algorithm 1."""
    network.to(device)
    betas = torch.linspace(1e-4, 0.02, settings.timesteps, device=device)
    alphas_cumprod = torch.cumprod(1 - betas, 0)
    optimizer = torch.optim.Adam(network.parameters(), lr=settings.lr)
    mse = nn.MSELoss()
    for x0, y in data:
        x0, y = x0.to(device), y.to(device)
        optimizer.zero_grad()
        t = torch.randint(0, settings.timesteps, (len(x0),), device=device)
        eps = torch.randn_like(x0)
        a = alphas_cumprod.gather(0, t).view(-1, 1, 1, 1)
        x_t = torch.sqrt(a) * x0 + torch.sqrt(1 - a) * eps
        loss = mse(network(x_t, t, y), eps)
        loss.backward()
        optimizer.step()
        yield {"loss": loss.item()}
