"""A forge that is a GitLab project: proposals are branches pushed there, with merge requests.

Reads come from the mirror. The bot's token opens and closes; only a reviewer's own merges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from retouche.core.edited import Edited
from retouche.core.errors import ForgeRefused, NotAllowed
from retouche.forges.gitlab.api import Api, Token
from retouche.forges.gitlab.branches import Branches
from retouche.forges.gitlab.inspector import GitLabInspector
from retouche.forges.gitlab.landing import Landing
from retouche.forges.gitlab.limits import Deadlines, Pace
from retouche.forges.gitlab.mirror import Mirror
from retouche.forges.gitlab.requests import MergeRequests
from retouche.forges.gitlab.talk import Talk
from retouche.forges.local import Local
from retouche.forges.refs import proposal_ref
from retouche.forges.repository import BareRepository
from retouche.ports import (
    Fetched,
    MergeRequest,
    Note,
    Opened,
    Prepared,
    RequestState,
    RequestText,
    Reviewer,
    Role,
)


class GitLabForge(Local):
    """`ports.RemoteForge` on a mirror and a project, for one dataset."""

    def __init__(
        self,
        repository: BareRepository,
        dataset: str,
        *,
        base_url: str,
        project: str,
        clone_url: str,
        token: Token,
        branch: str | None = None,
        pipelines_skipped: bool = False,
        deadlines: Deadlines | None = None,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Without a branch, the project's default branch is followed."""
        deadlines = deadlines or Deadlines()
        super().__init__(repository)
        self.api = Api(base_url, project, token, deadlines=deadlines, pace=pace, clock=clock)
        self._dataset = dataset
        self._mirror = Mirror(
            repository,
            clone_url,
            token,
            deadlines=deadlines,
            pipelines_skipped=pipelines_skipped,
        )
        self._branches = Branches(self._mirror, dataset, branch, fetch_timeout=deadlines.fetch)
        self._requests = MergeRequests(self.api, dataset, project=clone_url.removesuffix(".git"))
        self._talk = Talk(self.api, self._branches.target)
        self._deadlines = deadlines

    @property
    def is_remote(self) -> bool:
        return True

    # -- Reading the mirror -----------------------------------------------------------------

    def published(self) -> str:
        return self._branches.published()

    def merges_alike(
        self, *, published: str, head: str, files: Mapping[str, bytes | Edited]
    ) -> bool:
        return self._branches.merges_alike(published, head, files)

    # -- Proposals --------------------------------------------------------------------------

    def open(
        self,
        proposal: str,
        *,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        text: RequestText | None = None,
    ) -> Opened:
        branch = proposal_ref(self._dataset, proposal)
        made, _ = self.repository.commit(parent, files=files, message=message, time=time)
        # Before anything is pushed: an earlier try may have come this far, or further.
        found = self._requests.of(branch)
        if found is None:
            head = self._branches.put(branch, made)
            text = text or RequestText(title=message.partition("\n")[0], description="")
            found = self._requests.create(branch, self._branches.target(), text)
        else:
            head = self._branches.adopt(branch, found, made)
        return Opened(
            head=head,
            merge_request=MergeRequest(number=found.number, url=self._requests.url(found)),
        )

    def merge(
        self,
        proposal: str,
        *,
        published: str,
        head: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        prepared: Prepared,
        reviewer: Reviewer | None = None,
        as_it_is: bool = False,
    ) -> str:
        branch = proposal_ref(self._dataset, proposal)
        if reviewer is None or reviewer.token is None:
            raise NotAllowed("needs_account")
        for commit in (published, head):
            self.repository.commit_at(commit)
        landing = Landing(
            self._branches,
            self._requests,
            self.api.on_behalf_of(reviewer.token),
            branch,
            files=None if as_it_is else files,
            patience=self._deadlines.mergeable,
        )
        return landing.land(
            published=published, head=head, message=message, time=time, prepared=prepared
        )

    def close(self, proposal: str, *, reviewer: Reviewer | None = None) -> None:
        branch = proposal_ref(self._dataset, proposal)
        token = reviewer.token if reviewer is not None else None
        rights = [self.api] if token is None else [self.api.on_behalf_of(token), self.api]
        found = self._requests.of(branch)
        if found is not None and found.state == "opened":
            self._requests.close(found.number, rights[0])
        self._branches.remove(branch, rights, found)

    def remake(
        self,
        proposal: str,
        *,
        replaces: str,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
    ) -> str:
        branch = proposal_ref(self._dataset, proposal)
        made, _ = self.repository.commit(parent, files=files, message=message, time=time)
        self._branches.replace(branch, made, expected=replaces)
        return made

    # -- Following --------------------------------------------------------------------------

    def fetch(self) -> Fetched:
        return self._branches.fetch()

    def publish(self, commit: str, *, before: str | None = None) -> None:
        self._branches.publish(commit, before=before)

    def bring(self, commit: str) -> None:
        self._branches.bring(commit)

    def recall(self, number: int) -> str | None:
        return self._branches.recall(number)

    def requests(self, *, since: datetime | None = None) -> Iterator[RequestState]:
        return self._requests.changed(since)

    def request(self, number: int) -> RequestState:
        return self._requests.state(self.api.request(number))

    def notes(self, number: int) -> Sequence[Note]:
        return self._talk.notes(number)

    def say(self, number: int, body: str) -> None:
        self._talk.say(number, body)

    def label(self, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        self._talk.label(number, add=add, remove=remove)

    def token_end(self) -> date | None:
        try:
            return GitLabInspector(self.api).token().expires
        except ForgeRefused:  # a token that may not even see itself
            return None

    def role(self, token: str) -> Role:
        return self._talk.role(token)
