"""The page `pretrained/README.md`: what the headers and the cards of the bundled models say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from genstudio import api, store
from genstudio.api.aspects import duration
from genstudio.api.comparison import table_of
from genstudio.api.comparison_text import as_markdown
from genstudio.api.file_says import of_textbook
from genstudio.api.numbers import percent
from genstudio.core.compute import FLOAT32_CPU
from genstudio.files import atomic_write
from genstudio.session.model_facts import facts
from genstudio.session.models import ModelShelf
from genstudio.settings import BUILDS_ON

COMPARED = ("mnist-vae-16", "mnist-cgan", "mnist-ddpm")  # one of a kind, the best of each
COUNT = 10_000  # pictures of each

CARD = """# The bundled models

Trained by `recipe.toml` beside this page with `python -m genstudio.pretrain`: `mnist-…` on the 60,000 MNIST training
digits (LeCun, Cortes, Burges), `strokes-…` on 60,000 digits and `shapes-…` on 60,000 sprites that the program draws
itself. Quality is the Fréchet distance of 10,000 generated pictures to 10,000 held-out ones of the same data in the
penultimate features of `mnist-classifier`; the floor is the same distance of the first 10,000 training pictures. The
distance is not the FID of the literature, which uses other features: compare inside this table only. The floor of the
cards, of *Measured* and of `genstudio evaluate`, there called real pictures, is of as many that are drawn at random
from all training pictures, so it is another number. Use the floor here to compare the models of this table, and theirs,
which has an error beside it, to say whether a model can be told from real pictures. The rate of a VAE is what its code
tells of a test picture, KL(q(z|x) || p(z)); the distortion is what stays unknown, -log p(x|z), both in nats per
picture. Minus their sum is the ELBO. The mutual information gap (Chen et al. 2018) is 1 where one latent alone tells
each known factor, 0 where two tell as much. A time with a star is that of all iterations on one core, reckoned from the
pace of half a minute of them (`--pace`; the card says on which machine); one without was counted. How other trainings
of a recipe turned out is noted on the card where there were any (`--again SEED`). "The textbook's DCGAN" is the plain
loop of tutorials (`python -m genstudio.bench.same_time`).
Everything these models make is synthetic; exported pictures say so in their metadata.

| model | iterations | training time | size | quality |
|---|---|---|---|---|"""

AGAIN = """
## Made again

Each by one command, which its file's header says, too. It writes over the file here, and this page. `FOLDER` is a data
folder with MNIST (`genstudio datasets --download mnist --data-dir FOLDER` fetches it); `strokes-…` and `shapes-…` need
none. A model that builds on another one takes it as it lies here: to make both again, the other one comes first.

| model | builds on | command |
|---|---|---|"""


def describe(folder: Path) -> str:
    """The model card: a table of what the headers say, and the command that makes each model again."""
    lines, again = [CARD], [AGAIN]
    for path in sorted(folder.glob("*.safetensors"), key=lambda file: store.naturally(file.stem)):
        header, size = store.read_header(path), f"{path.stat().st_size / 1e6:.1f} MB"
        took = _time(store.training_time(store.model_info(path)))
        lines.append(f"| `{path.stem}` | {header.iteration:,} | {took} | {size} | {_in_words(header.quality)} |")
        first = f"`{getattr(header.settings, BUILDS_ON[header.family][0])}`" if header.family in BUILDS_ON else ""
        again.append(f"| `{path.stem}` | {first} | `{header.reproduce}` |")
    return "\n".join([*lines, *again]) + "\n"


def write_page(folder: Path) -> None:
    """Write the page of the models in a folder.

    Raises:
        OSError: if it cannot be written; the page of before stays.
    """
    page = describe(folder).encode()
    with atomic_write(folder / "README.md") as file:
        file.write(page)


def _time(time: api.TrainingTime) -> str:
    return f"{duration(time.seconds)}{'*' if time.timed else ''}" if time.seconds else "not noted"


def _in_words(quality: Mapping[str, float]) -> str:
    parts = []
    if "test_accuracy" in quality:
        parts.append(f"test accuracy {percent(quality['test_accuracy'], 2)}")
    if "frechet" in quality:
        times = quality["frechet"] / quality["floor"]
        parts += [
            f"{quality['frechet']:.1f}, {times:.1f} times the floor of {quality['floor']:.2f}",
            f"inception score {quality['inception']:.2f}",
            f"{quality['classes']:.0f} of 10 classes",
        ]
    if "textbook" in quality:
        parts.append(of_textbook(quality, ".1f"))
    if "class_accuracy" in quality:
        how = f" with guidance {quality['guidance']:g}" if "guidance" in quality else ""
        parts.append(f"the class asked for is seen in {percent(quality['class_accuracy'], 1)}{how}")
    if "rate" in quality:
        parts.append(f"rate {quality['rate']:.1f}, distortion {quality['distortion']:.1f} nats")
    if "gap" in quality:
        parts.append(f"mutual information gap {quality['gap']:.2f}")
    return "; ".join(parts)


def comparison(folder: Path) -> str:
    """The lecture's table of stars in numbers, of one model of each kind, from their cards."""
    found = facts(ModelShelf((folder,), FLOAT32_CPU), api.FactsRequest(COMPARED))
    return as_markdown(table_of(COMPARED, found.facts, found.gone, COUNT))
