"""Row neighbours: from a code to the nearest of 60,000 encoded pictures, as the window asks for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from genstudio.bench.child import bare_environment, once, tell
from genstudio.bench.result import Result, percentile

MODEL, DATASET = "mnist-vae-16", "strokes"  # generated: the row needs no data of the user
COUNT = 60_000
ROUNDS = 200
TARGET_MS = 10.0  # p95


def measure() -> Iterator[Result]:
    """p50 and p95."""
    with bare_environment() as environment:
        answer = once(__name__, environment=environment)
    for share in (50, 95):
        value = percentile(answer["nearest"], share)
        name = f"8 nearest of {COUNT:,} codes, p{share}"
        yield Result("neighbours", name, value, "ms", "<", TARGET_MS if share == 95 else None)


def main(rounds: int = ROUNDS, count: int = COUNT) -> None:
    """Be the process: encode the dataset once, then ask."""
    from genstudio import api
    from genstudio.session import Session

    session = Session("io")
    for _ in session.stream(api.StudyRequest(MODEL, DATASET, count)):
        pass
    times = []
    for k in range(rounds + 10):
        z = tuple(float(x) for x in api.noise(0, k, (16,)))
        start = time.perf_counter()
        session.handle(api.NearestRequest(MODEL, DATASET, z))
        times.append(1000 * (time.perf_counter() - start))
    tell(nearest=times[10:])


if __name__ == "__main__":
    main()
