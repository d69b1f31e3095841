"""The index of which rows each commit changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from retouche.ports.forge import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEntry:
    """What a commit did to one row: `cells` maps fields to (old, new).

    A commit that gave a row a new key has an entry under each of the two, both with `old_key`.
    """

    resource: str
    key: tuple[str, ...]
    op: Literal["insert", "update", "delete"]
    cells: Mapping[str, tuple[str | None, str | None]]
    old_key: tuple[str, ...] | None = None


Counted: TypeAlias = tuple[int, int, int, bool]
"""Rows of a resource that a commit inserted, updated and deleted; whether it was unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitChanges:
    """A commit, what it did to each resource, and to which rows."""

    revision: Revision
    counts: Mapping[str, Counted]
    entries: Sequence[RowEntry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEvent:
    """A change of a row in a history. `generation` is how many first parents the commit has."""

    generation: int
    revision: Revision
    entry: RowEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTouch:
    """That a commit changed a row, when, and which of its fields; none are named when it inserted
    the row. `generation` is how many first parents the commit has."""

    generation: int
    time: datetime
    key: tuple[str, ...]
    op: Literal["insert", "update", "delete"]
    fields: tuple[str, ...]
    old_key: tuple[str, ...] | None = None


class ChangeIndex(Protocol):
    """Commits with their first parents, and which rows each changed.

    Derived: it may be thrown away at any time. Other histories than the one asked for (of
    proposals, of a branch that was moved) may be indexed beside it and never show in an answer.
    """

    def missing(self, dataset: str, commits: Sequence[str]) -> set[str]:
        """Those of the commits that are not indexed yet."""
        ...

    def add(
        self, dataset: str, changes: Sequence[CommitChanges], *, published: str | None = None
    ) -> None:
        """Index commits, each after its first parent, all or none; known ones are left out.

        `published` is the published commit when these are not on the way to it.
        """
        ...

    def length(self, dataset: str, commit: str) -> int | None:
        """How many commits the first-parent history of a commit has; None while not indexed."""
        ...

    def revisions(
        self, dataset: str, commit: str, *, offset: int, limit: int
    ) -> Sequence[CommitChanges]:
        """A page of the first-parent history of an indexed commit, newest first, without rows."""
        ...

    def row(
        self,
        dataset: str,
        commit: str,
        resource: str,
        key: Sequence[str],
        *,
        before: int | None = None,
    ) -> Sequence[RowEvent]:
        """What happened to a row up to an indexed commit, newest first, as it was indexed.

        With `before`, only in commits with a smaller generation.
        """
        ...

    def touches(
        self, dataset: str, commit: str, resource: str, *, limit: int
    ) -> Sequence[RowTouch]:
        """What was changed in a resource up to an indexed commit, newest first."""
        ...

    def entries(self, dataset: str, commit: str, *, limit: int) -> Sequence[RowEntry]:
        """What an indexed commit did to rows, in the order in which it was found."""
        ...
