"""Runs daff in the peers' environment: prints how long it took to read the files, and from then on.

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


def compared(daff: Any, old: list[list[str]], new: list[list[str]]) -> int:
    """How many rows daff shows as changed."""
    a, b = map(daff.PythonTableView, (old, new))
    flags = daff.CompareFlags()
    flags.addPrimaryKey(KEY)
    flags.unchanged_context = 0
    shown: list[list[Any]] = []
    daff.TableDiff(daff.Coopy.compareTables(a, b, flags).align(), flags).hilite(
        daff.PythonTableView(shown)
    )
    return sum(row[0] == "->" for row in shown)


def merged(daff: Any, base: list[list[str]], changed: list[list[list[str]]]) -> int:
    """How many cells of the base differ once all the changed tables are merged into it."""
    flags = daff.CompareFlags()
    flags.addPrimaryKey(KEY)
    here = [list(row) for row in base]
    for one in changed:
        conflicts = daff.Merger(*map(daff.PythonTableView, (base, here, one)), flags).apply()
        if conflicts:
            raise SystemExit(f"{conflicts} conflicts")
    pairs = zip(base, here, strict=True)
    return sum(old != new for a, b in pairs for old, new in zip(a, b, strict=True))


def main(what: str, *files: str) -> None:
    daff = importlib.import_module("daff")
    start = time.perf_counter()
    first, *others = map(table, files)
    read = time.perf_counter()
    if what == "diff":
        told = {"rows": compared(daff, first, others[0])}
    else:
        told = {"cells": merged(daff, first, others)}
    done = time.perf_counter()
    print(json.dumps({"reading": read - start, "seconds": done - read, **told}))


if __name__ == "__main__":
    main(*sys.argv[1:])
