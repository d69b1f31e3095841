"""What is erased of persons is gone: from what is served, and from the bytes of the files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import IdempotencyMismatch, NotFound
from retouche.journals.accounts import KEPT, SqlAccounts
from retouche.journals.database import Database
from retouche.journals.moderation import SqlModeration
from retouche.journals.outbox import SqlOutbox
from retouche.journals.people import SqlPeople
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.journals.watch import SqlWatch
from retouche.ports import (
    Account,
    Block,
    Confirmation,
    Erased,
    Event,
    Mail,
    Note,
    Proposal,
    Remark,
    Row,
    Sender,
)
from tests.journals.test_sql import NOW, add, make

NOTHING = Erased(proposals=0, remarks=0, confirmations=0, mails=0, notes=0, accounts=0, blocks=0)
CANARY = "Canary Person"
CANARIES = (b"Canary", b"canary")
CONTRIBUTOR = {"name": CANARY, "email": "canary@example.org"}
ROW = Row(dataset="centres", resource="desks", key=("1",))
OLD, RECENT = NOW - timedelta(days=200), NOW - timedelta(days=10)
BEFORE = NOW - timedelta(days=180)


class Kept:
    """All that a database keeps, with a person in each place that may have one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.journal = SqlJournal(database)
        self.voices = SqlVoices(database)
        self.watch = SqlWatch(database)
        self.outbox = SqlOutbox(database)
        self.moderation = SqlModeration(database)
        self.people = SqlPeople(database, clock=lambda: NOW)
        self.accounts = SqlAccounts(database, "secret", clock=lambda: OLD)

    def propose(self, number: int, time: datetime, **others: Any) -> Proposal:
        values = {
            "contributor": CONTRIBUTOR,
            "sender": Sender(address=f"canary-address-{number}", contact="canary-contact"),
            "comment": f"It is closed. {CANARY}",
            "state": "rejected",
            "decision": {"by": "Ana", "message": "Thank you, canary person!", "reason": "other"},
            "created_at": time,
            "updated_at": time,
        }
        stored = add(self.journal, make(number, **{**values, **others}), f"key-{number}")
        note = Note(id=number, author="canary", body="Canary said", time=time)
        self.watch.keep_notes(stored.dataset, stored.id, [note])
        for event in (
            Event(proposal=stored.id, time=time, kind="note", actor="canary", detail={"id": 1}),
            Event(
                proposal=stored.id,
                time=time,
                kind="rejected",
                actor="Ana",
                detail={"message": f"Thank you, {CANARY}!", "name": CANARY, "reason": "other"},
            ),
        ):
            self.journal.update(stored, event)
        self.outbox.tell([], [self.mail(f"canary-{number}", stored)])
        return self.journal.get(stored.dataset, stored.id)

    def mail(self, identifier: str, proposal: Proposal | None) -> Mail:
        return Mail(
            id=identifier,
            dataset="centres" if proposal is None else proposal.dataset,
            proposal=None if proposal is None else proposal.id,
            kind="rejected",
            recipient="canary@example.org",
            locale="fr",
            created_at=OLD if proposal is None else proposal.created_at,
            detail={"name": CANARY},
        )

    def remark(self, number: int, time: datetime, **others: Any) -> Remark:
        values: Mapping[str, Any] = {
            "contributor": CONTRIBUTOR,
            "sender": Sender(address="canary-address", contact="canary-contact"),
            **others,
        }
        one = Remark(
            id=f"{number:016x}", row=ROW, time=time, comment=f"Closed, says {CANARY}.", **values
        )
        return self.voices.add_remark(one, idempotency_key=f"key-{number}", body_hash="canary")

    def confirm(self, time: datetime) -> None:
        sender = Sender(address="canary-address")
        one = Confirmation(row=ROW, time=time, revision="a" * 40, sender=sender)
        self.voices.confirm(one, None, idempotency_key=None, body_hash="canary")

    def events(self, proposal: Proposal) -> list[tuple[str, str | None, Any]]:
        found = self.journal.events(proposal.dataset, proposal.id)
        return [(one.kind, one.actor, dict(one.detail)) for one in found]


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(database)


