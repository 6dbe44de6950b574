"""When something was measured, as cards note it."""

from __future__ import annotations

from datetime import datetime


def this_minute() -> str:
    """Now in this place's own time, with its distance from UTC (ISO 8601): 2026-11-22T18:05+00:00."""
    return datetime.now().astimezone().isoformat(timespec="minutes")
