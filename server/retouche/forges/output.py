"""What a git command said, and our word for its failures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retouche.core.errors import ForgeUnavailable, StorageFull

_FULL = re.compile(rb"No space left on device|quota exceeded|File too large", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    status: int
    data: bytes
    errors: bytes

    def failure(self) -> ForgeUnavailable | StorageFull:
        """git's own words are a note for the log: they can name paths, so no reader sees them."""
        error = StorageFull() if _FULL.search(self.errors) else ForgeUnavailable()
        error.add_note(self.errors.decode("utf-8", "replace")[-2000:])
        return error
