"""Defects that are planted on purpose, to see that the crash suite finds them.

Each changes one function as it is loaded in a process of its own; no file changes.
"""

from __future__ import annotations
import __future__

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from retouche.core.edited import Edit, Edited
from retouche.forges import storage
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.refs import Move
from retouche.journals.sql import SqlJournal
from retouche.services.decisions import Decisions
from retouche.services.proposals import Proposals
from retouche.services.requesting import opening
from retouche.services.review import Review
from retouche.services.reviewing import publishing
from retouche.services.reviewing.publishing import Publishing


@dataclass(frozen=True, slots=True)
class Mutant:
    """A defect: what is wrong, and how it is planted."""

    name: str
    plant: Callable[[], None]


def rewritten(owner: Any, name: str, old: str, new: str) -> Callable[[], None]:
    """A function with one text of its source replaced. Fails when it is not there just once."""

    def plant() -> None:
        raw = inspect.getattr_static(owner, name)
        function = inspect.unwrap(getattr(owner, name))
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(old) != 1:
            raise LookupError(f"{name} has {source.count(old)} times: {old}")
        scope: dict[str, Any] = {}
        flags = __future__.annotations.compiler_flag
        code = compile(source.replace(old, new), f"<mutant of {name}>", "exec", flags=flags)
        exec(code, function.__globals__, scope)
        made = scope[name]
        setattr(owner, name, staticmethod(made) if isinstance(raw, staticmethod) else made)

    return plant


def _acknowledged_first() -> None:
    """The answer is given while another thread still writes the row."""
    from threading import Timer

    real = SqlJournal.add

    def add(self: SqlJournal, proposal: Any, **named: Any) -> Any:
        Timer(0.005, real, (self, proposal), named).start()
        return proposal

    SqlJournal.add = add  # type: ignore[method-assign]
    Proposals._carried = lambda self, dataset, proposal: proposal  # type: ignore[method-assign]


def _key_forgotten() -> None:
    real = SqlJournal.add

    def add(self: SqlJournal, proposal: Any, *, idempotency_key: Any, body_hash: str) -> Any:
        return real(self, proposal, idempotency_key=None, body_hash=body_hash)

    SqlJournal.add = add  # type: ignore[method-assign]


def _line_ends_evened() -> None:
    """What is read from a file is written back with line ends of one kind."""
    real = vars(publishing)["files_after"]

    def files_after(*given: Any, **named: Any) -> dict[str, Edited]:
        return {path: _even(content) for path, content in real(*given, **named).items()}

    for module in (publishing, opening):
        vars(module)["files_after"] = files_after


def _even(content: Edited) -> Edited:
    even = bytes(content).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Edited(content.base, content.base_id, (Edit(0, len(content.base), even),))


def _without_old_value() -> None:
    def command(self: Move) -> bytes:
        if self.new is None:
            return f"delete {self.ref.name}\0\0".encode()
        return f"update {self.ref.name}\0{self.new}\0\0".encode()

    Move.command = command  # type: ignore[method-assign]


MUTANTS = (
    Mutant("acknowledged before the journal has the row", _acknowledged_first),
    Mutant("the idempotency key is not written down", _key_forgotten),
    Mutant(
        "stale locks of git are not swept",
        rewritten(storage, "sweep_locks", "_age(path) > LOCK_AGE", "False"),
    ),
    Mutant("refs move without their old value", _without_old_value),
    Mutant(
        "recovery stops at the first bad proposal",
        rewritten(Review, "recover", "self._finish(", "failures or self._finish("),
    ),
    Mutant(
        "accepted is written before the branch moves",
        rewritten(
            Publishing,
            "publish",
            'self._decisions.begin(proposal, {**decision, "revision": commit})',
            'whole = {**decision, "revision": commit}; '
            "self._decisions.accepted(self._decisions.begin(proposal, whole), whole)",
        ),
    ),
    Mutant(
        "a decision is not begun before the forge is asked",
        rewritten(Decisions, "begin", "return self.record(", "return ("),
    ),
    Mutant(
        "what is published is not read again for a merge",
        rewritten(
            Publishing,
            "publish",
            "files_after(carried.operations, published,",
            "files_after(wanted.operations, parent,",
        ),
    ),
    Mutant(
        "a repeat does not look for the merge request of before",
        rewritten(EmbeddedForge, "open", "self._numbered(head) if", "None if"),
    ),
    Mutant(
        "what a kill left queued is not finished",
        rewritten(Decisions, "settled", "return self._carry(dataset, proposal)", "return proposal"),
    ),
    Mutant("line ends are made alike", _line_ends_evened),
)
