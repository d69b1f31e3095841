"""The one door that contributions without an account come through.

What costs least is asked first: the trap, the pause, the block list, the counts, the proof; then
comes what checks the rows. A repeated call that was carried out before does not come here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from retouche.core.errors import (
    Malformed,
    NotAllowed,
    Paused,
    ProofRequired,
    RateLimited,
)
from retouche.core.operations import Patch
from retouche.core.package import Package
from retouche.ports import Clock, Moderation, Pause, Sender, Tallies
from retouche.services.datasets import Dataset
from retouche.services.guarding import proofs, stamps
from retouche.services.guarding.identity import sender_of
from retouche.services.guarding.signs import WAITING, signs_of, waiting_among
from retouche.settings import Settings

MINUTE, DAY = 60, 86_400
TRAP = "website"
OF_THE_DOOR = ("proof", "opened")
"""What a body says to the door alone: repeated with others, it is the same contribution."""
GENEROUS = 10
"""How many more checks than contributions are taken: a form asks for one at every halt, and a draft
is saved by itself after every step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a dataset asks of those who contribute now."""

    pause: Pause | None
    proof: str
    """`never`, `under_load` or `always`."""
    required: bool
    """Whether a contribution that comes now needs a proof."""


class Guard:
    """Who may contribute, how often, and at what price."""

    def __init__(
        self,
        moderation: Moderation,
        tallies: Tallies,
        clock: Clock,
        settings: Settings,
        *,
        secret_key: str,
    ) -> None:
        self._moderation = moderation
        self._tallies = tallies
        self._clock = clock
        self._settings = settings
        self._secret_key = secret_key
        self._exempt = [
            ip_network(one.strip(), strict=False)
            for one in settings.limit_exempt.split(",")
            if one.strip()
        ]

    # -- Who, and at what terms -------------------------------------------------------------

    def sender(self, dataset: str, address: str, email: str | None = None) -> Sender:
        """Who sends something from an address, as keyed hashes."""
        return sender_of(self._secret_key, dataset, address, email)

    def terms(self, dataset: Dataset) -> Terms:
        """What is asked at present; raises what `Dataset.at` raises."""
        proof = proof_mode(dataset.at().package)
        return Terms(
            pause=self._moderation.pause(dataset.name, now=self._clock()),
            proof=proof,
            required=proof == "always" or (proof == "under_load" and self._is_loaded(dataset.name)),
        )

    def challenge(self, dataset: str) -> dict[str, Any]:
        """A calculation to be done, for a body's `proof`."""
        return proofs.challenge(self._secret_key, dataset, self._clock())

    def stamp(self, dataset: str) -> str:
        """The signed time at which a form is opened, for a body's `opened`."""
        return stamps.stamp(self._secret_key, dataset, self._clock())

    def is_stamp(self, dataset: str, text: str | None) -> bool:
        return stamps.age(self._secret_key, dataset, text, self._clock()) is not None

    def is_fast(self, dataset: str, text: str | None) -> bool:
        """Whether a form was sent sooner than it is filled in; False when nothing tells."""
        age = stamps.age(self._secret_key, dataset, text, self._clock())
        return age is not None and age < timedelta(seconds=self._settings.min_seconds)

    # -- Who comes in -----------------------------------------------------------------------

    def check_form(self, dataset: str, text: str | None) -> None:
        """Refuse a form that nobody can have filled in. Raises `RateLimited`.

        A form without a stamp of ours is refused too: it comes back with a new one.
        """
        wait = self._settings.min_seconds
        if wait and (not self.is_stamp(dataset, text) or self.is_fast(dataset, text)):
            raise RateLimited("sent_too_fast", limit=math.ceil(wait), retry_after=wait)

    def check_call(self, name: str, dataset: str, address: str) -> None:
        """Count a call that writes nothing, or is no contribution. Raises `RateLimited`.

        `name` tells what is counted together; a `validate` may come more often than others.
        """
        generous = GENEROUS if name == "validate" else 1
        limit = self._settings.limit_minute * generous
        sender = self.sender(dataset, address).address
        self._take(f"{name}:{dataset}:{sender}", limit, MINUTE, "too_many_calls", address)

    def admit(
        self,
        dataset: Dataset,
        sender: Sender,
        body: Mapping[str, Any],
        *,
        address: str,
    ) -> None:
        """Let a contribution in, and count it.

        Raises `Malformed` when the trap is filled in, `Paused`, `NotAllowed` for a blocked
        sender, `RateLimited`, and `ProofRequired` with a new challenge.
        """
        name, settings = dataset.name, self._settings
        self._check_sender(dataset, sender, body)
        by = f"contribution:{name}:{sender.address}"
        self._take(f"{by}:minute", settings.limit_minute, MINUTE, "too_many_minute", address)
        self._take(f"{by}:day", settings.limit_day, DAY, "too_many_day", address)
        self._check_proof(dataset, body.get("proof"))
        whole = f"contribution:{name}"
        self._take(whole, settings.limit_dataset, MINUTE, "too_many_dataset")

    def admit_draft(
        self, dataset: Dataset, sender: Sender, body: Mapping[str, Any], *, address: str
    ) -> None:
        """Let a version of a draft in: one that was begun asks no proof. Raises as `admit`."""
        self._check_sender(dataset, sender, body)
        name, limit = f"draft:{dataset.name}:{sender.address}", self._settings.limit_minute
        self._take(name, limit * GENEROUS, MINUTE, "too_many_calls", address)

    def _check_sender(self, dataset: Dataset, sender: Sender, body: Mapping[str, Any]) -> None:
        if body.get(TRAP):
            raise Malformed("trap_filled", pointer=f"/{TRAP}")
        self.check_open(dataset)
        if self._moderation.is_blocked(dataset.name, sender, now=self._clock()):
            raise NotAllowed("sender_blocked", contact=contact_of(dataset.at().package))

    def check_open(self, dataset: Dataset) -> None:
        """Raises `Paused` while a dataset takes no contributions."""
        pause = self._moderation.pause(dataset.name, now=self._clock())
        if pause is not None:
            raise Paused(message=pause.message)

    def signs(
        self,
        dataset: Dataset,
        sender: Sender,
        body: Mapping[str, Any],
        operations: Patch,
        package: Package,
    ) -> tuple[str, ...]:
        """What makes a contribution look unusual, for reviewers."""
        before = self._moderation.sent_by(dataset.name, sender, limit=WAITING)
        return signs_of(
            operations,
            package,
            comment=body.get("comment"),
            fast=self.is_fast(dataset.name, body.get("opened")),
            waiting=waiting_among(before) + 1,
        )

    # -- Counts and proofs ------------------------------------------------------------------

    def _take(
        self, name: str, most: int, seconds: int, reason: str, address: str | None = None
    ) -> None:
        """Raises `RateLimited`. A limit of 0 is none."""
        if not most or (address is not None and self._is_exempt(address)):
            return
        wait = self._tallies.take(name, most=most, seconds=seconds)
        if wait is not None:
            raise RateLimited(reason, limit=most, retry_after=wait)

    def _is_exempt(self, address: str) -> bool:
        if not self._exempt:
            return False
        try:
            found = ip_address(address)
        except ValueError:
            return False
        found = getattr(found, "ipv4_mapped", None) or found
        return any(found in network for network in self._exempt)

    def _check_proof(self, dataset: Dataset, proof: str | None) -> None:
        """Raises `ProofRequired`. Under load, so many a minute come in without a proof."""
        mode = proof_mode(dataset.at().package)
        free = self._settings.proof_load
        if mode == "never" or (mode == "under_load" and not free):
            return
        if proof and self._counts(dataset.name, proof):
            return
        if mode == "under_load":
            taken = self._tallies.take(f"free:{dataset.name}", most=free, seconds=MINUTE)
            if taken is None:
                return
        reason = "proof_refused" if proof else "proof_required"
        raise ProofRequired(reason, pointer="/proof", challenge=self.challenge(dataset.name))

    def _counts(self, dataset: str, proof: str) -> bool:
        """Whether a proof answers a challenge of ours, in time and for the first time."""
        mark = proofs.answered(self._secret_key, dataset, proof)
        seconds = int(proofs.LASTS.total_seconds()) + MINUTE
        return (
            mark is not None
            and self._tallies.take(f"spent:{mark}", most=1, seconds=seconds) is None
        )

    def _is_loaded(self, dataset: str) -> bool:
        free = self._settings.proof_load
        return bool(free) and self._tallies.is_full(f"free:{dataset}", most=free, seconds=MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The guard as one contribution meets it: who sends what, from where."""

    guard: Guard
    address: str
    sender: Sender
    body: Mapping[str, Any]

    def admit(self, dataset: Dataset) -> None:
        """Raises as `Guard.admit`."""
        self.guard.admit(dataset, self.sender, self.body, address=self.address)

    def admit_draft(self, dataset: Dataset) -> None:
        """Raises as `Guard.admit_draft`."""
        self.guard.admit_draft(dataset, self.sender, self.body, address=self.address)

    def signs(self, dataset: Dataset, operations: Patch, package: Package) -> tuple[str, ...]:
        return self.guard.signs(dataset, self.sender, self.body, operations, package)


def proof_mode(package: Package) -> str:
    """When a dataset asks for a proof of work: `never`, `under_load` or `always`."""
    asked = package.extension.get("contributions")
    return str(asked.get("proof", "under_load")) if isinstance(asked, Mapping) else "under_load"


def contact_of(package: Package) -> str | None:
    """Whom to write to about a dataset, as its descriptor says it."""
    listed = package.descriptor.get("contributors")
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    for key in ("email", "path"):
        for one in known:
            if isinstance(one.get(key), str) and one[key]:
                return str(one[key])
    homepage = package.descriptor.get("homepage")
    return str(homepage) if isinstance(homepage, str) and homepage else None


def without_door(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without what it says to the door alone."""
    return {name: value for name, value in body.items() if name not in OF_THE_DOOR}
