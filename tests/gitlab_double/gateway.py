"""Where requests come in: they are written down, spoiled by faults, and led to their answer."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

from tests.gitlab_double import git_http, oauth
from tests.gitlab_double.exchange import Answer, Call, Refusal, Request, in_html
from tests.gitlab_double.faults import broken, spoiled
from tests.gitlab_double.routing import Route, found

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab


class Gateway:
    """Answers every request of the double."""

    def __init__(self, gitlab: GitLab) -> None:
        self._gitlab = gitlab

    def answer(self, request: Request) -> Answer:
        gitlab = self._gitlab
        call = Call(request.method, request.path, request.query, request.headers, request.body)
        gitlab.calls.append(call)
        path = request.path.removeprefix(gitlab.prefix)
        route, parts = found(request.method, path)
        call.step = route.step if route else None
        fault = gitlab.faults.take(call.step, request.path)
        call.fault = fault.kind if fault else None
        if fault is not None and not fault.spares_effect:
            answer = broken(fault, request, foreign=gitlab.foreign.url)
        else:
            answer = self._carried_out(request, path, route, parts, call)
            if fault is not None:
                answer = spoiled(fault, answer, request, foreign=gitlab.foreign.url)
        if ".git/" in path:
            # A connection that git uses again is retried by curl when it is cut: a fault that
            # tests count on would not be seen.
            answer.headers["Connection"] = "close"
        call.status = 0 if answer.cut or answer.reset else answer.status
        return answer

    def _carried_out(
        self, request: Request, path: str, route: Route | None, parts: dict[str, str], call: Call
    ) -> Answer:
        gitlab = self._gitlab
        try:
            if path.startswith("/oauth/"):
                return oauth.answer(gitlab, request, path)
            if not path.startswith("/api/v4/"):
                return git_http.answer(gitlab, request, path, call)
            token = gitlab.accounts.caller(request)
            call.user = token.user.name if token else None
            if route is None:
                raise Refusal(404, {"error": "404 Not Found"})
            return route.handler(gitlab, request, token, parts)
        except Refusal as refusal:
            return refusal.answer()
        except json.JSONDecodeError:
            return Refusal(400, {"error": "Problems parsing JSON"}).answer()
        except Exception:
            traceback.print_exc()
            return in_html(500, "Whoops, something went wrong on our end.")
