"""Work in parts gives what it gives in one piece, whatever becomes of a thread."""

from __future__ import annotations

import threading

import pytest
import torch

from genstudio.core.families.networks import conv_decoder
from genstudio.core.parts import GPU_PART, PART, by_parts
from genstudio.session import Session


@pytest.mark.parametrize("count", [1, PART, PART + 1, 3 * PART + 5])
def test_the_numbers_do_not_depend_on_the_threads(count: int) -> None:
    torch.manual_seed(0)
    decoder, z = conv_decoder(4, 1, 28, 8, 1), torch.randn(count, 4)
    one, four = (torch.cat(by_parts(decoder, z, threads)) for threads in (1, 4))
    assert torch.equal(one, four) and one.shape == (count, 1, 28, 28) and not one.requires_grad
    with torch.inference_mode():
        assert torch.allclose(one, decoder(z), atol=1e-5)


def test_parts_come_in_their_order_from_several_threads() -> None:
    together = threading.Barrier(3, timeout=20)

    def work(part: torch.Tensor) -> tuple[int, str]:
        together.wait()
        return int(part[0]), threading.current_thread().name

    found = by_parts(work, torch.arange(3 * PART), 3)
    assert [first for first, _ in found] == [0, PART, 2 * PART]
    assert len({name for _, name in found} - {"parts"}) == 1 and torch.get_num_threads() == 1


def test_an_error_of_any_part_is_raised_and_no_thread_is_left() -> None:
    def work(part: torch.Tensor) -> None:
        if int(part[0]) == PART:
            raise ValueError("no second part")

    with pytest.raises(ValueError, match="no second part"):
        by_parts(work, torch.arange(8 * PART), 3)
    assert not [thread for thread in threading.enumerate() if thread.name == "parts"]


def test_sixty_four_pictures_are_those_of_sixty_four_requests() -> None:
    from genstudio import api

    session = Session("play")
    z = tuple(tuple(float(x) for x in row) for row in api.noise(3, 0, (64, 16)))
    together = session.handle(api.DecodeRequest("mnist-vae-16", z)).images
    for k in (0, 17, 63):
        alone = session.handle(api.DecodeRequest("mnist-vae-16", (z[k],))).images[0].astype(int)
        assert abs(alone - together[k]).max() <= 1  # rounding of the last bit of a float


def test_off_the_cpu_a_whole_dataset_goes_in_large_parts_one_after_the_other():
    x = torch.empty(2 * GPU_PART + 8, 3, device="meta")
    found = by_parts(lambda part: (threading.current_thread(), len(part)), x, 4, part=8)
    assert found == [(threading.current_thread(), count) for count in (GPU_PART, GPU_PART, 8)]