def test_an_erased_proposal_keeps_what_it_changes_and_how_it_was_decided(kept: Kept) -> None:
    old, recent = kept.propose(1, OLD), kept.propose(2, RECENT)
    erased = kept.people.erase(before=BEFORE)
    assert erased == replace(NOTHING, proposals=1, notes=1, mails=1)
    found = kept.journal.get("centres", old.id)
    assert found == replace(
        old,
        contributor=None,
        sender=Sender(),
        comment="It is closed. …",
        decision={"by": "Ana", "message": "Thank you, …!", "reason": "other"},
        erased=True,
    )
    assert kept.events(old) == [
        ("received", None, {}),
        ("note", None, {"id": 1}),
        ("rejected", "Ana", {"message": "Thank you, …!", "reason": "other"}),
    ]
    assert kept.watch.notes("centres", old.id) == []
    assert kept.journal.get("centres", recent.id) == recent
    assert [one.proposal for one in kept.outbox.due(now=NOW)] == [recent.id]
    assert len(kept.watch.notes("centres", recent.id)) == 1
    assert kept.people.erase(before=BEFORE) == NOTHING


def test_open_proposals_are_erased_like_closed_ones_by_their_last_change(kept: Kept) -> None:
    created = {"created_at": OLD}
    old = kept.propose(1, OLD, state="open", decision=None)
    changed = kept.propose(2, RECENT, state="open", decision=None, **created)
    queued = kept.propose(3, OLD, state="queued", decision=None)
    assert kept.people.erase(before=BEFORE).proposals == 2
    assert kept.journal.get("centres", old.id).state == "open"
    assert kept.journal.get("centres", queued.id).erased
    assert not kept.journal.get("centres", changed.id).erased


def test_what_was_erased_does_not_come_back(kept: Kept) -> None:
    old = kept.propose(1, OLD)
    kept.people.erase(before=BEFORE)
    kept.journal.update(replace(old, state="accepted", updated_at=NOW))  # read before it
    found = kept.journal.get("centres", old.id)
    assert (found.state, found.erased) == ("accepted", True)
    assert found.contributor is None
    assert found.sender == Sender()
    assert found.comment == "It is closed. …"
    kept.watch.keep_notes("centres", old.id, [Note(id=1, author="canary", body="x", time=NOW)])
    assert kept.watch.notes("centres", old.id) == []
    with pytest.raises(IdempotencyMismatch):  # and it is not made a second time
        add(kept.journal, make(5), "key-1")


def test_a_mail_address_takes_the_words_of_its_owner_with_it(kept: Kept) -> None:
    first = kept.propose(1, RECENT)
    sender = Sender(address="other", contact="other-contact")
    other = kept.propose(2, OLD, sender=sender)
    said, unsaid = kept.remark(1, RECENT), kept.remark(2, RECENT, sender=sender)
    kept.confirm(OLD)
    for number, one in enumerate((Sender(contact="canary-contact"), sender)):
        kept.moderation.block(
            Block(id=f"b{number}", dataset="centres", sender=one, by="Ana", created_at=OLD)
        )
    erased = kept.people.erase(contact="canary-contact")
    assert erased == replace(NOTHING, proposals=1, notes=1, mails=1, remarks=1, blocks=1)
    found = kept.journal.get("centres", first.id)
    assert (found.comment, found.contributor, found.erased) == (None, None, True)
    assert found.operations == first.operations
    assert kept.journal.get("centres", other.id) == other
    with pytest.raises(NotFound):
        kept.voices.remark("centres", said.id)
    assert kept.voices.remark("centres", unsaid.id) == unsaid
    assert [one.id for one in kept.moderation.blocks("centres")] == ["b1"]


def test_all_conditions_hold_for_what_is_erased(kept: Kept) -> None:
    mine = kept.propose(1, OLD)
    elsewhere = kept.propose(2, OLD, dataset="other")
    assert kept.people.erase(dataset="none", before=BEFORE) == NOTHING
    assert kept.people.erase(proposal=mine.id, dataset="other") == NOTHING
    assert kept.people.erase(proposal=mine.id, contact="somebody else") == NOTHING
    assert kept.people.erase(proposal=mine.id, before=OLD) == NOTHING
    assert kept.people.erase(proposal=mine.id, dataset="centres").proposals == 1
    assert kept.people.erase(dataset="other", before=BEFORE).proposals == 1
    assert kept.journal.get("other", elsewhere.id).comment == "It is closed. …"


