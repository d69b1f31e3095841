"""The addresses that mails lead to. A secret is made anew each time: none is kept."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from retouche.ports import Proposal


class Links:
    """Addresses on the public host."""

    def __init__(self, base_url: str, secret: Callable[[Proposal], str]) -> None:
        """`base_url` without a trailing slash; `secret` gives a proposal's follow-up secret."""
        self._base_url = base_url
        self._secret = secret

    def follow(self, proposal: Proposal) -> str:
        """The page on which its author follows a proposal, and may take it back."""
        return self._of(proposal, "")

    def stop(self, proposal: Proposal) -> str:
        """The page that ends the mails about a proposal."""
        return self._of(proposal, "/mails")

    def waiting(self, dataset: str) -> str:
        """The list of what awaits review."""
        return f"{self._base_url}/{dataset}/proposals?state=open"

    def quality(self, dataset: str) -> str:
        """The page on how good a dataset is."""
        return f"{self._base_url}/quality/{dataset}"

    @property
    def base(self) -> str:
        """What paths of this server are added to."""
        return self._base_url

    def _of(self, proposal: Proposal, part: str) -> str:
        query = urlencode({"secret": self._secret(proposal), "lang": proposal.locale})
        return f"{self._base_url}/{proposal.dataset}/proposals/{proposal.id}{part}?{query}"
