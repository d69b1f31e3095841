"""A read-only copy of a dataset as files that any static host can serve.

Says which files with which bytes; writes none. Personal fields are in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from retouche.core.reading.query import Query
from retouche.core.reading.selection import select
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import in_language
from retouche.services import exports
from retouche.services.datasets import DatasetRevision
from retouche.services.derived import Derived
from retouche.services.static_pages import (
    LANGUAGES,
    Listed,
    page_address,
    widget_page,
)
from retouche.services.widget_checks import outlines_in
from retouche.services.widgets import resources_of, with_outlines

File = tuple[str, Iterable[bytes]]
"""A path under the folder of the dataset, and what is in it."""
BATCH = 2_000


def listed(found: DatasetRevision) -> Listed:
    """What a list of the copy says of a dataset."""
    package = found.package
    described = package.resources
    default = str(package.descriptor.get("title") or package.name or found.dataset.name)
    titles = package.extension.get("title")
    return Listed(
        name=found.dataset.name,
        title={language: in_language(titles, language, default) for language in LANGUAGES},
        revision=found.commit,
        widgets={name: one.get("title") for name, one in found.widgets().items()},
        resources={
            name: {language: one.title(language) for language in LANGUAGES}
            for name, one in described.items()
        },
    )


def files(found: DatasetRevision, derived: Derived) -> Iterator[File]:
    """All files of the copy of a dataset at a revision, made as they are taken.

    Widgets read computed columns in the JSON; the CSV is the file. Raises `UnreadableFile` and
    `NotFound` for data that cannot be read.
    """
    about, outlines = listed(found), set[str]()
    for name, widget in found.widgets().items():
        yield f"widgets/{name}.json", [orjson.dumps(resolved(found, widget))]
        outlines |= {str(one["path"]).rpartition("/")[2] for _, one in outlines_in(widget)}
        for language in LANGUAGES:
            yield page_address(name, language), [widget_page(about, widget, language)]
    for name in found.package.resources:
        yield f"data/{name}.csv", _csv(found, name)
        yield f"data/{name}.json", _json(derived.snapshot(found, name), found.commit)
    for name in sorted(outlines):
        yield f"outlines/{name}", [found.outlines(name)]


def resolved(found: DatasetRevision, widget: dict[str, Any]) -> dict[str, Any]:
    """A descriptor as the server resolves it, with links relative to where it stands.

    There is no link to what only a server does.
    """
    return {
        **with_outlines(widget, "../outlines/{}"),
        "static": True,
        "dataset": found.dataset.name,
        "revision": found.commit,
        "resources": {
            name: {
                **told,
                "row_count": len(found.snapshot(name)),
                "links": {"json": f"../data/{name}.json", "csv": f"../data/{name}.csv"},
            }
            for name, told in resources_of(found.package, widget).items()
        },
        "links": {
            "self": f"{widget['name']}.json",
            "page": f"../{page_address(widget['name'], 'fr')}",
            "script": "../../widgets.js",
        },
    }


def _csv(found: DatasetRevision, name: str) -> Iterable[bytes]:
    """The file as it was committed, unless a part of it is personal."""
    snapshot = found.snapshot(name)
    if any(one.personal for one in snapshot.all_fields):
        return exports.to_csv(snapshot, select(snapshot, Query()))
    return exports.Stored(found.data(name))


def _json(snapshot: Snapshot, commit: str) -> Iterator[bytes]:
    """The names of the fields, and the cells of every row in their order."""
    fields = orjson.dumps([one.name for one in snapshot.fields])
    yield b'{"fields":' + fields + b',"revision":"' + commit.encode() + b'","rows":['
    positions = select(snapshot, Query()).positions
    for low in range(0, len(positions), BATCH):
        rows = snapshot.rows(positions[low : low + BATCH])
        yield b",\n" * bool(low) + orjson.dumps([[*row.values()] for row in rows])[1:-1]
    yield b"]}\n"
