"""Fields as a reader meets them: in groups, a week of opening hours as one, the main ones first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retouche.core.package import Package, Resource
from retouche.core.schema import Field, in_language
from retouche.web.language import locale
from retouche.web.pages.values import kind_of

DAYS = {
    "Mo": ("lundi", "monday", "lun", "mon"),
    "Tu": ("mardi", "tuesday", "mar", "tue"),
    "We": ("mercredi", "wednesday", "mer", "wed"),
    "Th": ("jeudi", "thursday", "jeu", "thu"),
    "Fr": ("vendredi", "friday", "ven", "fri"),
    "Sa": ("samedi", "saturday", "sam", "sat"),
    "Su": ("dimanche", "sunday", "dim", "sun"),
}
DAY = re.compile(
    r"(?:^|_)(?:"
    + "|".join(f"(?P<{day}>{'|'.join(names)})" for day, names in DAYS.items())
    + r")(?:$|_)"
)
MAIN_COLUMNS = 8
PROSE = frozenset({"long_text", "image", "hours"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields under one heading; `week` when they are the opening hours of its days."""

    name: str
    title: str
    fields: tuple[Field, ...]
    week: bool = False


def weekday(field: Field) -> str | None:
    """The day (`Mo` … `Su`) whose opening hours a field holds, None for other fields."""
    hint = field.display.get("as")
    if hint not in (None, "hours") or (hint is None and field.type not in ("string", "any")):
        return None
    found = DAY.search(field.name.lower())
    return found.lastgroup if found else None


def groups(package: Package, fields: Iterable[Field]) -> list[Group]:
    """Fields in their order, gathered by their group."""
    gathered: dict[str, list[Field]] = {}
    for field in fields:
        gathered.setdefault(str(field.extension.get("group") or ""), []).append(field)
    found: list[Group] = []
    for name, members in gathered.items():
        days = [one for one in members if weekday(one)]
        week = len(days) >= 5 and len({weekday(one) for one in days}) == len(days)
        others = [one for one in members if not (week and one in days)]
        title = in_language((package.extension.get("groups") or {}).get(name), locale(), name)
        if others:
            found.append(Group(name=name, title=title, fields=tuple(others)))
        if week:
            found.append(Group(name=f"{name}.week", title="", fields=tuple(days), week=True))
    return found


def main_columns(resource: Resource, fields: Sequence[Field]) -> list[Field]:
    """The columns of a table at first sight: what names the row, then the first short fields."""
    by_name = {one.name: one for one in fields}
    naming = (*label_fields(resource), *resource.schema.primary_key)
    geo = resource.geo or ()
    short = [
        one.name
        for one in fields
        if one.name not in geo and kind_of(one) not in PROSE and weekday(one) is None
    ]
    wanted = dict.fromkeys([*(name for name in naming if name in by_name), *short])
    return [by_name[name] for name in wanted][:MAIN_COLUMNS]


def label_fields(resource: Resource) -> Sequence[str]:
    """The fields that the label of a row is made of."""
    template = resource.extension.get("label")
    return re.findall(r"\{([^{}]+)\}", template) if isinstance(template, str) else ()
