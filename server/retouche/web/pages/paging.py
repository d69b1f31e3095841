"""Pages of a long list: which one this is, and the ways to its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from retouche.web.pages.links import here


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """One page of a list; numbers count from 1."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        return min((self.number - 1) * self.size + 1, self.total)

    @property
    def last_shown(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def beyond(self) -> bool:
        """Past the end: there is nothing to show, yet there is a list."""
        return self.number > self.last

    @property
    def previous(self) -> str | None:
        return here(page=min(self.number - 1, self.last)) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        return here(page=self.number + 1) if self.number < self.last else None
