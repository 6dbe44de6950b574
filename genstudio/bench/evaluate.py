"""Row evaluate: how long all meters take of a model of small pictures, drawing them aside."""

from __future__ import annotations

import time
from collections.abc import Iterator

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result

MODEL, DATASET, COUNT = "mnist-vae-16", "strokes", 10_000
MOST_S = 60


def measure() -> Iterator[Result]:
    """Of COUNT pictures against as many real ones, with what the real ones reach among themselves."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    yield Result("evaluate", f"all meters, {COUNT:,} pictures", answer["seconds"], "s", "<", MOST_S)
    yield Result("evaluate", "of which comparing", answer["comparing"], "s")


def main() -> None:
    """Be the process."""
    from genstudio.tuning import tune_malloc

    tune_malloc()
    from genstudio import api
    from genstudio.session import Session

    session = Session("io")
    request = api.EvaluateRequest(api.SampleRequest(MODEL, 7, COUNT), DATASET)
    list(session.stream(api.DatasetRequest(DATASET)))  # read, and torch is warm
    spent: dict[str, float] = {}
    before = time.perf_counter()
    for event in session.stream(request):
        now = time.perf_counter()
        what = event.what if isinstance(event, api.ProgressEvent) else ""
        spent[what] = spent.get(what, 0.0) + now - before
        before = now
    drawing = sum(seconds for what, seconds in spent.items() if what.startswith("Drawing"))
    comparing = sum(seconds for what, seconds in spent.items() if what.startswith("Comparing"))
    tell(seconds=sum(spent.values()) - drawing, comparing=comparing)


if __name__ == "__main__":
    main()
