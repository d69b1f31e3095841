"""How sentences are filled: values shortened and made visible, French and English typography.

A template is a `str.format` text. `[[…]]` is left out when a value in it is missing. `{x:size}`
writes bytes as kB or MB; lists are joined; a text is shortened to what a person can take in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Any

LOCALES = ("en", "fr")
LONGEST = 80
MOST = 16
OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
NARROW = "\u202f"
NO_BREAK = "\u00a0"
SIZES = ((10**9, {"en": "GB", "fr": "Go"}), (10**6, {"en": "MB", "fr": "Mo"}))
KILO = (10**3, {"en": "kB", "fr": "ko"})


def language(locale: str) -> str:
    """The catalogue to use for a locale: French for `fr` and `fr-CA`, else English."""
    return "fr" if locale.lower().startswith("fr") else "en"


def fill(texts: Mapping[str, str], locale: str, values: Mapping[str, Any]) -> str:
    """The sentence of a catalogue entry. Never fails: a missing value is an ellipsis."""
    chosen = language(locale)
    template = typographic(texts[chosen], chosen)
    known = {name: value for name, value in values.items() if value not in (None, "", (), [])}
    empty = {name: value for name, value in values.items() if value == ""}

    def optional(found: re.Match[str]) -> str:
        inside = found[1]
        return inside if placeholders(inside) <= known.keys() else ""

    shown = _Shown({name: _Value(value, chosen) for name, value in {**empty, **known}.items()})
    return OPTIONAL.sub(optional, template).format_map(shown)


def placeholders(template: str) -> set[str]:
    """The names of the values that a template shows."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@lru_cache(maxsize=2_000)
def typographic(text: str, locale: str) -> str:
    """Curly apostrophes; in French, no-break spaces where they belong."""
    text = text.replace("'", "’")
    if locale != "fr":
        return text
    text = text.replace("« ", f"«{NO_BREAK}").replace(" »", f"{NO_BREAK}»")
    return re.sub(r" ([;!?])", NARROW + r"\1", text.replace(" :", f"{NO_BREAK}:"))


def listed(values: Any, locale: str, *, most: int = MOST) -> str:
    """`a, b, c`, and how many more there are."""
    texts = [short(one) for one in values]
    if len(texts) <= most:
        return ", ".join(texts)
    more = {"en": "… ({} in all)", "fr": "… ({} en tout)"}[language(locale)]
    return ", ".join(texts[:most]) + more.format(len(texts))


def short(value: Any) -> str:
    """A value as a person can read it: line ends and hidden characters shown, the end cut off."""
    text = "".join(_visible(one) for one in str(value)[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def count(number: int, locale: str) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", NARROW if language(locale) == "fr" else ",")


def size(number: int, locale: str) -> str:
    """A number of bytes in the unit that suits it."""
    chosen = language(locale)
    for unit, names in (*SIZES, KILO):
        if number >= unit:
            figure = f"{number / unit:.1f}".removesuffix(".0")
            if chosen == "fr":
                figure = figure.replace(".", ",")
            return f"{figure}{NO_BREAK}{names[chosen]}"
    return f"{number}{NO_BREAK}{'octets' if chosen == 'fr' else 'bytes'}"


def _visible(character: str) -> str:
    if character in "\r\n\t":
        return {"\n": "⏎", "\r": "", "\t": "⇥"}[character]
    if character.isprintable() or character in f"{NO_BREAK}{NARROW}\u2009":
        return character
    return f"<U+{ord(character):04X}>"


class _Shown(dict[str, "_Value"]):
    def __missing__(self, name: str) -> str:
        return "…"


class _Value:
    """A value that knows how to write itself into a sentence."""

    def __init__(self, value: Any, locale: str) -> None:
        self._value = value
        self._locale = locale

    def __format__(self, form: str) -> str:
        value = self._value
        if isinstance(value, bool) or value is None:
            return short(value)
        if isinstance(value, int):
            return (size if form == "size" else count)(value, self._locale)
        if isinstance(value, (list, tuple, set, frozenset)):
            ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
            return listed(ordered, self._locale)
        return short(value)
