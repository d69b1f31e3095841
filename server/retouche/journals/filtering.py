"""Filters of a list of proposals, as a condition of the journal's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, false, select

from retouche.journals.rows import time_text
from retouche.journals.tables import PROPOSAL_ROWS, PROPOSAL_TERRITORIES, PROPOSALS
from retouche.ports import Filters


def wanted_by(datasets: str | Sequence[str], filters: Filters) -> ColumnElement[bool]:
    """What holds for the proposals of some datasets that are wanted; for none without a dataset."""
    names = [datasets] if isinstance(datasets, str) else list(datasets)
    if not names:
        return false()
    return and_(PROPOSALS.c.dataset.in_(names), *_parts(names, filters))


def _parts(names: Sequence[str], filters: Filters) -> Iterator[ColumnElement[bool]]:
    columns = PROPOSALS.c
    if filters.states:
        yield columns.state.in_(filters.states)
    if filters.flagged:
        yield columns.signs.is_not(None)
    if filters.conflicted:
        yield columns.conflicted.is_(True)
    if filters.kinds:
        yield and_(columns.kind.in_(filters.kinds), columns.project.is_(False))
    if filters.project is not None:
        yield columns.project.is_(filters.project)
    if filters.since is not None:
        yield columns.created_at >= time_text(filters.since)
    if filters.until is not None:
        yield columns.created_at < time_text(filters.until)
    if filters.after is not None:
        yield columns.sequence > filters.after
    if filters.before is not None:
        yield columns.sequence < filters.before
    if filters.territory is not None:
        there = PROPOSAL_TERRITORIES.c
        yield columns.sequence.in_(
            select(there.proposal).where(
                there.dataset.in_(names), there.territory == filters.territory
            )
        )
    if filters.resource is not None:
        rows = PROPOSAL_ROWS.c
        yield columns.sequence.in_(
            select(rows.proposal).where(rows.dataset.in_(names), rows.resource == filters.resource)
        )
