"""Every refusal as `application/problem+json` (RFC 9457), or as a page for people."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from retouche.core import errors
from retouche.core.messages import describe, problem
from retouche.core.operations import Key
from retouche.core.package import Package
from retouche.core.report import CellConflict, CellError
from retouche.web.caching import json_response
from retouche.web.kept import new_request_id
from retouche.web.language import locale
from retouche.web.observing import note_refusal

STATUS: dict[type[errors.RetoucheError], int] = {
    errors.Malformed: 400,
    errors.UnknownField: 400,
    errors.UnknownOperator: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.Paused: 403,
    errors.ProofRequired: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.HeadMoved: 409,
    errors.ForgeRefused: 409,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Invalid: 422,
    errors.NoChange: 422,
    errors.AmbiguousRow: 422,
    errors.NotEditable: 422,
    errors.IdempotencyMismatch: 422,
    errors.UnreadableFile: 422,
    errors.BadDataset: 422,
    errors.RateLimited: 429,
    errors.ForgeUnavailable: 503,
    errors.StorageFull: 507,
}
HTTP_ERRORS: dict[int, tuple[type[errors.RetoucheError], str]] = {
    400: (errors.Malformed, "bad_request"),
    404: (errors.NotFound, "unknown_page"),
    405: (errors.Malformed, "method_not_allowed"),
    413: (errors.TooLarge, "body_too_large"),
    415: (errors.Unsupported, "media_type"),
    429: (errors.RateLimited, "rate_limited"),
}
ErrorPage = Callable[[errors.RetoucheError, dict[str, Any]], Response]
LOG = structlog.get_logger()


def status_of(error: errors.RetoucheError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_body(error: errors.RetoucheError, *, package: Package | None = None) -> dict[str, Any]:
    """The problem document of a refusal, in the language of the request."""
    title, detail = problem(error, locale())
    body: dict[str, Any] = {
        "type": f"/errors#{error.code}",
        "title": title,
        "status": status_of(error),
        "code": error.code,
        "detail": detail,
        "request_id": request_id(),
    }
    if error.pointer is not None:
        body["pointer"] = error.pointer
    if isinstance(error, errors.Invalid) and package is not None:
        body["errors"] = [cell_error(one, package) for one in error.errors]
    if isinstance(error, errors.Conflict):
        body["conflicts"] = [conflict(one, package) for one in error.conflicts]
    if isinstance(error, errors.ProofRequired):
        body["challenge"] = error.values["challenge"]
    return body


def cell_error(error: CellError, package: Package) -> dict[str, Any]:
    """A cell error with its sentence, as the contract has it."""
    return {
        "code": error.code,
        "message": describe(error, locale(), package=package),
        "operation": error.operation,
        "resource": error.resource,
        "row_key": named_key(error.resource, error.row_key, package),
        "field": error.field,
        "value": error.value,
        "rule": error.rule,
    }


def conflict(one: CellConflict, package: Package | None) -> dict[str, Any]:
    return {
        "resource": one.resource,
        "row_key": named_key(one.resource, one.row_key, package) or {},
        "field": one.field,
        "base": one.base,
        "ours": one.ours,
        "theirs": one.theirs,
        "kind": one.kind,
    }


def named_key(resource: str, key: Key | None, package: Package | None) -> dict[str, str] | None:
    """A row key with the names of its fields."""
    if key is None:
        return None
    known = package.resources.get(resource) if package else None
    names = known.schema.primary_key if known else ()
    if len(names) != len(key):
        names = tuple(str(position) for position in range(len(key)))
    return dict(zip(names, key, strict=True))


def request_id() -> str:
    if "request_id" not in g:
        g.request_id = new_request_id()
    return str(g.request_id)


def install(app: Flask, *, error_page: ErrorPage) -> None:
    """Turn every exception of a request into a problem, or into `error_page` for people."""
    app.extensions["retouche_error_page"] = error_page

    @app.errorhandler(errors.RetoucheError)
    def refusal(error: errors.RetoucheError) -> Response:
        return answer(error)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | HTTPException:
        code = error.code or 500
        if not 400 <= code < 500:
            return error
        kind, reason = HTTP_ERRORS.get(code, (errors.Malformed, "bad_request"))
        limit = request.max_content_length if code == 413 else None
        response = answer(kind(reason, method=request.method, limit=limit), status=code)
        allow = getattr(error, "valid_methods", None)
        if allow:
            response.headers["Allow"] = ", ".join(sorted(allow))
        return response

    @app.errorhandler(TimeoutError)
    def too_slow(_: TimeoutError) -> Response:
        return answer(errors.Malformed("too_slow"), status=408)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        """A defect of ours: logged whole, told without a trace of the inside."""
        rule = request.url_rule.rule if request.url_rule is not None else None
        LOG.error("fault", request_id=request_id(), route=rule, exc_info=error)
        title, detail = problem(errors.RetoucheError("internal"), locale())
        body = {"type": "/errors#internal", "title": title, "status": 500, "code": "internal"}
        return _problem(body | {"detail": detail, "request_id": request_id()}, 500)


def answer(error: errors.RetoucheError, *, status: int | None = None) -> Response:
    note_refusal(error)
    body = problem_body(error, package=g.get("package"))
    if status is not None:
        body["status"] = status
    response = page_or_problem(error, body)
    if status_of(error) in (429, 503):
        response.headers["Retry-After"] = str(retry_after(error))
    if isinstance(error, errors.NotSignedIn):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def retry_after(error: errors.RetoucheError) -> int:
    """Whole seconds after which to try again, at least one."""
    asked = getattr(error, "retry_after", None) or error.values.get("retry_after") or 60
    return max(1, math.ceil(float(asked)))


def page_or_problem(error: errors.RetoucheError, body: dict[str, Any]) -> Response:
    """People who read pages get a page; programs get problem+json."""
    wants_page = (
        not request.path.startswith(("/api/", "/git/", "/hooks/"))
        and request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
        == "text/html"
    )
    if wants_page:
        error_page: ErrorPage = current_app.extensions["retouche_error_page"]
        return error_page(error, body)
    return _problem(body, int(body["status"]))


def _problem(body: dict[str, Any], status: int) -> Response:
    response = json_response(body, status)
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response
