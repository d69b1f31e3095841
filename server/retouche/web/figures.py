"""What Prometheus reads: figures of the journal, and counts of all processes of this machine.

Labels are routes, methods, states, reasons and names of datasets: as many as the server knows
when it starts, whatever clients send.
"""

from __future__ import annotations

import platform
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from retouche import __version__
from retouche.core.errors import RetoucheError
from retouche.meters import BUCKETS, Meters
from retouche.services.datasets import Dataset
from retouche.web.observing import RECEIVED
from retouche.wiring import Services


def exposition(found: Services, meters: Meters) -> bytes:
    """All figures, in the text form of Prometheus."""
    registry = CollectorRegistry()
    registry.register(Figures(found, meters))
    return generate_latest(registry)


class Figures(Collector):
    """Read from the journal when asked, so that every worker gives the same figures."""

    def __init__(self, found: Services, meters: Meters) -> None:
        self._services = found
        self._meters = meters

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily(
            "retouche", "What runs.", {"version": __version__, "python": platform.python_version()}
        )
        yield from self._counted()
        free = shutil.disk_usage(self._services.settings.home).free
        yield GaugeMetricFamily("retouche_disk_free_bytes", "Left for the home folder.", free)
        reached = True
        for part in (self._proposals, self._forges, self._work):
            try:
                yield from list(part())
            except RetoucheError:
                reached = False
        yield GaugeMetricFamily(
            "retouche_journal_up", "Whether the journal could be read just now.", float(reached)
        )
        yield from self._queue()

    # -- Counted by each process --------------------------------------------------------------

    def _counted(self) -> Iterator[Metric]:
        totals = self._meters.totals()
        requests = CounterMetricFamily(
            "retouche_requests", "Requests answered.", labels=["route", "method", "status"]
        )
        durations = HistogramMetricFamily(
            "retouche_request_duration_seconds",
            "Time to make an answer, once the request was read.",
            labels=["route", "method"],
        )
        sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * (len(BUCKETS) + 2))
        for one in self._meters.requests(totals):
            requests.add_metric([one.route, one.method, one.status], sum(one.counts))
            known = sums[one.route, one.method]
            for place, value in enumerate((one.seconds, *one.counts)):
                known[place] += value
        bounds = [*map(str, BUCKETS), "+Inf"]
        for labels, (seconds, *counts) in sums.items():
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            durations.add_metric(list(labels), buckets, seconds)
        received = CounterMetricFamily(
            "retouche_proposals_received", "Proposals that were taken.", labels=["dataset"]
        )
        refused = CounterMetricFamily(
            "retouche_proposals_refused", "Proposals refused.", labels=["dataset", "reason"]
        )
        for dataset, outcome, count in self._meters.contributions(totals):
            if outcome == RECEIVED:
                received.add_metric([dataset], count)
            else:
                refused.add_metric([dataset, outcome], count)
        yield from (requests, durations, received, refused)

    # -- Read from the journal ----------------------------------------------------------------

    def _proposals(self) -> Iterator[Metric]:
        proposals = GaugeMetricFamily(
            "retouche_proposals", "Proposals by state.", labels=["dataset", "state"]
        )
        for one in self._services.catalogue:
            for state, count in self._services.proposals.counts(one).items():
                proposals.add_metric([one.name, state], count)
        yield proposals

    def _forges(self) -> Iterator[Metric]:
        """Of datasets that live elsewhere: whether their forge answers, and what waits for it."""
        up = GaugeMetricFamily(
            "retouche_forge_up", "Whether the forge answered last time.", labels=["dataset"]
        )
        held = GaugeMetricFamily(
            "retouche_tip_held", "Whether its newest version cannot be served.", labels=["dataset"]
        )
        waiting = GaugeMetricFamily(
            "retouche_oldest_queued_seconds", "Age of the oldest queued.", labels=["dataset"]
        )
        for one in self._services.catalogue:
            if one.remote is not None:
                seen = self._services.watch.outlook(one.name)
                up.add_metric([one.name], float(seen.fault is None))
                held.add_metric([one.name], float(seen.held_reason is not None))
                waiting.add_metric([one.name], self._oldest(one))
        yield from (up, held, waiting)

    def _work(self) -> Iterator[Metric]:
        done = GaugeMetricFamily(
            "retouche_chore_last_success_seconds",
            "When a worker last did it, as seconds since 1970.",
            labels=["chore"],
        )
        known = {one.name for one in self._services.chores}
        for name, moment in sorted(self._services.signs.seen().items()):
            if name in known:
                done.add_metric([name], moment.timestamp())
        yield done
        waiting = self._services.outbox.waiting()
        yield GaugeMetricFamily("retouche_mails_waiting", "Mails that wait to be sent.", waiting)

    def _queue(self) -> Iterator[Metric]:
        waiting = _value(self._services.queue.waiting)
        yield GaugeMetricFamily(
            "retouche_queue_up", "Whether the queue can be reached.", float(waiting is not None)
        )
        if waiting is not None:
            yield GaugeMetricFamily("retouche_queue_waiting", "Tasks in the queue.", waiting)

    def _oldest(self, dataset: Dataset) -> float:
        """The age of the oldest queued proposal in seconds, 0 when there is none."""
        proposals = self._services.proposals
        _, total = proposals.page(dataset, states=("queued",), page_size=1)
        oldest, _ = proposals.page(dataset, states=("queued",), page=max(total, 1), page_size=1)
        ages = [(self._services.clock() - one.created_at).total_seconds() for one in oldest]
        return max(0.0, *ages) if ages else 0.0


def _value(ask: Callable[[], int]) -> int | None:
    try:
        return ask()
    except RetoucheError:
        return None
