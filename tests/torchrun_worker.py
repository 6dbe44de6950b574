"""What each process of `test_torchrun.py` does: a few iterations of every family; the first one tells the losses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from test_parallel import KINDS, learned, trainer

from genstudio.__main__ import leave
from genstudio.core import parallel
from genstudio.core.launch import launch_of, team


def main(out: Path) -> None:
    with team(launch_of()):
        told = {}
        for name in KINDS:
            one = trainer(name)
            told[name] = learned(one, 1 if one.most_iterations else 4).tolist()
        if parallel.is_first():
            out.write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    leave(0)
