"""The branches of one dataset, in the mirror and at GitLab: moved only from where they were seen.

What is published here moves by `publish` alone; what is there is noted beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from retouche.core.edited import Edited
from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    NotAllowed,
    NotFound,
    NotSignedIn,
)
from retouche.forges import storage, trees
from retouche.forges.drafts import Draft
from retouche.forges.gitlab.answers import Seen
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.mirror import Mirror, There
from retouche.forges.refs import (
    PROPOSAL,
    Ref,
    branch_ref,
    merge_request_ref,
    proposal_ref,
    tracked_ref,
)
from retouche.ports import Fetched

REFUSED = "forge_history_refused"
"""What is said of objects that git finds broken."""


class Branches:
    """The published branch and those of proposals."""

    def __init__(
        self, mirror: Mirror, dataset: str, branch: str | None, *, fetch_timeout: float
    ) -> None:
        self.mirror = mirror
        self.repository = mirror.repository
        self._configured = branch
        self._default: str | None = None
        self._folder = f"refs/heads/proposals/{dataset}/"
        self._dataset = dataset
        self._fetch_timeout = fetch_timeout
        if branch is not None:
            branch_ref(branch)

    # -- What is published ------------------------------------------------------------------

    def target(self) -> str:
        """The branch that merge requests aim at."""
        return self._configured or self._default or self.repository.branch()

    def published(self) -> str:
        """Raises `ForgeUnavailable` before the first commit was published."""
        found = self.repository.ref(branch_ref(self.repository.branch()))
        if found is None:
            raise ForgeUnavailable("forge_not_read_yet")
        return found

    def publish(self, commit: str, *, before: str | None = None) -> None:
        """Serve a commit that was fetched. Raises `NotFound`.

        With `before`, only where that is what is served until now.
        """
        self.repository.commit_at(commit)
        branch = self.target()
        with self.mirror.noting() as notes:
            if before not in (None, notes.refs.value(branch_ref(self.repository.branch()))):
                return
            self._log(branch)
            notes.put({branch_ref(branch): commit})
            if self.repository.branch() != branch:
                self.mirror.rename(notes.refs, branch)

    def bring(self, commit: str) -> None:
        """Fetch a commit that was seen there, and see what the default branch is called."""
        self._look(*self._patterns(self._configured))
        self._bring(commit)

    def fetch(self) -> Fetched:
        """Bring what is there; note it."""
        before = self._tracked()
        there = self._look(*self._patterns(self._configured), f"{self._folder}*")
        branch = self._configured or there.default_branch
        if self._configured is None and branch and branch_ref(branch).name not in there.refs:
            there = self._look(branch_ref(branch).name, f"{self._folder}*")
        tip = there.refs.get(branch_ref(branch).name) if branch else None
        heads = {
            name.removeprefix(self._folder): commit
            for name, commit in there.refs.items()
            if PROPOSAL.fullmatch(name) and name.startswith(self._folder)
        }
        heads = self._brought(tip, heads)
        self._note(branch, tip, heads, before)
        return Fetched(tip=tip, default_branch=there.default_branch, heads=heads, branch=branch)

    def _brought(self, tip: str | None, heads: Mapping[str, str]) -> dict[str, str]:
        """Bring what is there; the heads that came and are commits.

        A branch that git refuses, or whose head is none, keeps nobody from the others.
        """
        try:
            self._bring(*filter(None, [tip]), *heads.values())
            came = dict(heads)
        except ForgeRefused as error:
            if error.reason != REFUSED:
                raise
            self._bring(*filter(None, [tip]))
            came = {name: head for name, head in heads.items() if self._came(head)}
        return {name: head for name, head in came.items() if self._is_commit(head)}

    def _came(self, head: str) -> bool:
        try:
            self._bring(head)
        except ForgeRefused as error:
            if error.reason != REFUSED:
                raise
            return False
        return True

    def _bring(self, *commits: str) -> None:
        self.mirror.bring(commits, timeout=self._fetch_timeout)

    def _is_commit(self, head: str) -> bool:
        try:
            return self.repository.resolve(head) == head
        except NotFound:
            return False

    def tip(self, branch: Ref) -> tuple[str | None, str | None]:
        """Where the published branch and a proposal's are there, just now."""
        published = branch_ref(self.target())
        refs = self._look(published.name, branch.name).refs
        return refs.get(published.name), refs.get(branch.name)

    def catch_up(self) -> str | None:
        """Bring the tip of the published branch; give it."""
        published = branch_ref(self.target())
        tip = self._look(published.name).refs.get(published.name)
        if tip is not None:
            self.mirror.bring([tip])
            with self.mirror.noting() as notes:
                notes.seen({published: tip})
        return tip

    def recall(self, number: int) -> str | None:
        """The head that a merge request keeps, fetched; None when there is none."""
        ref = merge_request_ref(number)
        head = self._look(ref.name).refs.get(ref.name)
        if head is not None:
            self.mirror.bring([head])
            with self.mirror.noting() as notes:
                notes.seen({ref: head})
        return head

    # -- Branches of proposals --------------------------------------------------------------

    def made(self, branch: Ref) -> str | None:
        """The head that we made last."""
        return self.repository.ref(branch)

    def put(self, branch: Ref, commit: str) -> str:
        """Push a new branch, or adopt the one that is there; give its head."""
        present = self._look(branch.name).refs.get(branch.name)
        if present is None:
            try:
                self.mirror.push(branch, commit, expected=None)
                present = commit
            except HeadMoved:  # somebody was faster, or our own earlier try arrives only now
                present = self._look(branch.name).refs.get(branch.name)
        if present is None:
            raise ForgeUnavailable("forge_busy")
        if present != commit:
            self.mirror.bring([present])
        with self.mirror.noting() as notes:
            notes.made(branch, present)
        return present

    def adopt(self, branch: Ref, found: Seen, commit: str) -> str:
        """The head of a proposal whose merge request is there; it is brought here."""
        head = found.head or commit
        if head != commit and self.recall(found.number) != head:
            self.mirror.bring([head])
        if found.state == "opened":
            with self.mirror.noting() as notes:
                notes.made(branch, head)
        return head

    def replace(self, branch: Ref, commit: str, *, expected: str) -> None:
        """Put a commit in the place of another. `HeadMoved` when something else is there."""
        try:
            self.mirror.push(branch, commit, expected=expected)
        except HeadMoved:
            present = self._look(branch.name).refs.get(branch.name)
            if present != commit:
                raise HeadMoved(head=expected, present=present) from None
        with self.mirror.noting() as notes:
            notes.made(branch, commit)

    def remove(self, branch: Ref, rights: Iterable[Api], request: Seen | None) -> None:
        """Delete a branch there with the first right that suffices, and forget it here.

        One that is protected from all of them stays: its merge request is closed all the same.
        """
        for right in rights:
            with suppress(ForgeRefused, NotAllowed, NotSignedIn):
                right.delete_branch(branch)
                break
        head = self.made(branch) or self.repository.ref(tracked_ref(branch))
        with self.mirror.noting() as notes:
            if request is not None and head is not None:
                # What somebody wrote to it there in the meantime may never have come here.
                known = request.head is not None and self.repository.has(request.head)
                kept = request.head if known else head
                notes.seen({merge_request_ref(request.number): kept})
            notes.made(branch, None)

    # -- Comparing --------------------------------------------------------------------------

    def merges_alike(self, published: str, head: str, files: Mapping[str, bytes | Edited]) -> bool:
        """Whether git's line merge of `head` into `published` gives just these files."""
        draft = Draft(self.repository)
        wanted = trees.replaced(draft, self.repository.commit_at(published).tree, files)
        if self.repository.contains(published, head):
            return self.repository.commit_at(head).tree == wanted
        output = self.repository.git(
            *("merge-tree", "--write-tree", "--no-messages", "--end-of-options", published, head),
            accept=(0, 1, 128),
        )
        return output.status == 0 and output.data.decode().strip() == wanted

    def holds(self, commit: str, files: Mapping[str, bytes | Edited]) -> bool:
        """Whether a commit has just these bytes in these files."""
        draft = Draft(self.repository)
        tree = self.repository.commit_at(commit).tree
        return trees.replaced(draft, tree, files) == tree

    def _look(self, *patterns: str) -> There:
        """The refs there, for sure: what is missing in them is gone."""
        there = self.mirror.look(*patterns)
        if there.head is None:
            raise ForgeUnavailable("forge_answer_unclear")
        if self._configured is None and there.default_branch is not None:
            self._default = there.default_branch
        return there

    def _patterns(self, branch: str | None) -> list[str]:
        name = branch or self._default or self.repository.branch()
        return [branch_ref(name).name]

    def _note(
        self, branch: str | None, tip: str | None, heads: Mapping[str, str], before: Iterable[Ref]
    ) -> None:
        """Write down what was seen, and forget branches that were there before and are gone."""
        seen: dict[Ref, str | None] = {
            proposal_ref(self._dataset, one): head for one, head in heads.items()
        }
        if branch is not None:
            seen[branch_ref(branch)] = tip
        gone = [one for one in before if one not in seen]
        with self.mirror.noting() as notes:
            notes.seen(seen)
            for one in gone:
                notes.made(one, None)

    def _tracked(self) -> list[Ref]:
        """The branches of proposals that were there when it was last looked."""
        folder = tracked_ref(Ref(f"{self._folder}{'0' * 16}")).name.rpartition("/")[0]
        names = self.repository.git("for-each-ref", "--format=%(refname)", f"{folder}/").data
        found = names.decode("utf-8", "replace").replace("refs/remotes/gitlab/", "refs/heads/")
        return [Ref(one) for one in found.splitlines() if PROPOSAL.fullmatch(one)]

    def _log(self, branch: str) -> None:
        """git appends to a log that exists: the published branch alone keeps one."""
        log = self.repository.path / "logs" / branch_ref(branch).name
        with storage.translated():
            log.parent.mkdir(parents=True, exist_ok=True)
            log.touch()
