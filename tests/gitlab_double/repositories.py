"""Bare repositories of the double, worked on by the real git, apart from the user's settings."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ZERO = "0" * 40
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tbare = true
[gc]
\tauto = 0
[receive]
\tautogc = false
\tadvertisePushOptions = true
\thideRefs = refs/merge-requests
[transfer]
\thideRefs = refs/keep-around
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
"""
# The server decides what it can before git runs and tells the hook; sizes are known only here.
_PRE_RECEIVE = """\
#!/bin/sh
refuse() { echo "GitLab: $1" >&2; exit 1; }
[ -z "$DOUBLE_REFUSAL" ] || refuse "$DOUBLE_REFUSAL"
[ -n "$DOUBLE_STEADY$DOUBLE_MAX_BYTES$DOUBLE_MAIL$DOUBLE_SUBJECT" ] || exit 0
while read -r old new ref; do
  case $new in 0000000000000000000000000000000000000000) continue ;; esac
  case " $DOUBLE_STEADY " in *" $ref "*) git merge-base --is-ancestor "$old" "$new" || refuse \
"You are not allowed to force push code to a protected branch on this project." ;; esac
  if [ -n "$DOUBLE_MAX_BYTES" ]; then
    big=$(git rev-list --objects "$new" --not --all |
      git cat-file --batch-check='%(objecttype) %(objectsize) %(rest)' |
      while read -r type size path; do
        [ "$type" = blob ] && [ "$size" -gt "$DOUBLE_MAX_BYTES" ] && echo "$path" && break
      done)
    [ -z "$big" ] || refuse "File \\"$big\\" is larger than the allowed size of \
$DOUBLE_MAX_SIZE MiB. Use Git LFS to manage this file."
  fi
  if [ -n "$DOUBLE_MAIL" ]; then
    bad=$(git log --format=%ae "$new" --not --all | grep -vE "$DOUBLE_MAIL" | head -n 1)
    [ -z "$bad" ] || refuse "Author's email '$bad' does not follow the pattern '$DOUBLE_MAIL'"
  fi
  if [ -n "$DOUBLE_SUBJECT" ]; then
    bad=$(git log --format=%s "$new" --not --all | grep -vE "$DOUBLE_SUBJECT" | head -n 1)
    [ -z "$bad" ] || refuse "Commit message does not follow the pattern '$DOUBLE_SUBJECT'"
  fi
done
exit 0
"""
_POST_RECEIVE = '#!/bin/sh\n[ -z "$DOUBLE_MESSAGE" ] || printf \'%s\\n\' "$DOUBLE_MESSAGE" >&2\n'


class GitError(Exception):
    """git ended badly; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it is read."""

    id: str
    parents: tuple[str, ...]
    author: str
    mail: str
    time: datetime
    message: str

    @property
    def title(self) -> str:
        return self.message.split("\n", 1)[0]


