"""Why a proposal, or a part of it, is refused: general reasons, and those that a dataset declares.

What is written down is the general reason, so that lists and mails need no dataset to tell it; of
a dataset's own reason its words are kept too, as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import Malformed
from retouche.core.package import Package
from retouche.core.schema import in_language

REASONS = (
    "not_verified",
    "wrong",
    "duplicate",
    "already_fixed",
    "spam",
    "out_of_scope",
    "other",
)
OTHER = "other"
Texts = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason by its code; `kind` is the general one that it is one of.

    One of a dataset has a `label`, and perhaps a `message` for the contributor.
    """

    code: str
    kind: str
    label: Texts | None = None
    message: Texts | None = None

    def as_kept(self) -> dict[str, Any]:
        """How it stands in a decision."""
        if self.label is None:
            return {"reason": self.kind}
        own = {"code": self.code, "label": self.label, "message": self.message}
        return {"reason": self.kind, "own_reason": own}


def reasons_of(package: Package) -> dict[str, Reason]:
    """All reasons by code: those of the dataset first, then the general ones."""
    found: dict[str, Reason] = {}
    for one in package.extension.get("reasons") or ():
        code = str(one["code"])
        kind = one.get("kind") or (code if code in REASONS else OTHER)
        found[code] = Reason(code=code, kind=kind, label=one["label"], message=one.get("message"))
    return found | {code: Reason(code=code, kind=code) for code in REASONS if code not in found}


def reason_named(package: Package, code: str, *, pointer: str = "/reason") -> Reason:
    """Raises `Malformed` for a code that is neither a general reason nor one of the dataset."""
    known = reasons_of(package)
    if code not in known:
        raise Malformed("bad_choice", pointer=pointer, value=code[:40], allowed=", ".join(known))
    return known[code]


def own_label(kept: Mapping[str, Any], locale: str) -> str:
    """What the dataset called the reason of a decision; nothing for a general one."""
    own = kept.get("own_reason") or {}
    return in_language(own.get("label"), locale)


def own_message(kept: Mapping[str, Any], locale: str) -> str:
    """What the dataset says to contributors of whom something is refused for this reason."""
    own = kept.get("own_reason") or {}
    return in_language(own.get("message"), locale)
