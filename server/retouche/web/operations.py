"""What an operator watches: is it alive, is it ready, how much is there."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from retouche import __version__
from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.web.caching import json_response
from retouche.web.context import services
from retouche.web.language import locale
from retouche.wiring import Services

blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> Response:
    """What is wrong, per dataset. Always 200 while the server itself can answer."""
    datasets = {}
    for one in services().catalogue:
        try:
            found = one.at()
            for name in found.package.resources:
                found.blob(name)
            datasets[one.name] = {"status": "ok", "revision": found.commit}
        except RetoucheError as error:
            datasets[one.name] = {
                "status": "failing",
                "code": error.code,
                "detail": problem(error, locale())[1],
            }
    well = all(one["status"] == "ok" for one in datasets.values())
    body = {"status": "ok" if well else "failing", "version": __version__, "datasets": datasets}
    response = json_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response


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
