"""What `retouche doctor` says of each finding, in English and French: what is, and what to do."""

from __future__ import annotations

from retouche.cli.advising.branches import BRANCHES
from retouche.cli.advising.mirror import MIRROR
from retouche.cli.advising.news import NEWS
from retouche.cli.advising.project import PROJECT
from retouche.cli.advising.said import Advice, Said
from retouche.cli.advising.server import SERVER
from retouche.cli.advising.token import TOKEN

ADVICE: dict[str, Advice] = {**SERVER, **TOKEN, **PROJECT, **BRANCHES, **NEWS, **MIRROR}


def advice(key: str, locale: str, /, **values: object) -> Said:
    """What a finding says in a language, filled."""
    english, french = ADVICE[key]
    said = french if locale == "fr" else english
    return Said(said.what.format(**values), said.do.format(**values))
