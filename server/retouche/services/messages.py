"""Commit messages: templates of ours alone, so that no contributor text reaches git or a forge."""

from __future__ import annotations

import re

from retouche.core.neutral import neutral
from retouche.core.operations import Insert, Key, Operation, Patch, Update

# Only plain codes are worth naming; anything else could be read as a command or a trailer.
PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")
TRAILER = "Proposal"
LISTED = 20


def proposal_message(proposal: str, operations: Patch) -> str:
    """The message of a proposal's one commit: what it touches, then its id as a trailer."""
    lines = [_line(operation) for operation in operations]
    subject = lines[0] if len(lines) == 1 else _summary(operations)
    body = [] if len(lines) == 1 else lines[:LISTED]
    if len(lines) > LISTED:
        body.append(f"and {len(lines) - LISTED} more")
    return "\n".join([subject, "", *body, *([""] if body else []), f"{TRAILER}: {proposal}", ""])


def acceptance_message(
    proposal: str, number: int | None, *, accepted: int, of: int, cells: bool = False
) -> str:
    """The message of the merge commit that publishes a proposal; `cells`: not all of them."""
    subject = f"Accept merge request {number}" if number else "Accept a proposal"
    part = "" if accepted == of else f"\n{accepted} of {of} operations were accepted.\n"
    part += "\nNot all cells were accepted.\n" if cells else ""
    return f"{subject}\n{part}\n{TRAILER}: {proposal}\n"


def _line(operation: Operation) -> str:
    row = f"{operation.resource} {_named(operation.key)}".strip()
    match operation:
        case Update():
            return f"Correct {row}: {', '.join(map(_plain, operation.new))}"[:200]
        case Insert():
            return f"Add {row}"
        case _:
            return f"Remove {row}"


def _summary(operations: Patch) -> str:
    resources = sorted({one.resource for one in operations})
    return f"Correct {len(operations)} rows of {', '.join(resources)}"[:200]


def _named(key: Key) -> str:
    return ",".join(_plain(part) for part in key)


def _plain(text: str) -> str:
    """A code as it is, unless a forge could read it as a reference (`GL-1`, part of a commit id).

    Digits alone stay: most codes are made of them, and a forge could only link them to a commit.
    """
    plain = PLAIN_KEY.fullmatch(text) and (text.isdigit() or neutral(text) == text)
    return text if plain else "…"
