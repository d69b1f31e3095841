"""The merge requests of one dataset's proposals: found before they are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from retouche.core.errors import ForgeRefused, NotFound
from retouche.core.package import DATASET
from retouche.forges.gitlab.answers import Seen
from retouche.forges.gitlab.api import Api
from retouche.forges.refs import Ref, proposal_ref
from retouche.ports import RequestState, RequestText

LONGEST_TITLE = 255
_THERE = re.compile(r"already exists.*?!(\d{1,10})", re.S)
_BRANCH = re.compile(rf"proposals/({DATASET.pattern})/([0-9a-f]{{16}})")
_DRAFT = re.compile(r"^(?:\s*(?:draft:|\[draft\]|\(draft\))\s*)+", re.I)


class MergeRequests:
    """Finds and makes them with the bot's right."""

    def __init__(self, api: Api, dataset: str, *, project: str) -> None:
        """`project`: the address of its pages."""
        self.api = api
        self._dataset = dataset
        self._project = project

    def of(self, branch: Ref) -> Seen | None:
        """The merge request of a branch, whatever its state.

        The first one: others made theirs of our branch, if anybody did.
        """
        return min(self.api.of_branch(branch), key=lambda one: one.number, default=None)

    def create(self, branch: Ref, target: str, text: RequestText) -> Seen:
        """Make the merge request of a branch that has none, or find that it has one by now."""
        title = f"Draft: {text.title}" if text.draft else text.title
        fields = {
            "source_branch": branch.name.removeprefix("refs/heads/"),
            "target_branch": target,
            "title": title[:LONGEST_TITLE],
            "description": text.description,
            "labels": list(text.labels),
            "remove_source_branch": True,
            "squash": False,
        }
        try:
            return self.api.create(fields)
        except ForgeRefused as error:
            if error.values.get("status") != 409:
                raise
            found = self.of(branch) or self._named(str(error.values.get("detail")), branch)
            if found is None:
                raise
            return found

    def close(self, number: int, right: Api) -> None:
        """Close one with somebody's right; it is well when somebody else was faster."""
        try:
            right.update(number, {"state_event": "close"})
        except ForgeRefused:
            if self.api.request(number).state == "opened":
                raise

    def changed(self, since: datetime | None) -> Iterator[RequestState]:
        """Those of this dataset's proposals that changed since, or all."""
        for one in self.api.changed(since):
            found = _BRANCH.fullmatch(one.source)
            if found and found.group(1) == self._dataset:
                yield self.state(one)

    def state(self, seen: Seen) -> RequestState:
        """Raises `NotFound` for one that is not of a proposal of this dataset."""
        found = _BRANCH.fullmatch(seen.source)
        if found is None or found.group(1) != self._dataset or seen.is_fork:
            raise NotFound("not_found")
        return RequestState(
            number=seen.number,
            proposal=found.group(2),
            url=self.url(seen),
            state=seen.state,
            head=seen.head,
            target=seen.target,
            revision=seen.revision,
            by=seen.by,
            at=seen.at,
            notes=seen.notes,
        )

    def url(self, seen: Seen) -> str:
        """Its page: where GitLab calls itself otherwise than we do, at the host that we know."""
        return seen.url or f"{self._project}/-/merge_requests/{seen.number}"

    def _named(self, message: str, branch: Ref) -> Seen | None:
        """The merge request that GitLab says is there."""
        found = _THERE.search(message)
        seen = self.api.request(int(found.group(1))) if found else None
        if seen is None or proposal_ref(*_source(seen)) != branch or seen.is_fork:
            return None
        return seen


def _source(seen: Seen) -> tuple[str, str]:
    found = _BRANCH.fullmatch(seen.source)
    return (found.group(1), found.group(2)) if found else ("none", "0" * 16)


def ready_title(title: str) -> str:
    """A title without the words that make a draft."""
    return _DRAFT.sub("", title) or title
