"""A forge elsewhere without a network: two bare repositories on this machine, and merge requests
in memory. Whatever git does there, git does here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from retouche.core.edited import Edited
from retouche.core.errors import ForgeUnavailable, HeadMoved, NotFound
from retouche.forges.local import Local
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
from tests.forges.plain_git import ENVIRONMENT, git, refs

MIRRORED = (
    "+refs/heads/*:refs/remotes/gitlab/*",
    "+refs/merge-requests/*:refs/remotes/gitlab/merge-requests/*",
)
Files = Mapping[str, bytes | None]
"""Files by path; None removes one."""


@dataclass(slots=True)
class Request:
    """A merge request there."""

    number: int
    source: str
    target: str
    head: str
    updated: datetime
    state: str = "opened"
    revision: str | None = None
    by: str | None = None
    labels: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class Project:
    """What other people do there, in the words of the double of GitLab."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path = path
        self.clock = clock
        self.default = "main"
        self.requests: dict[int, Request] = {}
        self.moves = 0

    def head(self, branch: str | None = None) -> str | None:
        return refs(self.path, "refs/heads").get(f"refs/heads/{branch or self.default}")

    def push(
        self, branch: str, files: Files, *, by: str = "maintainer", start: str | None = None
    ) -> str:
        """Commit to a branch; a new one begins at another one."""
        parent = self.head(branch) or self.head(start)
        return self._commit(branch, files, parent=parent)

    def rewrite(
        self, branch: str, files: Files, *, by: str = "maintainer", parent: str | None = None
    ) -> str:
        """Put another commit in the place of a branch."""
        return self._commit(branch, files, parent=parent)

    def merge(
        self, number: int, *, by: str = "maintainer", squash: bool = False, forward: bool = False
    ) -> None:
        """Merge by a merge commit, squashed, or forward."""
        one = self.requests[number]
        target = self.head(one.target)
        assert target
        if forward:
            assert git(self.path, "merge-base", target, one.head) == target, "not forward"
            commit = one.head
        else:
            tree = git(self.path, "merge-tree", "--write-tree", target, one.head)
            parents = ("-p", target) if squash else ("-p", target, "-p", one.head)
            commit = git(self.path, "commit-tree", tree, *parents, "-m", f"Merge !{number}")
        self._set(f"refs/heads/{one.target}", commit)
        self._set(f"refs/heads/{one.source}", None)
        one.state, one.revision, one.by = "merged", commit, by
        self._changed(one)

    def close(self, number: int, *, by: str = "maintainer") -> None:
        self.requests[number].state, self.requests[number].by = "closed", by
        self._changed(self.requests[number])

    def reopen(self, number: int, *, by: str = "maintainer") -> None:
        self.requests[number].state, self.requests[number].by = "opened", None
        self._changed(self.requests[number])

    def retarget(self, number: int, branch: str, *, by: str = "maintainer") -> None:
        self.requests[number].target = branch
        self._changed(self.requests[number])

    def note(self, number: int, text: str, *, by: str = "maintainer") -> None:
        one = self.requests[number]
        self.moves += 1
        one.notes.append(Note(id=self.moves, author=by, body=text, time=self.clock()))
        self._changed(one)

    def delete_branch(self, branch: str) -> None:
        self._set(f"refs/heads/{branch}", None)

    def rename_default(self, name: str) -> None:
        self._set(f"refs/heads/{name}", self.head())
        self._set(f"refs/heads/{self.default}", None)
        self.default = name
        git(self.path, "symbolic-ref", "HEAD", f"refs/heads/{name}")

    def move(self, branch: str, commit: str) -> None:
        """Set a branch by force."""
        self._set(f"refs/heads/{branch}", commit)
        for one in self.requests.values():
            if one.source == branch and one.state == "opened":
                self._set(f"refs/merge-requests/{one.number}/head", commit)
                one.head = commit
                self._changed(one)

    def _commit(self, branch: str, files: Files, *, parent: str | None) -> str:
        self.moves += 1
        commit = commit_on(self.path, parent, files, message=f"Change {self.moves}")
        self.move(branch, commit)
        return commit

    def _set(self, ref: str, commit: str | None) -> None:
        if commit is None:
            git(self.path, "update-ref", "-d", ref)
        else:
            git(self.path, "update-ref", ref, commit)

    def _changed(self, request: Request) -> None:
        request.updated = self.clock()


