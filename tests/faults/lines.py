"""The fault list: what may go wrong, and what must come of it. Each line has tests, marked with
its number, or a reasoned exception in docs/operations.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Line:
    """A fault, and the outcome that is required of it."""

    number: int
    fault: str
    outcome: str


ONCE = "not acknowledged: all or nothing; acknowledged: one branch and one merge request"
LINES = (
    Line(1, "SIGKILL before the journal is written", ONCE),
    Line(2, "SIGKILL after the journal is written", ONCE),
    Line(3, "SIGKILL after the answer", ONCE),
    Line(4, "SIGKILL after the file is written", ONCE),
    Line(5, "SIGKILL after the folder is written", ONCE),
    Line(6, "SIGKILL after the commit is written", ONCE),
    Line(7, "SIGKILL after the ref has moved", ONCE),
    Line(8, "SIGKILL around the push to a forge elsewhere", ONCE),
    Line(9, "SIGKILL around the call that opens the merge request", ONCE),
    Line(10, "SIGKILL around the state's change", ONCE),
    Line(
        11,
        "SIGKILL of all processes of a server at any time",
        "as above; stale locks are swept, nobody has to do anything",
    ),
    Line(
        12,
        "defects planted in the code",
        "the crash suite finds each of them",
    ),
    Line(
        13,
        "power loss",
        "fsync of the journal before the answer, of objects and ref before the state *open*; "
        "empty refs and objects are made anew from the journal",
    ),
    Line(
        14,
        "disk full at each write",
        "507 `storage_full`; nothing acknowledged is lost; it goes on when there is room, and "
        "what was half written is removed",
    ),
    Line(15, "`index.lock` left behind", "there is no index and no worktree, so nothing stops"),
    Line(16, "lock of a ref left behind", "swept under our own lock once it is stale"),
    Line(
        17,
        "`packed-refs.lock` left behind",
        "proposals are taken; what deletes refs waits, then goes on",
    ),
    Line(18, "`git gc --prune=now` again and again while proposals are written", "none is lost"),
    Line(
        19,
        "damaged, cut or foreign file in the cache",
        "noticed by its checksum and made again; the answer is right",
    ),
    Line(
        20,
        "damaged or empty git object",
        "503 for that dataset alone, `/health` names it, the others are served",
    ),
    Line(
        21,
        "GitLab does not listen, has no name, or no certificate that is trusted",
        "the proposal stays *queued*, its sender is told, it is tried again",
    ),
    Line(
        22,
        "GitLab answers 401 or 403",
        "trying stops for a while, the queue is kept, `/health` names it",
    ),
    Line(
        23,
        "GitLab answers 429, with seconds, a date or nothing",
        "no thread sleeps; tried again at the time that is given, within an hour",
    ),
    Line(
        24,
        "GitLab answers 5xx, HTML, half an answer, or never ends it",
        "given up in time; whether it had its effect is looked up",
    ),
    Line(25, "push taken, merge request refused", "the merge request is made later, for that push"),
    Line(26, "merge request made, answer lost", "it is found and adopted"),
    Line(27, "push taken, answer lost", "the same commit is pushed again without effect"),
    Line(28, "GitLab's git is busy", "tried again"),
    Line(29, "webhook lost", "a look at the project finds what it would have told"),
    Line(
        30,
        "webhook twice, out of order, of something unknown, of 25 MB",
        "one effect; the state is what the project says",
    ),
    Line(31, "webhook paused or disabled by GitLab", "the examination of the set-up tells"),
    Line(
        32,
        "history of the published branch rewritten",
        "noticed and told; open proposals are carried over or flagged, none is deleted",
    ),
    Line(
        33,
        "default branch renamed or gone",
        "the new name is followed; without one the last version is served and that is told",
    ),
    Line(
        34,
        "data file gone, moved, or turned into a link or an LFS pointer",
        "the last good version is served and that is told; a pointer is never read as a table",
    ),
    Line(
        35,
        "rules changed while a proposal is open",
        "it is judged again, the cells that now fail are listed, nothing is published silently",
    ),
    Line(36, "two proposals change one cell", "a conflict with all values; no silent overwrite"),
    Line(
        37,
        "two proposals change one row, rows side by side, append, or one deletes",
        "both win; deletion against change is a conflict",
    ),
    Line(
        38,
        "published meanwhile",
        "carried over when the cells are as they were, else 409 with what stands there",
    ),
    Line(
        39,
        "sent twice: double click, retry, two processes",
        "one proposal; another body under the same key is 422",
    ),
    Line(40, "several processes publish in one repository", "each takes its turn, none is lost"),
    Line(
        41,
        "clock 400 days back, 10 years ahead, jumping",
        "order is that of arrival; nobody waits for years; tokens are not misread",
    ),
    Line(
        42,
        "branch of a proposal changed by somebody else",
        "read anew, shown as edited there, never overwritten",
    ),
    Line(
        43,
        "merge request closed, reopened or merged, or its branch removed, in GitLab",
        "the proposal follows",
    ),
    Line(
        44,
        "repeated keys and invalid rows in the file from before",
        "in nobody's way; a change of a row that cannot be told from another is refused",
    ),
    Line(45, "10,000 open proposals", "creating and listing stay quick"),
    Line(
        46,
        "SIGTERM in mid-request, slow clients, 1,000 idle connections",
        "what was begun is answered, the others are served",
    ),
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A test that shows the outcome of lines."""

    path: str
    name: str
    numbers: tuple[int, ...]


def marked_tests() -> Iterator[Marked]:
    """The tests with the marker `fault`, read from the sources."""
    for path in sorted(TESTS.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.fault(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                numbers = tuple(one for mark in node.decorator_list for one in _numbers(mark))
                if numbers:
                    yield Marked(str(path.relative_to(TESTS.parent)), node.name, numbers)


def _numbers(mark: ast.expr) -> list[int]:
    """The arguments of `pytest.mark.fault(…)`; nothing for any other decorator."""
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
        return [ast.literal_eval(one) for one in mark.args]
    return []
