"""What is noted of each answer: counts for `/metrics`, and a line of the log.

The line is made of these alone: the method, the route (never the address that was asked for), the
status, the time it took, the request's id and the dataset, where there is one of that name. No
other word of a request can come into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, request

from retouche.core import errors
from retouche.core.messages.guarding import GUARDING
from retouche.meters import METHODS, OTHER, Meters
from retouche.web.kept import REQUEST_ID, ROUTE, Answer
from retouche.wiring import Services

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

METERS = "retouche_meters"
"""Where the application keeps its counts."""
DATASET = "retouche.dataset"
"""In the environment of a request: the dataset that it is about."""
OUTCOME = "retouche.outcome"
"""In the environment of a request that was refused: why."""
RECEIVED = "received"
CONTRIBUTIONS = frozenset(
    {
        "/api/v1/datasets/<name>/proposals",
        "/<dataset:name>/<resource>",
        "/<dataset:name>/<resource>/<key:key>",
    }
)
"""The routes that a proposal is sent to."""
PASSED = ("/validate", "/comparison", "/git-upload-pack")
"""How routes end that are sent something, and change nothing."""
READING = ("GET", "HEAD", "OPTIONS")
FOLDER = "metrics"


def _codes(kind: type[errors.RetoucheError]) -> set[str]:
    return {kind.code}.union(*(_codes(one) for one in kind.__subclasses__()))


OUTCOMES = (RECEIVED, *sorted(_codes(errors.RetoucheError) | GUARDING.keys()))
"""What may become of a contribution when it is sent: it is received, or refused for a reason."""


def install(app: Flask, services: Services) -> None:
    """Have requests tell where they went; before any other hook, and after all routes are there."""
    datasets = frozenset(one.name for one in services.catalogue)
    app.extensions[METERS] = Meters(
        services.settings.home / FOLDER,
        routes=sorted({rule.rule for rule in app.url_map.iter_rules()}),
        datasets=sorted(datasets),
        outcomes=OUTCOMES,
    )

    def tell() -> None:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule
            asked = (request.view_args or {}).get("name")
            if asked in datasets:
                request.environ[DATASET] = asked

    app.before_request_funcs.setdefault(None, []).insert(0, tell)


def note_refusal(error: errors.RetoucheError) -> None:
    """Remember why the request that is being answered was refused."""
    known = error.reason if error.reason in GUARDING else error.code
    request.environ[OUTCOME] = known


class Observer:
    """Counts answers, and writes what they were to the log."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._log = structlog.get_logger().bind()
        self._reads_logged = bool(self._log.is_enabled_for(10))

    def kept(self, environ: WSGIEnvironment, answer: Answer, seconds: float) -> None:
        """Note an answer that was ready: many of them come in a second."""
        method = environ["REQUEST_METHOD"]
        self._meters.request(answer.route, method, int(answer.status[:3]), seconds)
        if self._reads_logged:
            self._write(environ, answer, answer.route, seconds)

    def made(self, environ: WSGIEnvironment, answer: Answer, seconds: float) -> None:
        """Note an answer of the application."""
        route = environ.get(ROUTE, OTHER)
        method, status = environ["REQUEST_METHOD"], int(answer.status[:3])
        self._meters.request(route, method, status, seconds)
        if method == "POST" and route in CONTRIBUTIONS and DATASET in environ:
            outcome = environ.get(OUTCOME, OTHER) if status >= 400 else RECEIVED
            self._meters.contribution(environ[DATASET], outcome)
        self._write(environ, answer, route, seconds)

    def _write(self, environ: WSGIEnvironment, answer: Answer, route: str, seconds: float) -> None:
        method, status = environ["REQUEST_METHOD"], int(answer.status[:3])
        about: dict[str, Any] = {
            "method": method if method in METHODS else OTHER,
            "route": route,
            "status": status,
            "ms": round(1000 * seconds, 1),
            "request_id": next((text for name, text in answer.headers if name == REQUEST_ID), None),
        }
        if DATASET in environ:
            about["dataset"] = environ[DATASET]
        changes = method not in READING and not route.endswith(PASSED)
        if status >= 500:
            self._log.warning("request", **about)
        elif changes or status >= 400:
            self._log.info("request", **about)
        else:
            self._log.debug("request", **about)
