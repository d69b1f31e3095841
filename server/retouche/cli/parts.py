"""Which part of a proposal is accepted, as the options of `retouche proposals accept` say it.

All raise `click.BadParameter`.
"""

from __future__ import annotations

import click

from retouche.services.reviewing.parts import Refusal


def indexes(text: str | None) -> list[int] | None:
    """Operations, `0,2`; None for all."""
    if text is None:
        return None
    parts = [one.strip() for one in text.split(",")]
    if not all(one.isascii() and one.isdigit() for one in parts):
        raise click.BadParameter(text, param_hint="--operations")
    return [int(one) for one in parts]


def cells_of(text: str) -> tuple[int, tuple[str, ...]]:
    """The fields of an operation that are accepted: `0:phone,mail`."""
    place, colon, fields = text.partition(":")
    if not (colon and fields and place.isascii() and place.isdigit()):
        raise click.BadParameter(text, param_hint="--cells")
    return int(place), tuple(fields.split(","))


def refusal_of(text: str) -> Refusal:
    """What is left out, and the code of the reason: `0:phone=wrong`, `0=wrong`."""
    what, equals, reason = text.rpartition("=")
    place, _, name = what.partition(":")
    if not (equals and reason and place.isascii() and place.isdigit()):
        raise click.BadParameter(text, param_hint="--refuse")
    return Refusal(operation=int(place), field=name or None, reason=reason)
