"""The game: D learns to tell real from generated, G learns to be taken for real (Goodfellow et al. 2014)."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.adversarial import bounds
from genstudio.core.adversarial.losses import LOSSES
from genstudio.core.adversarial.stage import Stage
from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.optimizers import forget_gradients, last_updates, memory, norm_of, optimizer_of, remember, step
from genstudio.core.seeding import image_noise
from genstudio.core.training import Averaging, Batches, State, Trainer, prefixed, seeded, under
from genstudio.settings.adversarial import GameSettings

CODE, MIX, NOISE = 1, 2, 3  # purposes of an iteration's random numbers
PER_UPDATE = 10  # purposes of one update; those of G come after those of D


class GameTrainer(Trainer):
    """Some updates of D, then some of G; the pictures come from an average of G.

    A family gives `build_g` and `build_d`. Both networks take a second argument, the classes (B,), which counts or not.
    """

    metric_names = ("d_loss", "g_loss", "d_real", "d_fake")
    settings: GameSettings

    def __init__(self, settings: GameSettings, data: Batches, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        betas = settings.beta1, settings.beta2
        self.g: nn.Module = seeded(settings.seed, self.build_g).to(compute.device)
        self.d: nn.Module = seeded(settings.seed + 1, self.build_d).to(compute.device)
        self.average = copy.deepcopy(self.g).eval().requires_grad_(False)
        self._averaging = Averaging(self.average, self.g)
        self._weights_of_d = list(self.d.parameters())
        self.opt_g = optimizer_of(settings.optimizer, self.g, settings.lr_g, betas)
        self.opt_d = optimizer_of(settings.optimizer, self.d, settings.lr_d, betas)
        self._descend_g, self._descend_d = parallel.descent(self.g), parallel.descent(self.d)
        self._outputs: dict[str, Tensor] = {}  # of D, on the last batch it learned from
        self._batch: dict[str, Tensor] = {}  # that batch

    def build_g(self) -> nn.Module:
        """A new generator: codes (B, D) and classes to pictures (B, C, H, W)."""
        raise NotImplementedError

    def build_d(self) -> nn.Module:
        """A new discriminator: pictures and classes to outputs (B,)."""
        raise NotImplementedError

    def stages(self) -> Iterator[Stage]:
        """For each update of D: draw, generate, score, penalty, update D; for each of G: generate again, score again,
        update G. There is a penalty where the settings ask for one, and the first update of G learns from the pictures
        that D has seen last."""
        s, parts = self.settings, dict(zip(self.metric_names, self._metrics.to(self.compute.device), strict=True))
        loss, fake, labels, count = LOSSES[s.loss], None, None, 0
        for k in range(s.d_updates):
            x, labels = self.data.batch(self.iteration * s.d_updates + k, s.batch_size, s.seed)
            count = len(x)
            z, x, labels = self._codes(k, count), parallel.mine(x), parallel.mine(labels)
            yield Stage("draw", batch=count, latents=s.latent_dim)
            is_last = k == s.d_updates - 1 and s.g_updates > 0  # the only one whose pictures G will learn from
            with torch.set_grad_enabled(is_last), self.compute.autocast():
                fake = self.g(z, labels)
            yield Stage("generate", partial(spreads, fake=fake, real=x))
            seen, forged = self._noisy(x, count, k, 0), self._noisy(fake.detach(), count, k, 1)
            with self.compute.autocast():
                real_outputs, fake_outputs = (self._verdicts(some, labels, count) for some in (seen, forged))
            loss_d = loss.d(real_outputs, fake_outputs, s.real_label)
            self._outputs = {"real": real_outputs.detach(), "fake": fake_outputs.detach()}
            self._batch = {"real": x, "fake": fake.detach()}
            confidence = loss.mean_confidence(d_real=real_outputs.detach(), d_fake=fake_outputs.detach())
            parts |= {"d_loss": loss_d.detach(), **confidence}
            yield Stage("score", **confidence, d_loss=loss_d.detach())
            penalty = self._penalties(seen, forged, labels, count, k)
            if s.gradient_penalty or s.r1:
                yield Stage("penalty", penalty=penalty.detach())
            forget_gradients(self.opt_d)
            self._descend_d(loss_d + penalty)
            self._step(self.opt_d, s.lr_d)
            if s.clip:
                bounds.clip_weights(self.d, s.clip)
            yield Stage("update D", partial(self._moved, self.d, self.opt_d, s.lr_d))
        self._freeze_d(True)  # the gradient passes through D, but D's own is not computed
        for k in range(s.d_updates, s.d_updates + s.g_updates):
            if k > s.d_updates or fake is None:
                _, labels = self.data.batch(self.iteration * max(s.d_updates, 1), s.batch_size, s.seed)
                count, labels = len(labels), parallel.mine(labels)
                with self.compute.autocast():
                    fake = self.g(self._codes(k, count), labels)
                yield Stage("generate again", partial(spreads, fake=fake))
            with self.compute.autocast():
                outputs = self._verdicts(self._noisy(fake, count, k, 0), labels, count)
                loss_g = loss.g(outputs)
            yield Stage("score again", partial(loss.mean_confidence, d_fake=outputs.detach()), g_loss=loss_g.detach())
            forget_gradients(self.opt_g)
            self._descend_g(loss_g)
            self._step(self.opt_g, s.lr_g)
            self._averaging.update(s.ema_decay, self.iteration)
            parts["g_loss"] = loss_g.detach()
            yield Stage("update G", partial(self._moved, self.g, self.opt_g, s.lr_g))
        self._freeze_d(False)
        self._metrics = torch.stack([parts[name].float() for name in self.metric_names])

    def _freeze_d(self, is_frozen: bool) -> None:
        for weight in self._weights_of_d:
            weight.requires_grad_(not is_frozen)

    def _moved(self, network: nn.Module, optimizer: torch.optim.Optimizer, lr: float) -> dict[str, Tensor | float]:
        """How long the last gradient was, NaN before there was one, and how far the network has moved by it."""
        known = [p.grad for p in network.parameters() if p.grad is not None]
        gradients = norm_of(known) if known else torch.tensor(math.nan, device=self.compute.device)
        ratio = norm_of(last_updates(optimizer)) / norm_of(list(network.parameters())).clamp_min(1e-12)
        return {"gradient": gradients, "ratio": ratio, "rate": self.learning_rate(lr)}

    def _purpose(self, update: int, what: int) -> int:
        return what + PER_UPDATE * update

    def _codes(self, update: int, count: int) -> Tensor:
        return self.normal(self._purpose(update, CODE), count, self.settings.latent_dim)

    def _verdicts(self, x: Tensor, labels: Tensor | None, count: int) -> Tensor:
        """What D says of the pictures of a whole batch of `count`, (B,), of the own ones."""
        return parallel.whole(self.d(x, labels), count)

    def _noisy(self, x: Tensor, count: int, update: int, which: int) -> Tensor:
        """What D sees of pictures, of a batch of `count`."""
        sigma = self.settings.instance_noise
        if not sigma:
            return x
        return x + sigma * self.normal(self._purpose(update, NOISE + which), count, *x.shape[1:])

    def _penalties(self, real: Tensor, fake: Tensor, labels: Tensor | None, count: int, update: int) -> Tensor:
        """Of D's slope, weighted; in float32, for they are differentiated twice."""
        s, total = self.settings, torch.zeros((), device=self.compute.device)
        critic: bounds.Critic = lambda x: self.d(x, labels)  # noqa: E731
        if s.gradient_penalty:
            rng = self.rng(self._purpose(update, MIX))
            mix = parallel.mine(torch.rand(count, generator=rng)).to(self.compute.device)
            total = total + s.gradient_penalty * bounds.gradient_penalty(critic, real, fake, mix)
        if s.r1:
            total = total + s.r1 * bounds.r1_penalty(critic, real)
        return total

    def _step(self, optimizer: torch.optim.Optimizer, lr: float) -> None:
        step(optimizer, self.learning_rate(lr), (self.settings.beta1, self.settings.beta2))

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """The averaged generator on the same codes every time, the classes in turn."""
        z = image_noise(self.settings.seed, range(count), (self.settings.latent_dim,)).to(self.compute.device)
        return to_uint8(self.average(z, classes_in_turn(count, self.data.classes, self.compute.device))).cpu()

    def numbers(self) -> dict[str, Tensor]:
        """What the game tells of itself.

        real_outputs, fake_outputs: (B,) what D said of the last batch.
        gradient_norms, update_ratios: (2,) of D and of G, how long the last gradient was, NaN before there was one, and
            the last update over the weights.
        spreads: (2,) of the real examples of that batch and of the generated ones, the standard deviation over the
            batch, averaged over the numbers of an example.
        """
        if not self._outputs:
            return {}
        moved = [self._moved(net, opt, 0.0) for net, opt in ((self.d, self.opt_d), (self.g, self.opt_g))]
        gradients, ratios = ([torch.as_tensor(told[name]) for told in moved] for name in ("gradient", "ratio"))
        return {
            **{f"{name}_outputs": outputs for name, outputs in self._outputs.items()},
            "gradient_norms": torch.stack(gradients),
            "spreads": torch.stack(list(spreads(**self._batch).values())),
            "update_ratios": torch.stack(ratios),
        }

    def model(self) -> nn.Module:
        """The averaged generator."""
        return self.average

    def state(self) -> State:
        """Both networks, the average and what the optimisers remember."""
        return {
            **prefixed("g", self.g.state_dict()),
            **prefixed("d", self.d.state_dict()),
            **prefixed("average", self.average.state_dict()),
            **prefixed("opt_g", memory(self.opt_g)),
            **prefixed("opt_d", memory(self.opt_d)),
        }

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        for name, network in (("g", self.g), ("d", self.d), ("average", self.average)):
            network.load_state_dict(under(name, state))
        remember(self.opt_g, under("opt_g", state))
        remember(self.opt_d, under("opt_d", state))


def spreads(**batches: Tensor) -> dict[str, Tensor]:
    """Of each batch the standard deviation over it, averaged over the numbers of an example, ()."""
    return {name: x.detach().float().std(0, correction=0).mean() for name, x in batches.items()}


def classes_in_turn(count: int, classes: int, device: torch.device) -> Tensor | None:
    """(count,) 0, 1, 2 and so on, from 0 again after the last; None without classes."""
    return torch.arange(count, device=device) % classes if classes else None
