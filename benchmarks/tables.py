"""Seeded tables to measure on: codes, words, numbers and dates, as open data has them."""

from __future__ import annotations

import json
import random
from pathlib import Path

SIZES = {"S": (3_000, 90), "T": (10_000, 20), "M": (150_000, 40), "L": (1_000_000, 15)}
WORDS = ("place", "rue", "école", "mairie", "pont", "gare", "forêt", "rivière", "marché")
KINDS = ("code", "word", "number", "date", "text")


def columns(width: int) -> list[tuple[str, str]]:
    """(name, kind) of each column; the first is the key."""
    return [("id", "key")] + [(f"{KINDS[at % 5]}_{at}", KINDS[at % 5]) for at in range(1, width)]


def write_package(folder: Path, size: str) -> Path:
    """A data package of one resource `table`, about 2, 1.5, 60 or 140 MB."""
    rows, width = SIZES[size]
    named = columns(width)
    types = {"number": "number", "date": "date"}
    schema = {
        "fields": [{"name": name, "type": types.get(kind, "string")} for name, kind in named],
        "primaryKey": "id",
    }
    resource = {"name": "table", "path": "table.csv", "encoding": "utf-8", "schema": schema}
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = {"name": size.lower(), "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    chance = random.Random(20)
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(name for name, _ in named) + "\n")
        for row in range(rows):
            file.write(",".join(cell(kind, row, chance) for _, kind in named) + "\n")
    return folder


def cell(kind: str, row: int, chance: random.Random) -> str:
    """One cell as it stands in the file, quotes included."""
    match kind:
        case "key":
            return f"{row:07d}"
        case "code":
            return f"{chance.randrange(1_000, 96_000):05d}"
        case "word":
            return chance.choice(WORDS)
        case "number":
            return f"{chance.uniform(-5, 52):.5f}"
        case "date":
            year, month, day = (chance.randrange(*one) for one in ((10, 26), (1, 13), (1, 29)))
            return f"20{year}-{month:02d}-{day:02d}"
        case _:
            return f'"{chance.choice(WORDS)}, {chance.choice(WORDS)} {row % 977}"'
