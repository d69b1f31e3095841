"""Deciding at a forge elsewhere: with the reviewer's own right, and never half known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import (
    Conflict,
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    NotAllowed,
    RetoucheError,
)
from retouche.ports import Outlook, Proposal, Reviewer
from retouche.services import decisions
from tests.datasets import update
from tests.services.elsewhere import Hands, Killed, Place, Server, make_home

MAINTAINER = Reviewer(name="maintainer", token="may")
GUEST = Reviewer(name="guest", token="may not")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(make_home(tmp_path), Place(), Hands())
    yield server
    server.close()


@pytest.fixture
def opened(server: Server) -> Proposal:
    operations = [update("01", agents="5"), update("02", agents="6")]
    sent = server.proposals.submit(server.desks, {"operations": operations})
    server.round()
    return server.get(sent)


def accept(server: Server, proposal: Proposal, **others: Any) -> Proposal:
    given = {"head": proposal.head, "reviewer": MAINTAINER, **others}
    return server.review.accept(server.desks, proposal.id, **given)


def reject(server: Server, proposal: Proposal, **others: Any) -> Proposal:
    given = {"reason": "spam", "reviewer": MAINTAINER, **others}
    return server.review.reject(server.desks, proposal.id, **given)


def pending(server: Server, proposal: Proposal) -> bool:
    return bool((server.get(proposal).decision or {}).get("pending"))


@pytest.fixture(params=[accept, reject])
def decide(request: pytest.FixtureRequest) -> Callable[..., Proposal]:
    found: Callable[..., Proposal] = request.param
    return found


def test_accepting_merges_in_the_name_of_the_reviewer(server: Server, opened: Proposal) -> None:
    done = accept(server, opened, message="thanks")
    assert done.state == "accepted"
    assert done.decision == {
        "by": "maintainer",
        "message": "thanks",
        "operations": [0, 1],
        "previous": server.desks.forge.published(),
        "revision": (done.decision or {})["revision"],
    }
    assert [one.state for one in server.place.requests.values()] == ["merged"]
    assert "may" not in [str(one.detail) for one in server.journal.events("desks", done.id)]


def test_rejecting_closes_in_the_name_of_the_reviewer(server: Server, opened: Proposal) -> None:
    done = reject(server, opened, message="no")
    assert (done.state, done.decision) == ("rejected", {"reason": "spam", "message": "no"})
    assert [one.state for one in server.place.requests.values()] == ["closed"]
    rejected = server.journal.events("desks", opened.id)[-1]
    assert (rejected.kind, rejected.actor) == ("rejected", "maintainer")


@pytest.mark.parametrize(
    "error", [None, HeadMoved("published_moved"), ForgeRefused("forge_refused"), Conflict(())]
)
def test_what_the_forge_refuses_leaves_the_proposal_as_it_was(
    server: Server, opened: Proposal, decide: Callable[..., Proposal], error: RetoucheError | None
) -> None:
    if error is None:
        with pytest.raises(NotAllowed):
            decide(server, opened, reviewer=GUEST)
    else:
        server.place.faults["merge"], server.place.faults["close"] = [error], [error]
        with pytest.raises(type(error)):
            decide(server, opened)
    assert replace(server.get(opened), updated_at=opened.updated_at) == opened
    assert decide(server, opened).state in ("accepted", "rejected")


@pytest.mark.parametrize("step", ["before", "after"])
@pytest.mark.parametrize("error", [ForgeUnavailable("forge_timeout"), Killed()])
def test_what_is_not_known_stays_begun_until_it_was_looked_at(
    server: Server,
    opened: Proposal,
    decide: Callable[..., Proposal],
    step: str,
    error: BaseException,
) -> None:
    names = ("merge", "close") if step == "before" else ("merged", "closed")
    for name in names:
        server.place.faults[name] = [error]
    with pytest.raises(type(error)):
        decide(server, opened)
    assert server.get(opened).state == "open"
    assert pending(server, opened)
    for again in (accept, reject):
        with pytest.raises(ForgeUnavailable) as refused:
            again(server, opened)
        assert refused.value.reason == "decision_unsettled"
    with pytest.raises(ForgeUnavailable) as refused:
        server.withdraw(opened)
    assert refused.value.reason == "decision_unsettled"
    looks = len(server.looks.fulls)
    server.round()
    assert len(server.looks.fulls) == looks + 1


def test_a_decision_has_the_forge_looked_at_soon(
    server: Server, opened: Proposal, decide: Callable[..., Proposal]
) -> None:
    server.round()
    looks = len(server.looks.fulls)
    decide(server, opened)
    server.round()
    assert len(server.looks.fulls) == looks + 1


def test_what_is_not_at_the_forge_yet_cannot_be_decided(
    server: Server, decide: Callable[..., Proposal]
) -> None:
    sent = server.submit()
    with pytest.raises(ForgeUnavailable) as refused:
        decide(server, sent, **({"head": ""} if decide is accept else {}))
    assert refused.value.reason == "not_at_forge_yet"
    assert server.get(sent).state == "queued"


def test_nothing_is_asked_of_a_forge_that_is_known_to_be_away(
    server: Server, opened: Proposal, decide: Callable[..., Proposal]
) -> None:
    server.breaker.failed("desks", ForgeUnavailable("forge_down", status=502, retry_after=90))
    steps = list(server.place.steps)
    with pytest.raises(ForgeUnavailable) as refused:
        decide(server, opened)
    assert (refused.value.reason, refused.value.retry_after) == ("forge_down", 90)
    assert refused.value.values == {"status": 502}
    assert server.place.steps == steps
    assert not pending(server, opened)


def test_nothing_is_accepted_on_a_version_that_cannot_be_shown(
    server: Server, opened: Proposal
) -> None:
    server.watch.note_outlook(Outlook(dataset="desks", held="a" * 40, held_reason="lfs_pointer"))
    with pytest.raises(ForgeUnavailable) as refused:
        accept(server, opened)
    assert refused.value.reason == "published_held"
    assert reject(server, opened).state == "rejected"


def test_what_somebody_edited_there_is_accepted_as_a_whole_or_not(
    server: Server, opened: Proposal
) -> None:
    server.journal.update(replace(opened, upstream=replace(opened.upstream, edited=True)))
    with pytest.raises(Conflict) as refused:
        accept(server, opened, operations=[0])
    assert refused.value.reason == "edited_upstream"
    assert accept(server, opened, operations=[0, 1]).state == "accepted"
    assert server.place.as_they_are == [opened.id]


@pytest.mark.parametrize("unseen", [{"other_files": True, "edited": True}, {}])
def test_what_no_page_here_can_show_is_accepted_at_the_forge_alone(
    server: Server, opened: Proposal, unseen: dict[str, Any]
) -> None:
    found = replace(opened, upstream=replace(opened.upstream, **unseen))
    server.journal.update(found if unseen else replace(found, operations=()))
    with pytest.raises(ForgeRefused, match="not_mergeable"):
        accept(server, opened)
    assert reject(server, opened).state == "rejected"


def test_what_somebody_merged_there_is_not_said_to_be_accepted_here(
    server: Server, opened: Proposal
) -> None:
    server.place.requests[1].state = "merged"
    with pytest.raises(Conflict) as refused:
        accept(server, opened)
    assert refused.value.reason == "already_decided"
    assert server.get(opened) == opened


def test_a_part_is_accepted_with_a_head_of_its_own(server: Server, opened: Proposal) -> None:
    heads: list[str] = []
    server.place.hooks["merge"] = lambda: heads.append(
        (server.get(opened).decision or {})["revision"]
    )
    done = accept(server, opened, operations=[1])
    assert (done.decision or {})["operations"] == [1]
    assert heads != [opened.head]
    assert b",6," in server.desks.at(heads[0]).data("desks")[:]
    assert b",5," not in server.desks.at(heads[0]).data("desks")[:]


def test_what_is_decided_is_decided(
    server: Server, opened: Proposal, decide: Callable[..., Proposal]
) -> None:
    decide(server, opened)
    for again in (accept, reject):
        with pytest.raises(Conflict) as refused:
            again(server, opened)
        assert refused.value.reason == "already_decided"
    with pytest.raises(Conflict):
        server.withdraw(opened)


def test_who_comes_while_a_decision_takes_long_is_told_so(
    server: Server,
    opened: Proposal,
    decide: Callable[..., Proposal],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decisions, "BUSY", 0.05)
    refusals: list[str] = []

    def meanwhile() -> None:
        with ThreadPoolExecutor(1) as pool:
            for other in (lambda: server.withdraw(opened), lambda: reject(server, opened)):
                with pytest.raises(ForgeUnavailable) as refused:
                    pool.submit(other).result(5)
                refusals.append(refused.value.reason)

    server.place.hooks["merge" if decide is accept else "close"] = meanwhile
    decide(server, opened)
    assert refusals == ["being_decided"] * 2


def test_a_restart_leaves_what_is_elsewhere_to_the_courier(server: Server) -> None:
    sent = server.submit()
    assert server.review.recover(server.desks) == []
    assert server.get(sent).state == "queued"
    assert server.place.steps == []
