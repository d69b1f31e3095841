"""Datami's `cardssettings` as a view of cards: blocks by position, sentences, a map, charts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from retouche.core.datami.columns import Columns
from retouche.core.datami.figures import miniviz
from retouche.core.datami.markup import template
from retouche.core.datami.section import Section

POSITIONS = (
    "title", "subtitle", "adress", "map_top", "tags_top", "links_top", "image", "logo", "resume",
    "infos", "description", "map_middle", "tags_middle", "links_middle", "timeline", "tags",
    "links", "map_bottom",
)  # fmt: skip
"""Where things stand on a card, from its top to its bottom."""
KINDS = {
    "adress": "address",
    "tags_top": "tags",
    "tags_middle": "tags",
    "tags": "tags",
    "links_top": "links",
    "links_middle": "links",
    "links": "links",
}
ICONS = {
    "phone": "phone", "cellphone": "phone", "at": "mail", "email": "mail", "mail": "mail",
    "link": "link", "web": "link", "open": "link", "clock": "clock", "calendar": "clock",
    "map": "map", "home": "place", "place": "place", "check": "check", "alert": "warning",
}  # fmt: skip
MOST_BLOCKS = 100


class Cards:
    """The two layouts of a card, put together part by part."""

    def __init__(self, settings: Section | None, columns: Columns):
        self.columns = columns
        self.settings = settings
        self.charts: dict[str, Any] = {}
        self.geo: tuple[str, str] | None = None
        self._blocks: dict[str, list[tuple[str, dict[str, Any]]]] = {"mini": [], "detail": []}
        self._titles: dict[str, list[str]] = {"mini": [], "detail": []}
        self._charts: dict[str, list[str]] = {"mini": [], "detail": []}

    def view(self, fallback: str, *, placed: bool) -> dict[str, Any]:
        """The view. `fallback` is the title of a card that names none; without positions
        (`placed`) there is no map in it."""
        settings = self.settings
        if settings is not None:
            templates = self._templates(settings)
            for layout in ("mini", "detail"):
                part = settings.part(layout, "layout")
                if part is not None:
                    self._layout(part, layout, templates)
            self._minimap(settings, placed=placed)
            for number, one in enumerate(settings.parts("minivizs", "miniviz"), 1):
                self._miniviz(one, number)
            settings.close()
        view: dict[str, Any] = {"type": "cards"}
        for layout in ("mini", "detail"):
            title = " ".join(self._titles[layout] or self._titles["detail"] or [fallback])
            view[layout] = {"title": title, "blocks": self._ordered(layout)}
        if self.charts:
            view["charts"] = self.charts
        return view

    def _ordered(self, layout: str) -> list[dict[str, Any]]:
        blocks = sorted(self._blocks[layout], key=lambda one: POSITIONS.index(one[0]))
        charts = [{"type": "chart", "chart": name} for name in self._charts[layout]]
        return [*(one for _, one in blocks), *charts][:MOST_BLOCKS]

    def _layout(self, part: Section, layout: str, templates: dict[str, dict[str, Any]]) -> None:
        for column in part.enabled():
            one = part.part(column, "card_field")
            if one is None:
                continue
            if not self.columns.has(column):
                one.leave("no_such_column", column=column)
                continue
            position = one.text("position") or "infos"
            if position not in POSITIONS or position.startswith("map"):
                one.tell("position", "changed", "unknown_position", position=position)
                position = "infos"
            sentences = templates.get(column, {}).get(layout)
            if position == "title":
                self._titles[layout].append(f"{{{column}}}")
            elif sentences:
                self._add(layout, position, one, {"type": "text", "paragraphs": sentences})
            else:
                self._place(layout, position, one, column)
            one.close()
        part.close()

    def _place(self, layout: str, position: str, one: Section, column: str) -> None:
        if position in ("image", "logo"):
            self._add(layout, position, one, {"type": "image", "field": column})
            return
        if position == "subtitle":
            one.tell("position", "changed", "subtitle")
            self._add(layout, position, one, {"type": "text", "paragraphs": [f"{{{column}}}"]})
            return
        title, prefix = one.texts("block_title"), one.texts("prefix")
        kind = KINDS.get(position, "fields")
        shown: dict[str, Any] = {"field": column}
        label = prefix if prefix is not None else title
        if label is not None:
            shown["label"] = label
        icon = self._icon(one)
        if icon is not None:
            shown["icon"] = icon
        heading = title if prefix is not None and kind == "fields" else None
        side = "right" if one.flag("right") else None
        self._join(layout, position, kind, shown, heading=heading, side=side)

    def _join(
        self,
        layout: str,
        position: str,
        kind: str,
        shown: dict[str, Any],
        *,
        heading: Any,
        side: Any,
    ) -> None:
        """Put a field into the last block of its kind, place and side, or into a new one."""
        for at, block in reversed(self._blocks[layout]):
            same = at == position and block.get("type") == kind and block.get("side") == side
            if same and (heading is None or heading == block.get("title")):
                block["fields"].append(shown)
                return
        made: dict[str, Any] = {"type": kind, "hide_when_empty": True, "fields": [shown]}
        if heading is not None:
            made["title"] = heading
        if side is not None:
            made["side"] = side
        self._blocks[layout].append((position, made))

    def _add(self, layout: str, position: str, one: Section, block: dict[str, Any]) -> None:
        title = one.texts("block_title")
        if title is not None:
            block["title"] = title
        if one.flag("right"):
            block["side"] = "right"
        self._blocks[layout].append((position, {**block, "hide_when_empty": True}))

    def _icon(self, one: Section) -> str | None:
        found = None
        for key in ("titleIcon", "prefixIcon"):
            name = one.text(key)
            if name is None:
                continue
            words = name.lower().replace("mdi-", "").replace("_", "-").split("-")
            icon = next((ICONS[word] for word in words if word in ICONS), None)
            if icon is None:
                one.tell(key, "not_carried", "own_icons")
            elif found is not None:
                one.tell(key, "not_carried", "said_twice")
            found = found or icon
        return found

    def _templates(self, settings: Section) -> dict[str, dict[str, Any]]:
        """By column, the sentences that stand for it on each layout."""
        part = settings.part("templates", "templates")
        found: dict[str, dict[str, Any]] = {}
        if part is None:
            return found
        for column in part.enabled():
            one = part.part(column, "template")
            if one is None:
                continue
            sentences = paragraphs(one.parts("paragraphs", "paragraph"), self.columns)
            for layout in ("mini", "detail"):
                if one.flag(f"use_on_{layout}") and sentences:
                    found.setdefault(column, {})[layout] = sentences
            one.close()
        part.close()
        return found

    def _minimap(self, settings: Section, *, placed: bool) -> None:
        part = settings.part("minimap", "minimap")
        if part is None:
            return
        block: dict[str, Any] = {"type": "map", "hide_when_empty": True}
        position = part.text("position") or "map_bottom"
        if position not in POSITIONS or not position.startswith("map"):
            part.tell("position", "changed", "unknown_position", position=position)
            position = "map_bottom"
        if part.flag("right_side"):
            block["side"] = "right"
        options = part.part("mapOptions", "minimap_options")
        if options is not None:
            geo = geo_fields(options, self.columns)
            zoom, height = options.number("zoom_item", 0, 22), options.whole("height", 40, 4000)
            color, size = options.color("marker_color"), options.whole("marker_height", 8, 100)
            block |= {k: v for k, v in (("zoom", zoom), ("height", height)) if v is not None}
            marker = {k: v for k, v in (("color", color), ("size", size)) if v is not None}
            if marker:
                block["marker"] = marker
            self.geo = geo
            options.close()
        part.close()
        if self.geo or placed:
            self._blocks["detail"].append((position, block))
        else:
            part.leave("no_position")

    def _miniviz(self, one: Section, number: int) -> None:
        chart = miniviz(one, self.columns)
        on_mini = one.flag("showOnMiniCard")
        one.close()
        if chart is None:
            return
        name = f"chart-{number}"
        self.charts[name] = chart
        self._charts["detail"].append(name)
        if on_mini:
            self._charts["mini"].append(name)


def paragraphs(parts: Iterable[Section], columns: Columns) -> list[Any]:
    """Sentences with our form of a field; one that names no column of the file is left out."""
    found: list[Any] = []
    for one in parts:
        texts = one.texts("text")
        made, unknown = template(texts, columns.has)
        if unknown:
            one.tell("text", "not_carried", "no_such_column", column=unknown[0])
        elif made is not None:
            found.append(made)
        one.close()
    return found


def geo_fields(options: Section, columns: Columns) -> tuple[str, str] | None:
    """The columns of latitude and longitude that a map names."""
    part = options.part("item_geo_fields", "geo_fields")
    if part is None:
        return None
    latitude, longitude = columns.named(part, "latitude"), columns.named(part, "longitude")
    part.close()
    return (latitude, longitude) if latitude and longitude else None
