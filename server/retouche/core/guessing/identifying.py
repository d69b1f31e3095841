"""Which columns can name a row: a primary key proposed from the cells, for `init` alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from retouche.core.guessing.headings import words

# A list in words is read more easily than one in quotes.
_STRONG = "id identifiant ident matricule cle key pk uid uuid uai finess"
_WEAK = "code num numero no ref reference siret siren insee rna"
# Cells that describe a row and change, or that two rows may share by right.
_DESCRIBING = (
    "mail email courriel tel telephone phone adresse adr ad commentaire comm description "
    "latitude longitude lat lon lng long x y xlong ylat url web"
)
STRONG, WEAK, DESCRIBING = (frozenset(one.split()) for one in (_STRONG, _WEAK, _DESCRIBING))
DECIMAL = re.compile(r"[-+]?\d+[.,]\d+")
LONGEST = 80
PAIRED = 10
PROBED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the cells of one column say at a glance. `distinct` leaves out empty cells."""

    name: str
    position: int
    rows: int
    filled: int
    distinct: frozenset[str]
    longest: int

    @classmethod
    def of(cls, name: str, cells: Sequence[str], *, position: int) -> Profile:
        distinct = frozenset(cells) - {""}
        empty = sum(1 for cell in cells if not cell) if "" in cells else 0
        return cls(
            name=name,
            position=position,
            rows=len(cells),
            filled=len(cells) - empty,
            distinct=distinct,
            longest=max(map(len, distinct), default=0),
        )

    @property
    def full(self) -> bool:
        return self.filled == self.rows

    @property
    def unique(self) -> bool:
        return self.full and len(self.distinct) == self.rows

    @property
    def repeated(self) -> bool:
        """Values come back: on average each stands in four rows or more."""
        return 4 * len(self.distinct) <= self.filled


def primary_key(profiles: Sequence[Profile], columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The columns to name rows by: an identifier, else any unique column, else a pair.

    Empty where no one or two columns tell all rows apart.
    """
    candidates = sorted(
        (one for one in profiles if one.full and one.rows and one.longest <= LONGEST),
        key=lambda one: (_rank(one), one.position),
    )
    # One or two rows are told apart by anything: only a name can say what identifies them.
    few = profiles[0].rows < 3 if profiles else True
    for one in candidates:
        if one.unique and (_rank(one) < (2 if few else 4)):
            return (one.name,)
    if few:
        return ()
    parts = [one for one in candidates if _rank(one) < 4 and len(one.distinct) > 1][:PAIRED]
    for first, second in combinations(parts, 2):
        if _tells_apart(first, second, columns):
            pair = sorted((first, second), key=lambda one: one.position)
            return tuple(one.name for one in pair)
    return ()


def _rank(profile: Profile) -> int:
    """0 for an identifier by name, up to 4 for what cannot be one."""
    name = set(words(profile.name))
    if all(DECIMAL.fullmatch(one) for one in profile.distinct):
        return 4
    if name & STRONG:
        return 0
    if name & WEAK:
        return 1
    return 3 if name & DESCRIBING else 2


def _tells_apart(first: Profile, second: Profile, columns: Sequence[Sequence[str]]) -> bool:
    rows = first.rows
    if len(first.distinct) * len(second.distinct) < rows:
        return False
    one, other = columns[first.position], columns[second.position]
    probe = min(rows, PROBED)
    if len(set(zip(one[:probe], other[:probe], strict=True))) < probe:
        return False
    return len(set(zip(one, other, strict=True))) == rows
