"""Following, and re-making, on a forge of this machine that others write to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retouche.core.errors import ForgeRefused, ForgeUnavailable
from retouche.forges.repository import BareRepository
from retouche.ports import Delivery, Proposal
from retouche.services.carrying import files_after
from retouche.services.following import following, rounds
from retouche.services.messages import proposal_message
from retouche.services.patches import from_wire
from tests.datasets import Ticking, update, write_desks
from tests.forges.plain_git import git
from tests.services.following_contract import FollowingContract, recorded, settled
from tests.services.two_repositories import Project, TwoRepositories
from tests.services.worlds import NAME, World, make_world


def local_world(home: Path, *, branch: str | None = None) -> World:
    home.mkdir(parents=True)
    clock = Ticking()

    def make(seed: Path) -> tuple[Project, TwoRepositories]:
        project = Project(seed, clock)
        BareRepository.create(home / "mirror.git", "main").close()
        return project, TwoRepositories(home / "mirror.git", project, NAME, branch)

    return make_world(home, write_desks(home / "package"), make, clock)


@pytest.fixture
def make(tmp_path: Path) -> Callable[[], World]:
    made: list[World] = []

    def one_more() -> World:
        made.append(local_world(tmp_path / f"home-{len(made)}"))
        return made[-1]

    return one_more


@pytest.fixture
def world(make: Callable[[], World]) -> World:
    return make()


def forge_of(world: World) -> TwoRepositories:
    return cast(TwoRepositories, world.forge)


class TestFollowingHere(FollowingContract):
    def test_what_a_delivery_names_is_seen_though_the_clocks_differ(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = world.propose(update("01", agents="5"))
        world.follow()
        assert one.number is not None
        world.project.close(one.number, by="maintainer")
        with monkeypatch.context() as patch:  # its clock says that this was long ago
            patch.setattr(forge_of(world), "requests", lambda *, since=None: iter(()))
            world.follow()
            assert world.get(one).state == "open"
            for number in (one.number, 99):
                delivery = Delivery(
                    id=str(number),
                    dataset=NAME,
                    kind="merge_request",
                    time=world.clock(),
                    number=number,
                )
                world.watch.receive(delivery)
            world.follow()
            assert world.get(one).state == "rejected"

    retargets = True

    def names_its_branch(self, world: World) -> None:
        forge_of(world).branch = "main"

    def said(self, world: World, proposal: Proposal) -> list[str]:
        return list(world.project.requests[proposal.number].said)

    # -- What only this forge can be made to do --------------------------------------------

    def test_what_is_merged_forward_is_accepted(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        before = world.published
        world.project.merge(one.number, forward=True)
        settled(world)
        decision = world.get(one).decision or {}
        assert (decision["previous"], decision["revision"]) == (before, one.head)

    def test_two_commits_merged_forward_are_told_from_where_they_began(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        before = world.published
        last = world.correct(update("02", agents="7"), branch=world.branch(one))
        world.project.merge(one.number, forward=True)
        settled(world)
        after = world.get(one)
        assert world.kinds(one) == ["accepted_edited"]
        assert [item["key"]["id"] for item in after.operations] == ["01", "02"]
        assert (after.decision or {})["previous"] == before
        assert (after.decision or {})["revision"] == last

    def test_a_merge_request_that_was_deleted_counts_as_closed(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        del world.project.requests[1]
        world.follow(full=True)
        assert (world.get(one).state, world.kinds(one)) == ("rejected", ["closed_upstream"])

    def test_a_commit_made_anew_whose_answer_was_lost_is_known_again(self, world: World) -> None:
        first = world.propose(update("01", agents="5"))
        second = world.propose(update("01", phone="04 65 71 00 09"))
        world.project.merge(first.number)
        forge_of(world).lost.add("remake")
        with pytest.raises(ForgeUnavailable):
            world.follow()
        assert world.get(second).head == second.head
        world.start()
        settled(world)
        after = world.get(second)
        assert (world.kinds(second), after.upstream.edited) == (["remade"], False)
        assert after.head == world.project.head(world.branch(second))
        assert forge_of(world).calls.count("remake") == 1

    def test_a_commit_made_anew_before_a_kill_is_known_by_its_content(self, world: World) -> None:
        first = world.propose(update("01", agents="5"))
        second = world.propose(update("01", phone="04 65 71 00 09"))
        world.project.merge(first.number)
        forge = forge_of(world)
        forge.lost.add("remake")
        with pytest.raises(ForgeUnavailable):
            world.follow()
        made = f"refs/heads/{world.branch(second)}"
        git(forge.repository.path, "update-ref", made, str(second.head))
        settled(world)
        assert world.kinds(second) == ["remade"]
        assert forge.calls.count("remake") == 1

    def test_a_part_that_an_acceptance_left_on_the_branch_is_put_back(self, world: World) -> None:
        one = world.propose(update("01", agents="5"), update("02", agents="7"))
        other = world.propose(update("03", agents="8"), update("04", agents="9"))
        for proposal in (one, other):
            self.leave_a_part(world, proposal, (0,))
        world.correct(update("04", note="seen"))
        settled(world)
        for proposal in (one, other):
            after = world.get(proposal)
            assert len(after.operations) == 2
            assert not after.upstream.edited
            assert after.head == world.project.head(world.branch(proposal))
        assert (world.get(one).head, world.kinds(one)) == (one.head, [])

    def test_what_an_acceptance_made_anew_in_vain_is_taken_over(self, world: World) -> None:
        one = world.propose(update("01", agents="5"), update("02", agents="7"))
        world.correct(update("01", note="seen"))
        world.forge.fetch()
        world.forge.publish(str(world.project.head("main")))
        head = self.leave_a_part(world, one, (0, 1), parent=world.published)
        settled(world)
        after = world.get(one)
        assert (after.head, after.parent) == (head, world.published)
        assert world.kinds(one) == ["remade"]
        assert not after.upstream.edited

    def leave_a_part(
        self, world: World, one: Proposal, places: tuple[int, ...], parent: str | None = None
    ) -> str:
        """What an acceptance writes to the branch before it asks to merge."""
        base = world.dataset.at(parent or one.parent)
        operations = tuple(from_wire(one.operations[place], base.package) for place in places)
        return world.forge.remake(
            one.id,
            replaces=str(one.head),
            parent=base.commit,
            files=files_after(operations, base, limit=10**6),
            message=proposal_message(one.id, operations),
            time=world.clock(),
        )

    def test_a_branch_that_moves_while_it_is_made_anew_is_left_alone(self, world: World) -> None:
        first = world.propose(update("01", agents="5"))
        second = world.propose(update("01", phone="04 65 71 00 09"))
        world.project.merge(first.number)
        forge = forge_of(world)
        real = forge.merges_alike

        def meanwhile(**given: Any) -> bool:
            world.correct(update("03", agents="8"), branch=world.branch(second))
            return real(**given)

        forge.merges_alike = meanwhile  # type: ignore[method-assign]
        world.follow()
        edited = world.project.head(world.branch(second))
        del forge.merges_alike
        settled(world)
        assert world.project.head(world.branch(second)) == edited
        assert world.kinds(second) == ["edited_upstream"]

    def test_a_proposal_is_made_anew_once_for_each_published_version(self, world: World) -> None:
        one = world.propose(update("01", phone="04 65 71 00 09"))
        for agents in ("5", "6", "7"):
            world.correct(update("01", agents=agents))
            settled(world)
        assert forge_of(world).calls.count("remake") == 3
        assert world.kinds(one) == ["remade"] * 3

    def test_only_proposals_of_files_that_changed_are_looked_at(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world.propose(update("01", phone="04 65 71 00 09"))
        world.follow()
        looked: list[str] = []
        real = world.following._remaking.mark

        def mark(dataset: Any, proposal: Proposal) -> Any:
            looked.append(proposal.id)
            return real(dataset, proposal)

        monkeypatch.setattr(world.following._remaking, "mark", mark)
        world.project.push("main", {"README.md": b"# Desks\n"})
        world.follow()
        assert not looked
        world.correct(update("03", agents="8"))
        world.follow()
        assert len(looked) == 1

    def test_much_work_is_done_in_several_rounds(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(following, "REMADE", 2)
        sent = [
            world.propose(update("01", **{name: value}))
            for name, value in (
                ("phone", "04 65 71 00 09"),
                ("note", "new"),
                ("opened", "2020-01-03"),
                ("name", "Desk of Saignon"),
                ("latitude", "43.9"),
            )
        ]
        world.correct(update("01", agents="5"))
        done = []
        for _ in range(3):
            world.follow()
            done.append(sum("remade" in world.kinds(one) for one in sent))
        assert done == [2, 4, 5]

    def test_a_forge_that_does_not_answer_loses_nothing(self, world: World) -> None:
        """Whatever call fails first, the next round ends where one without failures does."""
        first = world.propose(update("01", agents="5"))
        second = world.propose(update("01", agents="7"))
        third = world.propose(update("01", phone="04 65 71 00 09"))
        world.project.note(1, "Thanks")
        world.project.merge(first.number)
        forge = forge_of(world)
        for name in ("fetch", "requests", "request", "notes", "label", "say", "remake"):
            forge.lost.add(name)
            with suppress(ForgeUnavailable):  # what comes first depends on the ids
                world.follow()
        forge.lost.clear()
        settled(world)
        assert [world.get(one).state for one in (first, second, third)] == [
            "accepted",
            "open",
            "open",
        ]
        assert world.get(second).conflicted
        assert world.kinds(third) == ["remade"]
        assert world.kinds(second) == ["conflicted"]

    def test_a_forge_that_takes_no_notes_keeps_nobody_from_the_rest(self, world: World) -> None:
        one = world.propose(update("01", agents="7"))
        other = world.propose(update("01", phone="04 65 71 00 09"))
        world.correct(update("01", agents="5"))

        def refuse(*_: Any, **__: Any) -> None:
            raise ForgeRefused()

        forge = forge_of(world)
        forge.say = forge.label = refuse  # type: ignore[method-assign]
        settled(world)
        assert world.get(one).conflicted
        assert world.kinds(other) == ["remade"]

    def test_a_decision_under_way_is_not_settled_yet(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.decisions.begin(one, {"reason": "spam", "ends": "rejected", "actor": "reviewer"})
        world.follow()
        assert (world.get(one).decision or {}).get("pending")
        world.project.close(one.number)
        settled(world)
        assert world.get(one).decision == {"reason": "spam"}

    def test_what_is_decided_while_the_forge_is_read_is_not_undone(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.close(one.number)
        world.follow()
        world.project.reopen(one.number)
        forge = forge_of(world)
        real = forge.request

        def meanwhile(number: int) -> Any:
            state = real(number)
            world.project.close(number)
            forge.request = real  # type: ignore[method-assign]
            present = world.get(one)
            world.decisions.record(present, "rejected", actor="reviewer")
            return state

        forge.request = meanwhile  # type: ignore[method-assign]
        settled(world)
        assert world.get(one).state == "rejected"

    def test_what_a_decision_published_meanwhile_is_not_taken_back(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.correct(update("03", agents="8"))
        forge = forge_of(world)
        real = forge.fetch

        def meanwhile() -> Any:
            fetched = real()
            forge.fetch = real  # type: ignore[method-assign]
            world.project.merge(one.number)
            real()
            forge.publish(str(world.project.head("main")))
            return fetched

        forge.fetch = meanwhile  # type: ignore[method-assign]
        settled(world)
        assert world.published == world.project.head("main")
        assert world.kinds(one) == ["accepted"]

    def test_a_clock_that_was_put_back_hides_nothing(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.follow()
        world.clock.now = world.clock.now.replace(year=2020)
        world.project.merge(one.number)
        settled(world)
        assert world.get(one).state == "accepted"

    def test_one_bad_proposal_does_not_stop_the_others(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = world.propose(update("01", agents="5"))
        other = world.propose(update("02", agents="7"))
        bad = ({"op": "update", "resource": "desks", "key": {}, "old": {}, "new": {"x": "y"}},)
        monkeypatch.setattr(rounds.LOG, "warning", lambda *_, **__: None)
        broken = world.get(one)
        world.decisions.record(type(broken)(**{**_values(broken), "operations": bad}))
        world.correct(update("02", phone="04 65 71 00 09"))
        settled(world)
        assert world.get(one).conflicted
        assert world.kinds(other) == ["remade"]

    def test_what_is_not_at_a_forge_elsewhere_is_not_followed(self, world: World) -> None:
        class Ours(TwoRepositories):
            is_remote = False

        forge = forge_of(world)
        calls = len(forge.calls)
        forge.__class__ = Ours
        world.follow()
        assert len(forge.calls) == calls


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.integers(0, 7), max_size=12), data=st.data())
@pytest.mark.fault(29, 30)
def test_any_interleaving_of_events_and_looks_ends_as_one_look(
    tmp_path_factory: pytest.TempPathFactory, looks: list[int], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(EVENTS))))
    ends = []
    for when in (looks, []):
        world = local_world(tmp_path_factory.mktemp("home") / "home")
        sent = [world.propose(update("04", agents="5")), world.propose(update("02", agents="7"))]
        sent.append(world.propose(update("02", phone="04 65 71 00 09")))
        for place, event in enumerate(order):
            EVENTS[event](world, sent)
            for _ in range(when.count(place)):
                world.follow()
        settled(world)
        ends.append(
            [
                (one.state, one.conflicted, one.upstream.notes, one.upstream.target)
                for one, _ in recorded(world)
            ]
            + [world.forge.blob(world.published, "desks.csv")]
        )
    assert ends[0] == ends[1]


EVENTS: tuple[Callable[[World, list[Proposal]], Any], ...] = (
    lambda world, sent: world.project.merge(1),
    lambda world, sent: world.project.close(2),
    lambda world, sent: world.project.note(2, "Why?"),
    lambda world, sent: world.project.note(3, "Thanks"),
    lambda world, sent: world.correct(update("01", agents="9")),
    lambda world, sent: world.correct(update("02", note="seen")),
    lambda world, sent: world.project.retarget(3, "next"),
    lambda world, sent: world.project.push("main", {"README.md": b"x"}),
)


def _values(proposal: Proposal) -> dict[str, Any]:
    return {name: getattr(proposal, name) for name in proposal.__slots__}
