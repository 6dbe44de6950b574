"""What was painted on the way, in as few words as fit into a line: "2 light on all, erased on one". No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from genstudio.api.brush import stroke_of


def strokes_in_words(texts: Sequence[str]) -> str:
    """Strokes as changes have them, by what they do, and whether to all pictures or to one."""
    counts = Counter(_kind(text) for text in texts)
    parts = []
    for where in dict.fromkeys(where for _, where in counts):
        done = [f"{count} {what}" if count > 1 else what for (what, at), count in counts.items() if at == where]
        parts.append(f"{', '.join(done)} on {where}")
    return ", ".join(parts)


def _kind(text: str) -> tuple[str, str]:
    try:
        stroke = stroke_of(text)
    except ValueError:  # remembered by another version; who plays it says so
        return "painted", "some"
    what = "erased" if stroke.grey is None else "light" if stroke.grey >= 0.5 else "dark"
    return what, "all" if stroke.picture < 0 else "one"
