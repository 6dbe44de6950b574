"""How networks step, and what an optimiser remembers as named tensors of a file."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from genstudio.core.training import State

REMEMBERED = {
    torch.optim.Adam: ("exp_avg", "exp_avg_sq", "step"),
    torch.optim.RMSprop: ("square_avg", "step"),
    torch.optim.SGD: ("momentum_buffer",),
}
SCALARS = ("step",)
RMS_DECAY, EPS = 0.99, 1e-8


def optimizer_of(kind: str, network: nn.Module, lr: float, betas: tuple[float, float]) -> torch.optim.Optimizer:
    """adam, rmsprop, or sgd with momentum; fused where the device has it."""
    parameters = list(network.parameters())
    fused = parameters[0].device.type in ("cpu", "cuda")
    if kind == "adam":
        return torch.optim.Adam(parameters, lr=lr, betas=betas, eps=EPS, fused=fused)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=lr, alpha=RMS_DECAY, eps=EPS)
    return torch.optim.SGD(parameters, lr=lr, momentum=betas[0], fused=fused)


def adam(network: nn.Module, lr: float, betas: tuple[float, float] = (0.9, 0.999)) -> torch.optim.Optimizer:
    """The usual one."""
    return optimizer_of("adam", network, lr, betas)


def step(optimizer: torch.optim.Optimizer, lr: float, betas: tuple[float, float] | None = None) -> None:
    """One update at this learning rate, and with these betas if they are given."""
    for group in optimizer.param_groups:
        group["lr"] = lr
        if betas is not None and "betas" in group:
            group["betas"] = betas
        elif betas is not None and isinstance(optimizer, torch.optim.SGD):
            group["momentum"] = betas[0]
    if not _stepped_at_once(optimizer):
        optimizer.step()


def forget_gradients(optimizer: torch.optim.Optimizer) -> None:
    """As its `zero_grad`, without what that does around it."""
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None


@torch.no_grad()
def _stepped_at_once(optimizer: torch.optim.Optimizer) -> bool:
    """The very update of torch's fused Adam without what it does around it, which costs tiny networks more than it.

    False if it is another optimiser, or nothing is remembered yet.
    """
    group: dict[str, Any] = optimizer.param_groups[0]
    if not (isinstance(optimizer, torch.optim.Adam) and group["fused"]):
        return False
    moved = [parameter for parameter in group["params"] if parameter.grad is not None]
    entries = [optimizer.state[parameter] for parameter in moved]
    if not all(entries):
        return False
    means, squares, counts = ([entry[name] for entry in entries] for name in REMEMBERED[torch.optim.Adam])
    beta1, beta2 = group["betas"]
    torch._foreach_add_(counts, 1)
    torch._fused_adam_(
        moved, [parameter.grad for parameter in moved], means, squares, [], counts, lr=group["lr"], beta1=beta1,
        beta2=beta2, weight_decay=0.0, eps=group["eps"], amsgrad=False, maximize=False,
    )  # fmt: skip
    return True


def memory(optimizer: torch.optim.Optimizer) -> State:
    """What it remembers, as flat tensors "INDEX.NAME"; zeros before the first step."""
    flat: State = {}
    for index, parameter in enumerate(optimizer.param_groups[0]["params"]):
        entry = optimizer.state.get(parameter) or {}
        for name in REMEMBERED[type(optimizer)]:
            kept = entry.get(name)
            blank = torch.zeros(()) if name in SCALARS else torch.zeros_like(parameter)
            flat[f"{index}.{name}"] = blank if kept is None else kept
    return flat


def remember(optimizer: torch.optim.Optimizer, flat: State) -> None:
    """Put back what `memory` gave."""
    entries: dict[int, dict[str, Tensor]] = {}
    for name, tensor in flat.items():
        index, key = name.split(".")
        entries.setdefault(int(index), {})[key] = tensor.clone()
    optimizer.load_state_dict({"state": entries, "param_groups": optimizer.state_dict()["param_groups"]})


@torch.no_grad()
def last_updates(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """How far each of its tensors was moved by the last step, recomputed from what it remembers."""
    group: dict[str, Any] = optimizer.param_groups[0]
    moved = []
    for parameter in group["params"]:
        entry = optimizer.state.get(parameter) or {}
        if isinstance(optimizer, torch.optim.Adam) and "step" in entry:
            count = float(entry["step"])
            beta1, beta2 = group["betas"]
            root = (entry["exp_avg_sq"] / (1 - beta2**count)).sqrt() + group["eps"]
            moved.append(group["lr"] * entry["exp_avg"] / (1 - beta1**count) / root)
        elif isinstance(optimizer, torch.optim.RMSprop) and "step" in entry and parameter.grad is not None:
            moved.append(group["lr"] * parameter.grad / (entry["square_avg"].sqrt() + group["eps"]))
        elif isinstance(optimizer, torch.optim.SGD) and group["momentum"] and entry.get("momentum_buffer") is not None:
            moved.append(group["lr"] * entry["momentum_buffer"])
        elif isinstance(optimizer, torch.optim.SGD) and parameter.grad is not None:
            moved.append(group["lr"] * parameter.grad)
        else:
            moved.append(torch.zeros_like(parameter))
    return moved


@torch.no_grad()
def norm_of(tensors: list[Tensor]) -> Tensor:
    """The length of all of them as one vector, ()."""
    if not tensors:
        return torch.zeros(())
    return torch.stack(torch._foreach_norm([tensor.float() for tensor in tensors])).norm()
