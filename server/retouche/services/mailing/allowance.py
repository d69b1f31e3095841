"""How many mails may go to an address that nobody has shown to be theirs.

Whoever sends a proposal may give any address. A decision needs a reviewer, so mails about it are
not counted; a receipt needs nobody, nor does asking for links.
"""

from __future__ import annotations

from collections.abc import Sequence

from retouche.ports import Moderation, Proposal, Sender, Tallies
from retouche.services.guarding.identity import contact_hash

DAY = 86_400
RECEIPTS = 5
"""Receipts to one address in a day, whatever the dataset."""
RECEIPTS_BY_SENDER = 20
"""Receipts that proposals from one network prefix cause in a day."""
LINKS = 3
"""Mails with links to one address in a day."""
ANYWHERE = ""
"""Stands for the dataset where an address is counted for all of them."""


class Allowance:
    """Counts mails by keyed hashes of addresses, and finds what an address sent."""

    def __init__(self, moderation: Moderation, tallies: Tallies, *, secret_key: str) -> None:
        self._moderation = moderation
        self._tallies = tallies
        self._secret_key = secret_key

    def allows(self, proposal: Proposal, address: str) -> bool:
        """Whether a receipt may be sent; counts it."""
        by = proposal.sender.address
        if by is not None and not self._take(f"receipts-by:{by}", RECEIPTS_BY_SENDER):
            return False
        return self._take(f"receipts-to:{self._hash(address)}", RECEIPTS)

    def allows_links(self, address: str) -> bool:
        """Whether links may be sent to an address; counts it."""
        return self._take(f"links-to:{self._hash(address)}", LINKS)

    def of_address(self, dataset: str, address: str, *, limit: int) -> Sequence[Proposal]:
        """The proposals that were sent with an address, newest first."""
        sender = Sender(contact=contact_hash(self._secret_key, dataset, address))
        return self._moderation.sent_by(dataset, sender, limit=limit)

    def _hash(self, address: str) -> str:
        return contact_hash(self._secret_key, ANYWHERE, address)

    def _take(self, name: str, most: int) -> bool:
        return self._tallies.take(name, most=most, seconds=DAY) is None
