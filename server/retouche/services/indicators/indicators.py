"""Indicators at any revision: kept by content, renewed from a neighbour where one is known."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from retouche.core.errors import BadDataset, NotFound
from retouche.core.indicators.circles import nearest_of, sums
from retouche.core.indicators.declarations import declared
from retouche.core.indicators.indicator import (
    Circle,
    GroupShare,
    Indicator,
    Join,
    Ratio,
)
from retouche.core.indicators.reach import Reach, amounts_within, kilometres
from retouche.core.package import Package
from retouche.core.reading.grid import Numbers
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.columns import Columns
from retouche.services.indicators.differences import changes
from retouche.services.indicators.identity import Identity, identity_of, place_of
from retouche.services.indicators.tables import RULES, Figured
from retouche.services.indicators.values import Difference, Values, Work
from retouche.services.shelf import Cache

CAPACITY = 128_000_000
"""Bytes of values that are kept: some forty versions of an indicator of all French communes."""
LATEST = 1_000
"""Indicators of which it is remembered where they were last computed."""


class Indicators:
    """Computes the indicators that data packages declare. Safe to share between threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._kept: Cache[Values] = Cache(capacity, lambda one: one.size)
        self._latest: OrderedDict[tuple[str, str], Identity] = OrderedDict()
        # Who waits here finds what it wanted, as a rule; values of others ask for values again.
        self._computing = threading.RLock()

    def declared(self, package: Package) -> Mapping[str, Indicator]:
        """The indicators of a package that can be used, by name."""
        return declared(package).usable

    def unusable(self, package: Package) -> Mapping[str, BadDataset]:
        """What is wrong with the others, by name."""
        return declared(package).faults

    def values(self, revision: DatasetRevision, name: str) -> Values:
        """The values of an indicator at a revision.

        Raises `NotFound` for one that is not declared, `BadDataset` for one that cannot be used,
        and `UnreadableFile`.
        """
        return self._values(revision, name, near=None)

    def between(self, before: DatasetRevision, after: DatasetRevision, name: str) -> Difference:
        """How an indicator differs between two revisions. Raises what `values` does.

        What comes after is renewed from what was before, as far as the one follows from the other.
        """
        first = self.values(before, name)
        second = self._values(after, name, near=before)
        return Difference(before=first, after=second, changed=tuple(changes(first, second)))

    def _values(
        self, revision: DatasetRevision, name: str, *, near: DatasetRevision | None
    ) -> Values:
        indicator = self._indicator(revision.package, name)
        identity = identity_of(revision, indicator)
        kept = self._kept.present(identity)
        if kept is not None:
            return self._named(self._kept.get(identity, lambda: kept), indicator)
        with self._computing:
            # Asked for in the lock, so that of several threads one computes.
            found = self._kept.get(identity, lambda: self._computed(revision, indicator, near=near))
            self._remember(revision, indicator, identity)
        return self._named(found, indicator)

    def _named(self, found: Values, indicator: Indicator) -> Values:
        """Values under the declaration of the package that is asked: titles are none of them."""
        return found if found.indicator is indicator else replace(found, indicator=indicator)

    def _indicator(self, package: Package, name: str) -> Indicator:
        known = declared(package)
        if name in known.usable:
            return known.usable[name]
        if name in known.faults:
            fault = known.faults[name]
            raise BadDataset(fault.reason, **fault.values)
        raise NotFound("unknown_indicator", indicator=name[:80], known=sorted(known.usable))

    def _computed(
        self, revision: DatasetRevision, indicator: Indicator, *, near: DatasetRevision | None
    ) -> Values:
        columns = Columns(revision, partial(self._values, revision, near=near))
        rule, resource = indicator.rule, indicator.resource
        reach = None
        if isinstance(rule, Circle):
            before = self._neighbour(revision, indicator, near)
            figured, reach = _in_circles(columns, indicator, rule, before)
        else:
            figured = RULES[type(rule)](columns, resource, rule)
        weights = figured.weights
        if indicator.weight_of is not None:
            weights = columns.numbers(resource, indicator.weight_of)
        length = len(figured.numbers)
        overall = figured.overall
        if overall is None and figured.texts is None and not _totals(indicator):
            overall = _mean(figured.numbers, weights)
        return Values(
            indicator=indicator,
            numbers=_frozen(figured.numbers),
            texts=figured.texts,
            weights=weights,
            overall=overall,
            keys=columns.keys(resource),
            work=Work(
                rows=length if reach is None else reach.rows,
                of=length,
                sources=0 if reach is None else reach.changes,
            ),
            reach=reach,
        )

    def _neighbour(
        self, revision: DatasetRevision, indicator: Indicator, near: DatasetRevision | None
    ) -> Reach | None:
        """What is known of another version: of the one that is near, else of the last one."""
        identities = []
        if near is not None:
            other = declared(near.package).usable.get(indicator.name)
            if other is not None and other.rule == indicator.rule:
                identities.append(identity_of(near, other))
        identities.append(self._latest.get(place_of(revision, indicator), ""))
        for one in identities:
            found = self._kept.present(one)
            if found is not None and found.reach is not None:
                return found.reach
        return None

    def _remember(
        self, revision: DatasetRevision, indicator: Indicator, identity: Identity
    ) -> None:
        place = place_of(revision, indicator)
        self._latest[place] = identity
        self._latest.move_to_end(place)
        while len(self._latest) > LATEST:
            self._latest.popitem(last=False)


def _in_circles(
    columns: Columns, indicator: Indicator, rule: Circle, before: Reach | None
) -> tuple[Figured, Reach]:
    targets, sources = columns.targets(indicator.resource), columns.sources(rule.sources)
    own = []
    if not rule.itself:
        rows = np.arange(len(targets), dtype=np.int64)
        own = [
            rows + offset
            for source, offset in zip(rule.sources, sources.offsets, strict=True)
            if source.resource == indicator.resource
        ]
    if rule.type == "nearest_distance":
        nearby = nearest_of(targets, sources, own=own, before=before)
        return Figured(numbers=kilometres(nearby, rule.radius)), nearby
    assert rule.radius is not None
    reach = sums(targets, sources, rule.radius, before=before)
    return Figured(numbers=amounts_within(reach, own)), reach


def _totals(indicator: Indicator) -> bool:
    """Whether the rule itself says what all rows are together, be it that nobody knows."""
    rule = indicator.rule
    return isinstance(rule, Ratio | GroupShare) or (
        isinstance(rule, Join) and rule.operation not in (None, "mean")
    )


def _mean(numbers: Numbers, weights: Numbers | None) -> float | None:
    """The mean of what is known, by weight; rows of an unknown weight are left out."""
    counted = np.ones(len(numbers)) if weights is None else weights
    known = ~np.isnan(numbers) & ~np.isnan(counted)
    total = float(counted[known].sum())
    return float((numbers[known] * counted[known]).sum()) / total if total else None


def _frozen(numbers: Numbers) -> Numbers:
    """Numbers that many threads share, and nobody may write to."""
    numbers.flags.writeable = False
    return numbers
