"""What an operator watches: is it alive, is it ready, how much is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from retouche import __version__
from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.ports import Outlook
from retouche.services.datasets import Dataset
from retouche.services.setup.token import SOON
from retouche.web.caching import json_response
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.notices import Silence, notice, outlook, silence
from retouche.wiring import Services

CONDITIONS = ("ok", "degraded", "failing")
blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> Response:
    """What is wrong, per dataset. Always 200 while the server itself can answer."""
    datasets = {one.name: _condition(one) for one in services().catalogue}
    worst = max((one["status"] for one in datasets.values()), key=CONDITIONS.index, default="ok")
    body = {"status": worst, "version": __version__, "datasets": datasets}
    response = json_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response


def _condition(one: Dataset) -> dict[str, Any]:
    """*failing* when a dataset cannot be read, *degraded* when it can, but its forge cannot."""
    try:
        found = one.at()
        for name in found.package.resources:
            found.blob(name)
        condition: dict[str, Any] = {"status": "ok", "revision": found.commit}
    except RetoucheError as error:
        condition = {
            "status": "failing",
            "code": error.code,
            "detail": problem(error, locale())[1],
        }
    seen = outlook(one)
    if seen is None:
        return condition
    silent, held = silence(seen), notice(one)
    token = _token(seen)
    if condition["status"] == "ok" and (silent or held or (token and token["status"] != "ok")):
        condition["status"] = "degraded"
    return condition | {
        "queued": services().proposals.counts(one).get("queued", 0),
        "forge": _silence(silent) if silent else {"status": "ok"},
        "held": {"revision": held.held, "code": held.code, "detail": held.sentence}
        if held
        else None,
        "token": token,
        "seen_at": _text(seen.polled_at),
    }


def _token(seen: Outlook) -> dict[str, Any] | None:
    """How long our own token at a forge lasts; None where it does not end, or is not known to."""
    if seen.token_ends is None:
        return None
    days = (date.fromisoformat(seen.token_ends) - services().clock().date()).days
    status = "ok" if days > SOON else "ending" if days > 0 else "ended"
    return {"status": status, "ends": seen.token_ends, "days": max(days, 0)}


def _silence(silent: Silence) -> dict[str, Any]:
    return {
        "status": "failing",
        "code": silent.code,
        "detail": silent.sentence,
        "since": _text(silent.since),
        "retry_at": _text(silent.retry_at),
        "failures": silent.failures,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


@blueprint.get("/ready")
def ready() -> Response:
    """200 once every dataset can be read and proposals can be remembered, 503 before."""
    failing = []
    for one in services().catalogue:
        try:
            one.at()
            services().proposals.counts(one)
        except RetoucheError:
            failing.append(one.name)
    response = json_response({"ready": not failing, "failing": failing}, 503 if failing else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    registry = CollectorRegistry()
    registry.register(_Figures(services()))
    return Response(generate_latest(registry), content_type="text/plain; version=0.0.4")


class _Figures(Collector):
    """Read from the journal when asked, so that every worker gives the same figures."""

    def __init__(self, found: Services) -> None:
        self._services = found

    def collect(self) -> Iterable[GaugeMetricFamily]:
        proposals = GaugeMetricFamily(
            "retouche_proposals", "Proposals by state.", labels=["dataset", "state"]
        )
        for one in self._services.catalogue:
            for state, count in self._services.proposals.counts(one).items():
                proposals.add_metric([one.name, state], count)
        yield proposals
        yield from self._forges()

    def _forges(self) -> Iterable[GaugeMetricFamily]:
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

    def _oldest(self, dataset: Dataset) -> float:
        """The age of the oldest queued proposal in seconds, 0 when there is none."""
        proposals = self._services.proposals
        _, total = proposals.page(dataset, states=("queued",), page_size=1)
        oldest, _ = proposals.page(dataset, states=("queued",), page=max(total, 1), page_size=1)
        ages = [(self._services.clock() - one.created_at).total_seconds() for one in oldest]
        return max(0.0, *ages) if ages else 0.0
