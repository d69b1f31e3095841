"""The words of the pages in the language of the request. English is the source, French a catalogue.

The catalogue is read once from its readable form (`locales/fr.po`), so nothing is compiled ahead.
"""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from retouche.web.language import locale

FOLDER = Path(__file__).parent / "locales"


@cache
def catalogue(language: str) -> NullTranslations:
    """The compiled catalogue of a language; the source texts themselves where there is none."""
    path = FOLDER / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str) -> str:
    return catalogue(locale()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return catalogue(locale()).ngettext(singular, plural, number)


def mark(message: str) -> str:
    """Name a message for the extractor where it is not yet to be translated."""
    return message