class Repository:
    """A bare repository on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def git(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        codes: tuple[int, ...] = (0,),
    ) -> bytes:
        """Run git here and give its output. Raises `GitError` when it ends with another code."""
        done = subprocess.run(
            ["git", "--git-dir", str(self.path), *arguments],
            input=stdin,
            capture_output=True,
            env={**ENVIRONMENT, **(environment or {})},
            check=False,
        )
        if done.returncode not in codes:
            raise GitError((done.stderr or done.stdout).decode("utf-8", "replace").strip())
        return done.stdout

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Commits by the full name of their ref."""
        listed = self.git("for-each-ref", "--format=%(refname) %(objectname)", prefix).decode()
        return dict(line.rsplit(" ", 1) for line in listed.splitlines())

    def head(self, branch: str) -> str | None:
        """The commit of a branch; None when there is none."""
        return self.refs(f"refs/heads/{branch}").get(f"refs/heads/{branch}")

    def update(self, ref: str, new: str | None, old: str | None = None) -> None:
        """Move, make or (None) remove a ref; with `old`, only from there."""
        if new is None:
            self.git("update-ref", "-d", ref, *([old] if old else []))
        else:
            self.git("update-ref", ref, new, *([old] if old else []))

    def commit(
        self,
        branch: str,
        files: Mapping[str, bytes | None],
        *,
        author: tuple[str, str],
        message: str,
        parent: str | None,
    ) -> str:
        """Write a commit of changed (or, None, removed) files on `parent`, and move a branch."""
        ref = f"refs/heads/{branch}"
        who = f"{author[0]} <{author[1]}> {int(datetime.now(UTC).timestamp())} +0000\n".encode()
        stream = [b"commit ", ref.encode(), b"\ncommitter ", who, *_data(message.encode())]
        if parent is not None:
            stream.append(f"from {parent}\n".encode())
        for path, content in files.items():
            named = _quoted(path)
            if content is None:
                stream += [b"D ", named, b"\n"]
            else:
                stream += [b"M 100644 inline ", named, b"\n", *_data(content)]
        content = b"".join([*stream, b"\ndone\n"])
        self.git("fast-import", "--quiet", "--force", "--done", stdin=content)
        made = self.head(branch)
        assert made is not None
        return made

    def merged_tree(self, ours: str, theirs: str) -> str | None:
        """The tree of git's own merge; None when it conflicts, or nothing is in common."""
        if self.merge_base(ours, theirs) is None:
            return None
        printed = self.git("merge-tree", "--write-tree", ours, theirs, codes=(0, 1)).decode()
        lines = printed.splitlines()
        return lines[0] if len(lines) == 1 else None

    def commit_tree(
        self, tree: str, parents: Iterable[str], message: str, author: tuple[str, str]
    ) -> str:
        """Write a commit of a tree."""
        who = {
            "GIT_AUTHOR_NAME": author[0],
            "GIT_AUTHOR_EMAIL": author[1],
            "GIT_COMMITTER_NAME": author[0],
            "GIT_COMMITTER_EMAIL": author[1],
        }
        arguments = [part for parent in parents for part in ("-p", parent)]
        made = self.git("commit-tree", tree, *arguments, stdin=message.encode(), environment=who)
        return made.decode().strip()

    def merge_base(self, one: str, other: str) -> str | None:
        return self.git("merge-base", one, other, codes=(0, 1)).decode().strip() or None

    def contains(self, ancestor: str, descendant: str) -> bool:
        return self.merge_base(ancestor, descendant) == ancestor

    def knows(self, name: str) -> str | None:
        """The commit that a name stands for; None when there is none."""
        argument = f"{name}^{{commit}}"
        found = self.git("rev-parse", "--verify", "--quiet", argument, codes=(0, 1, 128))
        return found.decode().strip() or None

    def log(self, *arguments: str) -> list[Commit]:
        """Commits that `git log` finds."""
        shape = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%B%x1e"
        printed = self.git("log", shape, *arguments).decode("utf-8", "replace")
        return [_read_commit(block) for block in printed.split("\x1e\n") if block.strip()]

    def changed_paths(self, base: str | None, head: str) -> list[str]:
        """The files that differ between two commits; all of them without a base."""
        empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        printed = self.git("diff", "--name-only", "-z", base or empty, head).decode()
        return [path for path in printed.split("\0") if path]

    def diff(self, base: str | None, head: str, path: str) -> str:
        """The changes of one file, from the first hunk on."""
        empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        printed = self.git("diff", base or empty, head, "--", path).decode("utf-8", "replace")
        start = printed.find("\n@@")
        return printed[start + 1 :] if start >= 0 else ""

    def file(self, name: str, path: str) -> bytes | None:
        """The content of a file at a commit or branch."""
        try:
            return self.git("cat-file", "blob", f"{name}:{path}")
        except GitError:
            return None

    def rebase(self, branch: str, onto: str, author: tuple[str, str]) -> str:
        """Replay the commits of a branch on another one; give its new head."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "work"
            who = {"GIT_COMMITTER_NAME": author[0], "GIT_COMMITTER_EMAIL": author[1]}
            self.git("worktree", "add", "--quiet", "--detach", str(place), f"refs/heads/{branch}")
            try:
                run = ["git", "-C", str(place), "rebase", "--quiet", onto]
                done = subprocess.run(run, capture_output=True, env={**ENVIRONMENT, **who})
                if done.returncode:
                    raise GitError(done.stderr.decode())
                run = ["git", "-C", str(place), "rev-parse", "HEAD"]
                return subprocess.check_output(run, env=ENVIRONMENT, text=True).strip()
            finally:
                self.git("worktree", "remove", "--force", str(place))


def create(path: Path, seed: Path | None, branch: str | None) -> tuple[Repository, str]:
    """A new repository, with the branches and tags of a seed, and its default branch."""
    _make(path)
    repository = Repository(path)
    (path / "HEAD").write_text("ref: refs/heads/main\n")
    if seed is not None:
        specs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        repository.git("fetch", "--quiet", "--no-write-fetch-head", str(seed), *specs)
        head = Repository(seed if (seed / "HEAD").exists() else seed / ".git")
        branch = branch or head.git("symbolic-ref", "--short", "HEAD").decode().strip()
    branch = branch or "main"
    (path / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
    return repository, branch


def _make(path: Path) -> None:
    """An empty repository with our settings and hooks; quicker than `git init`."""
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags", "hooks", "info"):
        (path / folder).mkdir(parents=True)
    (path / "config").write_text(_CONFIG)
    for name, text in (("pre-receive", _PRE_RECEIVE), ("post-receive", _POST_RECEIVE)):
        (path / "hooks" / name).write_text(text)
        (path / "hooks" / name).chmod(0o755)


def _data(content: bytes) -> list[bytes]:
    return [f"data {len(content)}\n".encode(), content, b"\n"]


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + escaped.encode() + b'"'


def _read_commit(block: str) -> Commit:
    sha, parents, author, mail, time, message = block.lstrip("\n").split("\x00", 5)
    when = datetime.fromtimestamp(int(time), UTC)
    return Commit(sha, tuple(parents.split()), author, mail, when, message.rstrip("\n") + "\n")
