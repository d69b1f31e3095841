"""What must hold in a home after all kills, as plain git, the journal and the book tell it."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

from retouche.ports import Proposal
from retouche.wiring import Services, repository_path
from tests.faults.crash.book import Book, Found
from tests.forges.plain_git import ENVIRONMENT, git, is_sound, refs

TRAILER = re.compile(r"^Proposal: ([0-9a-f]{16})$", re.M)


def check_home(home: Path, services: Services, book: Book, *, broken: str) -> None:
    """Raises `Found`. `broken` is a proposal that nothing can finish, and that stays queued."""
    path = repository_path(home, "desks")
    dataset = services.catalogue.get("desks")
    proposals, total = services.proposals.page(dataset, page_size=100_000)
    by_id = {one.id: one for one in proposals}
    _expect(total == len(by_id), "an id twice in the journal")
    lost = [one.key for one in book.intents if one.id not in by_id]
    _expect(not lost, f"acknowledged and lost: {lost}")
    _expect(by_id.pop(broken).state == "queued", "what cannot be finished is no longer queued")
    known = [str(one.id) for one in book.intents]
    doubled = sorted(set(by_id) - set(known))
    _expect(not doubled and len(set(known)) == len(known), f"doubled: {doubled}")
    _expect(is_sound(path), "git fsck --strict complains")
    left = [str(one.relative_to(path)) for one in (path / "refs").rglob("*.lock")]
    _expect(not left, f"locks are left: {left}")
    _check_refs(path, by_id)
    _check_states(book, by_id)
    _check_file(path, book, by_id)


def _check_refs(path: Path, proposals: dict[str, Proposal]) -> None:
    """One merge request a proposal, and one branch as long as it is open."""
    found = refs(path, "refs/merge-requests")
    numbers = Counter(found.values())
    twice = [head for head, count in numbers.items() if count > 1]
    _expect(not twice, f"two merge requests of one commit: {twice}")
    branches = refs(path, "refs/heads/proposals")
    for one in proposals.values():
        number = found.get(f"refs/merge-requests/{one.number}/head")
        _expect(number == one.head and number is not None, f"{one.id} has no merge request")
        branch = branches.pop(f"refs/heads/proposals/desks/{one.id}", None)
        wanted = one.head if one.state == "open" else None
        _expect(branch == wanted, f"the branch of {one.id}, which is {one.state}: {branch}")
    _expect(not branches, f"branches of nothing: {sorted(branches)}")
    _expect(len(found) == len(proposals), "merge requests of nothing")


def _check_states(book: Book, proposals: dict[str, Proposal]) -> None:
    for one in book.intents:
        present = proposals[str(one.id)]
        wanted = one.decided or "open"
        _expect(present.state == wanted, f"{one.key} is {present.state}, and was {wanted}")
        begun = (present.decision or {}).get("pending", False)
        _expect(not begun, f"the decision on {one.key} is only begun")


def _check_file(path: Path, book: Book, proposals: dict[str, Proposal]) -> None:
    """The published file is what the accepted proposals make of the first, byte for byte."""
    history = git(path, "rev-list", "--reverse", "--first-parent", "refs/heads/main").split()[1:]
    brought: dict[str, str] = {}
    for commit in history:
        trailer = TRAILER.search(git(path, "log", "-1", "--format=%B", commit))
        if trailer is not None:
            brought[commit] = trailer.group(1)
    strange = [one for one in history if one not in brought and one not in book.hands]
    _expect(not strange, f"commits of nobody: {strange}")
    gone = sorted(set(book.hands) - set(history))
    _expect(not gone, f"what somebody published by hand is gone: {gone}")
    twice = [one for one, count in Counter(brought.values()).items() if count > 1]
    _expect(not twice, f"published twice: {twice}")
    accepted = {one.id for one in proposals.values() if one.state == "accepted"}
    _expect(accepted == set(brought.values()), "accepted is not what is published")
    content = _blob(path)
    _expect(content == book.replayed(history, brought), "the file is not what was accepted")


def _blob(path: Path) -> bytes:
    return subprocess.run(
        ["git", "-C", str(path), "cat-file", "blob", "refs/heads/main:desks.csv"],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    ).stdout


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Found(otherwise)
