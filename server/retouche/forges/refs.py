"""Names of refs: made and checked here alone, and how they are to move.

A name outside these patterns can destroy a repository, so no other text is ever given to git.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from retouche.core.errors import BadDataset
from retouche.core.package import DATASET

PROPOSAL = re.compile(rf"refs/heads/proposals/{DATASET.pattern}/[0-9a-f]{{16}}")
MERGE_REQUEST = re.compile(r"refs/merge-requests/[1-9][0-9]{0,9}/head")
# A part starts with a letter, digit or `_`, has no `..`, and ends neither in `.` nor in `.lock`.
_PART = r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?(?<!\.lock)"
_BRANCH = re.compile(rf"{_PART}(?:/{_PART})*")
BRANCH = re.compile(rf"refs/heads/(?!proposals/){_BRANCH.pattern}")
# What another forge has, as it was last seen: never served, only compared with.
TRACKED = re.compile(
    rf"refs/remotes/gitlab/(?:{PROPOSAL.pattern.removeprefix('refs/heads/')}"
    rf"|{MERGE_REQUEST.pattern.removeprefix('refs/')}"
    rf"|(?!proposals/|merge-requests/){_BRANCH.pattern})"
)
COMMIT = re.compile(r"[0-9a-f]{40}")
ABSENT = "0" * 40
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Ref:
    """A full ref name of one of the kinds that we write."""

    name: str

    def __post_init__(self) -> None:
        kinds = (PROPOSAL, MERGE_REQUEST, BRANCH, TRACKED)
        if len(self.name) > _LONGEST or not any(one.fullmatch(self.name) for one in kinds):
            raise BadDataset("bad_ref", ref=self.name[:_LONGEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A ref goes from `old` to `new`; None is a ref that does not exist."""

    ref: Ref
    old: str | None
    new: str | None

    def command(self) -> bytes:
        """The line of `git update-ref -z --stdin`; it always says what is expected."""
        if self.new is None:
            return f"delete {self.ref.name}\0{self.old}\0".encode()
        return f"update {self.ref.name}\0{self.new}\0{self.old or ABSENT}\0".encode()


def branch_ref(branch: str) -> Ref:
    """A published branch. Raises `BadDataset` for a name that is not plain."""
    return Ref(f"refs/heads/{branch}")


def proposal_ref(dataset: str, proposal: str) -> Ref:
    return Ref(f"refs/heads/proposals/{dataset}/{proposal}")


def merge_request_ref(number: int) -> Ref:
    return Ref(f"refs/merge-requests/{number}/head")


def tracked_ref(remote: Ref) -> Ref:
    """Where we note what a ref of a GitLab project was last seen to be."""
    name = remote.name.removeprefix("refs/").removeprefix("heads/")
    return Ref(f"refs/remotes/gitlab/{name}")


def is_branch_name(text: str) -> bool:
    """Whether a reader may ask for this branch: plain parts only, none of git's revision syntax."""
    return len(text) <= _LONGEST and _BRANCH.fullmatch(text) is not None