class TwoRepositories(Local):
    """`ports.RemoteForge` on a project of this machine."""

    def __init__(self, mirror: Path, project: Project, dataset: str, branch: str | None) -> None:
        super().__init__(BareRepository(mirror))
        self.project = project
        self.branch = branch
        """The branch that the configuration names."""
        self.down: ForgeUnavailable | None = None
        self.calls: list[str] = []
        self.lost: set[str] = set()
        """Calls whose answers are lost, once each."""
        self._dataset = dataset

    @property
    def is_remote(self) -> bool:
        return True

    def published(self) -> str:
        found = refs(self.repository.path, "refs/heads").get("refs/heads/main")
        if found is None:
            raise ForgeUnavailable()
        return found

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
        self._call("open")
        head = self.commit(parent=parent, files=files, message=message, time=time)
        branch = self._push(proposal, head)
        number = len(self.project.requests) + 1
        self.project.requests[number] = Request(
            number=number,
            source=branch,
            target=self.project.default,
            head=head,
            updated=self.project.clock(),
        )
        self.project.move(branch, head)
        return Opened(head=head, merge_request=MergeRequest(number=number))

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
        raise NotImplementedError("no decision is taken here in these tests")

    def close(self, proposal: str, *, reviewer: Reviewer | None = None) -> None:
        raise NotImplementedError("no decision is taken here in these tests")

    def fetch(self) -> Fetched:
        self._call("fetch")
        mirror = self.repository.path
        git(mirror, "fetch", "--quiet", "--prune", str(self.project.path), *MIRRORED)
        prefix = f"refs/remotes/gitlab/proposals/{self._dataset}/"
        branch = self.branch or self.project.default
        return Fetched(
            tip=self.project.head(branch),
            default_branch=self.project.default,
            heads={name.removeprefix(prefix): head for name, head in refs(mirror, prefix).items()},
            branch=branch,
        )

    def publish(self, commit: str, *, before: str | None = None) -> None:
        old = () if before is None else (before,)
        git(self.repository.path, "update-ref", "refs/heads/main", commit, *old)

    def bring(self, commit: str) -> None:
        self._call("bring")
        git(self.repository.path, "fetch", "--quiet", str(self.project.path), commit)

    def recall(self, number: int) -> str | None:
        self._call("recall")
        found = refs(self.repository.path, f"refs/remotes/gitlab/merge-requests/{number}")
        return next(iter(found.values()), None)

    def requests(self, *, since: datetime | None = None) -> Iterator[RequestState]:
        self._call("requests")
        for one in list(self.project.requests.values()):
            if since is None or one.updated >= since:
                yield self._state(one)

    def request(self, number: int) -> RequestState:
        self._call("request")
        if number not in self.project.requests:
            raise NotFound()
        return self._state(self.project.requests[number])

    def merges_alike(
        self, *, published: str, head: str, files: Mapping[str, bytes | Edited]
    ) -> bool:
        path = self.repository.path
        tree = merged_tree(path, published, head)
        return tree is not None and all(
            file_of(path, tree, name) == bytes(data) for name, data in files.items()
        )

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
        self._call("remake", answered=False)
        if self.project.head(f"proposals/{self._dataset}/{proposal}") != replaces:
            raise HeadMoved()
        head = self.commit(parent=parent, files=files, message=message, time=time)
        self.project.move(self._push(proposal, head), head)
        self._answer("remake")
        return head

    def token_end(self) -> date | None:
        return None

    def notes(self, number: int) -> Sequence[Note]:
        self._call("notes")
        return tuple(self.project.requests[number].notes)

    def say(self, number: int, body: str) -> None:
        self._call("say")
        self.project.requests[number].said.append(body)

    def label(self, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        self._call("label")
        one = self.project.requests[number]
        one.labels = (one.labels | set(add)) - set(remove)

    def role(self, token: str) -> Role:
        return Role(name="maintainer", decides=True)

    def _call(self, name: str, *, answered: bool = True) -> None:
        self.calls.append(name)
        if self.down is not None:
            raise self.down
        if answered:
            self._answer(name)

    def _answer(self, name: str) -> None:
        if name in self.lost:
            self.lost.discard(name)
            raise ForgeUnavailable()

    def _state(self, one: Request) -> RequestState:
        return RequestState(
            number=one.number,
            proposal=one.source.rsplit("/", 1)[-1],
            url=None,
            state=one.state,  # type: ignore[arg-type]
            head=one.head,
            target=one.target,
            revision=one.revision,
            by=one.by,
            notes=len(one.notes),
        )

    def _push(self, proposal: str, head: str) -> str:
        branch = f"proposals/{self._dataset}/{proposal}"
        made, mirror = f"refs/heads/{branch}", self.repository.path
        git(mirror, "update-ref", made, head)
        git(self.project.path, "fetch", "--quiet", str(mirror), f"+{made}:{made}")
        return branch


def commit_on(
    repository: Path,
    parent: str | None,
    files: Files,
    *,
    mode: str = "100644",
    message: str = "Change",
) -> str:
    """Commit files on a commit by git alone. No branch moves."""
    index = repository / "index.tmp"
    index.unlink(missing_ok=True)

    def run(*arguments: str, data: bytes = b"") -> str:
        made = subprocess.run(
            ["git", "-C", str(repository), *arguments],
            input=data,
            env={**ENVIRONMENT, "GIT_INDEX_FILE": str(index)},
            check=True,
            capture_output=True,
        )
        return made.stdout.decode().strip()

    if parent:
        run("read-tree", parent)
    for path, data in files.items():
        if data is None:
            run("update-index", "--index-info", data=b"0 %s\t%s\n" % (b"0" * 40, path.encode()))
        else:
            blob = run("hash-object", "-w", "--stdin", data=data)
            run("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
    parents = ("-p", parent) if parent else ()
    commit = run("commit-tree", run("write-tree"), *parents, "-m", message)
    index.unlink()
    return commit


def merged_tree(repository: Path, one: str, other: str) -> str | None:
    """The tree of a plain git merge; None when it is refused."""
    done = _git(repository, "merge-tree", "--write-tree", one, other)
    return done.stdout.decode().split()[0] if done.returncode == 0 else None


def file_of(repository: Path, tree: str, path: str) -> bytes | None:
    done = _git(repository, "cat-file", "blob", f"{tree}:{path}")
    return done.stdout if done.returncode == 0 else None


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
