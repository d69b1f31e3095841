"""Runs daff in the peers' environment: prints how long it took, from reading files to the result.

Must not import anything of Retouche: it is not there.
"""

from __future__ import annotations

import csv
import importlib
import json
import sys
import time
from typing import Any

KEY = "id"


def table(path: str) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def compared(daff: Any, old: str, new: str) -> int:
    """How many rows daff shows as changed."""
    a, b = (daff.PythonTableView(table(path)) for path in (old, new))
    flags = daff.CompareFlags()
    flags.addPrimaryKey(KEY)
    flags.unchanged_context = 0
    shown: list[list[Any]] = []
    daff.TableDiff(daff.Coopy.compareTables(a, b, flags).align(), flags).hilite(
        daff.PythonTableView(shown)
    )
    return sum(row[0] == "->" for row in shown)


def merged(daff: Any, base: str, changed: list[str]) -> int:
    """How many cells of the base differ once all the changed files are merged into it."""
    flags = daff.CompareFlags()
    flags.addPrimaryKey(KEY)
    here = table(base)
    for path in changed:
        views = [daff.PythonTableView(one) for one in (table(base), here, table(path))]
        conflicts = daff.Merger(*views, flags).apply()
        if conflicts:
            raise SystemExit(f"{conflicts} conflicts")
    pairs = zip(table(base), here, strict=True)
    return sum(old != new for a, b in pairs for old, new in zip(a, b, strict=True))


def main(what: str, *files: str) -> None:
    daff = importlib.import_module("daff")
    start = time.perf_counter()
    if what == "diff":
        told = {"rows": compared(daff, *files[:2])}
    else:
        told = {"cells": merged(daff, files[0], list(files[1:]))}
    print(json.dumps({"seconds": time.perf_counter() - start, **told}))


if __name__ == "__main__":
    main(*sys.argv[1:])
