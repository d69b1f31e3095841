"""Merging one proposal in the name of a reviewer: exactly what was reviewed, or nothing.

GitLab decides whether they may; the bot's right only makes the branch ready for it.
"""

from __future__ import annotations

import time as timing
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from retouche.core.edited import Edited
from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RetoucheError,
)
from retouche.forges.gitlab.answers import Seen
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.branches import Branches
from retouche.forges.gitlab.requests import MergeRequests, ready_title
from retouche.forges.refs import Ref
from retouche.ports import Prepared

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.0)
"""Seconds between looks at a merge request, the last one again and again."""
UNSETTLED = ("preparing", "unchecked", "checking", "approvals_syncing", "merge_ongoing")
"""What GitLab says of a merge request while it finds out."""
REBASE = "need_rebase"


class Landing:
    """One decision to merge."""

    def __init__(
        self,
        branches: Branches,
        requests: MergeRequests,
        right: Api,
        branch: Ref,
        *,
        files: Mapping[str, bytes | Edited] | None,
        patience: float,
    ) -> None:
        """`files`: what merging is to give; None: the branch is merged as it is."""
        self._branches = branches
        self._requests = requests
        self._right = right
        self._branch = branch
        self._files = files
        self._patience = patience

    def land(
        self, *, published: str, head: str, message: str, time: datetime, prepared: Prepared
    ) -> str:
        """Give the commit that brought it. See `ports.Forge.merge` for what is raised."""
        request = self._requests.of(self._branch)
        if request is None:
            raise NotFound("not_found")
        if request.state == "merged":
            self._check_target(request)
            return self._merged_before(request, head)
        if request.state != "opened":
            raise ForgeRefused("not_mergeable", status="not_open")
        self._check_target(request)
        if self._branches.published() != published:
            raise HeadMoved("published_moved", published=self._branches.published())
        merging = self._made_ready(published, head, time)
        request = self._opened(request.number, merging)
        if request.status == REBASE and self._files is not None:
            merging = self._remade(published, head, merging, time)
            request = self._opened(request.number, merging)
        # GitLab may have taken its time, and would merge into whatever is published by now.
        self._check_tip(published)
        self._check_target(request)
        if request.status != "mergeable":
            status = "checking" if request.status in UNSETTLED else request.status
            raise ForgeRefused("not_mergeable", status=status)
        prepared(merging)
        if self._branches.published() != published:
            raise HeadMoved("published_moved", published=self._branches.published())
        merged = self._merged(request.number, merging, published, message)
        return self._landed(merged, merging)

    def _merged_before(self, request: Seen, head: str) -> str:
        """A repeat, or somebody was faster: well, if it brought what the reviewer saw."""
        if request.head != head and not self._has_files(request.revision):
            raise HeadMoved(head=head, present=request.head)
        return self._landed(request, head)

    def _has_files(self, revision: str | None) -> bool:
        if revision is None or self._files is None:
            return False
        self._branches.catch_up()
        try:
            return self._branches.holds(revision, self._files)
        except NotFound:  # a rewritten history has lost it
            return False

    def _made_ready(self, published: str, head: str, time: datetime) -> str:
        """The head of the branch, made such that merging it gives just the files."""
        tip, there = self._branches.tip(self._branch)
        if tip != published:
            raise HeadMoved("published_moved", published=tip)
        if there is None or there not in (head, self._branches.made(self._branch)):
            raise HeadMoved(head=head, present=there)
        if self._files is None:
            if there != head:
                raise HeadMoved(head=head, present=there)
            return head
        for one in dict.fromkeys((there, head)):
            if self._branches.merges_alike(published, one, self._files):
                if one != there:
                    self._branches.replace(self._branch, one, expected=there)
                return one
        return self._remade(published, head, there, time)

    def _remade(self, published: str, head: str, there: str, time: datetime) -> str:
        """Put a commit of the files on what is published in the place of what is there."""
        repository = self._branches.repository
        message = repository.commit_at(head).message
        files = self._files or {}
        commit, _ = repository.commit(published, files=files, message=message, time=time)
        self._branches.replace(self._branch, commit, expected=there)
        return commit

    def _opened(self, number: int, merging: str) -> Seen:
        """The merge request once GitLab has made up its mind about this head, or time is up."""
        ends = timing.monotonic() + self._patience
        undrafted = False
        looks = 0
        while True:
            request = self._requests.api.request(number)
            settled = request.head == merging and request.status not in UNSETTLED
            if request.draft and not undrafted:
                self._right.update(number, {"title": ready_title(request.title)})
                undrafted, settled = True, False
            elif request.status == "draft_status" and undrafted:
                settled = False  # it was one until just now
            if settled or timing.monotonic() > ends:
                return request
            timing.sleep(PAUSES[min(looks, len(PAUSES) - 1)])
            looks += 1

    def _merged(self, number: int, merging: str, published: str, message: str) -> Seen:
        try:
            request = self._right.merge(number, head=merging, message=message)
            if request.state == "merged":
                return request
            raise ForgeUnavailable("forge_answer_unclear")
        except NotSignedIn:
            # GitLab answers the same to a token that ended and to one that may not merge.
            self._right.me()
            raise NotAllowed("forge_not_allowed") from None
        except NotAllowed:
            raise
        except ForgeUnavailable as error:
            request = self._looked_at(number)
            if request.state == "merged":
                return request
            if isinstance(error, ForgeRefused):
                raise self._refusal(error, request, published, merging) from None
            raise

    def _looked_at(self, number: int) -> Seen:
        """The merge request after it was to be merged; where it cannot be read, who knows."""
        try:
            return self._requests.api.request(number)
        except ForgeRefused:
            raise ForgeUnavailable("forge_answer_unclear") from None

    def _refusal(
        self, error: ForgeRefused, request: Seen, published: str, merging: str
    ) -> RetoucheError:
        self._check_tip(published)
        if request.head != merging or error.values.get("status") == 409:
            return HeadMoved(head=merging, present=request.head)
        if error.values.get("status") in (405, 406, 422) and request.status != "mergeable":
            return ForgeRefused("not_mergeable", status=request.status)
        return error

    def _check_target(self, request: Seen) -> None:
        if request.target != self._branches.target():
            raise ForgeRefused("not_mergeable", status="other_target")

    def _check_tip(self, published: str) -> None:
        tip, _ = self._branches.tip(self._branch)
        if tip != published:
            raise HeadMoved("published_moved", published=tip)

    def _landed(self, request: Seen, head: str) -> str:
        """It is merged: bring it here, publish what was reviewed, and clear up.

        None of that can undo the merge, so what fails is left to the one who follows.
        """
        revision = request.revision or head
        with suppress(ForgeUnavailable, NotFound):
            tip = self._branches.catch_up()
            if tip is not None and self._branches.repository.contains(revision, tip):
                self._publish(revision)
        with suppress(ForgeUnavailable):
            self._branches.remove(self._branch, [self._right, self._requests.api], request)
        return revision

    def _publish(self, revision: str) -> None:
        """Others may have written in the same moment: only what was reviewed is published."""
        before = self._branches.published()
        ahead = self._branches.repository.contains(before, revision) and before != revision
        if ahead and self._files is not None and self._branches.holds(revision, self._files):
            self._branches.publish(revision)
