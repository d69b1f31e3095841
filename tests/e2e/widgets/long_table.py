"""A dataset of 20,000 rows with a field of every kind, some of its cells hostile, and a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.conftest import serving

ROWS = 20_000
IMAGE = "<img src=x onerror=alert(1)>"
UNBROKEN = "x" * 5000
KINDS = {
    "red": {"label": {"fr": "Rouge", "en": "Red"}, "color": "#8b0000"},
    "pale": {"label": {"fr": "Pâle", "en": "Pale"}, "color": "#fff2a8"},
}


def _field(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    display = more.pop("display", None)
    ours = more.pop("retouche", {}) | ({"display": display} if display else {})
    return {"name": name, "title": name.capitalize(), "type": kind} | more | {"retouche": ours}


FIELDS = [
    _field("id"),
    _field("name", constraints={"required": True}),
    _field("kind", display={"as": "tag", "values": KINDS}),
    _field("amount", "number", display={"unit": "€", "digits": 1}),
    _field("rate", "number", display={"as": "percent"}),
    _field("opened", "date"),
    _field("site", display={"as": "link"}),
    _field("mail", display={"as": "mail"}),
    _field("phone", display={"as": "phone"}),
    _field("note", display={"as": "long_text"}),
    _field("free", "boolean"),
    _field("picture", display={"as": "image"}),
    _field("place"),
    _field("fixed", retouche={"locked": True}),
    _field("empty"),
]
HOSTILE = {
    "name": IMAGE,
    "kind": "{{constructor.constructor('alert(1)')()}}",
    "amount": "1e999999",
    "rate": "<svg/onload=alert(3)>",
    "opened": "2026-02-30",
    "site": "javascript:alert(4)",
    "mail": "a@b.fr?bcc=all@b.fr",
    "phone": "tel:112",
    "note": UNBROKEN,
    "free": "perhaps",
    "picture": "data:image/svg+xml,<svg onload=alert(5)>",
    "place": '"><script>alert(6)</script>',
    "fixed": "safe\u202egnp.exe",
}


def _row(number: int) -> dict[str, str]:
    return {
        "id": f"{number:05}",
        "name": f"Row {number}",
        "kind": ("red", "pale", "red|pale")[number % 3],
        "amount": f"{(number * 7919) % 100_003 / 4:.2f}",
        "rate": str(number % 101),
        "opened": f"20{number % 20:02}-0{number % 9 + 1}-1{number % 10}",
        "site": f"https://www.example.org/rows/{number}",
        "mail": f"row{number}@example.org",
        "phone": f"01{number:08}",
        "note": "A sentence that goes on. " * (number % 9),
        "free": ("true", "false")[number % 2],
        "picture": f"https://pictures.example.org/{number}.png",
        "place": f"p{number % 40}",
        "fixed": str(number),
        "empty": "",
    }


TABLE = {
    "title": {"fr": "Longue", "en": "Long"},
    "resource": "long",
    "contribute": True,
    "views": [
        {
            "type": "table",
            "frozen": 1,
            "page_size": 100,
            "columns": ["name", *(f["name"] for f in FIELDS if f["name"] != "name")],
        }
    ],
}


def _write(folder: Path) -> Path:
    reference = {"resource": "places", "fields": ["code"]}
    long = {
        "name": "long",
        "path": "long.csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": {
            "fields": FIELDS,
            "primaryKey": ["id"],
            "foreignKeys": [{"fields": ["place"], "reference": reference}],
        },
        "retouche": {"editable": True, "label": "{name}"},
    }
    places = {
        "name": "places",
        "path": "places.csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": {"fields": [_field("code"), _field("title")], "primaryKey": ["code"]},
        "retouche": {"label": "{title}"},
    }
    (folder / "widgets").mkdir(parents=True)
    with (folder / "long.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [one["name"] for one in FIELDS], lineterminator="\n")
        writer.writeheader()
        writer.writerow(_row(0) | HOSTILE)
        writer.writerows(_row(number) for number in range(1, ROWS))
    lines = "".join(f"p{number},Place {number}\n" for number in range(40))
    (folder / "places.csv").write_text(f"code,title\n{lines}", encoding="utf-8")
    package = {"name": "long", "title": "Long", "resources": [long, places]}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (folder / "widgets" / "table.json").write_text(json.dumps(TABLE), encoding="utf-8")
    return folder


@contextmanager
def serve_long_table(folder: Path) -> Iterator[str]:
    """Serve the dataset; gives the server's address."""
    with serving(folder / "home", _write(folder / "package")) as served:
        yield served.url
