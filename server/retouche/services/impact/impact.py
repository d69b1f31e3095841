"""The impact of a proposal or a scenario: its revision held against the one it was made on."""

from __future__ import annotations

import threading
from collections import OrderedDict

import structlog

from retouche.core.errors import RetoucheError
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.impact.access import access_of
from retouche.services.impact.effects import effect_of, fault
from retouche.services.impact.report import Access, ImpactReport, IndicatorImpact
from retouche.services.indicators.indicators import Indicators
from retouche.services.territories import levels

KEPT = 200
"""Reports that a process keeps."""
LOG = structlog.get_logger()


class Impact:
    """Makes reports, and keeps the last ones by what they compare. Safe for threads."""

    def __init__(self, indicators: Indicators) -> None:
        self._indicators = indicators
        self._kept: OrderedDict[tuple[str, str, str], ImpactReport] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, before: DatasetRevision, after: DatasetRevision) -> ImpactReport:
        """What changes in the indicators of one revision of a dataset and another.

        An indicator that cannot be computed is told as such, and does not keep the others.
        """
        pair = after.dataset.name, before.commit, after.commit
        with self._lock:
            known = self._kept.get(pair)
            if known is not None:
                self._kept.move_to_end(pair)
                return known
        made = self._made(before, after)
        with self._lock:
            self._kept[pair] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def of_proposal(self, dataset: Dataset, proposal: Proposal) -> ImpactReport:
        """The impact of a proposal on what it was made for. Raises `NotFound` for one that is not
        written yet."""
        after = dataset.at(f"proposal:{proposal.id}")
        return self.of(dataset.at(proposal.parent), after)

    def _made(self, before: DatasetRevision, after: DatasetRevision) -> ImpactReport:
        package = after.package
        effects: list[IndicatorImpact] = []
        access: list[Access] = []
        declared = self._indicators.declared(package)
        faults: dict[str, RetoucheError] = dict(self._indicators.unusable(package))
        for name, indicator in declared.items():
            if not indicator.impact or before.commit == after.commit:
                continue
            try:
                found = self._indicators.between(before, after, name)
                effect = effect_of(found, before, after)
                near = access_of(found, before, after) if indicator.bands else None
            except Exception as error:  # one that fails does not keep the others
                if not isinstance(error, RetoucheError):
                    LOG.exception("indicator_failed", dataset=after.dataset.name, indicator=name)
                faults[name] = fault(error)
                continue
            if effect is not None:
                effects.append(effect)
            if near is not None and near.moved:
                access.append(near)
        shown = {one.indicator.resource for one in effects}
        return ImpactReport(
            before=before.commit,
            after=after.commit,
            indicators=tuple(effects),
            access=tuple(access),
            levels={str(one["name"]): one.get("title") or one["name"] for one in levels(package)},
            primary_keys={one: package.resource(one).schema.primary_key for one in shown},
            titles={
                name: declared[name].descriptor.get("title") for name in faults if name in declared
            },
            faults=faults,
        )
