"""Blocks, pauses, and what one sender sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from retouche.journals.database import Database
from retouche.journals.moderation import SqlModeration
from retouche.journals.sql import SqlJournal
from retouche.ports import UNKNOWN_SENDER, Block, Pause, Sender
from tests.journals.test_sql import NOW, add, ids, make

ADDRESS, CONTACT = Sender(address="prefix"), Sender(contact="mail")
BOTH = Sender(address="prefix", contact="mail")


@pytest.fixture
def moderation(database: Database) -> SqlModeration:
    return SqlModeration(database)


def block(number: int = 1, sender: Sender = ADDRESS, **others: object) -> Block:
    values = {"id": f"b{number}", "dataset": "centres", "by": "Ana", "created_at": NOW}
    return Block(sender=sender, **{**values, **others})  # type: ignore[arg-type]


def test_blocks_come_back_as_they_were_newest_first(moderation: SqlModeration) -> None:
    first = block(1, reason="spam — été", until=NOW + timedelta(days=1))
    second = block(2, CONTACT)
    for one in (first, second, block(3, dataset="other"), second):
        moderation.block(one)
    assert moderation.blocks("centres") == [second, first]
    moderation.unblock("centres", "b1")
    moderation.unblock("centres", "b1")
    moderation.unblock("centres", "b3")
    assert moderation.blocks("centres") == [second]
    assert len(moderation.blocks("other")) == 1


@pytest.mark.parametrize("sender", [ADDRESS, CONTACT])
def test_a_sender_is_blocked_by_either_hash(moderation: SqlModeration, sender: Sender) -> None:
    moderation.block(block(1, sender))
    for given in (sender, BOTH):
        assert moderation.is_blocked("centres", given, now=NOW)
        assert not moderation.is_blocked("other", given, now=NOW)
    others = (UNKNOWN_SENDER, Sender(address="mail"), Sender(address="x", contact="prefix"))
    assert not any(moderation.is_blocked("centres", one, now=NOW) for one in others)


def test_nobody_unknown_is_blocked_by_what_a_block_leaves_open(moderation: SqlModeration) -> None:
    moderation.block(block(1, ADDRESS))
    assert not moderation.is_blocked("centres", UNKNOWN_SENDER, now=NOW)
    assert not moderation.is_blocked("centres", CONTACT, now=NOW)


def test_a_block_ends(moderation: SqlModeration) -> None:
    moderation.block(block(until=NOW + timedelta(hours=1)))
    assert moderation.is_blocked("centres", ADDRESS, now=NOW + timedelta(minutes=59))
    assert not moderation.is_blocked("centres", ADDRESS, now=NOW + timedelta(minutes=60))
    assert not moderation.is_blocked("centres", ADDRESS, now=NOW + timedelta(days=900))


def test_a_pause_is_replaced_ends_and_is_taken_back(moderation: SqlModeration) -> None:
    assert moderation.pause("centres", now=NOW) is None
    first = Pause(dataset="centres", by="Ana", since=NOW, until=NOW + timedelta(hours=1))
    moderation.set_pause(first)
    assert moderation.pause("centres", now=NOW) == first
    assert moderation.pause("other", now=NOW) is None
    assert moderation.pause("centres", now=NOW + timedelta(hours=2)) is None
    second = replace(first, until=None, message="Back on Monday.", by="Zoé")
    moderation.set_pause(second)
    assert moderation.pause("centres", now=NOW + timedelta(days=900)) == second
    moderation.resume("centres")
    moderation.resume("centres")
    assert moderation.pause("centres", now=NOW) is None


def test_what_one_sender_sent_is_found_by_either_hash(
    database: Database, moderation: SqlModeration
) -> None:
    journal = SqlJournal(database)
    senders = (ADDRESS, CONTACT, BOTH, Sender(address="other"), UNKNOWN_SENDER)
    for number, sender in enumerate(senders):
        add(journal, make(number, sender=sender))
    add(journal, make(9, dataset="other", sender=BOTH))
    assert ids(moderation.sent_by("centres", ADDRESS)) == [2, 0]
    assert ids(moderation.sent_by("centres", CONTACT)) == [2, 1]
    assert ids(moderation.sent_by("centres", BOTH)) == [2, 1, 0]
    assert ids(moderation.sent_by("centres", BOTH, limit=2)) == [2, 1]
    assert moderation.sent_by("centres", UNKNOWN_SENDER) == []
