"""Every word of the pages exists in French, and says the same with the same blanks to fill."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeAlias

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import retouche.web
from retouche.web.translations import catalogue

WEB = Path(retouche.web.__path__[0])
OPTIONS = {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
BLANK = re.compile(r"%\((\w+)\)s")
Words: TypeAlias = str | tuple[str, ...]


def messages() -> dict[Words, str]:
    """Every message of templates and code, and the first place where it stands."""
    found: dict[Words, str] = {}
    for path in sorted(WEB.rglob("*.html")):
        with path.open("rb") as file:
            for line, _function, words, _comments in babel_extract(
                file, list(KEYWORDS), [], OPTIONS
            ):
                found.setdefault(plain(words), f"{path.name}:{line}")
    for path in sorted(WEB.rglob("*.py")):
        with path.open("rb") as file:
            for line, words, _comments, _context in extract("python", file, KEYWORDS):
                found.setdefault(plain(words), f"{path.name}:{line}")
    return found


def plain(words: str | tuple[str | None, ...] | None) -> Words:
    if words is None or isinstance(words, str):
        return words or ""
    given = tuple(one for one in words if one is not None)
    return given[0] if len(given) == 1 else given


@pytest.fixture(scope="module")
def french() -> Catalog:
    with (WEB / "locales" / "fr.po").open("rb") as file:
        return read_po(file, locale="fr")


def entries(french: Catalog) -> list[Message]:
    return [one for one in french if one.id]


def texts(words: object) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(map(str, words))  # type: ignore[call-overload]


def test_every_message_has_a_french_translation(french: Catalog) -> None:
    found = messages()
    assert len(found) > 200
    translated = {
        one.id if isinstance(one.id, str) else tuple(one.id): one
        for one in entries(french)
        if all(texts(one.string)) and not one.fuzzy
    }
    missing = {words: place for words, place in found.items() if words not in translated}
    assert missing == {}


def test_the_catalogue_has_nothing_that_no_page_says(french: Catalog) -> None:
    found = messages()
    known = {one.id if isinstance(one.id, str) else tuple(one.id) for one in entries(french)}
    assert known - set(found) == set()


def test_translations_fill_the_same_blanks(french: Catalog) -> None:
    for one in entries(french):
        for source, text in zip(texts(one.id), texts(one.string), strict=True):
            assert set(BLANK.findall(text)) == set(BLANK.findall(source)), one.id
            assert not re.search(r"%(?!\(\w+\)s)", text), one.id


def test_french_is_set_as_french_is(french: Catalog) -> None:
    for one in entries(french):
        for text in texts(one.string):
            bare = BLANK.sub("x", text)
            assert "'" not in bare, f"a straight apostrophe: {text}"
            assert '"' not in bare, f"straight quotes: {text}"
            assert not re.search(r"(?<![\u202f])[;!?]", bare), f"no narrow space: {text}"
            assert not re.search(r"(?<![\u00a0\d]):(?!\d)", bare), (
                f"no space before a colon: {text}"
            )
            assert not re.search("«(?!\u00a0)|(?<!\u00a0)»", bare), f"no space in quotes: {text}"


def test_plurals_follow_french(french: Catalog) -> None:
    words = catalogue("fr")
    for number, expected in ((0, "ligne"), (1, "ligne"), (2, "lignes")):
        text = words.ngettext("%(shown)s row", "%(shown)s rows", number)
        assert text == f"%(shown)s {expected}"
    assert catalogue("en").ngettext("%(shown)s row", "%(shown)s rows", 0) == "%(shown)s rows"
