"""Blocks of tiles beside each other, each under its heading: how a sheet compares models or settings."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.export.letters import EMPTY, Tile, Words


def headed(lines: Sequence[str], wide: int, rows: int = 1) -> list[Tile]:
    """Lines over a block so many tiles wide, shared among so many rows."""
    each = -(-len(lines) // rows)
    parts = [tuple(lines[row * each : (row + 1) * each]) for row in range(rows)]
    return [tile for part in parts for tile in (Words(part, wide=wide), *[EMPTY] * (wide - 1))]


def side_by_side(blocks: Sequence[Sequence[Tile]], wide: int) -> list[Tile]:
    """All blocks row by row, each so many tiles wide, an empty tile between two."""
    cells: list[Tile] = []
    for start in range(0, len(blocks[0]), wide):
        for block in blocks:
            cells += [*([EMPTY] if block is not blocks[0] else []), *block[start : start + wide]]
    return cells
