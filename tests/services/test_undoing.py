"""Undo through the real forge: what was accepted is taken back, and nobody else's work is."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retouche.core.errors import Malformed, NoChange, NotFound, TooLarge
from retouche.ports import Proposal, Reviewer, Sender
from retouche.services.moderating.choices import Between, Choice, Listed, SourceOf
from retouche.services.moderating.undoing import Undoing
from tests.datasets import DESKS, Browser, delete, insert, serve, update, write_desks

ANN = Reviewer(name="Ann")
SPAMMER = Sender(address="a" * 64, contact="c" * 64)


class Desk:
    """A reviewer's desk over one dataset."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.services = browser.services
        self.dataset = self.services.catalogue.get("desks")
        self.undoing: Undoing = self.services.undoing

    def send(self, *operations: dict[str, Any], sender: Sender = SPAMMER) -> Proposal:
        """What somebody sends from a source."""
        body = {"operations": list(operations)}
        sent = self.services.proposals.submit(self.dataset, body)
        known = replace(sent, sender=sender)
        self.services.proposals.decisions.record(known)
        return known

    def accept(self, proposal: Proposal) -> Proposal:
        return self.services.review.accept(
            self.dataset, proposal.id, head=proposal.head or "", reviewer=ANN
        )

    def publish(self, *operations: dict[str, Any], sender: Sender = SPAMMER) -> Proposal:
        return self.accept(self.send(*operations, sender=sender))

    def undo(self, choice: Choice) -> Proposal:
        return self.undoing.propose(self.dataset, choice, ANN, locale="en")

    @property
    def file(self) -> str:
        return self.browser.file().decode()

    def why(self, choice: Choice) -> list[tuple[str, tuple[str, ...], str | None]]:
        return [
            (one.why, one.key, one.field) for one in self.undoing.preview(self.dataset, choice).kept
        ]


@pytest.fixture
def desk(desks: Browser) -> Desk:
    return Desk(desks)


def test_what_was_accepted_by_mistake_is_taken_back_in_one_proposal(desk: Desk) -> None:
    spam = [
        desk.publish(update("01", name="Buy, now", phone=None)),
        desk.publish(update("03", phone="04 65 71 00 99", note=None), delete("04")),
        desk.publish(insert(id="99", name="A casino")),
    ]
    honest = desk.publish(update("02", agents="9"), sender=Sender(address="b" * 64))
    found = desk.undo(SourceOf(proposal=spam[1].id))
    assert (found.state, found.contributor) == ("open", None)
    assert found.comment == (f"Undoes 3 accepted proposals: {', '.join(one.id for one in spam)}.")
    events = desk.services.proposals.events(desk.dataset, found.id)
    assert [(one.kind, one.actor) for one in events if one.kind == "undo"] == [("undo", "Ann")]
    assert "Buy" in desk.file  # nothing is published before it is accepted
    desk.accept(found)
    lines, expected = desk.file.splitlines(), DESKS.replace("04 65 71 00 02,3", "04 65 71 00 02,9")
    assert sorted(lines) == sorted(expected.splitlines())
    assert honest.state == "accepted"


def test_corrections_taken_back_give_the_file_byte_for_byte(desk: Desk) -> None:
    for operations in (
        [update("01", name='Say "Apt", please', note="x")],
        [update("02", name="Sault", note="plain"), update("04", opened="2020-01-01")],
        [update("02", name="Sault, again")],
    ):
        desk.publish(*operations)
    undo = desk.undo(Between(start=desk.services.clock() - timedelta(days=1)))
    desk.accept(undo)
    assert desk.file == DESKS
    again = desk.undo(Listed(proposals=(undo.id,)))
    desk.accept(again)
    assert "Sault, again" in desk.file
    with pytest.raises(NoChange):  # an undo, and the undo of that
        desk.undo(Listed(proposals=(undo.id, again.id)))
    desk.accept(desk.undo(Listed(proposals=(again.id,))))
    assert desk.file == DESKS


def test_an_undo_asked_twice_is_made_once_while_it_is_open(desk: Desk) -> None:
    choice = Listed(proposals=(desk.publish(update("01", agents="9")).id,))
    first = desk.undo(choice)
    assert desk.undo(choice).id == first.id
    assert desk.services.proposals.counts(desk.dataset) == {"accepted": 1, "open": 1}
    desk.services.review.reject(desk.dataset, first.id, reason="wrong", reviewer=ANN)
    second = desk.undo(choice)
    assert second.id != first.id
    desk.accept(second)
    with pytest.raises(NoChange):
        desk.undo(choice)
    assert desk.file == DESKS


def test_what_others_changed_since_stays_and_is_told(desk: Desk) -> None:
    spam = desk.publish(update("01", agents="8", phone=None), insert(id="99", name="A casino"))
    desk.publish(update("01", agents="5"), update("99", name="Desk of Bonnieux"), sender=Sender())
    choice = Listed(proposals=(spam.id,))
    assert desk.why(choice) == [
        ("row_changed_since", ("99",), None),
        ("changed_since", ("01",), "agents"),
    ]
    found = desk.undo(choice)
    assert found.comment == f"Undoes the proposal {spam.id}. 2 places stay as they are."
    desk.accept(found)
    assert "01,Desk of Apt,84003,04 65 71 00 01,5," in desk.file
    assert "Desk of Bonnieux" in desk.file


