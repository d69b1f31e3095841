"""What following a forge elsewhere promises, whichever forge it is: each case ends in a state that
the proposal page explains, and looking twice changes nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from retouche.ports import Proposal
from tests.datasets import delete, insert, update
from tests.forges.plain_git import git
from tests.services.two_repositories import merged_tree
from tests.services.worlds import NAME, World

CITY = {"city_code": "84003"}
ADDED = insert(id="05", name="Desk of Rustrel", agents="2", **CITY)


def settled(world: World) -> None:
    """Follow until nothing is left to do, and see that one more look changes nothing."""
    world.follow()
    world.follow()
    before = recorded(world)
    world.follow()
    world.follow(full=True)
    world.start()
    world.follow()
    assert recorded(world) == before


def recorded(world: World) -> list[tuple[Proposal, list[str]]]:
    found, _ = world.journal.page(NAME, limit=100)
    return [(one, world.kinds(one)) for one in found]


class FollowingContract:
    """Subclasses give the fixture `world`."""

    closes_with_branch = False
    """Whether a merge request is closed when its branch is removed."""

    # -- Decisions there --------------------------------------------------------------------

    @pytest.mark.parametrize("merged", [False, True], ids=["open", "merged"])
    def test_what_is_opened_there_after_it_was_taken_back_is_closed(
        self, world: World, merged: bool
    ) -> None:
        """The answer to its creation was lost, and came before the creation itself."""
        queued = world.propose(update("01", agents="5"), opened=False)
        withdrawn = world.decisions.withdrawn(queued)
        world.decisions.ended(withdrawn, "withdrawn", withdrawn.decision or {})
        settled(world)
        number = world.carry(queued).merge_request.number
        if merged:
            world.project.merge(number, by="maintainer")
        world.follow()
        present = world.get(queued)
        assert present.number == number
        if not merged:
            assert (present.state, world.journal.unfinished(NAME)) == ("withdrawn", [present])
            world.project.close(number)
        settled(world)
        assert world.get(queued).state == ("accepted" if merged else "withdrawn")
        assert world.journal.unfinished(NAME) == []

    @pytest.mark.fault(43)
    def test_what_is_merged_there_is_accepted(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        before = world.published
        world.project.merge(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert after.state == "accepted"
        assert after.decision == {
            "by": "maintainer",
            "message": None,
            "operations": [0],
            "previous": before,
            "revision": world.published,
        }
        assert world.kinds(one) == ["accepted"]
        assert world.journal.events(NAME, one.id)[-1].actor == "maintainer"
        assert world.row("01")["agents"] == "5"

    def test_what_is_squashed_there_is_accepted(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        before = world.published
        world.project.merge(one.number, by="maintainer", squash=True)
        settled(world)
        decision = world.get(one).decision
        assert decision is not None
        assert world.get(one).state == "accepted"
        assert decision["previous"] == before
        assert world.row("01", decision["revision"])["agents"] == "5"
        assert world.row("01", decision["previous"])["agents"] == "2"

    def test_what_is_edited_and_merged_between_two_looks_is_told_as_it_was_merged(
        self, world: World
    ) -> None:
        one = world.propose(update("01", agents="5"))
        world.correct(update("02", agents="7"), branch=world.branch(one))
        world.project.merge(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert (after.state, world.kinds(one)) == ("accepted", ["accepted_edited"])
        assert after.upstream.edited
        assert not after.upstream.other_files
        assert [item["key"]["id"] for item in after.operations] == ["01", "02"]
        assert (after.decision or {})["operations"] == [0, 1]

    def test_what_is_merged_while_its_version_is_held_back_waits(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.merge(one.number, by="maintainer")
        world.project.push("main", {"datapackage.json": b"{"}, by="maintainer")
        settled(world)
        assert world.get(one).state == "open"
        world.project.push("main", {"datapackage.json": _descriptor(world)}, by="maintainer")
        settled(world)
        assert world.get(one).state == "accepted"

    @pytest.mark.fault(43)
    def test_what_is_closed_there_is_rejected_and_can_be_opened_again(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.close(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert after.state == "rejected"
        assert (after.decision or {})["reason"] == "closed_upstream"
        assert world.kinds(one) == ["closed_upstream"]
        world.project.reopen(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert (after.state, after.decision) == ("open", None)
        assert world.kinds(one) == ["closed_upstream", "reopened"]
        world.project.merge(one.number, by="maintainer")
        settled(world)
        assert world.get(one).state == "accepted"

    def test_what_is_closed_opened_again_and_merged_between_two_looks_is_accepted(
        self, world: World
    ) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.close(one.number, by="maintainer")
        world.project.reopen(one.number, by="maintainer")
        world.project.merge(one.number, by="maintainer")
        settled(world)
        assert (world.get(one).state, world.kinds(one)) == ("accepted", ["accepted"])

    def test_a_queued_proposal_is_left_to_who_carries_it(self, world: World) -> None:
        queued = world.propose(update("01", agents="5"), opened=False)
        lost = world.open(queued)  # the answer was lost: the journal knows nothing of it
        world.journal.update(queued)
        world.project.merge(lost.number, by="maintainer")
        settled(world)
        assert world.get(queued).state == "queued"
        world.journal.update(replace(queued, state="open", head=lost.head, number=lost.number))
        settled(world)
        assert world.get(queued).state == "accepted"

    def test_a_branch_of_somebody_else_is_nobodys_proposal(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push(f"proposals/{NAME}/0123456789abcdef", {"x": b"y"}, start="main")
        world.project.push("work", {"x": b"y"}, start="main")
        settled(world)
        assert (world.get(one).state, world.kinds(one)) == ("open", [])

    # -- Decisions begun here ---------------------------------------------------------------

    def test_a_rejection_that_reached_the_forge_keeps_its_reason(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.begin(one, reason="spam", message=None, ends="rejected", actor="reviewer")
        world.project.close(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert (after.state, after.decision) == ("rejected", {"reason": "spam", "message": None})
        assert world.kinds(one) == ["rejected"]

    def test_a_decision_that_did_not_reach_the_forge_is_dropped(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.begin(one, reason="spam", message=None, ends="rejected", actor="reviewer")
        settled(world)
        assert (world.get(one).state, world.get(one).decision) == ("open", None)

    def test_a_decision_on_what_was_merged_elsewhere_is_dropped(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push("next", {}, by="maintainer", start="main")
        world.project.retarget(one.number, "next", by="maintainer")
        world.begin(one, reason="spam", message=None, ends="rejected", actor="reviewer")
        world.project.merge(one.number, by="maintainer")
        settled(world)
        after = world.get(one)
        assert (after.state, after.decision, after.upstream.target) == ("open", None, "next")

    def test_a_decision_on_what_a_rewritten_history_lost_is_dropped(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        files = {path: world.there(path) for path in world.forge.files(world.published)}
        world.begin(one, by="reviewer", message="thanks", operations=[0], revision=one.head)
        world.project.merge(one.number, by="maintainer")
        world.project.rewrite("main", {**files, "datapackage.json": _descriptor(world)})
        settled(world)
        assert (world.get(one).state, world.get(one).decision) == ("open", None)

    def test_an_acceptance_that_reached_the_forge_keeps_its_message(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.begin(one, by="reviewer", message="thanks", operations=[0], revision=one.head)
        world.project.merge(one.number, by="maintainer")
        settled(world)
        decision = world.get(one).decision or {}
        assert (decision["by"], decision["message"]) == ("reviewer", "thanks")
        assert decision["revision"] == world.published
        assert world.kinds(one) == ["accepted"]

    def test_a_withdrawal_is_ended_when_its_merge_request_is_closed(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.decisions.withdrawn(one)
        settled(world)
        assert (world.get(one).decision or {}).get("pending")
        world.project.close(one.number, by="maintainer")
        settled(world)
        assert (world.get(one).state, world.get(one).decision) == ("withdrawn", {})
        assert world.kinds(one) == ["withdrawn"]

    # -- Branches ---------------------------------------------------------------------------

    @pytest.mark.fault(42)
    def test_a_branch_that_somebody_edited_is_read_anew(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.correct(update("01", phone="04 65 71 00 09"), branch=world.branch(one))
        settled(world)
        after = world.get(one)
        assert (after.state, world.kinds(one)) == ("open", ["edited_upstream"])
        assert after.upstream.edited
        assert not after.upstream.other_files
        (operation,) = after.operations
        assert operation["new"] == {"agents": "5", "phone": "04 65 71 00 09"}
        assert after.head == world.project.head(world.branch(one))
        assert after.parent == world.published
        assert after.base_revision == one.base_revision
        touching = world.journal.touching(NAME, "desks", ("01",))
        assert [found.id for found in touching] == [one.id]

    def test_an_edit_that_is_taken_back_is_forgotten(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.correct(update("02", agents="7"), branch=world.branch(one))
        world.follow()
        world.project.move(world.branch(one), one.head)
        settled(world)
        after = world.get(one)
        assert world.kinds(one) == ["edited_upstream", "edit_undone"]
        assert not after.upstream.edited
        assert after.head == one.head
        assert after.operations == one.operations

    def test_more_than_rows_on_a_branch_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push(world.branch(one), {"README.md": b"# Desks\n"})
        settled(world)
        after = world.get(one)
        assert after.upstream.edited
        assert after.upstream.other_files
        assert after.operations == one.operations

    def test_a_branch_whose_file_cannot_be_read_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push(world.branch(one), {"desks.csv": b'id,name\n01,"open\n'})
        settled(world)
        after = world.get(one)
        assert after.upstream.other_files
        assert after.operations == ()

    def test_a_branch_that_took_in_what_was_published_is_read_from_there(
        self, world: World
    ) -> None:
        one = world.propose(update("01", agents="5"))
        tip = world.correct(update("03", agents="9"))
        path = world.project.path
        tree = merged_tree(path, tip, str(one.head))
        assert tree is not None
        merge = git(path, "commit-tree", tree, "-p", str(one.head), "-p", tip, "-m", "Update")
        world.project.move(world.branch(one), merge)
        settled(world)
        after = world.get(one)
        assert after.parent == tip
        assert [item["new"] for item in after.operations] == [{"agents": "5"}]

    @pytest.mark.fault(43)
    def test_a_branch_that_is_removed_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.follow()
        world.project.delete_branch(world.branch(one))
        settled(world)
        after = world.get(one)
        assert after.upstream.branch_deleted
        if self.closes_with_branch:
            assert (after.state, world.kinds(one)) == ("rejected", ["closed_upstream"])
        else:
            assert (after.state, world.kinds(one)) == ("open", ["branch_deleted"])

    def test_a_merge_request_that_aims_elsewhere_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push("next", {"README.md": b"x"}, start="main")
        world.project.retarget(one.number, "next", by="maintainer")
        settled(world)
        assert world.get(one).upstream.target == "next"
        world.project.merge(one.number, by="maintainer")
        settled(world)
        assert (world.get(one).state, world.get(one).upstream.target) == ("open", "next")
        assert world.row("01")["agents"] == "2"
        world.project.move("main", world.project.head("next"))
        world.follow()
        world.follow(full=True)
        assert world.get(one).state == "accepted"
        kinds = world.kinds(one)
        assert (kinds[0], kinds[-1]) == ("retargeted", "accepted")

    def test_a_merge_request_that_aims_here_again_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.push("next", {"README.md": b"x"}, start="main")
        world.project.retarget(one.number, "next", by="maintainer")
        world.follow()
        world.project.retarget(one.number, "main", by="maintainer")
        settled(world)
        assert world.get(one).upstream.target is None
        assert world.kinds(one) == ["retargeted", "retargeted"]

    # -- The published branch ---------------------------------------------------------------

    def test_what_is_published_there_is_served(self, world: World) -> None:
        tip = world.correct(update("01", agents="9"))
        settled(world)
        assert world.published == tip
        assert world.row("01")["agents"] == "9"

    @pytest.mark.fault(32)
    def test_a_rewritten_history_is_served_and_told_once(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        before = world.published
        files = {path: world.there(path) for path in ("desks.csv", "cities.csv")}
        files["desks.csv"] = files["desks.csv"].replace(b"Desk of Gordes", b"Desk of Roussillon")
        tip = world.project.rewrite("main", {**files, "datapackage.json": _descriptor(world)})
        settled(world)
        after = world.get(one)
        assert world.published == tip
        assert world.kinds(one) == ["history_rewritten", "remade"]
        assert after.parent == tip
        assert [item["new"] for item in after.operations] == [{"agents": "5"}]
        assert world.forge.contains(before, before), "nothing is deleted"
        assert world.row("01", f"proposal:{one.id}")["agents"] == "5"

    @pytest.mark.parametrize(
        ("path", "data", "reason"),
        [
            ("desks.csv", None, "file_not_regular"),
            ("desks.csv", b"version https://git-lfs.github.com/spec/v1\noid 1\n", "lfs_pointer"),
            ("desks.csv", b"id,name\n<<<<<<< a\n01,x\n=======\n>>>>>>> b\n", "conflict_markers"),
            ("desks.csv", b"id,name\n01,\xff\xfe\n", "encoding"),
            ("datapackage.json", None, "file_missing"),
            ("datapackage.json", b"{", "file_not_json"),
            ("datapackage.json", b'{"resources": []}', "descriptor_no_resources"),
        ],
    )
    @pytest.mark.fault(34)
    def test_a_version_that_takes_data_away_is_held_back(
        self, world: World, path: str, data: bytes | None, reason: str
    ) -> None:
        one = world.propose(update("01", agents="5"))
        good, before = world.there(path), world.published
        tip = world.project.push("main", {path: data}, by="maintainer")
        settled(world)
        outlook = world.watch.outlook(NAME)
        assert (outlook.held, outlook.held_reason) == (tip, reason)
        assert outlook.held_values["path"] == path
        assert world.published == before
        assert world.get(one).state == "open"
        mended = world.project.push("main", {path: good}, by="maintainer")
        settled(world)
        outlook = world.watch.outlook(NAME)
        assert (outlook.held, outlook.held_reason) == (None, None)
        assert world.published == mended

    @pytest.mark.fault(34)
    def test_a_file_that_became_a_link_is_held_back(self, world: World) -> None:
        before = world.published
        world.link("desks.csv", b"cities.csv")
        settled(world)
        assert world.watch.outlook(NAME).held_reason == "file_not_regular"
        assert world.published == before
        assert b"Desk of Apt" in world.dataset.at().data("desks")[:]

    def test_a_rule_that_cannot_be_applied_is_held_back(self, world: World) -> None:
        before = world.published
        world.describe(lambda package: _field(package, "agents").update(type="thing"))
        settled(world)
        assert world.watch.outlook(NAME).held_reason is not None
        assert world.published == before

    def test_a_file_that_moved_with_its_description_is_served(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        data, descriptor = world.there(), _descriptor(world).replace(b"desks.csv", b"counters.csv")
        files = {"desks.csv": None, "counters.csv": data, "datapackage.json": descriptor}
        tip = world.project.push("main", files, by="maintainer")
        settled(world)
        assert world.published == tip
        assert world.row("01")["agents"] == "2"
        after = world.get(one)
        assert not after.conflicted
        assert merged_tree(world.project.path, tip, str(after.head)) is not None

    def test_a_resource_that_the_dataset_no_longer_has_leaves_its_proposals_in_conflict(
        self, world: World
    ) -> None:
        one = world.propose(update("01", agents="5"))
        tip = world.describe(lambda package: package["resources"].pop(0))
        world.forge.fetch()
        assert tip == world.project.head("main")
        settled(world)
        after = world.get(one)
        assert world.published == tip
        assert after.conflicted
        assert world.kinds(one) == ["base_gone"]
        assert after.operations == one.operations

    @pytest.mark.fault(33)
    def test_a_default_branch_that_goes_leaves_the_last_version(self, world: World) -> None:
        """A branch that the configuration names is not replaced by another one."""
        before = world.published
        self.names_its_branch(world)
        world.project.rename_default("trunk")
        settled(world)
        outlook = world.watch.outlook(NAME)
        assert (outlook.held, outlook.held_reason) == (None, "branch_gone")
        assert outlook.held_values == {"branch": "main", "default_branch": "trunk"}
        assert world.published == before

    @pytest.mark.fault(33)
    def test_a_default_branch_with_a_new_name_is_followed(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.rename_default("trunk")
        if world.project.requests[one.number] and self.retargets:
            world.project.retarget(one.number, "trunk", by="maintainer")
        tip = world.correct(update("03", agents="8"), branch="trunk")
        settled(world)
        assert world.published == tip
        assert world.row("03")["agents"] == "8"
        assert world.get(one).upstream.target is None
        assert world.watch.outlook(NAME).held_reason is None

    retargets = False
    """Whether a test has to aim merge requests at a renamed branch itself."""

    def names_its_branch(self, world: World) -> None:
        """Have the configuration of the dataset name its branch."""
        raise NotImplementedError

    # -- Rules ------------------------------------------------------------------------------

    @pytest.mark.fault(35)
    def test_a_proposal_that_new_rules_refuse_is_told_both_ways(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        other = world.propose(update("02", phone="04 65 71 00 09"))
        world.describe(lambda package: _bound(package, 4))
        settled(world)
        assert world.get(one).upstream.invalid
        assert not world.get(other).upstream.invalid
        assert world.kinds(one) == ["invalid_now"]
        assert "retouche::invalid" in self.labels(world, one)
        world.describe(lambda package: _bound(package, 9))
        settled(world)
        assert not world.get(one).upstream.invalid
        assert world.kinds(one) == ["invalid_now", "valid_again"]
        assert "retouche::invalid" not in self.labels(world, one)

    # -- Conflicts --------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("mine", "yours"),
        [
            (update("01", agents="5"), update("01", phone="04 65 71 00 09")),
            (update("01", agents="5"), update("02", agents="7")),
            (ADDED, insert(id="06", name="Desk of Viens", agents="3", **CITY)),
        ],
        ids=["one row", "adjacent rows", "two new rows"],
    )
    def test_what_git_would_refuse_is_made_anew(
        self, world: World, mine: dict[str, Any], yours: dict[str, Any]
    ) -> None:
        first, second = world.propose(mine), world.propose(yours)
        path = world.project.path
        world.project.merge(first.number, by="maintainer")
        assert merged_tree(path, str(world.project.head("main")), str(second.head)) is None
        settled(world)
        after = world.get(second)
        assert world.kinds(second) == ["remade"]
        assert after.parent == world.published
        assert not after.upstream.edited
        assert after.head == world.project.head(world.branch(second))
        assert merged_tree(path, world.published, str(after.head)) is not None
        stat = git(path, "diff", "--numstat", world.published, str(after.head))
        assert stat.split()[0] == "1", stat
        world.project.merge(second.number, by="maintainer")
        settled(world)
        assert world.get(second).state == "accepted"

    def test_what_git_merges_as_we_do_is_left_alone(self, world: World) -> None:
        first, second = (
            world.propose(update("01", agents="5")),
            world.propose(update("04", agents="7")),
        )
        world.project.merge(first.number, by="maintainer")
        settled(world)
        assert (world.get(second).head, world.kinds(second)) == (second.head, [])

    @pytest.mark.fault(42)
    def test_a_branch_that_somebody_edited_is_never_made_anew(self, world: World) -> None:
        first, second = (
            world.propose(update("01", agents="5")),
            world.propose(update("01", phone="04 65 71 00 09")),
        )
        edited = world.correct(update("03", agents="8"), branch=world.branch(second))
        world.project.merge(first.number, by="maintainer")
        settled(world)
        assert world.project.head(world.branch(second)) == edited
        assert "remade" not in world.kinds(second)

    def test_one_cell_changed_by_two_is_told_once_with_its_three_values(self, world: World) -> None:
        first, second = (
            world.propose(update("01", agents="5")),
            world.propose(update("01", agents="7")),
        )
        world.project.merge(first.number, by="maintainer")
        settled(world)
        after = world.get(second)
        assert (after.conflicted, world.kinds(second)) == (True, ["conflicted"])
        assert after.head == second.head
        assert "retouche::conflict" in self.labels(world, second)
        (note,) = self.said(world, second)
        assert all(value in note for value in ("2", "5", "7"))
        assert f"https://data.example.org/{NAME}/proposals/{second.id}" in note

    def test_a_conflict_that_is_gone_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="7"))
        world.correct(update("01", agents="5"))
        settled(world)
        world.correct(update("01", agents="2"))
        settled(world)
        after = world.get(one)
        assert not after.conflicted
        assert world.kinds(one) == ["conflicted", "conflict_gone"]
        assert "retouche::conflict" not in self.labels(world, one)

    def test_a_row_that_is_gone_leaves_its_proposals_in_conflict(self, world: World) -> None:
        one = world.propose(update("01", agents="7"))
        world.correct(delete("01"))
        settled(world)
        assert world.get(one).conflicted
        assert world.kinds(one) == ["base_gone"]

    def test_what_somebody_published_otherwise_is_told(self, world: World) -> None:
        one = world.propose(update("01", agents="7"))
        world.correct(update("01", agents="7"))
        settled(world)
        assert world.get(one).upstream.already_published
        assert world.kinds(one) == ["already_published"]
        assert world.get(one).head == one.head

    # -- Notes ------------------------------------------------------------------------------

    def test_notes_reach_the_proposal(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.note(one.number, "Are you sure?", by="maintainer")
        settled(world)
        world.project.note(one.number, "I called them.", by="maintainer")
        settled(world)
        notes = world.watch.notes(NAME, one.id)
        assert [note.body for note in notes] == ["Are you sure?", "I called them."]
        events = world.journal.events(NAME, one.id)[2:]
        assert [(event.kind, event.actor) for event in events] == [("note", "maintainer")] * 2
        assert [event.detail for event in events] == [{"id": note.id} for note in notes]

    # -- Any order --------------------------------------------------------------------------

    def test_any_looks_between_events_end_as_one_look_after_them(
        self, make: Callable[[], World]
    ) -> None:
        """Webhooks that are lost, come twice or in another order are looks at other moments."""
        ends = []
        for looks in ((), (0,), (1, 1), (2,), (0, 1, 2, 3)):
            world = make()
            first, second = (
                world.propose(update("01", agents="5")),
                world.propose(update("01", phone="04 65 71 00 09")),
            )
            one, two = first.number, second.number
            events: list[Callable[[], Any]] = [
                partial(world.project.note, one, "Thanks", by="maintainer"),
                partial(world.project.close, two, by="maintainer"),
                partial(world.project.merge, one, by="maintainer"),
                partial(world.project.reopen, two, by="maintainer"),
            ]
            for place, event in enumerate(events):
                event()
                for _ in range(looks.count(place)):
                    world.follow()
            settled(world)
            found = [world.get(one) for one in (first, second)]
            tree = world.forge.blob(world.published, "desks.csv")
            ends.append([(one.state, one.conflicted, one.upstream.edited, tree) for one in found])
        assert all(one == ends[0] for one in ends)
        assert [one[0] for one in ends[0]] == ["accepted", "open"]

    def labels(self, world: World, proposal: Proposal) -> set[str]:
        return set(world.project.requests[proposal.number].labels)

    def said(self, world: World, proposal: Proposal) -> list[str]:
        """What the bot wrote in a merge request."""
        raise NotImplementedError


def _descriptor(world: World) -> bytes:
    return world.forge.read(world.published, "datapackage.json")


def _field(package: dict[str, Any], name: str) -> dict[str, Any]:
    fields = package["resources"][0]["schema"]["fields"]
    return next(one for one in fields if one["name"] == name)


def _bound(package: dict[str, Any], most: int) -> None:
    _field(package, "agents")["constraints"] = {"maximum": most}
