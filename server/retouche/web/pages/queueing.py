"""Lists of proposals to be reviewed: their filters in the address, and each entry in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from retouche.core.errors import Malformed, RetoucheError
from retouche.core.messages.moderating import sign
from retouche.core.operations import Cell
from retouche.ports import Filters, Proposal, State
from retouche.services.datasets import Dataset
from retouche.services.reviewing.queue import UNDECIDED
from retouche.services.reviewing.safety import is_trivial
from retouche.services.territories import levels
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.pages.summaries import Summary, summaries

WAITING = "waiting"
"""The state of all that is not decided."""
STATES = (WAITING, "open", "queued", "accepted", "rejected", "withdrawn")
KINDS = ("update", "insert", "delete", "mixed", "project")
AGES = ("1", "7", "30", "90")
"""Days since when a proposal waits."""
NAMES = ("dataset", "state", "flagged", "conflicted", "age", "kind", "territory", "resource")
MOST_TERRITORIES = 400
LINE = 80
"""Characters of a value in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is filtered by, as the address says it."""

    dataset: str = ""
    state: str = ""
    flagged: bool = False
    conflicted: bool = False
    age: str = ""
    kind: str = ""
    territory: str = ""
    resource: str = ""

    @property
    def filters(self) -> Filters:
        until = services().clock() - timedelta(days=int(self.age)) if self.age else None
        return Filters(
            states=self.states,
            flagged=self.flagged,
            conflicted=self.conflicted,
            kinds=(self.kind,) if self.kind not in ("", "project") else (),
            project=True if self.kind == "project" else None,
            territory=self.territory or None,
            resource=self.resource or None,
            until=until,
        )

    @property
    def states(self) -> Sequence[State]:
        if self.state == WAITING:
            return UNDECIDED
        return tuple(one for one in _STATES if one == self.state)

    @property
    def is_queue(self) -> bool:
        """Whether all of it waits for a decision: then the oldest comes first."""
        return self.state in (WAITING, "open", "queued")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """It as query parameters."""
        found = [(name, getattr(self, name)) for name in NAMES]
        return [(name, "1" if one is True else str(one)) for name, one in found if one]

    @property
    def text(self) -> str:
        """It in one query parameter, for the pages of its proposals."""
        return urlencode(self.pairs)


_STATES: tuple[State, ...] = ("open", "queued", "accepted", "rejected", "withdrawn")


def asked(given: Mapping[str, str], *, dataset: str = "", state: str = "") -> Asked:
    """What an address asks for; `dataset` and `state` when it does not say. Raises `Malformed`."""
    found = Asked(
        dataset=given.get("dataset") or dataset,
        state=given.get("state") or state,
        flagged=bool(given.get("flagged")),
        conflicted=bool(given.get("conflicted")),
        age=given.get("age") or "",
        kind=given.get("kind") or "",
        territory=(given.get("territory") or "")[:200],
        resource=(given.get("resource") or "")[:100],
    )
    for name, value, known in (
        ("state", found.state, STATES),
        ("age", found.age, AGES),
        ("kind", found.kind, KINDS),
    ):
        if value and value not in known:
            allowed = ", ".join(known)
            raise Malformed("bad_choice", pointer=name, value=value[:40], allowed=allowed)
    return found


def asked_in(text: str) -> Asked | None:
    """The queue that the address of a page names; None when there is none to go on in."""
    try:
        pairs = parse_qsl(text[:2000])
        return asked(MultiDict(pairs)) if pairs else None
    except (Malformed, ValueError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The first cell that a proposal changes, shortened, and how many more there are."""

    field: str
    old: Cell
    new: Cell
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A proposal in a queue."""

    dataset: str
    title: str
    """Of the dataset."""
    summary: Summary
    line: Line | None
    days: int
    signs: tuple[str, ...]
    trivial: bool

    @property
    def proposal(self) -> Proposal:
        return self.summary.proposal


def entries(proposals: Iterable[Proposal]) -> list[Entry]:
    """Proposals as they stand in a list for reviewers."""
    now = services().clock()
    found = []
    known: dict[str, Dataset] = {}
    for one in proposals:
        dataset = known.setdefault(one.dataset, services().catalogue.get(one.dataset))
        package = dataset.at().package
        [summary] = summaries(dataset, [one])
        found.append(
            Entry(
                dataset=one.dataset,
                title=package.title(locale()),
                summary=summary,
                line=_line(one, dataset),
                days=max(0, (now - one.created_at).days),
                signs=tuple(sign(code, locale()) for code in one.signs),
                trivial=is_trivial(one, package),
            )
        )
    return found


def _line(proposal: Proposal, dataset: Dataset) -> Line | None:
    """The cells are those of the journal: a list reads no version of a file for them."""
    package = dataset.at().package
    cells: list[tuple[str, Cell, Cell]] = []
    for operation in proposal.operations:
        resource = package.resources.get(str(operation.get("resource")))
        fields = {} if resource is None else resource.schema.by_name
        for name, old, new in _cells(operation):
            field = fields.get(name)
            if field is None or not field.personal:
                label = name if field is None else field.label(locale())
                cells.append((label, _short(old), _short(new)))
    if not cells:
        return None
    label, old, new = cells[0]
    return Line(field=label, old=old, new=new, more=len(cells) - 1)


def _cells(operation: Mapping[str, Any]) -> Iterable[tuple[str, Cell, Cell]]:
    if operation["op"] != "update":
        return
    old = operation.get("old") or {}
    for name, new in operation["new"].items():
        yield name, old.get(name), new


def _short(cell: Cell) -> Cell:
    if cell is None or len(cell) <= LINE:
        return cell
    return f"{cell[:LINE]}…"


def territories(names: Iterable[str]) -> list[tuple[str, str]]:
    """The territories of the widest level of some datasets, by which lists can be filtered."""
    found: dict[str, str] = {}
    for name in names:
        try:
            revision = services().catalogue.get(name).at()
            declared = levels(revision.package)
            if not declared:
                continue
            snapshot = revision.snapshot(str(declared[0]["resource"]))
            for position in range(min(len(snapshot), MOST_TERRITORIES)):
                cells = snapshot.cells(position)
                key = snapshot.resource.schema.key_of(cells)
                if key is not None:
                    found.setdefault(key[0], snapshot.resource.row_label(cells, key))
        except RetoucheError:  # one that cannot be read hides its territories, not the list
            continue
    return sorted(found.items())


def resources(names: Iterable[str]) -> list[tuple[str, str]]:
    """The resources of some datasets that proposals may change."""
    found: dict[str, str] = {}
    for name in names:
        try:
            package = services().catalogue.get(name).at().package
        except RetoucheError:
            continue
        for one in package.editable:
            found.setdefault(one.name, one.title(locale()))
    return sorted(found.items(), key=lambda pair: pair[1])
