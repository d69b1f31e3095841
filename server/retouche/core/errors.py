"""The error tree. Every refusal of Retouche is one of these, with a stable `code`.

Errors carry a catalogue key and named values, never a sentence: the sentence is made at the
border, in the reader's language, by `messages.render`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from retouche.core.report import CellConflict, CellError


class RetoucheError(Exception):
    """Base of all refusals.

    `code` is the stable, public code; `reason` is the key of the message in
    `messages.PROBLEMS` (the code itself unless a more precise sentence exists);
    `values` fills the sentence; `pointer` is a JSON pointer into the request body, or the name
    of the query parameter at fault.
    """

    code: ClassVar[str] = "error"

    def __init__(self, reason: str | None = None, /, *, pointer: str | None = None, **values: Any):
        self.reason = reason or self.code
        self.pointer = pointer
        self.values: Mapping[str, Any] = values
        super().__init__(f"{self.reason} {values}" if values else self.reason)


class Malformed(RetoucheError):
    """The request cannot be understood."""

    code = "malformed"


class UnknownField(Malformed):
    code = "unknown_field"


class UnknownOperator(Malformed):
    code = "unknown_operator"


class NotSignedIn(RetoucheError):
    code = "not_signed_in"


class NotAllowed(RetoucheError):
    code = "not_allowed"


class NotFound(RetoucheError):
    """A dataset, resource, row, revision or proposal does not exist."""

    code = "not_found"


class Conflict(RetoucheError):
    """Somebody else changed the same cells."""

    code = "conflict"

    def __init__(self, conflicts: Sequence[CellConflict], reason: str | None = None, **values: Any):
        self.conflicts = tuple(conflicts)
        super().__init__(reason, count=len(self.conflicts), **values)


class HeadMoved(RetoucheError):
    """The proposal is not, or no longer, what the reviewer looked at."""

    code = "head_moved"


class TooLarge(RetoucheError):
    code = "too_large"


class Unsupported(RetoucheError):
    code = "unsupported"


class RateLimited(RetoucheError):
    code = "rate_limited"


class Paused(RetoucheError):
    """The reviewers of a dataset take no contributions at present."""

    code = "paused"


class ProofRequired(RetoucheError):
    """A proof of work is asked for, and what was sent has none that counts."""

    code = "proof_required"


class Invalid(RetoucheError):
    """The proposal breaks rules of the schema."""

    code = "invalid"

    def __init__(self, errors: Sequence[CellError], reason: str | None = None, **values: Any):
        self.errors = tuple(errors)
        super().__init__(reason, count=len(self.errors), **values)


class NoChange(RetoucheError):
    code = "no_change"


class AmbiguousRow(RetoucheError):
    """The key names several rows."""

    code = "ambiguous_row"


class NotEditable(RetoucheError):
    code = "not_editable"


class IdempotencyMismatch(RetoucheError):
    code = "idempotency_mismatch"


class UnreadableFile(RetoucheError):
    """A data file fails the byte-level gate.

    `reason` is one of `encoding`, `nul`, `quote`, `header`, `empty_file`, `conflict_markers`,
    `lfs_pointer`, `not_csv`, `dialect`.
    """

    code = "unreadable_file"


class BadDataset(RetoucheError):
    """A data package descriptor, schema or widget is not usable; says which and why."""

    code = "bad_dataset"


class ForgeUnavailable(RetoucheError):
    """A forge, or what it is made of, cannot be reached, or what it did is not known.

    `retry_after` is what it said, in seconds, or None.
    """

    code = "forge_unavailable"

    def __init__(
        self, reason: str | None = None, /, *, retry_after: float | None = None, **values: Any
    ):
        super().__init__(reason, **values)
        self.retry_after = retry_after


class ForgeRefused(ForgeUnavailable):
    """A forge refuses for good what we ask with our own right: trying again changes nothing."""

    code = "forge_refused"


class StorageFull(RetoucheError):
    code = "storage_full"
