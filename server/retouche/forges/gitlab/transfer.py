"""Bringing the published branch of an embedded repository to a GitLab project, as it is.

Nothing is rewritten there: a project that holds other work is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retouche.connection import Connection
from retouche.core.errors import BadDataset
from retouche.forges.gitlab.api import Token
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.mirror import Mirror, There
from retouche.forges.refs import branch_ref
from retouche.forges.repository import BareRepository

LONGEST = 3600.0
"""Longest time for the history to go over, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the published branch there stands to ours."""

    kind: Literal["empty", "absent", "behind", "same", "ahead"]
    tip: str | None
    default_branch: str | None

    @property
    def is_pushed(self) -> bool:
        """Whether there is nothing to push any more."""
        return self.kind in ("same", "ahead")


class Transfer:
    """One repository on its way to one project, with somebody's token."""

    def __init__(
        self, repository: BareRepository, connection: Connection, *, branch: str, token: Token
    ) -> None:
        """`branch`: its name there."""
        self._repository = repository
        self._branch = branch_ref(branch)
        self._mirror = Mirror(
            repository,
            connection.clone_url,
            token,
            deadlines=Deadlines(refs=LONGEST),
            pipelines_skipped=connection.pipelines_skipped,
        )

    def standing(self, commit: str) -> Standing:
        """Compare with what is there. Raises `BadDataset("other_history")`, `ForgeUnavailable`."""
        there = self._mirror.look("HEAD", "refs/heads/*")
        tip = there.refs.get(self._branch.name)
        kind = self._relation(commit, tip) if tip is not None else self._beside(commit, there)
        return Standing(kind=kind, tip=tip, default_branch=there.default_branch)

    def push(self, commit: str, standing: Standing) -> None:
        """Put the published commit on its branch there. May be repeated.

        Raises `HeadMoved`, `ForgeRefused`, `ForgeUnavailable`.
        """
        self._mirror.push(self._branch, commit, expected=standing.tip)

    def default_branch(self) -> str | None:
        return self._mirror.look("HEAD").default_branch

    def _relation(self, commit: str, tip: str) -> Literal["behind", "same", "ahead"]:
        if tip == commit:
            return "same"
        self._mirror.bring([tip])
        if self._repository.contains(tip, commit):
            return "behind"
        if self._repository.contains(commit, tip):
            return "ahead"
        raise BadDataset("other_history", branch=self._name)

    def _beside(self, commit: str, there: There) -> Literal["empty", "absent"]:
        """A project without our branch: empty, or with others that share our history."""
        other = there.refs.get(f"refs/heads/{there.default_branch}")
        if other is None:
            return "empty"
        self._mirror.bring([other])
        if self._repository.merge_base(other, commit) is None:
            raise BadDataset("other_history", branch=there.default_branch)
        return "absent"

    @property
    def _name(self) -> str:
        return self._branch.name.removeprefix("refs/heads/")