def test_only_what_was_accepted_of_a_proposal_is_taken_back(desk: Desk) -> None:
    sent = desk.send(update("01", agents="9"), update("03", agents="9"))
    desk.services.review.accept(
        desk.dataset, sent.id, head=sent.head or "", operations=[1], reviewer=ANN
    )
    operations = desk.undoing.preview(desk.dataset, Listed(proposals=(sent.id,))).operations
    assert [one.key for one in operations] == [("03",)]


def test_a_source_is_told_by_either_or_one_of_what_tells_it(desk: Desk) -> None:
    first = desk.publish(update("01", agents="9"))
    desk.publish(update("03", agents="9"), sender=Sender(address="z", contact=SPAMMER.contact))
    desk.publish(update("04", agents="9"), sender=Sender(address=SPAMMER.address))
    keys = {
        by: [
            one.key[0]
            for one in desk.undoing.preview(
                desk.dataset, SourceOf(proposal=first.id, by=by)
            ).operations
        ]
        for by in ("any", "address", "contact")
    }
    assert keys == {"any": ["01", "03", "04"], "address": ["01", "04"], "contact": ["01", "03"]}


def test_a_time_range_takes_what_was_published_in_it(desk: Desk) -> None:
    desk.publish(update("01", agents="9"))
    begin = desk.services.clock()
    desk.publish(update("03", agents="9"))
    end = desk.services.clock()
    desk.publish(update("04", agents="9"))
    found = desk.undoing.preview(desk.dataset, Between(start=begin, end=end))
    assert [one.key for one in found.operations] == [("03",)]
    with pytest.raises(Malformed):
        desk.undo(Between(start=end, end=begin))
    with pytest.raises(NoChange):
        desk.undo(Between(start=desk.services.clock()))


def test_what_cannot_be_chosen_is_refused(desk: Desk) -> None:
    unknown = desk.publish(update("01", agents="9"), sender=Sender())
    waiting = desk.send(update("03", agents="9"))
    for choice, refusal in (
        (Listed(proposals=()), Malformed),
        (Listed(proposals=("0" * 16,)), NotFound),
        (SourceOf(proposal=unknown.id), NotFound),
        (Listed(proposals=(waiting.id,)), NoChange),
    ):
        with pytest.raises(refusal):
            desk.undo(choice)


def test_an_undo_may_be_larger_than_a_contribution_but_not_endless(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    desk = Desk(Browser(serve(tmp_path / "home", {"desks": folder}, max_operations=1)))
    for number in range(5):
        desk.publish(insert(id=f"9{number}", name="A casino"))
    choice = SourceOf(proposal=desk.publish(update("01", agents="9")).id)
    with pytest.raises(TooLarge):
        desk.undo(choice)
    desk.accept(desk.undo(Between(start=desk.services.clock() - timedelta(seconds=14))))


def test_what_breaks_a_rule_now_stays_out(tmp_path: Path) -> None:
    faulty = DESKS.replace("84003,04 65 71 00 01,2", "84003,04 65 71 00 01,1")
    folder = write_desks(tmp_path / "package", desks=faulty)
    desk = Desk(Browser(serve(tmp_path / "home", {"desks": folder})))
    choice = Listed(proposals=(desk.publish(update("01", agents="7", note="spam")).id,))
    assert desk.why(choice) == [("invalid", ("01",), "agents")]
    desk.accept(desk.undo(choice))
    assert desk.file == faulty.replace("00 01,1", "00 01,7")


def test_a_history_that_was_rewritten_is_told(desk: Desk) -> None:
    spam = desk.publish(update("01", agents="9"))
    lost = replace(spam, decision={**(spam.decision or {}), "revision": "0" * 40})
    desk.services.proposals.decisions.record(lost)
    assert desk.why(Listed(proposals=(spam.id,))) == [("not_published", (), None)]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["01", "02", "03", "04"]),
        st.dictionaries(
            st.sampled_from(["name", "phone", "agents", "note"]),
            st.sampled_from([None, "x, y", 'a "b" c', "plain", "12"]),
            min_size=1,
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(edits=EDITS, data=st.data())
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
def test_accepting_and_undoing_gives_the_file_back(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Any], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("law")
    package = write_desks(folder / "package")
    described = json.loads((package / "datapackage.json").read_text())
    names = DESKS.splitlines()[0].split(",")
    free = {"fields": [{"name": name} for name in names], "primaryKey": "id"}
    described["resources"][0]["schema"] = free
    (package / "datapackage.json").write_text(json.dumps(described))
    desk = Desk(Browser(serve(folder / "home", {"desks": package})))
    taken: list[str] = []
    for key, new in edits:
        with suppress(NoChange):
            taken.append(desk.publish(update(key, **new)).id)
    if desk.file != DESKS:
        desk.accept(desk.undo(Listed(proposals=tuple(data.draw(st.permutations(taken))))))
    desk.services.close()
    assert desk.file == DESKS
