"""Makes the text of a mail that waits, from what is known when it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from retouche.core.errors import NotFound, RetoucheError
from retouche.ports import Journal, Mail, Proposal
from retouche.services.datasets import Catalogue
from retouche.services.mailing import letters
from retouche.services.mailing.addresses import recipient
from retouche.services.mailing.allowance import Allowance
from retouche.services.mailing.letters import Left, Letter, Linked, Waiting
from retouche.services.mailing.links import Links
from retouche.services.mailing.week import Addresses, weekly

LISTED = 50
"""Most proposals in one mail."""


class Writer:
    """Writes letters."""

    def __init__(
        self, journal: Journal, catalogue: Catalogue, links: Links, allowance: Allowance
    ) -> None:
        self._journal = journal
        self._catalogue = catalogue
        self._links = links
        self._allowance = allowance

    def letter(self, mail: Mail) -> tuple[Letter, str | None] | None:
        """A mail's text and the address that ends such mails; None when nobody waits for it."""
        if mail.kind == "digest":
            waiting = [self._waiting(one) for one in mail.detail["datasets"]]
            return letters.digest(waiting, locale=mail.locale), None
        if mail.kind == "weekly":
            told = [(one, self._addresses(one["dataset"])) for one in mail.detail["datasets"]]
            return weekly(told, locale=mail.locale), None
        title = self._title(mail.dataset, mail.locale)
        if mail.kind == "links":
            known = self._allowance.of_address(mail.dataset, mail.recipient, limit=LISTED)
            linked = self._linked(known)
            if not linked:
                return None
            return letters.about_several("links", linked, title=title, locale=mail.locale), None
        proposal = self._addressed(mail, mail.proposal)
        if proposal is None:
            return None
        stop = self._links.stop(proposal)
        if mail.kind == "several":
            named = (self._addressed(mail, one) for one in mail.detail["proposals"])
            linked = self._linked([one for one in named if one is not None])
            several = letters.about_several(
                "several", linked, title=title, locale=mail.locale, stop=stop
            )
            return several, stop
        letter = letters.about_one(
            mail.kind,
            mail.detail,
            title=title,
            locale=mail.locale,
            link=self._links.follow(proposal),
            stop=stop,
            left=list(self._left(mail, proposal)),
        )
        return letter, stop

    def _left(self, mail: Mail, proposal: Proposal) -> Iterator[Left]:
        """The parts that are not published, each named by its row and its column."""
        try:
            package = self._catalogue.get(mail.dataset).at().package
        except RetoucheError:
            return
        for one in (mail.detail.get("refused") or ())[:LISTED]:
            operation = proposal.operations[one["operation"]]
            resource = package.resources.get(str(operation.get("resource")))
            named = operation.get("key") or {}
            row: Mapping[str, Any] = operation.get("row") or operation.get("old") or {}
            key = tuple(named.values())
            label = ", ".join(key) if resource is None else resource.row_label(row, key)
            field = one["field"]
            known = resource.schema.by_name.get(field) if resource and field else None
            title = field if known is None else known.label(mail.locale)
            yield Left(what=" · ".join(filter(None, (label, title))), decision=one)

    def _addressed(self, mail: Mail, identifier: str | None) -> Proposal | None:
        """A proposal whose mails go to this address, still."""
        try:
            found = self._journal.get(mail.dataset, identifier or "")
        except NotFound:
            return None
        given = recipient((found.contributor or {}).get("email"))
        return found if given == mail.recipient else None

    def _linked(self, proposals: Iterable[Proposal]) -> list[Linked]:
        return [
            Linked(
                state=letters.standing_of(one),
                sent=one.created_at,
                link=self._links.follow(one),
            )
            for one in proposals
        ]

    def _waiting(self, found: Mapping[str, Any]) -> Waiting:
        return Waiting(
            title=found["title"],
            waiting=found["waiting"],
            new=found["new"],
            oldest=datetime.fromisoformat(found["oldest"]),
            unusual=found["unusual"],
            clashing=found["clashing"],
            link=self._links.waiting(found["dataset"]),
        )

    def _addresses(self, dataset: str) -> Addresses:
        return Addresses(
            base=self._links.base,
            quality=self._links.quality(dataset),
            waiting=self._links.waiting(dataset),
        )

    def _title(self, dataset: str, locale: str) -> str:
        try:
            return self._catalogue.get(dataset).at().package.title(locale)
        except RetoucheError:  # not served here, or not at present
            return dataset
