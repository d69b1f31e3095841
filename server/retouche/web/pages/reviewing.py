"""What the pages of reviewers share: where they are in a queue, and what they may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request

from retouche.core.errors import RetoucheError
from retouche.core.package import Package
from retouche.core.schema import in_language
from retouche.ports import Proposal
from retouche.services.presentation import Presented
from retouche.services.reviewing.queue import Beside
from retouche.services.reviewing.reasons import REASONS, own_label, own_message, reasons_of
from retouche.web.access import standing
from retouche.web.context import services
from retouche.web.elements import part_address
from retouche.web.language import locale
from retouche.web.pages import words
from retouche.web.pages.headers import policy
from retouche.web.pages.queueing import AGES, KINDS, STATES, Asked, resources, territories


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a queue can be filtered by."""

    datasets: Sequence[tuple[str, str]]
    states: Sequence[str]
    ages: Sequence[str]
    kinds: Sequence[str]
    territories: Sequence[tuple[str, str]]
    resources: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A part of a proposal that was not accepted with the rest."""

    row: str
    field: str
    reason: str
    said: str
    message: str


def reviewed(only: str = "") -> list[str]:
    """The datasets whose proposals the person who asks reviews, or that one of them."""
    names = [one.name for one in services().catalogue if only in ("", one.name)]
    return [one for one in names if standing(one).sees_private]


def options(names: Sequence[str], asked: Asked) -> Options:
    """The choices of the filters' form; those of one dataset once it is chosen."""
    chosen = [one for one in names if asked.dataset in ("", one)]
    return Options(
        datasets=[(one, _title(one)) for one in names],
        states=STATES,
        ages=AGES,
        kinds=KINDS,
        territories=territories(chosen),
        resources=resources(chosen),
    )


def beside(queue: Asked | None, proposal: Proposal) -> Beside | None:
    """The neighbours of a proposal in the queue that the reviewer is in."""
    if queue is None:
        return None
    return services().reviewing.beside(reviewed(queue.dataset), queue.filters, proposal)


def decided() -> Proposal | None:
    """What was decided just before this page, for those who review its dataset."""
    name, _, proposal = request.args.get("decided", "").partition("/")
    if name not in reviewed(name or "-"):
        return None
    try:
        return services().proposals.get(services().catalogue.get(name), proposal)
    except RetoucheError:
        return None


def reasons(package: Package | None) -> list[tuple[str, str]]:
    """The reasons to refuse, as codes and in words; those of a dataset first."""
    if package is None:
        return [(code, words.reason(code)) for code in REASONS]
    return [
        (one.code, in_language(one.label, locale()) or words.reason(one.code))
        for one in reasons_of(package).values()
    ]


def reason_told(kept: Mapping[str, Any]) -> str:
    """The reason of a decision in words."""
    return own_label(kept, locale()) or words.reason(str(kept.get("reason")))


def left_out(proposal: Proposal, presented: Presented, package: Package) -> list[LeftOut]:
    """The parts of an accepted proposal that were refused, and why."""
    found = []
    for one in (proposal.decision or {}).get("refused") or ():
        operation = presented.operations[one["operation"]]
        known = package.resource(operation.resource).schema.by_name.get(one["field"] or "")
        found.append(
            LeftOut(
                row=operation.row_label,
                field=known.label(locale()) if known else one["field"] or "",
                reason=reason_told(one),
                said=own_message(one, locale()),
                message=one["message"] or "",
            )
        )
    return found


def load_keyboard() -> str | None:
    """Let the page run the script of the shortcuts, and give its address when it is built."""
    address = part_address("reviewing")
    g.review_script = address
    if address is not None:
        g.setdefault("policy", policy({"script-src": "'self'"}))
    return address


def _title(name: str) -> str:
    try:
        return services().catalogue.get(name).at().package.title(locale())
    except RetoucheError:
        return name
