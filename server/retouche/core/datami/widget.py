"""The `options` of one file as one widget of ours: its views, filters, order and pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from retouche.core.datami.cards import Cards
from retouche.core.datami.columns import Columns
from retouche.core.datami.figures import dataviz_chart
from retouche.core.datami.maps import FindAreas, Map
from retouche.core.datami.section import Section
from retouche.core.datami.sources import Sources

MODES = {"OR": "any", "AND": "any", "RADIO": "one"}
LOCALES = ("fr", "en")
PAGES = {"table": "itemsPerPageTable", "cards": "itemsPerPageCards"}


class Drawn:
    """What the options of a file become, beside what they say of its columns."""

    def __init__(self, options: Section | None, columns: Columns, sources: Sources):
        self.options = options
        self.columns = columns
        self.geo: tuple[str, str] | None = None
        self._sources = sources
        self._defaults: list[str] = []

    def parts(self, *, placed: bool, find_areas: FindAreas) -> dict[str, Any]:
        """Views and what they share. `placed` says whether the rows are known to have positions."""
        options = self.options
        if options is None:
            return {"views": [{"type": "table"}]}
        made: dict[str, Any] = {}
        filters, sort = self._filters(options), self._sort(options)
        views: dict[str, list[dict[str, Any]]] = {"table": [{"type": "table"}]}
        maps = self._maps(options, find_areas)
        cards = self._cards(options, placed=placed or self.geo is not None)
        if cards is not None:
            views["cards"] = [cards]
        if maps and (placed or self.geo is not None):
            views["map"] = maps
        elif maps:
            options.tell("mapview", "not_carried", "no_position")
        charts = self._charts(options)
        if charts:
            views["dataviz"] = [{"type": "dataviz", "charts": charts}]
        self._pages(options, views)
        first = [kind for kind in ("cards", "map", "dataviz") if kind in self._defaults]
        order = dict.fromkeys([*first, "cards", "map", "table", "dataviz"])
        if not first:
            order = dict.fromkeys(["table", *order])
        made["views"] = [one for kind in order for one in views.get(kind, ())]
        if filters:
            made["filters"] = filters
        if sort:
            made["sort"] = sort
        return made

    def _filters(self, options: Section) -> list[dict[str, Any]]:
        part = options.part("customfilters", "customfilters")
        if part is None:
            return []
        found: dict[str, dict[str, Any]] = {}
        for one in _named_entries(part, "filterfields", "filter_field"):
            name = self.columns.named(one, "name")
            way = one.text("filtering") or "AND"
            if way not in MODES:
                one.tell("filtering", "changed", "unknown_filter", way=way)
            elif way == "AND":
                key = "filtering" if "filtering" in one else "name"
                if name is not None:
                    one.tell(key, "changed", "filter_and")
            if name is not None:
                found[name] = {"field": name, "mode": MODES.get(way, "any")}
            one.close()
        part.close()
        return list(found.values())[:50]

    def _sort(self, options: Section) -> list[dict[str, Any]]:
        part = options.part("customsorting", "customsorting")
        if part is None:
            return []
        found: dict[str, dict[str, Any]] = {}
        for one in _named_entries(part, "sortfields", "sort_field"):
            name = self.columns.named(one, "name")
            descending = one.take("ascending", bool) is False
            if name is not None:
                order = {"descending": True} if descending else {}
                found.setdefault(name, {"field": name, **order})
            one.close()
        part.close()
        return list(found.values())[:10]

    def _shown(self, options: Section, key: str) -> Section | None:
        """A view that is on; notes whether it is one of those shown first."""
        part = options.part(key, key)
        if part is not None and part.flag("default"):
            self._defaults.append(key.removesuffix("view"))
        return part

    def _cards(self, options: Section, *, placed: bool) -> dict[str, Any] | None:
        part = self._shown(options, "cardsview")
        if part is not None:
            part.close()
        if part is None:
            if "cardssettings" in options:
                options.tell("cardssettings", "not_carried", "view_off")
            return None
        cards = Cards(options.part("cardssettings", "cardssettings"), self.columns)
        fallback = f"{{{self.columns.names[0]}}}" if self.columns.names else "–"
        view = cards.view(fallback, placed=placed)
        self.geo = self.geo or cards.geo
        return view

    def _maps(self, options: Section, find_areas: FindAreas) -> list[dict[str, Any]]:
        part = self._shown(options, "mapview")
        if part is None:
            return []
        found: list[dict[str, Any]] = []
        for one in part.parts("maps", "map"):
            if one.raw("cols") is not None:
                one.tell("cols", "not_carried", "one_map_a_view")
            drawn = Map(self.columns, find_areas)
            settings = self._map_options(one)
            view = drawn.view(settings)
            self.geo = self.geo or drawn.geo
            found.append(view if not found else {**view, "name": f"map-{len(found) + 1}"})
            one.close()
        part.close()
        return found or [{"type": "map", "layers": [{"name": "points", "type": "points"}]}]

    def _map_options(self, one: Section) -> Section:
        file = one.text("file")
        inside = one.part("mapOptions", "map_options")
        if inside is not None:
            return inside
        value = self._sources.json(file, one.at("file")) if file is not None else {}
        if isinstance(value, dict) and isinstance(value.get("mapOptions"), dict):
            value = value["mapOptions"]
        at = one.path if file is None else f"{self._sources.short(file)}:"
        return Section(value if isinstance(value, dict) else {}, at, one.notes, "map_options")

    def _charts(self, options: Section) -> list[dict[str, Any]]:
        part = self._shown(options, "datavizview")
        if part is None:
            return []
        listed = part.parts("charts", "chart")
        file = part.text("file")
        if file is not None:
            value = self._sources.json(file, part.at("file"))
            value = value if isinstance(value, dict) else {"charts": value or []}
            outer = Section(value, f"{self._sources.short(file)}:", part.notes, "file")
            listed += outer.parts("charts", "chart")
            outer.close()
        found = [dataviz_chart(one, self.columns) for one in listed]
        part.close()
        return [one for one in found if one is not None][:50]

    def _pages(self, options: Section, views: dict[str, list[dict[str, Any]]]) -> None:
        part = options.part("pagination", "pagination")
        if part is None:
            return
        size = part.whole("itemsPerPage", 1, 1000)
        for kind, key in PAGES.items():
            own = part.whole(key, 1, 1000) or size
            for view in views.get(kind, ()):
                if own is not None:
                    view["page_size"] = own
        per_row = part.whole("itemsPerRow", 1, 4)
        for view in views.get("cards", ()):
            if per_row is not None:
                view["per_row"] = per_row
        part.close()


def _named_entries(part: Section, key: str, context: str) -> list[Section]:
    """The entries of a list, each the name of a column or an object with one."""
    listed = part.raw(key)
    if not isinstance(listed, list):
        part.tell(key, "unusable", "wrong_type", expected="list")
        return []
    found: list[Section] = []
    for index, one in enumerate(listed):
        plain = isinstance(one, str)
        section = Section({"name": one} if plain else one, part.at(key, index), part.notes, context)
        section.plain = plain
        found.append(section)
    return found


def credits_of(section: Section, key: str = "creditslogos") -> list[dict[str, Any]]:
    """Whom a widget is owed to: the sites that logos lead to. Logos are files of third parties."""
    found: list[dict[str, Any]] = []
    for one in section.parts(key, "credit"):
        hidden = one.flag("hide")
        url = one.text("url")
        host = _host(url)
        if host is None and url is not None:
            one.tell("url", "unusable", "not_an_address")
        if host is not None and not hidden:
            found.append({"text": host, "url": url})
        one.close()
    return found[:30]


def _host(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or set(url or "") & set('"<> \t\n')
    ):
        return None
    return parts.hostname.removeprefix("www.")


def locales_of(locale: str | None) -> list[str]:
    """The languages of a widget, the one of the page first."""
    first = locale if locale in LOCALES else LOCALES[0]
    return [first, *(one for one in LOCALES if one != first)]
