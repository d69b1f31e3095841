"""The WSGI application, made from services."""

from __future__ import annotations

import re

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from retouche.core.errors import RateLimited
from retouche.web import (
    api,
    badges,
    catalogue,
    elements,
    feeds,
    git,
    hooks,
    observing,
    operations,
    pages,
    problems,
)
from retouche.web.access import ROLES
from retouche.web.accounts.roles import Roles
from retouche.web.caching import PRIVATE
from retouche.web.compression import Compressed
from retouche.web.embedding import frames, oembed
from retouche.web.gateway import STALLED, Gateway
from retouche.web.kept import REQUEST_ID, Kept
from retouche.web.lane import CROWDED
from retouche.web.paths import DatasetConverter, KeptEncoding, KeyConverter
from retouche.wiring import Services

# What any page of the web may call: reading, checking and proposing. Never with cookies, so an
# answer to another site is an answer to nobody in particular.
OPEN_METHODS = "GET, HEAD, POST, OPTIONS"
OPEN_HEADERS = "Content-Type, Idempotency-Key, If-None-Match"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""The policy of what is no page: nothing in it is loaded, and nobody frames it."""
CROWDED_SECONDS = 10
"""After how long to try again what there was no room for."""
REVIEWERS_ONLY = ("/accept", "/reject")
COMPARISON = re.compile(r"/api/v1/datasets/[^/]+/resources/[^/]+/comparison")
"""The address that takes a whole file."""
WHOLE_FILES = re.compile(
    r"/api/v1/datasets/[^/]+/("
    r"resources/[^/]+/(comparison|data\.((json|geojson|xlsx|parquet)\b|csv\?))|exports/).*"
)
"""Addresses that read or make whole files. A file as it is, is only sent."""
LARGE = 50_000
"""Bytes from which on a body takes long to check: about a hundred operations."""
SCENARIO = "scenario:"
"""What revisions begin with whose address is the right to them."""
QUICK = ("/git/", "/hooks/")
"""Where the length of a body says nothing of what it costs."""


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies; who sends no cookie costs no signature."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)


def create_app(services: Services) -> Flask:
    """Build the application. Makes no request and reads no environment."""
    app = Flask("retouche.web", static_folder=None)
    secure = services.settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=services.secret_key,
        MAX_CONTENT_LENGTH=services.settings.max_body,
        MAX_FORM_PARTS=2_000,
        MAX_FORM_MEMORY_SIZE=services.settings.max_body,
        SESSION_COOKIE_NAME="__Host-retouche" if secure else "retouche",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.session_interface = Sessions()
    app.extensions["retouche"] = services
    app.extensions[ROLES] = Roles()
    app.url_map.converters.update(dataset=DatasetConverter, key=KeyConverter)
    app.extensions["retouche_kept"] = kept = Kept(Compressed(app.wsgi_app))
    app.wsgi_app = KeptEncoding(kept)  # type: ignore[method-assign]
    app.before_request(_refuse_what_has_no_body)
    problems.install(app, error_page=pages.error_page)
    api.register(app)
    app.register_blueprint(git.blueprint)
    app.register_blueprint(hooks.blueprint)
    app.register_blueprint(operations.blueprint)
    app.register_blueprint(elements.blueprint)
    app.register_blueprint(frames.blueprint)
    app.register_blueprint(oembed.blueprint)
    app.register_blueprint(badges.blueprint)
    app.register_blueprint(feeds.blueprint)
    app.register_blueprint(catalogue.blueprint)
    pages.register(app)
    observing.install(app, services)
    app.after_request(_headers)
    return app


def create_gateway(services: Services) -> Gateway:
    """The application as the server runs it, with the answers that are ready in front."""
    app = create_app(services)
    return Gateway(
        app.extensions["retouche_kept"],
        largest_body=services.settings.max_body,
        larger_bodies={COMPARISON: services.settings.max_upload, hooks.PATH: hooks.LARGEST},
        is_costly=is_costly,
        close=services.close,
        observer=observing.Observer(app.extensions[observing.METERS]),
    )


def is_costly(address: str, size: int) -> bool:
    """Whether a request for an address, with a body of a length, keeps a processor busy."""
    large = size > LARGE and not address.startswith(QUICK)
    return large or WHOLE_FILES.fullmatch(address) is not None


def _refuse_what_has_no_body() -> None:
    if STALLED in request.environ:
        raise TimeoutError
    if CROWDED in request.environ:
        raise RateLimited("crowded", retry_after=CROWDED_SECONDS)


def _headers(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    # What a worker of a widget may load follows the policy of its own file, so that has none.
    if request.blueprint != elements.blueprint.name:
        response.headers.setdefault("Content-Security-Policy", NOTHING)
    if request.args.get("revision", "").startswith(SCENARIO):
        # The address is the right to see it: nobody keeps it for others, lists it, or names it.
        response.headers["Cache-Control"] = PRIVATE
        response.headers["X-Robots-Tag"] = "noindex"
        if request.path.startswith("/api/"):
            response.headers["Referrer-Policy"] = "no-referrer"
    response.headers[REQUEST_ID] = problems.request_id()
    if request.path.startswith("/api/") and not request.path.endswith(REVIEWERS_ONLY):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = OPEN_METHODS
            response.headers["Access-Control-Allow-Headers"] = OPEN_HEADERS
            response.headers["Access-Control-Max-Age"] = "86400"
    return response
