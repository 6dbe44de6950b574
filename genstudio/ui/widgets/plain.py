"""Words that were not written here, as a tooltip."""

from __future__ import annotations

from html import escape


def plain(text: str) -> str:
    """A tooltip that shows < and & as they are: Qt takes words with such signs for rich text where it can."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if set("<&") & set(text) else text


def wrapped(text: str) -> str:
    """A tooltip of several lines: Qt leaves all others on one, however long."""
    return f"<p>{escape(text)}</p>" if text else ""


__all__ = ["plain", "wrapped"]
