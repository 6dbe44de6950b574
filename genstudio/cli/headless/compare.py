"""`compare`: models side by side, by what was measured of them before."""

from __future__ import annotations

import sys
from typing import Annotated

import tyro

from genstudio import api
from genstudio.api.comparison import table_of, times_of, to_measure
from genstudio.api.comparison_text import as_csv, as_markdown
from genstudio.api.timing import with_newest
from genstudio.cli.headless.look import Folder, Switch
from genstudio.cli.headless.terminal import last_event, new_session

Models = Annotated[
    tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="MODEL MODEL ...", help_behavior_hint="")
]


def compare(
    models: Models, count: int = 10_000, csv: Switch = False, times: Switch = False, data_dir: Folder = None
) -> int:
    """Compare models by what is on their cards: quality, diversity, stability, codes, speed, cost, as Markdown.

    Nothing is measured but, with --times, how long a picture takes; `genstudio evaluate MODEL` measures the rest.

    Args:
        models: Two or more, by their names or files.
        count: Of how many pictures the numbers should be; others are shown where there are none, and not compared.
        csv: Every number with all that is known of it, for programs. The first line is a comment with the hashes.
        times: Time the models now, in turns; only times of one such sitting are ranked. It is kept for the next table.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    from genstudio import store

    for model in models:
        store.find_model(model)  # a mistyped one is told with the names that are near
    if len(set(models)) < 2:
        raise ValueError("compare needs two or more different models")
    session = new_session("io", data_dir)
    event: api.FactsEvent = session.handle(api.FactsRequest(models))
    if event.gone:
        raise ValueError(next(iter(event.gone.values())))
    sittings = event.sittings
    if times:
        timed: api.TimesEvent = last_event(
            session.stream(times_of({model: one.info for model, one in event.facts.items()}))
        )
        sittings = with_newest(timed.sitting, sittings)
        if timed.trouble:
            print(timed.trouble, file=sys.stderr)
    table = table_of(models, event.facts, {}, count, sittings=sittings)
    for model in to_measure(models, event.facts, count):
        hint = f"genstudio evaluate {model} --count {count}"
        print(f"{model} is not measured with {count:,} pictures: {hint}", file=sys.stderr)
    if csv:
        from genstudio.session.comparison_files import csv_start

        hashes = [event.facts[model].info.sha256 for model in models]
        print(csv_start(api.ComparisonRequest(models, count), hashes), end="")
    print((as_csv if csv else as_markdown)(table), end="")
    return 0
