"""GitLab's REST API for one project, through python-gitlab: the one place that imports it.

Every call ends by its deadline with an answer of ours or an error of ours; neither holds a token.
Paths are made of constants, numbers and names of ours.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

import gitlab
import requests

from retouche.core.errors import ForgeRefused, ForgeUnavailable, NotFound, RetoucheError
from retouche.forges.gitlab.answers import Person, Seen, mapping, person, plain, seen, wait
from retouche.forges.gitlab.limits import Deadlines, Pace
from retouche.forges.gitlab.refusals import refusal
from retouche.forges.gitlab.session import Elsewhere, Late, Session, TooMuch, Unclear
from retouche.forges.refs import Ref

Token: TypeAlias = Callable[[], str]
T = TypeVar("T")
PAGE = 100
MAX_PAGES = 500
AGENT = "Retouche"
_PATH = re.compile(r"[a-z_]+(?:/(?:[a-z_]+|\d{1,10}))*")


class _Client(gitlab.Gitlab):
    """python-gitlab that never sleeps, repeats or takes a whole address for a path."""

    def http_request(self, verb: str, path: str, *args: Any, **options: Any) -> requests.Response:
        if not path.startswith(("/", f"{self._url}/")):
            raise Elsewhere
        options |= {"obey_rate_limit": False, "retry_transient_errors": False}
        return super().http_request(verb, path, *args, **options)


class Api:
    """What we ask of one project, in the name of the bot or of a reviewer.

    Raises `ForgeUnavailable` when the answer is not known. What the bot is refused is
    `ForgeRefused`, with `status` and `detail`; a reviewer is refused with `NotSignedIn` or
    `NotAllowed`.
    """

    def __init__(
        self,
        base_url: str,
        project: str,
        token: Token,
        *,
        deadlines: Deadlines | None = None,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_reviewer: bool = False,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._project = project
        self._token = token
        self._deadlines = deadlines or Deadlines()
        self._pace = pace or Pace()
        self._clock = clock
        self._is_reviewer = is_reviewer
        self._session: tuple[int, Session] | None = None

    def on_behalf_of(self, token: str) -> Api:
        """The same project with the right of a reviewer."""
        return Api(
            self._base_url,
            self._project,
            lambda: token,
            deadlines=self._deadlines,
            pace=self._pace,
            clock=self._clock,
            is_reviewer=True,
        )

    # -- Merge requests ---------------------------------------------------------------------

    def of_branch(self, branch: Ref) -> list[Seen]:
        """The merge requests of a branch of this project, whatever their state, newest first."""
        name = branch.name.removeprefix("refs/heads/")
        found = self.pages("merge_requests", source_branch=name, state="all")
        requests = [one for one in map(_read(self._seen), found) if not one.is_fork]
        return sorted((one for one in requests if one.source == name), key=_number, reverse=True)

    def changed(self, since: datetime | None) -> Iterator[Seen]:
        """The merge requests of branches of this project that changed since, or all.

        One that cannot be read is left out: it keeps nobody from the others.
        """
        after = {"updated_after": since.astimezone(UTC).isoformat()} if since else {}
        for one in self.pages("merge_requests", state="all", **after):
            with suppress(Unclear):
                found = self._seen(one)
                if not found.is_fork:
                    yield found

    def request(self, number: int) -> Seen:
        """Raises `NotFound`, and `ForgeRefused` for one that cannot be read."""
        try:
            return _read(self._seen)(self.read(f"merge_requests/{_whole(number)}"))
        except ForgeRefused as error:
            if error.values.get("status") == 404:
                raise NotFound("not_found") from None
            raise

    def create(self, fields: Mapping[str, Any]) -> Seen:
        return self._run(lambda one: self._seen(_requests(one).create(dict(fields)).attributes))

    def update(self, number: int, fields: Mapping[str, Any]) -> None:
        self._run(lambda one: _requests(one).update(_whole(number), dict(fields)))

    def merge(self, number: int, *, head: str, message: str) -> Seen:
        """Merge exactly `head`."""

        def act(project: Any) -> Seen:
            request = _requests(project).get(_whole(number), lazy=True)
            return self._seen(
                request.merge(
                    merge_commit_message=message,
                    should_remove_source_branch=True,
                    sha=head,
                    squash=False,
                    # A project may squash all the same: the commit then tells what it is.
                    squash_commit_message=message,
                )
            )

        return self._run(act)

    def notes(self, number: int) -> Iterator[Mapping[str, Any]]:
        """Oldest first."""
        path = f"merge_requests/{_whole(number)}/notes"
        found = self.pages(path, order_by="created_at", sort="asc")
        return (one for one in found if isinstance(one, Mapping))

    def say(self, number: int, body: str) -> None:
        def act(project: Any) -> None:
            _requests(project).get(_whole(number), lazy=True).notes.create({"body": body})

        self._run(act)

    def delete_branch(self, branch: Ref) -> None:
        """Also when it is gone, as far as the bot can tell."""
        name = branch.name.removeprefix("refs/heads/")
        try:
            self._run(lambda project: project.branches.delete(name))
        except ForgeRefused as error:
            if error.values.get("status") != 404:
                raise

    # -- The project and its people ---------------------------------------------------------

    def project(self) -> Mapping[str, Any]:
        """What the owner of the token may see of the project."""
        return self._run(lambda one: mapping(one.manager.get(self._project).attributes))

    def branch(self, name: str) -> Mapping[str, Any]:
        """A branch of the project, and what may be done with it."""
        return self._run(lambda one: mapping(one.branches.get(name).attributes))

    def me(self) -> Person:
        """Whose token it is."""
        return self._run(lambda one: person(_json(one, "/user")))

    def read(self, path: str) -> Any:
        """The answer to a GET of a constant path below the project's, as JSON."""
        checked = _checked(path)
        return self._run(lambda one: _json(one, f"{_below(one)}/{checked}"))

    def root(self, path: str) -> Any:
        """The answer to a GET of a constant path below `/api/v4`, as JSON."""
        checked = _checked(path)
        return self._run(lambda one: _json(one, f"/{checked}"))

    def pages(self, path: str, **query: str) -> Iterator[Any]:
        """All entries of a list below the project, asked for page by page.

        One that is too large to be read is left out.
        """
        checked = _checked(path)
        # Places in this order do not shift while it is read.
        query = {"order_by": "created_at", "sort": "asc", **query}
        for page in range(MAX_PAGES):
            found = self._entries(checked, query, page * PAGE, PAGE)
            yield from (one for one in found if one is not None)
            if len(found) < PAGE:
                return

    def _entries(
        self, path: str, query: Mapping[str, str], start: int, count: int
    ) -> Sequence[Any]:
        """The entries from a place on: in smaller parts where they are too much for one answer,
        with None for one that is too much alone."""
        found = self._run(partial(_listed, path, query, start // count + 1, count))
        if found is not None:
            return found
        if count == 1:
            return [None]
        entries: list[Any] = []
        for place in range(start, start + count, count // 10):
            part = self._entries(path, query, place, count // 10)
            entries += part
            if len(part) < count // 10:
                break
        return entries

    # -- Calling ----------------------------------------------------------------------------

    def _run(self, action: Callable[[Any], T]) -> T:
        """Act on the project beside us, so that we go on by the deadline whatever happens."""
        if not self._is_reviewer:
            self._pace.wait()
        outcome: list[T | RetoucheError] = []
        work = threading.Thread(target=lambda: outcome.append(self._tried(action)), daemon=True)
        work.start()
        work.join(self._deadlines.call)
        if not outcome:
            raise ForgeUnavailable("forge_timeout")
        answer = outcome[0]
        if isinstance(answer, RetoucheError):
            raise answer
        return answer

    def _tried(self, action: Callable[[Any], T]) -> T | RetoucheError:
        """The answer, or what went wrong in our words. Theirs hold headers: they end here."""
        token = ""
        session = self._connected()
        try:
            token = self._token().strip()
            client = _Client(
                self._base_url,
                oauth_token=token,
                keep_base_url=True,
                user_agent=AGENT,
                session=session,
                timeout=self._deadlines.read,
            )
            return action(client.projects.get(self._project, lazy=True))
        except RetoucheError as error:
            return error
        except gitlab.GitlabError as error:
            return self._refusal(error, session.retry_after, token)
        except TooMuch:
            return ForgeRefused("forge_answer_unclear")
        except (Late, requests.Timeout):
            return ForgeUnavailable("forge_timeout")
        except Elsewhere:
            return ForgeUnavailable("forge_redirected")
        except requests.exceptions.SSLError:
            return ForgeUnavailable("forge_untrusted")
        except (requests.RequestException, OSError):
            return ForgeUnavailable("forge_unreachable")
        except Exception:  # what cannot be read as an answer; its text may quote what was sent
            return ForgeUnavailable("forge_answer_unclear")

    def _refusal(
        self, error: gitlab.GitlabError, retry_after: str | None, token: str
    ) -> RetoucheError:
        status = error.response_code
        if isinstance(error, gitlab.GitlabParsingError) or status is None:
            return ForgeUnavailable("forge_answer_unclear")
        return refusal(
            status,
            plain(str(error.error_message), secrets=(token,)) or None,
            seconds=wait(retry_after, self._clock()),
            is_reviewer=self._is_reviewer,
        )

    def _seen(self, data: Any) -> Seen:
        return seen(data, base_url=self._base_url)

    def _connected(self) -> Session:
        """The connections of this process: they are not shared across a fork."""
        if self._session is None or self._session[0] != os.getpid():
            self._session = os.getpid(), Session(self._base_url, self._deadlines)
        return self._session[1]


def _requests(project: Any) -> Any:
    return project.mergerequests


def _below(project: Any) -> str:
    return f"/projects/{project.encoded_id}"


def _json(project: Any, path: str) -> Any:
    return project.manager.gitlab.http_get(path)


def _listed(
    path: str, query: Mapping[str, str], page: int, count: int, project: Any
) -> Sequence[Any] | None:
    """A page of a list; None when it is too large to be read."""
    try:
        found = project.manager.gitlab.http_list(
            f"{_below(project)}/{path}", query_data=dict(query), page=page, per_page=count
        )
    except TooMuch:
        return None
    if not isinstance(found, list):
        raise Unclear
    return found


def _checked(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise ValueError("a path is made of constant words and numbers")
    return path


def _whole(number: int) -> int:
    if not 0 < number < 10**10:
        raise NotFound("not_found")
    return int(number)


def _number(one: Seen) -> int:
    return one.number


def _read(reader: Callable[[Any], T]) -> Callable[[Any], T]:
    """Read an answer of the API: where it is unclear, that is of this one thing alone."""

    def read(data: Any) -> T:
        try:
            return reader(data)
        except Unclear:
            raise ForgeRefused("forge_answer_unclear") from None

    return read