def test_remarks_and_confirmations_are_kept_without_their_people(kept: Kept) -> None:
    old, recent = kept.remark(1, OLD), kept.remark(2, RECENT)
    kept.voices.close_remark(kept.remark(3, OLD), by="Ana", time=RECENT)
    kept.confirm(OLD)
    kept.confirm(RECENT)
    erased = kept.people.erase(before=BEFORE)
    assert erased == replace(NOTHING, remarks=1, confirmations=1)
    found = kept.voices.remark("centres", old.id)
    assert found == replace(
        old, contributor=None, sender=Sender(), comment="Closed, says ….", state="open"
    )
    assert kept.voices.remark("centres", recent.id) == recent
    assert kept.voices.confirmations(ROW).count == 2
    assert kept.people.erase(before=BEFORE) == NOTHING


def test_ended_blocks_old_mails_and_expired_sign_ins_go_too(kept: Kept) -> None:
    for number, until in enumerate((OLD, RECENT, None)):
        sender = Sender(address="canary-address")
        kept.moderation.block(
            Block(
                id=f"b{number}",
                dataset="centres",
                sender=sender,
                by="Ana",
                created_at=OLD,
                until=until,
            )
        )
    kept.outbox.tell([], [kept.mail("digest", None)])
    account = Account(
        dataset="centres", name="canary", access_token="x", refresh_token=None, expires_at=None
    )
    kept.accounts.keep_account("hash", account)
    present = SqlAccounts(kept.database, "secret", clock=lambda: NOW - KEPT + timedelta(hours=1))
    assert kept.people.erase(contact="canary-contact") == NOTHING
    erased = kept.people.erase(before=BEFORE)
    assert erased == replace(NOTHING, blocks=1, mails=1, accounts=1)
    assert [one.id for one in kept.moderation.blocks("centres")] == ["b2", "b1"]
    present.keep_account("hash", account)
    assert kept.people.erase(before=BEFORE) == NOTHING
    assert present.account("hash", "centres") == account


def test_many_are_erased_in_parts(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retouche.journals.people.BATCH", 3)
    for number in range(8):
        kept.propose(number, OLD)
    assert kept.people.erase().proposals == 8
    assert all(one.erased for one in kept.journal.page("centres")[0])


def test_no_byte_of_the_files_tells_who_it_was(tmp_path: Path) -> None:
    """Also not of what was changed or deleted long before: rows that moved as they grew, mails
    that were sent, remarks that were dropped."""
    database = Database(f"sqlite:///{tmp_path / 'journal.sqlite'}")
    kept = Kept(database)
    for number in range(60):
        stored = kept.propose(number, OLD, source="https://example.org/" + "x" * (number * 97))
        kept.journal.update(replace(stored, merge_request_url="y" * (number * 41)))
        kept.remark(number, OLD)
        kept.confirm(OLD)
        if number % 3:
            kept.outbox.sent(f"canary-{number}")
    kept.moderation.block(
        Block(
            id="b",
            dataset="centres",
            sender=Sender(contact="canary-contact"),
            by="Ana",
            created_at=OLD,
        )
    )
    assert _canaries(tmp_path)
    kept.people.erase(contact="canary-contact")
    kept.people.erase(before=NOW)
    assert _canaries(tmp_path) == {}
    assert {file.name for file in tmp_path.iterdir()} >= {"journal.sqlite", "journal.sqlite-wal"}
    database.close()
    assert _canaries(tmp_path) == {}


def test_what_an_earlier_version_deleted_goes_with_the_first_that_is_erased(tmp_path: Path) -> None:
    """It left the bytes of deleted rows in the file."""
    path = tmp_path / "journal.sqlite"
    database = Database(f"sqlite:///{path}")
    Kept(database).propose(1, OLD)
    database.close()
    before = sqlite3.connect(path, isolation_level=None)
    before.execute("PRAGMA secure_delete = OFF")
    before.execute("PRAGMA user_version = 0")
    for table in ("outbox", "notes", "events", "idempotency", "proposal_rows", "proposals"):
        before.execute(f"DELETE FROM {table}")
    before.close()
    assert _canaries(tmp_path)
    for _ in range(2):
        Kept(database).people.erase()
        assert _canaries(tmp_path) == {}
    database.close()


def _canaries(folder: Path) -> dict[str, int]:
    """How often the person stands in each file."""
    found = {
        file.name: sum(file.read_bytes().count(one) for one in CANARIES)
        for file in folder.iterdir()
    }
    return {name: count for name, count in found.items() if count}
