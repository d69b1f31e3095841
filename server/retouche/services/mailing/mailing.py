"""Mails to contributors and reviewers. The database is the truth: what is in the outbox is sent.

What an event calls for is written in the transaction that marks it as looked at, so a mail is
never lost; one whose sending was cut off may be sent twice, with the same Message-ID.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from retouche.core.errors import ForgeRefused, ForgeUnavailable, RetoucheError
from retouche.ports import Clock, Journal, Locks, Mail, Outbox, Post, Proposal, Untold
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.mailing import letters
from retouche.services.mailing.addresses import recipient
from retouche.services.mailing.allowance import Allowance
from retouche.services.mailing.links import Links
from retouche.services.mailing.stopping import stop_mails
from retouche.services.mailing.writer import LISTED, Writer
from retouche.services.reviewing.parts import published_of

BATCH = 100
AT_ONCE = 20
"""Mails that one round sends at most before it looks at the outbox again."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
GIVEN_UP = timedelta(days=4)
"""After that time a mail tells nothing new any more."""
FOLDED = 3
"""More mails to one address than that, found at a time, become one that lists them."""
ENDED = ("accepted", "rejected", "withdrawn")
NEWS = {
    "received": "received",
    "conflicted": "conflict",
    "accepted": "decided",
    "accepted_edited": "decided",
    "rejected": "decided",
    "closed_upstream": "decided",
    "withdrawn": "decided",
}
"""What somebody who waits is told of an event; of others they are told nothing."""
LOCK = "~mail"
LOG = structlog.get_logger()


