"""The territories by which the rows of a resource can be chosen, as the package declares them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retouche.core.errors import Malformed, NotFound, RetoucheError
from retouche.core.package import Package
from retouche.core.schema import in_language
from retouche.services.datasets import DatasetRevision
from retouche.services.territories import levels

MOST_LISTED = 200
"""Territories of a level that are offered; of one with more, only those asked for by their code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level whose territories the rows of a resource name in `field`."""

    name: str
    title: str
    field: str
    resource: str


def levels_of(package: Package, resource: str, locale: str) -> Sequence[Level]:
    """The levels that a resource has, the widest first."""
    described = package.resource(resource)
    shown = {one.name for one in described.schema.fields if not one.personal}
    found = []
    for one in levels(package):
        members = one.get("members") or {}
        field = members.get(resource)
        if field in shown:
            name = str(one.get("name"))
            title = in_language(one.get("title"), locale) or name
            found.append(
                Level(name=name, title=title, field=field, resource=str(one.get("resource")))
            )
    return found


def listed(revision: DatasetRevision, resource: str, level: Level) -> Sequence[tuple[str, str]]:
    """The codes and labels of the territories that rows are in; nothing where there are many."""
    codes = sorted(revision.snapshot(resource).values(level.field))
    if len(codes) > MOST_LISTED:
        return []
    return sorted(((one, _label(revision, level, one)) for one in codes), key=lambda one: one[1])


def among(revision: DatasetRevision, resource: str, asked: str | None) -> tuple[str, str] | None:
    """The field and the text by which rows are chosen, from `level:code`; None for all rows.

    Raises `Malformed`, `NotFound`.
    """
    if not asked:
        return None
    name, colon, code = asked.partition(":")
    offered = levels_of(revision.package, resource, "en")
    level = next((one for one in offered if one.name == name), None)
    if not colon or level is None:
        known = ", ".join(f"{one.name}:…" for one in offered) or "–"
        raise Malformed("bad_choice", pointer="territory", value=asked[:40], allowed=known)
    return level.field, code


def _label(revision: DatasetRevision, level: Level, code: str) -> str:
    try:
        described = revision.package.resource(level.resource)
        row = revision.snapshot(level.resource).row((code,))
    except (NotFound, RetoucheError):
        return code
    return described.row_label(row, (code,))
