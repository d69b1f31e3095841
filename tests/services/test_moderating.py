"""Blocks, pauses, and refusing all that came from one source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from retouche.core.errors import ForgeUnavailable, Malformed, NotFound, TooLarge
from retouche.ports import Proposal, Reviewer, Sender
from retouche.services.moderating.choices import moment, part
from retouche.services.moderating.moderating import MANY, Moderating
from tests.datasets import Browser, update

ANN = Reviewer(name="Ann")
SPAMMER = Sender(address="a" * 64, contact="c" * 64)


def send(desks: Browser, key: str = "01", sender: Sender = SPAMMER, **new: Any) -> Proposal:
    dataset = desks.services.catalogue.get("desks")
    body = {"operations": [update(key, **(new or {"agents": "9"}))]}
    known = replace(desks.services.proposals.submit(dataset, body), sender=sender)
    return desks.services.proposals.decisions.record(known)


@pytest.fixture
def moderating(desks: Browser) -> Moderating:
    return desks.services.moderating


def states(desks: Browser, *proposals: Proposal) -> list[str]:
    dataset = desks.services.catalogue.get("desks")
    return [desks.services.proposals.get(dataset, one.id).state for one in proposals]


def test_all_open_ones_of_a_source_are_rejected_and_no_other(
    desks: Browser, moderating: Moderating
) -> None:
    dataset = desks.services.catalogue.get("desks")
    spam = [send(desks, agents=str(number)) for number in range(5, 9)]
    honest = send(desks, sender=Sender(address="b"))
    desks.services.review.accept(dataset, spam[0].id, head=spam[0].head or "", reviewer=ANN)
    seen: list[tuple[int, int]] = []
    found = moderating.reject_all(
        dataset,
        spam[2],
        reason="spam",
        message="No",
        reviewer=ANN,
        progress=lambda *done: seen.append(done),
    )
    assert [one.proposal for one in found.results] == [one.id for one in spam[1:]]
    assert (found.done, found.left, seen) == (3, 0, [(1, 3), (2, 3), (3, 3)])
    assert states(desks, *spam, honest) == ["accepted", *["rejected"] * 3, "open"]
    again = moderating.reject_all(dataset, spam[2], reason="spam", reviewer=ANN)
    assert again.results == ()


def test_one_that_cannot_be_rejected_never_keeps_the_others(
    desks: Browser, moderating: Moderating, monkeypatch: pytest.MonkeyPatch
) -> None:
    spam = [send(desks, agents=str(number)) for number in range(5, 9)]
    whole = desks.services.review.reject

    def reject(dataset: Any, proposal: str, **how: Any) -> Proposal:
        if proposal == spam[0].id:
            raise ForgeUnavailable
        if proposal == spam[1].id:
            raise RuntimeError("a fault of ours")
        return whole(dataset, proposal, **how)

    monkeypatch.setattr(desks.services.review, "reject", reject)
    dataset = desks.services.catalogue.get("desks")
    found = moderating.reject_all(dataset, spam[0], reason="spam", reviewer=ANN)
    assert [one.error is None for one in found.results] == [False, False, True, True]
    assert [one.error.reason for one in found.results[:2] if one.error] == [
        "forge_unavailable",
        "internal",
    ]


def test_a_long_work_is_done_in_parts(desks: Browser, moderating: Moderating) -> None:
    spam = [send(desks, agents=str(number)) for number in range(5, 9)]
    dataset = desks.services.catalogue.get("desks")
    first = moderating.reject_all(dataset, spam[0], reason="spam", reviewer=ANN, most=3)
    assert (first.done, first.left) == (3, 1)
    second = moderating.reject_all(dataset, spam[0], reason="spam", reviewer=ANN, most=3)
    assert (second.done, second.left) == (1, 0)


def test_a_source_tells_what_it_did_and_never_what_it_is(
    desks: Browser, moderating: Moderating
) -> None:
    first = send(desks)
    send(desks, sender=Sender(contact=SPAMMER.contact))
    found = moderating.source(first)
    assert (found.total, found.waiting, found.blocked) == (2, 2, False)
    assert str(SPAMMER.address) not in repr(found)
    nobody = moderating.source(send(desks, sender=Sender()))
    assert (nobody.known, nobody.total) == (False, 0)


def test_many_open_ones_of_a_source_are_told(desks: Browser, moderating: Moderating) -> None:
    dataset = desks.services.catalogue.get("desks")
    spam = [send(desks, note=f"casino {number}") for number in range(MANY - 1)]
    send(desks, sender=Sender())
    assert moderating.busy(dataset) == []
    spam.append(send(desks, note="casino"))
    assert [(one.proposal, one.waiting) for one in moderating.busy(dataset)] == [
        (spam[-1].id, MANY)
    ]


def test_a_block_is_one_for_each_thing_that_tells_a_source(
    desks: Browser, moderating: Moderating
) -> None:
    dataset = desks.services.catalogue.get("desks")
    spam = send(desks)
    made = moderating.block(spam, reason="Casino", reviewer="Ann")
    assert [one.sender for one in made] == [
        Sender(address=SPAMMER.address),
        Sender(contact=SPAMMER.contact),
    ]
    assert moderating.source(spam).blocked
    for one in moderating.blocks(dataset):
        moderating.unblock(dataset, one.id)
    assert not moderating.source(spam).blocked
    with pytest.raises(NotFound):
        moderating.unblock(dataset, made[0].id)
    assert len(moderating.block(spam, by="contact", reviewer="Ann")) == 1


def test_a_block_ends(desks: Browser, moderating: Moderating) -> None:
    dataset = desks.services.catalogue.get("desks")
    until = desks.services.clock() + timedelta(seconds=30)
    moderating.block(send(desks), until=until, reviewer="Ann")
    while desks.services.clock() <= until:
        pass
    assert moderating.blocks(dataset) == []


def test_what_cannot_be_is_refused(desks: Browser, moderating: Moderating) -> None:
    dataset = desks.services.catalogue.get("desks")
    nobody, spam = send(desks, sender=Sender()), send(desks)
    past = desks.services.clock() - timedelta(hours=1)
    with pytest.raises(NotFound):
        moderating.block(nobody, reviewer="Ann")
    with pytest.raises(NotFound):
        moderating.reject_all(dataset, nobody, reason="spam", reviewer=ANN)
    with pytest.raises(Malformed):
        moderating.block(spam, until=past, reviewer="Ann")
    with pytest.raises(Malformed):
        moderating.pause(dataset, until=past, reviewer="Ann")
    with pytest.raises(TooLarge):
        moderating.pause(dataset, message="x" * 501, reviewer="Ann")
    assert moderating.blocks(dataset) == []


def test_a_pause_lasts_until_its_end_or_by_hand(desks: Browser, moderating: Moderating) -> None:
    dataset = desks.services.catalogue.get("desks")
    moderating.pause(dataset, message="Back on Monday", reviewer="Ann")
    pause = moderating.pause_of(dataset)
    assert pause is not None
    assert (pause.message, pause.by, pause.until) == ("Back on Monday", "Ann", None)
    moderating.resume(dataset)
    assert moderating.pause_of(dataset) is None
    until = desks.services.clock() + timedelta(seconds=30)
    moderating.pause(dataset, until=until, reviewer="Ann")
    while desks.services.clock() <= until:
        pass
    assert moderating.pause_of(dataset) is None


def test_times_are_read_as_people_write_them() -> None:
    assert moment("2026-01-31").isoformat() == "2026-01-31T00:00:00+00:00"
    assert moment(" 2026-01-31T14:30").isoformat() == "2026-01-31T14:30:00+00:00"
    assert moment("2026-01-31T14:30+02:00").isoformat() == "2026-01-31T14:30:00+02:00"
    for text in ("", "yesterday", "31/01/2026", "2026-13-01"):
        with pytest.raises(Malformed):
            moment(text)


def test_a_source_in_part() -> None:
    assert part(SPAMMER, "address") == Sender(address=SPAMMER.address)
    assert part(SPAMMER, "contact") == Sender(contact=SPAMMER.contact)
    assert part(SPAMMER, "any") == SPAMMER
