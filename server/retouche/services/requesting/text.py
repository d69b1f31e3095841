"""What a merge request says to a maintainer who never opens our pages.

Templates of ours alone, with outside text that `core.neutral` made harmless. What a contributor
says of themselves (comment, source, name, mail) is never here: GitLab does not forget.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retouche.core.messages import describe
from retouche.core.messages.wording import language
from retouche.core.neutral import code, neutral, prose
from retouche.core.operations import Cells, Delete, Insert, Operation, Patch, Update
from retouche.core.package import Package
from retouche.core.report import CellConflict
from retouche.ports import Proposal, RequestText
from retouche.services.datasets import DatasetRevision
from retouche.services.findings import error_from_wire
from retouche.services.requesting.cells import (
    ROW_LINE,
    Change,
    changes_of,
    field_of,
    joined,
    look_alike,
    pair,
    titled,
    value,
)
from retouche.services.requesting.flags import Flag, flags, signed
from retouche.services.requesting.links import Links
from retouche.services.requesting.words import words

LABEL, REVIEW_LABEL = "retouche", "needs-review"
MOST_LINES = 100
"""Lines of the table of changes; a longer one is not read here."""
MOST_TABLE = 44_000
"""Bytes of that table."""
MOST_FINDINGS = 20
RULE = "|---"


def request_text(
    proposal: Proposal,
    operations: Patch,
    parent: DatasetRevision,
    *,
    base_url: str,
    locale: str,
    impact: str | None = None,
) -> RequestText:
    """The text of a proposal's merge request.

    `parent` is the revision that it was made on; without `base_url` there are no links; `impact`
    is a part of the text, made by `requesting.impact`. It is a
    draft when a new cell is suspicious (see `flags`), or the proposal came with signs; a warning
    alone makes none, for most warnings are of faults that were there before.
    """
    page = _Page(proposal, operations, parent, Links(base_url, proposal, parent), locale)
    labels = (LABEL, REVIEW_LABEL) if page.is_suspicious else (LABEL,)
    return RequestText(
        title=page.title(),
        description=page.description(impact),
        labels=labels,
        draft=page.is_suspicious,
    )


def conflict_note(
    conflicts: Sequence[CellConflict], package: Package, *, locale: str, url: str
) -> str:
    """A note that shows a conflict's three values. `url` is the proposal's page, where
    the public address is known."""
    lines = [words("conflict", locale), "", words("conflict_head", locale), RULE * 5 + "|"]
    for one in conflicts[:MOST_LINES]:
        lines.append(_conflict_line(one, package, locale))
    lines.append("")
    if len(conflicts) > MOST_LINES:
        lines += [words("cells_more", locale, n=len(conflicts) - MOST_LINES), ""]
    if url.startswith(("http://", "https://")):
        lines += [words("conflict_there", locale, url=url), ""]
    return "\n".join(lines)


class _Page:
    """One merge request while it is being written."""

    def __init__(
        self,
        proposal: Proposal,
        operations: Patch,
        parent: DatasetRevision,
        links: Links,
        locale: str,
    ) -> None:
        self._proposal = proposal
        self._operations = operations
        self._parent = parent
        self._package = parent.package
        self._links = links
        self._locale = language(locale)
        self.flags = flags(operations, parent.package)
        self.is_suspicious = bool(self.flags or proposal.signs)

    def title(self) -> str:
        """At most 240 code points, so that a forge may put a word in front."""
        first, others = self._operations[0], len(self._operations) - 1
        resource = self._package.resource(first.resource)
        shown = {"row": self._row_name(first), "table": ""}
        if len(self._package.resources) > 1:
            shown["table"] = f" · {neutral(resource.title(self._locale), most=28)}"
        if isinstance(first, Update):
            names = list(first.new)
            shown["column"] = neutral(titled(resource, names[0], self._locale), most=38)
            shown["others"] = self._more("column", len(names) - 1)
        title = self._words(type(first).__name__.lower(), **shown)
        return title + self._more("change", others)

    def description(self, impact: str | None) -> str:
        parts = [
            self._words("introduction", dataset=prose(self._package.title(self._locale), most=80)),
            *self._changes(),
            *([impact] if impact else []),
            *self._attention(),
            *self._see(),
            *self._here(),
            self._words("copying"),
        ]
        return "\n\n".join(parts) + "\n"

    def _more(self, what: str, n: int) -> str:
        return self._words(f"{what}_more" if n == 1 else f"{what}s_more", n=n) if n else ""

    def _words(self, name: str, **values: object) -> str:
        return words(name, self._locale, **values)

    # -- What changes ---------------------------------------------------------------------

    def _changes(self) -> Iterator[str]:
        yield f"### {self._words('changes')}"
        changes = [
            change
            for one in self._operations
            for change in changes_of(one, self._package.resource(one.resource))
        ]
        lines = [self._words("head"), RULE * 4 + "|"]
        size, before = 0, None
        for change in changes[:MOST_LINES]:
            line = self._line(change, again=change.operation is before)
            size += len(line.encode())
            if size > MOST_TABLE:
                break
            lines.append(line)
            before = change.operation
        yield "\n".join(lines)
        left = len(changes) - (len(lines) - 2)
        if left:
            url = self._links.proposal
            yield self._words("cells_more_there" if url else "cells_more", n=left, url=url)

    def _line(self, change: Change, *, again: bool) -> str:
        operation = change.operation
        row = "" if again else self._row_cell(operation)
        if change.field is None:
            gone = code(change.old, most=ROW_LINE) if change.old else self._words("empty")
            return f"| {row} | {self._words('whole_row')} | {gone} | {self._words('removed')} |"
        resource = self._package.resource(operation.resource)
        field = field_of(resource, change.field)
        old, new = pair(change, field, self._locale)
        if isinstance(operation, Insert):
            old = "" if again else self._words("new_row")
        title = prose(field.label(self._locale), most=80)
        return f"| {row} | {title} | {old} | {new} |"

    def _row_cell(self, operation: Operation) -> str:
        label, key = self._called(operation)
        text = prose(label, most=120)
        url = self._links.row(operation)
        linked = f"[{text}]({url})" if url else text
        named = f"{linked} ({code(key, most=60)})" if key != label else linked
        if len(self._package.resources) == 1:
            return named
        table = self._package.resource(operation.resource).title(self._locale)
        return f"{named} · {prose(table, most=60)}"

    def _row_name(self, operation: Operation) -> str:
        """A row in a title."""
        label, key = self._called(operation)
        shown = neutral(label, most=70)
        return shown if key == label else f"{shown} ({neutral(key, most=28)})"

    def _called(self, operation: Operation) -> tuple[str, str]:
        """What a reader calls the row, and its key."""
        resource = self._package.resource(operation.resource)
        return resource.row_label(self._row(operation), operation.key), joined(operation.key)

    def _row(self, operation: Operation) -> Cells:
        if isinstance(operation, Insert):
            return operation.row
        if isinstance(operation, Delete):
            return operation.old
        snapshot = self._parent.snapshot(operation.resource)
        position = snapshot.index.get(operation.key)
        return {} if position is None else snapshot.cells(position)

    # -- What to look at, and where -------------------------------------------------------

    def _attention(self) -> Iterator[str]:
        signs = signed(self._proposal.signs, self._locale)
        findings = [*signs, *map(self._flagged, self.flags), *self._warnings()]
        if not findings:
            return
        yield f"### {self._words('attention')}"
        if self.is_suspicious:
            yield self._words("draft")
        lines = [f"- {one}" for one in findings[:MOST_FINDINGS]]
        if len(findings) > MOST_FINDINGS:
            lines.append(f"- {self._words('findings_more', n=len(findings) - MOST_FINDINGS)}")
        yield "\n".join(lines)

    def _flagged(self, flag: Flag) -> str:
        column = titled(self._package.resource(flag.resource), flag.field, self._locale)
        return self._words(
            "flag",
            row=code(joined(flag.key), most=60),
            column=prose(column, most=80),
            what=self._words(flag.kind),
        )

    def _warnings(self) -> Iterator[str]:
        for item in self._proposal.warnings:
            sentence = describe(error_from_wire(item), self._locale, package=self._package)
            yield prose(sentence, most=600)

    def _see(self) -> Iterator[str]:
        if not self._links.proposal:
            return
        shown = [
            f"[{self._words(kind)}]({url})" for kind, url in self._links.previews(self._operations)
        ]
        yield f"### {self._words('see')}"
        yield "\n".join(
            [
                f"- {self._words('proposal', url=self._links.proposal)}",
                f"- {self._words('preview', links=', '.join(shown))}",
            ]
        )

    def _here(self) -> Iterator[str]:
        branch = f"proposals/{self._proposal.dataset}/{self._proposal.id}"
        command = f"`git fetch origin {branch} && git switch --detach FETCH_HEAD`"
        yield f"### {self._words('here')}"
        yield "\n".join(
            [
                *(f"- {self._words(one)}" for one in ("merge", "close", "comment")),
                f"- {self._words('take_over', command=command)}",
            ]
        )


def _conflict_line(conflict: CellConflict, package: Package, locale: str) -> str:
    resource = package.resources.get(conflict.resource)
    values = (conflict.base, conflict.ours, conflict.theirs)
    if conflict.field is None or resource is None:
        column = words("whole_row", locale)
        cells = [code(one, most=ROW_LINE) if one else words("absent", locale) for one in values]
    else:
        column = prose(titled(resource, conflict.field, locale), most=80)
        field = field_of(resource, conflict.field)
        telling = look_alike(values)
        cells = [value(one, field, locale, telling=telling) for one in values]
    return f"| {code(joined(conflict.row_key), most=60)} | {column} | {' | '.join(cells)} |"
