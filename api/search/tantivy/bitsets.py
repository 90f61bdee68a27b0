"""Sets of rows as bits, 64 to a word: joined, taken apart and counted without looking at a row."""

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
WORD = 64


def words_for(rows: int) -> int:
    """Return how many words hold a set of so many rows."""
    return -(-rows // WORD)


def pack(rows: NDArray[np.bool_]) -> Bits:
    """Return the set of rows that are true. The last axis holds the rows."""
    short = words_for(rows.shape[-1]) * WORD - rows.shape[-1]
    padded = np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, short)])
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


def of_rows(rows: NDArray[np.int64], count: int) -> Bits:
    """Return the set of these rows, out of `count`."""
    marked = np.zeros(count, dtype=np.bool_)
    marked[rows] = True
    return pack(marked)


def rows_of(bits: Bits) -> NDArray[np.int64]:
    """Return the rows of a set in ascending order."""
    little = bits.astype("<u8").view(np.uint8)
    rows: NDArray[np.int64] = np.flatnonzero(np.unpackbits(little, bitorder="little"))
    return rows


def count(bits: Bits) -> int:
    """Return how many rows a set has."""
    return int(np.bitwise_count(bits).sum())


def counts(table: Bits, bits: Bits) -> NDArray[np.int64]:
    """Return for every set of a table how many of its rows stand in another set too."""
    found: NDArray[np.int64] = np.bitwise_count(table & bits).sum(axis=1, dtype=np.int64)
    return found