class Mailing:
    """Tells people by mail what happened. Without a post nothing is written, only looked at."""

    def __init__(
        self,
        outbox: Outbox,
        journal: Journal,
        catalogue: Catalogue,
        locks: Locks,
        clock: Clock,
        *,
        post: Post | None,
        links: Links,
        allowance: Allowance,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`post` None: no mails are sent. `chance` gives numbers from 0 to 1."""
        self._outbox = outbox
        self._journal = journal
        self._locks = locks
        self._clock = clock
        self._post = post
        self._allowance = allowance
        self._writer = Writer(journal, catalogue, links, allowance)
        self._chance = chance

    @property
    def is_on(self) -> bool:
        """Whether mails are sent: what forms promise depends on it."""
        return self._post is not None

    def run(self) -> None:
        """Look at what happened and send what is due, unless another process is at it."""
        with self._locks.attempt(LOCK, seconds=0) as held:
            if held:
                self.tell()
                self.deliver()

    # -- What is to be told -------------------------------------------------------------------

    def tell(self) -> None:
        """Write the mails that new events call for."""
        seen = 0
        while batch := self._outbox.untold(limit=BATCH):
            if batch[-1].sequence <= seen:
                return  # another worker is at them
            seen = batch[-1].sequence
            mails = self._mails(batch) if self.is_on else []
            self._outbox.tell([one.sequence for one in batch], mails)

    def ask_links(self, dataset: str, address: str, *, locale: str) -> None:
        """Have the links of an address' proposals sent to it, if there are any.

        Whether there are is looked up when the mail is made: asking takes as long either way.
        """
        to = recipient(address)
        if to is None or not self.is_on or not self._allowance.allows_links(to):
            return
        now = self._clock()
        # One for an address at a time: another is not written while one waits.
        self._outbox.tell([], [self._mail("links", dataset, to, locale, now, of=(dataset, to))])

    def stop(self, dataset: Dataset, proposal: str) -> None:
        """End the mails about a proposal, those that wait too. Raises `NotFound`."""
        stop_mails(dataset, proposal, self._journal, self._locks)

    def _mails(self, batch: Sequence[Untold]) -> list[Mail]:
        found: dict[tuple[str, str], list[Untold]] = defaultdict(list)
        for one in batch:
            found[one.proposal.dataset, one.proposal.id].append(one)
        by_address: dict[tuple[str, str], list[Mail]] = defaultdict(list)
        for told in found.values():
            mail = self._of_proposal(told)
            if mail is not None:
                by_address[mail.dataset, mail.recipient].append(mail)
        return [mail for mails in by_address.values() for mail in self._folded(mails)]

    def _of_proposal(self, told: Sequence[Untold]) -> Mail | None:
        """The one mail that tells of all that happened to a proposal; None for no mail."""
        proposal = told[-1].proposal
        to = recipient((proposal.contributor or {}).get("email"))
        news = {NEWS[one.event.kind] for one in told if one.event.kind in NEWS}
        if to is None or not news:
            return None
        kind = _kind(news, proposal)
        if kind is None or (kind == "received" and not self._allowance.allows(proposal, to)):
            return None
        decision = proposal.decision or {}
        detail: dict[str, Any] = {}
        if kind in ENDED or kind == "accepted_part":
            said = ("reason", "own_reason", "message", "refused")
            detail = {name: decision[name] for name in said if decision.get(name)}
        if kind == "accepted_part":
            accepted, of = published_of(proposal)
            detail |= {"accepted": accepted, "of": of}
        now, what = self._clock(), [one.sequence for one in told]
        return self._mail(
            kind,
            proposal.dataset,
            to,
            proposal.locale,
            now,
            of=(proposal.dataset, proposal.id, what),
            proposal=proposal.id,
            detail=detail,
        )

    def _folded(self, mails: list[Mail]) -> list[Mail]:
        """One mail for many to one address; a receipt for a flood is no more than one mail."""
        if len(mails) <= FOLDED:
            return mails
        first = mails[0]
        return [
            self._mail(
                "several",
                first.dataset,
                first.recipient,
                first.locale,
                first.created_at,
                of=[one.id for one in mails],
                proposal=first.proposal,
                detail={"proposals": [one.proposal for one in mails[:LISTED]]},
            )
        ]

    def _mail(
        self,
        kind: str,
        dataset: str,
        to: str,
        locale: str,
        now: datetime,
        *,
        of: object,
        proposal: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Mail:
        named = hashlib.sha256(json.dumps([kind, of]).encode()).hexdigest()[:32]
        return Mail(
            id=named,
            dataset=dataset,
            proposal=proposal,
            kind=kind,
            recipient=to,
            locale=locale,
            created_at=now,
            detail=detail or {},
        )

    # -- Sending ------------------------------------------------------------------------------

    def deliver(self) -> None:
        """Send what is due. What fails for now is tried again later, in days at most."""
        if self._post is None:
            return
        while due := self._outbox.due(now=self._clock(), limit=AT_ONCE):
            for mail in due:
                self._send(self._post, mail)

    def _send(self, post: Post, mail: Mail) -> None:
        try:
            made = self._writer.letter(mail)
        except RetoucheError:
            raise
        except Exception:  # a fault of ours with one mail does not keep the others
            LOG.exception("mail_not_written", mail=mail.id, kind=mail.kind)
            self._postpone(mail, "not_written")
            return
        if made is None:
            self._outbox.sent(mail.id)
            return
        letter, unsubscribe = made
        try:
            post.send(
                recipient=mail.recipient,
                subject=letter.subject,
                text=letter.text,
                identifier=mail.id,
                locale=mail.locale,
                unsubscribe=unsubscribe,
            )
        except ForgeRefused as error:
            self._give_up(mail, _fault(error))
        except ForgeUnavailable as error:
            self._postpone(mail, _fault(error))
        else:
            self._outbox.sent(mail.id)

    def _postpone(self, mail: Mail, fault: str) -> None:
        """Try it again later, unless it is too old by now."""
        if self._clock() - mail.created_at > GIVEN_UP:
            self._give_up(mail, fault)
        else:
            retry_at = self._clock() + self._pause(mail.attempts)
            self._outbox.failed(mail.id, fault=fault, retry_at=retry_at)

    def _give_up(self, mail: Mail, fault: str) -> None:
        LOG.warning("mail_given_up", mail=mail.id, kind=mail.kind, fault=fault)
        self._outbox.sent(mail.id)

    def _pause(self, attempts: int) -> timedelta:
        """Doubled each time, with half of it by chance, so that many do not come at once."""
        whole = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts, 20))
        return whole * (0.5 + self._chance() / 2)


def _kind(news: set[str], proposal: Proposal) -> str | None:
    """What is told: how it ended before anything else, and nothing about what is called spam."""
    standing = letters.standing_of(proposal)
    if proposal.state in ENDED:
        spam = (proposal.decision or {}).get("reason") == "spam"
        return standing if "decided" in news and not spam else None
    if standing == "conflict" and "conflict" in news:
        return "conflict"
    return "received" if "received" in news else None


def _fault(error: ForgeUnavailable) -> str:
    """What went wrong, without what the server said: it may name people."""
    known = error.values.get("status") or error.values.get("detail")
    return f"{error.reason} {known}" if known else error.reason
