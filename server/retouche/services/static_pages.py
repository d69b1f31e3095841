"""The pages of a static copy: one for each widget in each language, and a list of them all.

Plain HTML for any host: relative links, no inline script or style. Reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from retouche.core.schema import in_language

LANGUAGES = ("fr", "en")
STYLE = b"""html, body { margin: 0; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
header, footer, main.list { max-width: 60rem; margin: 0 auto; padding: 1rem; }
a { color: #1a56a8; }
retouche-widget { display: block; padding: 0 1rem; }
"""
WORDS: Mapping[str, Mapping[str, str]] = {
    "copy": {
        "fr": "Copie en lecture seule, à la révision {}.",
        "en": "A read-only copy, at revision {}.",
    },
    "data": {"fr": "Données", "en": "Data"},
    "list": {"fr": "Tous les jeux de données", "en": "All datasets"},
    "script": {
        "fr": "Cette page a besoin de JavaScript ; les données se lisent aussi sans elle :",
        "en": "This page needs JavaScript; the data can be read without it:",
    },
    "other": {"fr": "English", "en": "Français"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A dataset of the copy: its widgets' titles and its resources' titles by name."""

    name: str
    title: Mapping[str, str]
    revision: str
    widgets: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, str]]


def list_address(language: str) -> str:
    return "index.html" if language == "fr" else f"{language}.html"


def page_address(widget: str, language: str) -> str:
    """Where the page of a widget stands in the folder of its dataset."""
    return f"{widget}.html" if language == "fr" else f"{language}/{widget}.html"


def widget_page(listed: Listed, widget: Mapping[str, Any], language: str) -> bytes:
    """A page that shows one widget."""
    name = str(widget["name"])
    up = "" if language == "fr" else "../"
    other = next(one for one in LANGUAGES if one != language)
    title = in_language(widget.get("title"), language) or name
    element = (
        f'<retouche-widget src="{up}widgets/{quote(name)}.json" locale="{language}">'
        f"</retouche-widget>"
    )
    script = (
        f"<noscript><p>{_word('script', language)}</p>{_files(listed, up, language)}</noscript>"
    )
    body = (
        f"<main>\n{element}\n{script}\n</main>\n<footer>"
        f"<p>{_word('copy', language).format(escape(listed.revision[:10]))} "
        f'<a href="{up}../{list_address(language)}">{_word("list", language)}</a> · '
        f'<a href="{up}{page_address(quote(name), other)}" lang="{other}" hreflang="{other}">'
        f"{_word('other', language)}</a></p></footer>"
    )
    head = f'<script type="module" src="{up}../widgets.js"></script>\n'
    return _page(title, language, body, top=f"{up}../", head=head, strangers=_grounds(widget))


def list_page(datasets: Sequence[Listed], language: str) -> bytes:
    """The page that lists all widgets and files of the copy."""
    other = next(one for one in LANGUAGES if one != language)
    alone = len(datasets) == 1
    level = 1 if alone else 2
    title = datasets[0].title[language] if alone else _word("list", language)
    parts = [] if alone else [f"<h1>{title}</h1>"]
    for one in datasets:
        folder = f"{quote(one.name)}/"
        links = "".join(
            f'<li><a href="{folder}{page_address(quote(name), language)}">'
            f"{escape(in_language(title, language) or name)}</a></li>"
            for name, title in one.widgets.items()
        )
        parts.append(
            f"<h{level}>{escape(one.title[language])}</h{level}>\n"
            f"<p>{_word('copy', language).format(escape(one.revision[:10]))}</p>\n"
            f"<ul>{links}</ul>\n<h{level + 1}>{_word('data', language)}</h{level + 1}>\n"
            f"{_files(one, folder, language)}"
        )
    switch = (
        f'<p><a href="{list_address(other)}" lang="{other}" hreflang="{other}">'
        f"{_word('other', language)}</a></p>"
    )
    body = '<main class="list">\n{}\n{}\n</main>'.format("\n".join(parts), switch)
    return _page(title, language, body, top="", head="", strangers=())


def _files(listed: Listed, folder: str, language: str) -> str:
    items = "".join(
        f'<li>{escape(title[language])} (<a href="{folder}data/{quote(name)}.csv">CSV</a>, '
        f'<a href="{folder}data/{quote(name)}.json">JSON</a>)</li>'
        for name, title in listed.resources.items()
    )
    return f"<ul>{items}</ul>"


def _page(
    title: str, language: str, body: str, *, top: str, head: str, strangers: Sequence[str]
) -> bytes:
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("connect-src 'self'", *strangers)),
            "img-src 'self' data: blob: https:",
            "font-src 'self'",
            "worker-src 'self' blob:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="{top}page.css">\n{head}</head>\n<body>\n{body}\n</body>\n'
        "</html>\n"
    ).encode()


def _grounds(widget: Mapping[str, Any]) -> Sequence[str]:
    """The origins of the map grounds that a descriptor names: no other stranger is asked."""
    tabs = widget.get("tabs") or [widget]
    styles = [
        str((view.get("basemap") or {}).get("style", ""))
        for tab in tabs
        for view in tab.get("views", ())
    ]
    origins: Iterator[Any] = map(urlsplit, styles)
    return sorted({f"https://{one.netloc}" for one in origins if one.scheme == "https"})


def _word(key: str, language: str) -> str:
    return WORDS[key][language]
