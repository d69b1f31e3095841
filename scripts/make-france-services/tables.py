"""Seeded draws and CSV files: the two things every table of the sample needs.

A draw depends on its name only, not on what was drawn before, so that adding a column or a row
leaves the others as they are, on every version of Python.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

SEED = "retouche france-services sample 1"

Choice = TypeVar("Choice")
Row = Mapping[str, object]


def draw(*name: object) -> float:
    """A number from 0 (included) to 1 (excluded) that belongs to this name."""
    text = "\x1f".join([SEED, *map(str, name)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48


def between(low: float, high: float, *name: object) -> float:
    return low + (high - low) * draw(*name)


def choose(among: Sequence[Choice], *name: object) -> Choice:
    return among[int(draw(*name) * len(among))]


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts in proportion to the weights, whose sum is exactly `total`."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    by_rest = sorted(range(len(weights)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_rest[: total - sum(parts)]:
        parts[index] += 1
    return parts


def cell(value: object) -> str:
    """The text of a cell: nothing for None, a plain point in numbers, true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def write_csv(path: Path, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """UTF-8, LF, comma, quotes only where they are needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fields)
        for row in rows:
            unknown = set(row) - set(fields)
            if unknown:
                raise ValueError(f"{path.name}: not in the schema: {sorted(unknown)}")
            writer.writerow([cell(row.get(name)) for name in fields])


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
