"""What README.md of a diffusers folder says of the model, and how one draws with it in diffusers."""

from __future__ import annotations

from genstudio.core.doubled import PATCH
from genstudio.store import Header

CARD = """\
---
library_name: diffusers
---

# {name}

{origin}: {size} x {size} px, {colour}.
{classes}
```python
import torch
from diffusers import DDIMScheduler, UNet2DModel

unet = UNet2DModel.from_pretrained("{name}", subfolder="unet")
scheduler = DDIMScheduler.from_pretrained("{name}", subfolder="scheduler")
scheduler.set_timesteps({steps})
x = torch.randn(16, {channels}, {side}, {side})
{labels}with torch.no_grad():
    for t in scheduler.timesteps:
        answer = unet(x, t{told}).sample
        x = scheduler.step(answer, t, x, use_clipped_model_output=True).prev_sample
{unfold}pictures = (x / 2 + 0.5).clamp(0, 1)  # (16, {colours}, {size}, {size})
```
"""
FOLDED = """
The network works on {patch} x {patch} patches of pixels, which are channels here: its input is
`torch.nn.functional.pixel_unshuffle(picture, {patch})`, and what comes out is unfolded by `pixel_shuffle`.
"""


def card(name: str, header: Header) -> str:
    """The text; `name` is that of the folder."""
    is_folded, count = header.family == "ddpm", len(header.classes)
    patch = PATCH if is_folded else 1
    has_labels = is_folded or count > 0
    about = FOLDED.format(patch=PATCH) if is_folded else ""
    if count:
        names = ", ".join(f"{number} is {one}" for number, one in enumerate(header.classes[:20]))
        rest = " …" if count > 20 else ""
        nothing = f" {count} is no class, for classifier-free guidance." if is_folded else ""
        about += f"\nClasses: {names}{rest}.{nothing}\n"
    return CARD.format(
        name=name,
        origin=f"A DDPM trained with GenStudio on {header.dataset} for {header.iteration:,} iterations"
        if header.iteration
        else "A DDPM that was trained elsewhere",
        size=header.size,
        colour="grey" if header.channels == 1 else "colour",
        colours=header.channels,
        classes=about,
        steps=min(50, int(getattr(header.settings, "timesteps", 50))),
        channels=header.channels * patch**2,
        side=header.size // patch,
        labels=f"labels = torch.arange(16) % {max(count, 1)}\n" if has_labels else "",
        told=", class_labels=labels" if has_labels else "",
        unfold=f"x = torch.nn.functional.pixel_shuffle(x, {PATCH})\n" if is_folded else "",
    )
