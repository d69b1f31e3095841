"""A guess of a Table Schema from a header and its columns. For `init` alone: a committed schema is
never guessed again, and by this guess the file has no fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from retouche.core.guessing.columntypes import HOURS, NUMBER, field_of, matches, mostly
from retouche.core.guessing.headings import titles, words
from retouche.core.guessing.identifying import Profile, primary_key

POSITIONS = (
    ("latitude", "longitude"),
    ("lat", "lon"),
    ("lat", "lng"),
    ("lat", "long"),
    ("ylat", "xlong"),
    ("ylatitude", "xlongitude"),
)
NAMES = ("lib", "nom", "libelle", "intitule", "denomination", "enseigne", "titre", "raison", "name")
MOST_TAGS = 30
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """A proposed schema, and what widgets may be made of."""

    schema: dict[str, Any]
    key: tuple[str, ...]
    label: str | None = None
    geo: tuple[str, str] | None = None
    tags: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    uses: dict[str, str] = field(default_factory=dict)


def infer(header: Sequence[str], columns: Sequence[Sequence[str]]) -> Inferred:
    """Propose a schema that every present cell obeys."""
    columns = _without_blank_rows(columns)
    profiles = [
        Profile.of(name, cells, position=position)
        for position, (name, cells) in enumerate(zip(header, columns, strict=True))
    ]
    key = primary_key(profiles, columns)
    geo = _positions(profiles)
    fields = [field_of(one, key=key, geo=geo) for one in profiles]
    label = _label(profiles)
    for one, heading in zip(fields, titles(header, entity=_entity(key, header)), strict=True):
        one["title"] = heading
    tags = tuple(one.name for one in profiles if one.name not in key and _is_tag(one))
    for one in fields:
        if one["name"] in tags and one["type"] == "string":
            one.setdefault("retouche", {"display": {"as": "tag"}})
    schema: dict[str, Any] = {
        "fields": [_ordered(one) for one in fields],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = list(key)
    return Inferred(
        schema=schema,
        key=key,
        label=label,
        geo=geo,
        tags=tags,
        numbers=tuple(
            one["name"]
            for one in fields
            if one["type"] in ("integer", "number") and one["name"] not in (geo or ())
        ),
        uses={one["name"]: one["retouche"]["display"]["as"] for one in fields if "retouche" in one},
    )


def _without_blank_rows(columns: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows of empty cells say nothing; they would only keep a column from being a key."""
    if not all("" in cells for cells in columns):
        return columns
    rows = [row for row in zip(*columns, strict=True) if any(row)]
    return list(zip(*rows, strict=True)) if rows else [()] * len(columns)


def _positions(profiles: Sequence[Profile]) -> tuple[str, str] | None:
    named = {"_".join(words(one.name)): one for one in profiles}
    for latitude, longitude in POSITIONS:
        pair = (named.get(latitude), named.get(longitude))
        if pair[0] and pair[1] and _within(pair[0], 90) and _within(pair[1], 180):
            return pair[0].name, pair[1].name
    return None


def _within(profile: Profile, limit: int) -> bool:
    return (
        bool(profile.distinct)
        and matches(NUMBER, profile)
        and all(-limit <= float(one) <= limit for one in profile.distinct)
    )


def _label(profiles: Sequence[Profile]) -> str | None:
    """The template of a row's name: the most telling of the columns named as names."""
    named = [
        one
        for one in profiles
        if set(words(one.name)) & set(NAMES)
        and 2 * one.filled > one.rows
        and one.longest <= LONGEST_NAME
        and not set(one.name) & set("{}")
    ]
    if not named:
        return None
    best = max(named, key=lambda one: (len(one.distinct) / one.filled > 0.5, -one.position))
    return f"{{{best.name}}}"


def _entity(key: Sequence[str], header: Sequence[str]) -> str | None:
    """`fs` when the key is `id_fs` and other columns end in `_fs`: what the rows are."""
    found = words(key[0]) if len(key) == 1 else []
    if len(found) != 2 or not {"id", "identifiant", "code"} & set(found):
        return None
    entity = found[1] if found[0] in ("id", "identifiant", "code") else found[0]
    others = [words(name) for name in header if name != key[0]]
    return entity if any(len(one) > 1 and entity in (one[0], one[-1]) for one in others) else None


def _is_tag(profile: Profile) -> bool:
    return (
        1 < len(profile.distinct) <= MOST_TAGS
        and profile.repeated
        and profile.longest <= 60
        and not matches(NUMBER, profile)
        and not mostly(HOURS, profile)
    )


def _ordered(one: dict[str, Any]) -> dict[str, Any]:
    """The properties in the order a reader looks for them."""
    order = ("name", "title", "type", "format")
    return {name: one[name] for name in order if name in one} | one
