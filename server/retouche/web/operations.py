"""What an operator watches: is it alive, is it ready, how much is there."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, current_app

from retouche import __version__
from retouche.core.errors import RetoucheError
from retouche.meters import Meters
from retouche.web.caching import json_response
from retouche.web.context import services
from retouche.web.figures import exposition
from retouche.web.health import Looks, examine
from retouche.web.observing import METERS

blueprint = Blueprint("operations", __name__)
LOOKS = "retouche_looks"


@blueprint.record_once
def _begin(state: object) -> None:
    app = state.app  # type: ignore[attr-defined]
    app.extensions[LOOKS] = Looks()


@blueprint.get("/health")
def health() -> Response:
    """What is wrong, per dataset and of the server. Always 200 while the server can answer."""
    body = {"version": __version__, **examine(cast(Looks, current_app.extensions[LOOKS]))}
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
    try:
        services().signs.seen()
        database = True
    except RetoucheError:
        database = False
    is_ready = database and not failing
    body = {"ready": is_ready, "failing": failing, "database": database}
    response = json_response(body, 200 if is_ready else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    text = exposition(services(), cast(Meters, current_app.extensions[METERS]))
    response = Response(text, content_type="text/plain; version=0.0.4")
    response.headers["Cache-Control"] = "no-store"
    return response
