"""A page of Datami as a data package: descriptors, the files that are at hand, and a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from retouche.core.datami.descriptors import as_json
from retouche.core.datami.notes import Note, Notes
from retouche.core.datami.page import Tag, tags_in
from retouche.core.datami.resources import Resources
from retouche.core.datami.section import Section
from retouche.core.datami.sources import Find, Sources
from retouche.core.datami.widget import locales_of
from retouche.core.errors import BadDataset
from retouche.core.package import DESCRIPTOR, RESERVED, read_json

OBJECTS = ("options", "gitfiles", "creditslogos", "wikipages")
"""Attributes that hold JSON."""
FLAGS = ("onlypreview", "localdev", "trackalloutlinks", "debug")
LARGEST_ATTRIBUTE = 1_000_000
Slug = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a page became. `files` maps paths to bytes; `lacking` are CSV files to be added."""

    name: str
    files: Mapping[str, bytes]
    notes: Notes
    widgets: Sequence[str] = ()
    resources: Sequence[str] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def report(self) -> Sequence[Note]:
        return self.notes.all()

    @property
    def usable(self) -> bool:
        """Whether there is a widget, with the data of all of them and no file missing."""
        return bool(self.widgets) and not self.lacking and not self.notes.missing


def import_page(page: str, find: Find, *, name: str, slug: Slug) -> Imported:
    """Read a page and make a data package of its widgets.

    `find` gives the files that it names and that are at hand; `slug` makes names of resources and
    widgets; `name` is that of the page. What is wrong is told in the notes, never raised.
    """
    notes = Notes()
    sources = Sources(find, notes)
    resources = Resources(sources, notes, slug)
    widgets: dict[str, dict[str, Any]] = {}
    tags = tags_in(page)
    for number, tag in enumerate(tags, 1):
        widget = _widget(tag, f"{tag.name}#{number}", resources, notes)
        if widget is not None:
            widgets[_free(slug(_title(widget) or name), widgets)] = widget
    package = slug(name)
    package = f"{package}-data" if package in RESERVED else package
    files: dict[str, bytes] = {}
    if widgets:
        title = next((one for one in map(_title, widgets.values()) if one), name)
        files = _written(package, title, resources, widgets)
    return Imported(
        name=package,
        files=files,
        notes=notes,
        widgets=tuple(widgets),
        resources=tuple(resources.names),
        lacking=resources.lacking,
    )


def _widget(tag: Tag, path: str, resources: Resources, notes: Notes) -> dict[str, Any] | None:
    section = Section(_attributes(tag, path, notes), path, notes, "tag")
    if tag.name == "datami-explowiki":
        section.leave("wiki")
        return None
    made = _tabs(section, resources) if tag.name == "datami-multi-files" else None
    if tag.name == "datami-file":
        made = resources.widget(section)
    locale = section.text("locale")
    section.close()
    if made is None:
        return None
    made.setdefault("locales", locales_of(locale))
    return made


def _tabs(section: Section, resources: Resources) -> dict[str, Any] | None:
    title = section.texts("title")
    options = section.part("options", "tabs_options")
    hidden = False
    if options is not None:
        hidden = options.flag("hidetitle")
        options.close()
    tabs: list[tuple[bool, dict[str, Any]]] = []
    for one in section.parts("gitfiles", "tab"):
        first = one.flag("default-tab")
        if first and tabs:
            one.tell("default-tab", "changed", "first_tab")
        tab = resources.widget(one)
        one.close()
        if tab is not None:
            tabs.append((first, tab))
    if not tabs:
        return None
    tabs.sort(key=lambda one: not one[0])
    listed = [tab for _, tab in tabs][:20]
    made: dict[str, Any] = {} if title is None or hidden else {"title": title}
    if len(listed) == 1:
        return {**listed[0], **made}
    named: list[dict[str, Any]] = []
    locales = listed[0].get("locales")
    for number, tab in enumerate(listed, 1):
        named.append({"name": f"tab-{number}", **{k: v for k, v in tab.items() if k != "locales"}})
    return {**made, "tabs": named, **({"locales": locales} if locales else {})}


def _attributes(tag: Tag, path: str, notes: Notes) -> dict[str, Any]:
    """The attributes with their JSON read; told where it is none."""
    found: dict[str, Any] = {}
    for key, text in tag.attributes.items():
        if key in OBJECTS:
            if not text.strip():
                continue
            try:
                if len(text) > LARGEST_ATTRIBUTE:
                    raise BadDataset("file_not_json", detail=f"> {LARGEST_ATTRIBUTE}")
                found[key] = read_json({key: text.encode()}.__getitem__, key)
            except BadDataset as error:
                detail = error.values.get("detail", "")
                notes.add(f"{path}.{key}", "unusable", "bad_json", line=tag.line, detail=detail)
        elif key in FLAGS:
            found[key] = text.strip().lower() not in ("false", "0", "no")
        else:
            found[key] = text
    return found


def _title(widget: Mapping[str, Any]) -> str:
    title = widget.get("title", "")
    return title if isinstance(title, str) else str(next(iter(title.values()), ""))


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def _written(
    name: str, title: str, resources: Resources, widgets: Mapping[str, dict[str, Any]]
) -> dict[str, bytes]:
    descriptors, files = resources.made()
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": title,
        "resources": descriptors,
        "retouche": {"locales": ["fr", "en"]},
    }
    found: dict[str, bytes] = {DESCRIPTOR: as_json(package), **files}
    for one, widget in widgets.items():
        found[f"widgets/{one}.json"] = as_json({"name": one, **widget})
    return found
