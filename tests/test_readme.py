"""What README says of the bundled models is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from genstudio import store
from genstudio.cli import main
from genstudio.core.images import to_float
from genstudio.pretrained_page import comparison
from genstudio.session.classifier import load_classifier
from genstudio.store import cards

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_way_between_two_codes_has_the_ends_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"`genstudio (interpolate [^`]+)` \| .*from a (\d) to a (\d)", README)
    assert found is not None
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(found[1]), "--gap", "0", "--scale", "1"]) == 0
    strip = np.asarray(Image.open("strip.png"))
    ends = torch.from_numpy(np.stack([strip[:, :28], strip[:, -28:]]))[:, None]  # (2, 1, 28, 28)
    with torch.inference_mode():
        digits = load_classifier()(to_float(ends)).argmax(1).tolist()
    assert digits == [int(found[2]), int(found[3])] and digits[0] != digits[1]


def test_the_comparison_is_what_the_cards_of_the_bundled_models_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "models_dir", lambda: tmp_path)  # no card of somebody's own
    table = comparison(store.pretrained_dir())
    assert table in README and "±" in table and "10,000 pictures" in table


def test_the_table_has_every_bundled_model_and_the_check_counts_those_that_draw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = set(re.findall(r"^\| `([\w-]+)` \| [\d,]+ \|", README, re.MULTILINE))
    assert table == {path.stem for path in store.pretrained_dir().glob("*.safetensors")}
    counted = re.search(r"`genstudio --check` counts the other (\d+)", README)
    main(["--check"])
    assert counted is not None and f"Models: {counted[1]} bundled" in capsys.readouterr().out
    assert int(counted[1]) == len(store.list_models((store.pretrained_dir(),))) == len(table) - 1
