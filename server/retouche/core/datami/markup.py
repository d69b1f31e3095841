"""Texts of a configuration without their HTML, and templates with our way to name a field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

LANGUAGES = ("fr", "en")
LONGEST = 5_000
NAMED = re.compile(r"\{\{\s*([^{}]{1,500}?)\s*\}\}")
SILENT = ("script", "style")


class _Words(HTMLParser):
    """Keeps what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags += 1
        self._silent += tag in SILENT
        if tag in ("br", "p", "li", "div"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.tags += 1
        self._silent -= tag in SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def plain(text: str) -> tuple[str, bool]:
    """A text without tags and character references, on one line; whether there were tags."""
    if "<" not in text and "&" not in text:
        return " ".join(text.split()), False
    reader = _Words()
    reader.feed(text[:LONGEST])
    reader.close()
    return " ".join("".join(reader.words).split()), bool(reader.tags)


def plain_texts(value: Any) -> tuple[Any, bool]:
    """A text, or a text per language, made plain; None for neither. And whether HTML went away."""
    if isinstance(value, str):
        found, changed = plain(value)
        return found or None, changed
    if not isinstance(value, Mapping):
        return None, False
    made = {key: plain(one) for key, one in value.items() if isinstance(one, str)}
    texts = {key: made[key][0] for key in LANGUAGES if key in made and made[key][0]}
    return texts or None, any(changed for _, changed in made.values())


def each(texts: Any, make: Callable[[str], str]) -> Any:
    """The same done to a text, or to the text of each language."""
    if isinstance(texts, Mapping):
        return {key: make(one) for key, one in texts.items()}
    return None if texts is None else make(texts)


def template(texts: Any, known: Callable[[str], bool]) -> tuple[Any, list[str]]:
    """Our form of a template: `{field}` for `{{ field }}`. And the fields that there are not."""
    unknown: list[str] = []

    def make(text: str) -> str:
        pieces: list[str] = []
        end = 0
        for found in NAMED.finditer(text):
            pieces.append(_braceless(text[end : found.start()]))
            if known(found[1]):
                pieces.append(f"{{{found[1]}}}")
            else:
                unknown.append(found[1])
            end = found.end()
        return "".join([*pieces, _braceless(text[end:])])

    return each(texts, make), unknown


def _braceless(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")
