"""The tables of an imported package: each file that a widget shows, and those that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from retouche.core.datami.areas import Areas, read_areas
from retouche.core.datami.columns import Columns
from retouche.core.datami.descriptors import Held, areas_descriptor, as_json, descriptor_of
from retouche.core.datami.fields import Described, read_custom, read_schema, table_schema
from retouche.core.datami.notes import Notes
from retouche.core.datami.section import Section
from retouche.core.datami.sources import Sources, name_of
from retouche.core.datami.widget import Drawn, credits_of, locales_of
from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset, RetoucheError
from retouche.core.guessing.inference import infer
from retouche.core.guessing.sniffing import sniff
from retouche.core.package import RESERVED
from retouche.core.table import Table

TABLES = (".csv", ".tsv", ".txt")


class Resources:
    """Tables by the reference that names them: two tabs of one file show one table."""

    def __init__(self, sources: Sources, notes: Notes, slug: Callable[[str], str]):
        self._sources = sources
        self._notes = notes
        self._slug = slug
        self._held: dict[str, Held] = {}
        self._areas: dict[tuple[str, str], Areas | None] = {}

    @property
    def names(self) -> list[str]:
        """The tables of the package, those of areas last."""
        areas = [one.name for one in self._areas.values() if one is not None]
        return [*(one.name for one in self._held.values()), *areas]

    @property
    def lacking(self) -> Mapping[str, str]:
        """The tables whose file is not at hand: our path of it, and what names it."""
        return {f"{one.name}.csv": one.reference for one in self._held.values() if one.data is None}

    def widget(self, section: Section) -> dict[str, Any] | None:
        """The widget of a tag or a tab that shows one file; None where there is none to show."""
        title, locale = section.texts("title"), section.text("locale")
        preview, credits = section.flag("onlypreview"), credits_of(section)
        reference = section.text("gitfile")
        if reference is None:
            reference = section.text("gitfilelocal")
        if reference is None:
            section.leave("wiki" if "wikilist" in section or "wikipages" in section else "no_file")
            return None
        if not name_of(reference).lower().endswith(TABLES):
            section.leave("not_csv")
            return None
        options = section.part("options", "options")
        reference = self._known(reference, section.at("gitfile"))
        held = self._table(reference, options, section.at("gitfile"))
        drawn = Drawn(options, held.columns, self._sources)
        placed = held.geo is not None
        parts = drawn.parts(placed=placed, find_areas=self._find_areas)
        held.geo = drawn.geo or held.geo
        held.title = held.title or (title if isinstance(title, str) else "")
        if options is not None:
            options.flag("lockcolumns")
            options.close()
        if not held.columns.names:
            # Without the file, and with nothing said of it, there is nothing to describe.
            del self._held[reference]
            section.leave("no_columns", file=reference)
            return None
        _without_hidden(parts, held)
        made: dict[str, Any] = {} if title is None else {"title": title}
        made |= {"resource": held.name, **parts, "search": True, "contribute": not preview}
        if credits:
            made["credits"] = credits
        if locale is not None:
            made["locales"] = locales_of(locale)
        return made

    def _known(self, reference: str, path: str) -> str:
        """What a file was called before: one of the same name and bytes is the same file, whether
        a page names it by a path, or by one or another address of its repository."""
        data = self._sources.data(reference, path)
        same = (
            one.reference
            for one in self._held.values()
            if data is not None
            and one.data == data
            and name_of(one.reference) == name_of(reference)
        )
        return next(same, reference)

    def _table(self, reference: str, options: Section | None, path: str) -> Held:
        separator = options.take("separator", str) if options is not None else None
        quote = options.take("quoteChar", str) if options is not None else None
        tags = options.take("tagseparator", str) if options is not None else None
        held = self._held.get(reference)
        fresh = held is None
        if held is None:
            held = self._read(reference, path, separator=separator, quote=quote)
            self._held[reference] = held
        if options is None:
            return held
        held.described.tag_separator = held.described.tag_separator or tags
        for key, read in (("schema", read_schema), ("fields-custom-properties", read_custom)):
            context = "schema" if key == "schema" else "custom"
            part = self._inline(options, key, context)
            if part is None:
                continue
            if fresh:
                read(part, held.described, held.columns)
            else:
                part.leave("said_twice", column=held.name)
        return held

    def _inline(self, options: Section, key: str, context: str) -> Section | None:
        """A description that stands in the options, or in the file that they name."""
        part = options.part(key, context)
        if part is None or "file" not in part:
            return part
        file = part.text("file")
        part.close()
        value = self._sources.json(file, part.at("file")) if file is not None else None
        if not isinstance(value, Mapping):
            return None
        return Section(value, f"{name_of(file or '')}:", self._notes, context)

    def _read(self, reference: str, path: str, *, separator: str | None, quote: str | None) -> Held:
        name = self._name(reference)
        data = self._sources.data(reference, path)
        dialect, columns, described = self._form(separator, quote), Columns(None), Described()
        geo = None
        if data is not None:
            try:
                sniffed = sniff(data, delimiter=separator or None).dialect
                dialect = Dialect(
                    delimiter=sniffed.delimiter, quote=dialect.quote, encoding=sniffed.encoding
                )
                table = Table.parse(data, dialect)
                cells = table.columns(range(len(table.header)))
                described.inferred = infer(table.header, cells)
                described.cells = {
                    one: frozenset(texts) - {""}
                    for one, texts in zip(table.header, cells, strict=True)
                }
                columns, geo = Columns(table.header), described.inferred.geo
            except RetoucheError as error:
                self._notes.add(path, "unusable", "file_unreadable", file=reference,
                                detail=error.reason)  # fmt: skip
                data = None
        return Held(name=name, reference=reference, data=data, dialect=dialect, columns=columns,
                    described=described, geo=geo)  # fmt: skip

    def _form(self, separator: str | None, quote: str | None) -> Dialect:
        try:
            return Dialect(delimiter=separator or ",", quote=quote or '"')
        except BadDataset:
            return Dialect()

    def _name(self, reference: str) -> str:
        base = self._slug(name_of(reference).rpartition(".")[0] or name_of(reference))
        base = f"{base}-data" if base in RESERVED else base
        taken = set(self.names)
        number, name = 1, base
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        return name

    def _find_areas(self, reference: str, key: str, path: str) -> Areas | None:
        asked = (reference, key)
        if asked not in self._areas:
            data = self._sources.data(reference, path)
            name = self._name(reference)
            self._areas[asked] = None if data is None else read_areas(name, data, key)
        return self._areas[asked]

    def made(self) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
        """Descriptors of all resources, and their files."""
        descriptors: list[dict[str, Any]] = []
        files: dict[str, bytes] = {}
        for held in list(self._held.values()):
            schema = table_schema(held.name, held.described, held.columns)
            keys = self._foreign(held)
            if keys:
                schema["foreignKeys"] = keys
            files[f"schemas/{held.name}.json"] = as_json(schema)
        for held in self._held.values():
            descriptors.append(descriptor_of(held))
            if f"schemas/{held.name}.json" not in files:
                schema = table_schema(held.name, held.described, held.columns)
                files[f"schemas/{held.name}.json"] = as_json(schema)
            if held.data is not None:
                files[f"{held.name}.csv"] = held.data
        for areas in self._areas.values():
            if areas is not None:
                descriptors.append(areas_descriptor(areas))
                files[f"schemas/{areas.name}.json"] = as_json(areas.schema)
                files[f"{areas.name}.csv"] = areas.table
                files[f"outlines/{areas.name}.geojson"] = areas.outlines
        return descriptors, files

    def _foreign(self, held: Held) -> list[dict[str, Any]]:
        """The foreign keys that the files at hand bear out."""
        found: list[dict[str, Any]] = []
        for name, part in held.described.foreign.items():
            reference, other = part.text("ressource"), part.raw("fields")
            other = other[0] if isinstance(other, list) and other else other
            options = part.part("ressourceOptions", "foreign_options")
            separator = options.take("separator", str) if options is not None else None
            if options is not None:
                options.close()
            if reference is None or not isinstance(other, str):
                part.leave("foreign_incomplete")
                continue
            part.tell("fields", "carried")
            reference = self._known(reference, part.at("ressource"))
            target = self._held.get(reference)
            if target is None:
                target = self._read(
                    reference, part.at("ressource"), separator=separator, quote=None
                )
                target.editable = False
            if target.data is None:
                part.leave("foreign_not_at_hand", file=reference)
                continue
            texts = target.described.cells.get(other)
            if texts is None:
                part.leave("no_such_column", column=other)
                continue
            strange = sorted(held.described.cells.get(name, frozenset()) - texts)
            if strange:
                part.leave("cells_outside", values=strange[:5])
                continue
            self._held[reference] = target
            found.append(
                {"fields": [name], "reference": {"resource": target.name, "fields": [other]}}
            )
            part.close()
        return found


def _without_hidden(parts: dict[str, Any], held: Held) -> None:
    """Leave hidden columns out of the table."""
    shown = [one for one in held.columns.names if one not in held.described.hidden]
    if held.described.hidden and shown:
        for view in parts["views"]:
            if view["type"] == "table":
                view["columns"] = shown
