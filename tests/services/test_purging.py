"""Erasure: by age, by person, by proposal, with what a proposal said; and nothing else."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import Conflict, NotFound
from retouche.ports import UNKNOWN_SENDER, Proposal
from retouche.services.purging import Purging
from tests.datasets import Browser, serve, update, write_desks
from tests.plain import stored_objects, traces

CANARY = "Canarisk"
PERSON = {"name": f"Zoe {CANARY}", "email": "zoe.canarisk@there.example"}
SAID = {"comment": f"I am {CANARY}", "source": f"{CANARY} works there", "contributor": PERSON}


@pytest.fixture
def one(tmp_path: Path) -> Browser:
    folder = write_desks(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}, min_seconds=0))


def get(one: Browser, proposal: dict[str, Any]) -> Proposal:
    return one.services.proposals.get(one.services.catalogue.get("desks"), proposal["id"])


def propose(one: Browser, key: str = "01", **others: Any) -> dict[str, Any]:
    answer = one.propose(update(key, note=f"public {key}"), **{**SAID, **others})
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def purging(one: Browser) -> Purging:
    return one.services.purging


def clock_on(one: Browser, days: int) -> None:
    one.services.clock.now += timedelta(days=days)  # type: ignore[attr-defined]


def objects(one: Browser) -> set[str]:
    return set(stored_objects(repository(one)))


def repository(one: Browser) -> Path:
    return one.services.settings.home / "repositories" / "desks.git"


def test_a_person_is_erased_and_what_they_did_stays(one: Browser) -> None:
    mine, other = propose(one), propose(one, "02", contributor={"email": "other@there.example"})
    one.accept(mine)
    before = get(one, mine)
    assert traces(one.services.settings.home, CANARY)
    erased = purging(one).person(" Zoe.CANARISK@there.example")
    assert erased.proposals == 1
    after = get(one, mine)
    assert after.erased
    assert (after.contributor, after.comment, after.source) == (None, None, None)
    assert after.sender == UNKNOWN_SENDER
    kept = replace(after, contributor=before.contributor, comment=before.comment, erased=False)
    assert replace(kept, source=before.source, sender=before.sender) == before
    assert get(one, other).contributor == {"email": "other@there.example"}
    purging(one).person("other@there.example")
    # What the second one wrote freely went with their address.
    assert traces(one.services.settings.home, CANARY) == []
    assert one.client.get(f"/desks/proposals/{mine['id']}").status_code == 200


def test_a_proposal_from_before_there_were_hashes_is_found_by_its_address(one: Browser) -> None:
    mine = propose(one)
    journal = one.services.proposals._journal
    journal.update(replace(get(one, mine), sender=UNKNOWN_SENDER))
    assert purging(one).person(PERSON["email"]).proposals == 1
    assert traces(one.services.settings.home, CANARY) == []


def test_a_remark_from_before_there_were_hashes_is_found_by_its_address(one: Browser) -> None:
    for email in (PERSON["email"], "other@there.example"):
        body = {"comment": f"{CANARY}, {email}", "contributor": {"email": email}}
        assert one.post("/resources/desks/rows/01/remarks", body).status_code == 201
    with closing(sqlite3.connect(one.services.settings.home / "journal.sqlite")) as journal:
        journal.execute("UPDATE remarks SET sender = NULL, contact = NULL")
        journal.commit()
    assert purging(one).person("Zoe.Canarisk@there.example").remarks == 1
    assert traces(one.services.settings.home, PERSON["email"]) == []
    assert traces(one.services.settings.home, "other@there.example")


def test_remarks_and_mails_of_a_person_go_too(one: Browser) -> None:
    body = {"comment": f"{CANARY} says", "contributor": PERSON}
    assert one.post("/resources/desks/rows/01/remarks", body).status_code == 201
    one.services.outbox.tell([], [_links(one)])
    assert purging(one).person(PERSON["email"]).remarks == 1
    assert one.services.outbox.waiting() == 0
    assert traces(one.services.settings.home, CANARY) == []


def _links(one: Browser) -> Any:
    from retouche.ports import Mail

    now = one.services.clock()
    return Mail(
        id="0" * 32,
        dataset="desks",
        proposal=None,
        kind="links",
        recipient=PERSON["email"],
        locale="fr",
        created_at=now,
        retry_at=now + timedelta(hours=1),
    )


def test_age_counts_from_the_last_change(one: Browser) -> None:
    old = propose(one)
    clock_on(one, 100)
    young = propose(one, "02")
    assert purging(one).older(50).proposals == 1
    assert get(one, old).contributor is None
    assert get(one, young).contributor == PERSON
    assert purging(one).older(50).proposals == 0


def test_the_chore_keeps_to_the_retention_period(one: Browser, tmp_path: Path) -> None:
    mine = propose(one)
    chore = next(each for each in one.services.chores if each.name == "purge")
    clock_on(one, 179)
    chore.run()
    assert get(one, mine).contributor == PERSON
    clock_on(one, 2)
    chore.run()
    assert get(one, mine).contributor is None
    folder = write_desks(tmp_path / "other")
    ever = Browser(serve(tmp_path / "ever", {"desks": folder}, retention_days=0))
    mine = propose(ever)
    clock_on(ever, 9_999)
    next(each for each in ever.services.chores if each.name == "purge").run()
    assert get(ever, mine).contributor == PERSON


def test_one_proposal_loses_also_what_was_said_with_it(one: Browser) -> None:
    mine, other = propose(one), propose(one, "02")
    dataset = one.services.catalogue.get("desks")
    assert purging(one).proposal(dataset, mine["id"]).proposals == 1
    assert (get(one, mine).comment, get(one, mine).contributor) == (None, None)
    assert get(one, mine).operations
    assert get(one, other).comment == SAID["comment"]
    with pytest.raises(NotFound):
        purging(one).proposal(dataset, "0" * 16)


def test_what_would_be_erased_is_counted_and_kept(one: Browser) -> None:
    mine = propose(one)
    propose(one, "02", contributor={"email": "other@there.example"})
    assert purging(one).found(address=PERSON["email"]).proposals == [("desks", mine["id"])]
    assert len(purging(one).found().proposals) == 2
    assert purging(one).found(days=1).proposals == []
    assert purging(one).found(proposal=mine["id"]).proposals == [("desks", mine["id"])]
    assert get(one, mine).contributor == PERSON


# -- What a proposal says -----------------------------------------------------------------------


def rejected_with(one: Browser, note: str, key: str = "01") -> dict[str, Any]:
    answer = one.propose(update(key, note=note), **SAID)
    assert answer.status_code == 201, answer.json
    proposal: dict[str, Any] = answer.json
    one.reject(proposal)
    return proposal


def test_the_content_of_a_rejected_proposal_leaves_git_and_nothing_else_changes(
    one: Browser,
) -> None:
    accepted = propose(one, "03")
    one.accept(accepted)
    kept = propose(one, "04")
    before = objects(one)
    published = one.file()
    proposal = rejected_with(one, f"{CANARY} lives at 1 rue Canarisk")
    head = proposal["head"]
    assert holds(one, head)
    assert CANARY.encode() in b"".join(stored_objects(repository(one)).values())
    dataset = one.services.catalogue.get("desks")
    erased = purging(one).content(dataset, proposal["id"])
    assert (erased.state, erased.operations, erased.head) == ("rejected", (), None)
    assert not holds(one, head)
    assert objects(one) == before
    assert one.file() == published
    assert git(one, "fsck", "--full", "--strict", "--no-dangling") == ""
    purging(one).person(PERSON["email"])
    assert traces(one.services.settings.home, CANARY) == []
    # All else goes on: reading, deciding, proposing anew.
    again = Browser(one.services)
    page = again.client.get(f"/desks/proposals/{proposal['id']}?lang=en")
    assert page.status_code == 200
    assert "Erased proposal" in page.text
    assert "Change of other files" not in page.text
    assert "Erased proposal" in again.client.get("/desks/proposals?lang=en").text
    assert again.accept(kept).status_code == 200
    assert propose(again, "02")["state"] == "open"
    assert purging(one).content(dataset, proposal["id"]).head is None  # again does no harm


def test_in_packs_that_grow_and_in_those_that_were_folded(one: Browser) -> None:
    dataset = one.services.catalogue.get("desks")
    first = rejected_with(one, f"{CANARY} first")
    git(one, "repack", "-a", "-d", "-q", "--keep-unreachable")
    second = rejected_with(one, f"{CANARY} second", "02")
    propose(one, "03", **{"comment": None, "source": None, "contributor": None})
    for proposal in (first, second):
        purging(one).content(dataset, proposal["id"])
        assert not holds(one, proposal["head"])
    purging(one).person(PERSON["email"])
    assert traces(one.services.settings.home, CANARY) == []


def test_what_awaits_a_decision_or_is_published_is_not_erased(one: Browser) -> None:
    dataset = one.services.catalogue.get("desks")
    proposal = propose(one)
    with pytest.raises(Conflict, match="still_undecided"):
        purging(one).content(dataset, proposal["id"])
    one.accept(proposal)
    with pytest.raises(Conflict, match="content_is_published"):
        purging(one).content(dataset, proposal["id"])
    assert holds(one, proposal["head"])


def holds(one: Browser, identifier: str) -> bool:
    command = ["git", "-C", str(repository(one)), "cat-file", "-e", identifier]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def git(one: Browser, *arguments: str) -> str:
    command: Iterable[str] = ["git", "-C", str(repository(one)), *arguments]
    return subprocess.run(list(command), capture_output=True, check=True, text=True).stdout
