"""Where a data repository and its merge requests live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from retouche.core.edited import Edit, Edited


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One published commit, newest parent first (`parents[0]` is the published one before)."""

    id: str
    parents: tuple[str, ...]
    time: datetime
    message: str
    proposal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    number: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A proposal that reached the forge: its commit and its merge request."""

    head: str
    merge_request: MergeRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestText:
    """What a merge request says to a maintainer who never opens our pages.

    Made by `services.requesting.text` alone: nothing in it can be taken for a command.
    """

    title: str
    description: str
    labels: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who decides. `token` is their own right at a forge that has accounts; never logged."""

    name: str
    token: str | None = field(default=None, repr=False)


class Forge(Protocol):
    """Where one dataset's repository and its merge requests live. All calls may be repeated."""

    @property
    def is_remote(self) -> bool:
        """Whether writing goes over a network: then it is done beside requests, not in them."""
        ...

    def published(self) -> str:
        """The commit id at the tip of the default branch. Raises `ForgeUnavailable`."""
        ...

    def resolve(self, revision: str) -> str:
        """The commit id of a full commit id or branch name. Raises `NotFound`."""
        ...

    def read(self, commit: str, path: str) -> bytes:
        """The bytes of a regular file at a commit. Raises `NotFound`."""
        ...

    def blob(self, commit: str, path: str) -> str:
        """The blob id of a regular file at a commit. Raises `NotFound`."""
        ...

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The blob ids of regular files at a commit by path; of other paths nothing.

        Raises `NotFound` for a commit that is not there.
        """
        ...

    def files(self, commit: str, folder: str = "") -> Sequence[str]:
        """Paths of the regular files directly in a folder, sorted; empty if there is none."""
        ...

    def revisions(self, start: str, *, stop: str | None = None) -> Iterator[Revision]:
        """First-parent history from `start`, newest first, up to and without `stop`."""
        ...

    def contains(self, ancestor: str, descendant: str) -> bool:
        """Whether `descendant` has `ancestor` in its history (or is it)."""
        ...

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        """The edits that make one blob of another, by their ids; None when that is not known.

        Never slow: no file is read for it.
        """
        ...

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
        """Commit `files` on `parent`, on the proposal's branch, with a merge request.

        A file given as edits is stored as edits. A forge without pages of its own shows no text.

        Deterministic: the same arguments give the same commit id; repeating adopts what exists.
        """
        ...

    def commit(
        self, *, parent: str, files: Mapping[str, bytes | Edited], message: str, time: datetime
    ) -> str:
        """Write a commit of `files` on `parent` that no branch shows yet; give its id."""
        ...

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
    ) -> str:
        """Publish `files` as a merge of `head` into `published`; give the new commit's id.

        `prepared(commit)` is called before the branch moves, with a commit that will be in its
        history exactly when this has succeeded, so that the caller can write down what it is
        about to do. Raises `HeadMoved` when the default branch is no longer at `published`, or
        the proposal's branch is not what it was; the branch is moved by compare-and-swap.
        The proposal's branch is removed, its merge request keeps the head reachable.

        A forge with accounts merges in the name of `reviewer`, and raises `NotAllowed` without
        their token, or when they may not merge there.
        """
        ...

    def close(self, proposal: str, *, reviewer: Reviewer | None = None) -> None:
        """Remove the proposal's branch; its merge request keeps the head reachable.

        A forge with accounts closes the merge request in the name of `reviewer` if one is given,
        and raises `NotAllowed` when they may not.
        """
        ...


class Prepared(Protocol):
    def __call__(self, commit: str, /) -> None: ...


class CloneSource(Protocol):
    """A repository that git clients may clone from this server, and never push to."""

    def advertise(self, *, protocol: str | None = None) -> bytes:
        """The answer to `GET info/refs?service=git-upload-pack`."""
        ...

    def serve(self, body: bytes, *, protocol: str | None = None) -> Iterable[bytes]:
        """The answer to `POST git-upload-pack`. Raises `Malformed`."""
        ...
