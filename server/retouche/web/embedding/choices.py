"""What a site owner may choose for an embedded widget, and the code that carries the choices.

The same names are attributes of the element, parameters of the framable page and fields of the
form that makes the code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from markupsafe import Markup

LOCALES = ("fr", "en")
THEMES = ("light", "dark", "auto")
VIEWS = ("table", "cards", "map", "dataviz")
HIDEABLE = (
    "title",
    "search",
    "filters",
    "sort",
    "views",
    "tabs",
    "toolbar",
    "credits",
    "count",
    "download",
    "share",
)
BASEMAPS = ("on_request", "at_once", "none")
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LONGEST = 2_000
LOWEST, HIGHEST = 200, 4_000
USUAL_HEIGHT = 720
"""Pixels that a frame has before, or without, a word about its content's height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The choices of one embed; what is empty is left to the descriptor and the reader."""

    locale: str = ""
    theme: str = ""
    view: str = ""
    accent: str = ""
    height: int = 0
    """Pixels; 0 follows the content."""
    hide: tuple[str, ...] = ()
    filters: str = ""
    """Filters that readers cannot take away, as a query string: `dep_lib=Nord&dep_lib=Indre`."""
    row: str = ""
    basemap: str = ""
    readonly: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str], *, hide: tuple[str, ...] | None = None) -> Choices:
        """The choices of a query string; what means nothing is left out."""
        words = hide if hide is not None else tuple(given.get("hide", "").split())
        height = given.get("height", "")
        filters = parse_qsl(given.get("filters", "")[:LONGEST])
        return cls(
            locale=_one_of(given.get("locale"), LOCALES),
            theme=_one_of(given.get("theme"), THEMES),
            view=_one_of(given.get("view"), VIEWS),
            accent=given.get("accent", "") if COLOR.fullmatch(given.get("accent", "")) else "",
            height=min(max(int(height), LOWEST), HIGHEST) if _is_whole(height) else 0,
            hide=tuple(one for one in HIDEABLE if one in words),
            filters=urlencode(filters),
            row=given.get("row", "")[:LONGEST],
            basemap=_one_of(given.get("basemap"), BASEMAPS),
            readonly=given.get("readonly") in ("1", "true", "on"),
        )

    def attributes(self) -> dict[str, str]:
        """Attributes of the element; `readonly` has no value and is not among them."""
        named = {
            "locale": self.locale,
            "theme": self.theme,
            "accent": self.accent,
            "view": self.view,
            "height": str(self.height or ""),
            "hide": " ".join(self.hide),
            "filters": self.filters,
            "row": self.row,
            "basemap": self.basemap,
        }
        return {name: value for name, value in named.items() if value}

    def query(self) -> str:
        """The same as parameters of the framable page. A frame's height is its own matter."""
        named = {name: value for name, value in self.attributes().items() if name != "height"}
        if self.readonly:
            named["readonly"] = "1"
        return urlencode(named)


def _one_of(given: str | None, known: tuple[str, ...]) -> str:
    return given if given in known else ""


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6


def frame_address(site: str, dataset: str, widget: str, choices: Choices) -> str:
    """The address of the framable page with the choices."""
    query = choices.query()
    path = f"{site}/embed/{quote(dataset, safe='')}/{quote(widget, safe='')}"
    return f"{path}?{query}" if query else path


def element_code(site: str, dataset: str, widget: str, choices: Choices) -> Markup:
    """The two lines to paste: the script, once a page, and the element."""
    source = f"{site}/api/v1/datasets/{quote(dataset, safe='')}/widgets/{quote(widget, safe='')}"
    attributes = {"src": source, **choices.attributes()}
    written = Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in attributes.items()
    )
    flag = Markup(" readonly") if choices.readonly else Markup("")
    return Markup(
        '<script type="module" src="{}/widgets.js"></script>\n'
        "<retouche-widget{}{}></retouche-widget>"
    ).format(site, written, flag)


def frame_code(
    site: str, dataset: str, widget: str, choices: Choices, *, title: str, width: int = 0
) -> Markup:
    """A frame; its height follows the content where the second line is kept.

    `width`, in pixels, is the widest that it may be; without one it takes all the room. Without a
    `style` attribute, which a strict policy of the host would refuse.
    """
    address = frame_address(site, dataset, widget, choices)
    frame = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy"'
        ' allow="geolocation; fullscreen; clipboard-write"{}></iframe>'
    ).format(
        address,
        title,
        width or "100%",
        choices.height or USUAL_HEIGHT,
        Markup(' style="width: 100%; max-width: {}px"').format(width) if width else "",
    )
    if choices.height:
        return frame
    follow = Markup('\n<script type="module" src="{}/frames.js"></script>').format(site)
    return frame + follow
