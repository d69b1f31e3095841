"""What a piece of advice is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Said:
    """A finding in one language: what is, and what to do; nothing when all is well."""

    what: str
    do: str = ""


Advice: TypeAlias = tuple[Said, Said]
"""In English and in French."""
