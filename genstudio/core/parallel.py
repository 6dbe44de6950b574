"""Several processes that train one network: who does which rows of a batch, and what they say as one.

Every process draws the whole batch, its noise and its levels, for those are functions of (seed, iteration); it computes
with its own rows (`mine`), and what a loss asks of all rows is told to all (`whole`, `mean`, `moments`). Torch's
DistributedDataParallel takes the mean of the gradients (`descent`). So the weights are those of one process with the
whole batch up to rounding, however many processes there are, and a run goes on with another number of them.

Why the gradients are right: what all processes minimise is the mean of what each calls its loss. `total` is a sum over
the processes that each of them has; backwards, each has the sum of what all want of it. Of a loss that all have alike,
each then has as many times its own part as there are processes, and the mean over them is the gradient of the whole.
That holds for uneven shares, for layers that look at the whole batch, and for derivatives of derivatives.

One process alone, which no launcher has told of others, gets back from everything here what it gave.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


def size() -> int:
    """How many processes train together; 1 alone."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Which of them this is, from 0."""
    return dist.get_rank() if size() > 1 else 0


def is_first() -> bool:
    """Whether this is the process that writes files and speaks to the user: one does."""
    return rank() == 0


def share(count: int, rank: int, size: int) -> slice:
    """The rows of a batch of `count` that are those of a process; the first ones have a row more if it must be."""
    least, more = divmod(count, size)
    start = rank * least + min(rank, more)
    return slice(start, start + least + (rank < more))


def mine(whole: Tensor) -> Tensor:
    """The own rows of something that is the same in every process, (B, ...)."""
    return whole[share(len(whole), rank(), size())] if size() > 1 else whole


def whole(mine: Tensor, count: int | None = None) -> Tensor:
    """The rows of all processes one after the other, (B, ...), of the own ones.

    Args:
        count: B; who does not know it asks all others first, and waits for what they say.
    """
    if size() == 1:
        return mine
    counts = _counts(mine) if count is None else [_length(count, other) for other in range(size())]
    before, after = sum(counts[: rank()]), sum(counts[rank() + 1 :])
    return total(F.pad(mine, (0, 0) * (mine.ndim - 1) + (before, after)))


def _length(count: int, rank: int) -> int:
    own = share(count, rank, size())
    return int(own.stop - own.start)


def _counts(mine: Tensor) -> list[int]:
    """How many rows each process has."""
    counts = torch.zeros(size(), dtype=torch.int64, device=mine.device)
    counts[rank()] = len(mine)
    return [int(count) for count in total(counts).tolist()]


def total(x: Tensor) -> Tensor:
    """The sum over the processes of a tensor that has the same shape in each."""
    summed: Tensor = _Total.apply(x) if size() > 1 else x
    return summed


def mean(x: Tensor) -> Tensor:
    """The mean of all numbers of the whole batch, of the own rows (B, ...)."""
    if size() == 1:
        return x.mean()
    wide = x.to(torch.promote_types(x.dtype, torch.float32))  # of many numbers in bfloat16 the count would be rounded
    told = total(torch.stack([wide.sum(), wide.new_tensor(float(x.numel()))]))
    return (told[0] / told[1]).to(x.dtype)


def moments(x: Tensor, over: tuple[int, ...]) -> tuple[Tensor, Tensor, Tensor]:
    """Mean and variance over dimensions of the whole batch, the rows among them, and of how many numbers each is.

    The variance divides by that number. The mean comes first: the difference of two large sums would lose digits.
    """
    own, sums = math.prod(x.shape[dimension] for dimension in over), x.sum(over, keepdim=True)
    told = total(torch.cat([sums.flatten(), sums.new_tensor([float(own)])]))
    mean, count = told[:-1].view_as(sums) / told[-1], told[-1]
    variance = total((x - mean).square().sum(over)) / count
    return mean.view_as(variance), variance, count


def variance(x: Tensor) -> Tensor:
    """Of each number over the whole batch, (...), of the own rows (B, ...)."""
    return x.var(0, correction=0) if size() == 1 else moments(x, over=(0,))[1]


def any_of(flag: bool) -> bool:
    """Whether it is so in any process: what they agree on, they do at the same iteration."""
    if size() == 1:
        return flag
    flags = torch.tensor(int(flag))
    dist.all_reduce(flags)
    return bool(flags)


def from_first(number: int) -> int:
    """A number as the first process has it."""
    if size() == 1:
        return number
    told = torch.tensor(number)
    dist.broadcast(told, 0)
    return int(told)


def is_same(number: int) -> bool:
    """Whether all processes have this number."""
    return not any_of(from_first(number) != number)


def descent(network: nn.Module) -> Callable[[Tensor], None]:
    """What takes a loss back to the gradients of a network: `loss.backward()`, and then the mean over the processes.

    DistributedDataParallel does its work in the backward pass, bucket by bucket while the rest is still computed; of
    the forward pass it must only know that it is over. So it gets the parameters alone, and as its forward pass the
    loss itself: then a network may be asked as often and in as many parts as a family likes (a VAE's encoder and
    decoder, a discriminator on real and on generated pictures and again for a penalty), before the one backward pass.
    """
    if size() == 1:
        return Tensor.backward
    reducer = DistributedDataParallel(_Learning(network))
    return lambda loss: reducer(loss).backward()


class _Learning(nn.Module):
    """The parameters of a network that learn, with a loss as what goes in and comes out."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.weights = nn.ParameterList(weight for weight in network.parameters() if weight.requires_grad)

    def forward(self, loss: Tensor) -> Tensor:
        """The same."""
        return loss


class _Total(torch.autograd.Function):
    """The sum over the processes. It is linear and symmetric, so backwards it is the same again, to any order."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        summed = x.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(summed)
        return summed

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        summed: Tensor = _Total.apply(gradient)
        return summed
