"""Rows put into groups by their codes, and what is measured of each group.

The only importer of pandas, which gets codes and numbers made by `core` and never a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Measured: TypeAlias = tuple[str, NDArray[Any]]
"""An operation, and what it is asked of, row by row; nan is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups in the order of their codes: one code per column, how many rows, each measure."""

    codes: list[NDArray[np.int64]]
    counts: NDArray[np.int64]
    measures: list[NDArray[Any]]


def grouped(codes: Sequence[NDArray[np.integer[Any]]], measured: Sequence[Measured]) -> Groups:
    """Group rows that have the same codes, of which there is a column at least.

    Operations are `count`, `sum`, `mean`, `min` and `max`. Measures of nothing are nan, but for
    `count`, which is 0; sums of whole numbers are exact.
    """
    frame = pd.DataFrame({f"by{at}": one for at, one in enumerate(codes)})
    keys = list(frame.columns)
    for at, (_, numbers) in enumerate(measured):
        frame[f"of{at}"] = numbers
    by = frame.groupby(keys, sort=True)
    counts = by.size()
    found = [_measured(by[f"of{at}"], name) for at, (name, _) in enumerate(measured)]
    index = counts.index
    return Groups(
        [np.asarray(index.get_level_values(at), np.int64) for at in range(len(keys))],
        np.asarray(counts, np.int64),
        found,
    )


def _measured(by: Any, operation: str) -> NDArray[Any]:
    series = by.sum(min_count=1) if operation == "sum" else getattr(by, operation)()
    values: NDArray[Any] = series.to_numpy()
    return values
