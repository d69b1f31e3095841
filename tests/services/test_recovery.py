"""A restart finishes what was begun: each step of a proposal's way, cut short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import ForgeUnavailable, StorageFull
from retouche.ports import Proposal, Reviewer
from retouche.services.reviewing.parts import Choice, Parts, Refusal
from retouche.settings import Settings
from retouche.wiring import Services, build, recover
from tests.datasets import Browser, Ticking, serve, update, write_desks


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


@contextmanager
def failing(target: Any, name: str, error: BaseException, *, after: bool = False) -> Iterator[None]:
    """Make a method fail before it does anything, or once it has done it."""
    real = getattr(target, name)

    def broken(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        raise error

    setattr(target, name, broken)
    try:
        yield
    finally:
        delattr(target, name)


def restarted(tmp_path: Path) -> Services:
    """The same home, wired anew, as after a kill."""
    settings = Settings(home=tmp_path / "home", secret_key="a secret for tests")
    services = build(settings, {"desks": "main"}, clock=Ticking())
    assert recover(services) == []
    return services


def only(services: Services) -> Proposal:
    (proposal,), total = services.proposals.page(services.catalogue.get("desks"))
    assert total == 1
    return proposal


@pytest.mark.parametrize("error", [ForgeUnavailable(), StorageFull()])
def test_a_forge_that_cannot_be_reached_delays_a_proposal_and_loses_nothing(
    tmp_path: Path, error: Exception
) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    forge = desks.services.catalogue.get("desks").forge
    with failing(forge, "open", error):
        answer = desks.propose(update("01", agents="5"))
    assert answer.status_code == 202
    assert (answer.json["state"], answer.json["head"]) == ("queued", None)
    assert answer.json["merge_request"] is None
    proposal = only(restarted(tmp_path))
    assert (proposal.state, proposal.number) == ("open", 1)
    assert proposal.id == answer.json["id"]


@pytest.mark.parametrize("after", [False, True], ids=["before the branch", "after the branch"])
def test_a_kill_while_a_proposal_is_opened(tmp_path: Path, after: bool) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset = desks.services.catalogue.get("desks")
    body = {"operations": [update("01", agents="5")]}
    with failing(dataset.forge, "open", Killed(), after=after), pytest.raises(Killed):
        desks.services.proposals.submit(dataset, body)
    proposal = only(restarted(tmp_path))
    assert (proposal.state, proposal.number) == ("open", 1)


@pytest.mark.fault(6)
def test_a_kill_before_the_published_branch_moves_leaves_the_proposal_open(
    tmp_path: Path,
) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset, review = desks.services.catalogue.get("desks"), desks.services.review
    first = desks.published
    sent = desks.services.proposals.submit(dataset, {"operations": [update("01", agents="5")]})
    forge: Any = dataset.forge
    with failing(forge.repository, "locked", Killed()), pytest.raises(Killed):
        review.accept(dataset, sent.id, head=str(sent.head), reviewer=Reviewer(name="r"))
    services = restarted(tmp_path)
    proposal = only(services)
    assert (proposal.state, proposal.decision) == ("open", None)
    assert services.catalogue.get("desks").forge.published() == first
    done = services.review.accept(
        services.catalogue.get("desks"), sent.id, head=str(sent.head), reviewer=Reviewer(name="r")
    )
    assert done.state == "accepted"


@pytest.mark.fault(7, 10)
def test_a_kill_after_the_published_branch_moved_counts_as_accepted(tmp_path: Path) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset, review = desks.services.catalogue.get("desks"), desks.services.review
    sent = desks.services.proposals.submit(dataset, {"operations": [update("01", agents="5")]})
    with failing(dataset.forge, "merge", Killed(), after=True), pytest.raises(Killed):
        review.accept(
            dataset, sent.id, head=str(sent.head), reviewer=Reviewer(name="r"), message="thanks"
        )
    services = restarted(tmp_path)
    proposal = only(services)
    published = services.catalogue.get("desks").forge.published()
    assert proposal.state == "accepted"
    assert proposal.decision is not None
    assert proposal.decision["revision"] == published
    assert proposal.decision["message"] == "thanks"
    row = services.catalogue.get("desks").at().snapshot("desks").row(("01",))
    assert row["agents"] == "5"


@pytest.mark.fault(6, 7)
@pytest.mark.parametrize("moved", [False, True], ids=["before it moved", "after it moved"])
def test_a_kill_while_cells_and_choices_are_published_keeps_them_or_none(
    tmp_path: Path, moved: bool
) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset, review = desks.services.catalogue.get("desks"), desks.services.review
    sent = desks.services.proposals.submit(
        dataset, {"operations": [update("01", agents="5", note="new"), update("04", agents="9")]}
    )
    assert desks.accept(desks.propose(update("01", agents="4")).json).status_code == 200
    before = desks.file()
    parts = Parts(
        refused=(
            Refusal(operation=0, field="note", reason="wrong", message="It was not there"),
            Refusal(operation=1, field=None, reason="duplicate"),
        ),
        choices=(Choice(operation=0, field="agents", take="theirs", seen="4"),),
    )
    given: Any = {"head": str(sent.head), "parts": parts, "reviewer": Reviewer(name="r")}
    forge: Any = dataset.forge
    killed = (
        failing(forge, "merge", Killed(), after=True)
        if moved
        else failing(forge.repository, "locked", Killed())
    )
    # The commit of the part is made before the lock is asked for.
    with killed, pytest.raises(Killed):
        review.accept(dataset, sent.id, **given)
    services = restarted(tmp_path)
    desks = Browser(services)
    expected = before.replace(b"04 65 71 00 01,4,", b"04 65 71 00 01,5,")
    assert desks.file() == (expected if moved else before)
    proposal = services.proposals.get(services.catalogue.get("desks"), sent.id)
    assert proposal.state == ("accepted" if moved else "open")
    if not moved:
        assert proposal.decision is None
        proposal = services.review.accept(services.catalogue.get("desks"), sent.id, **given)
    kept = dict(proposal.decision or {})
    assert desks.file() == expected
    assert kept["cells"] == [{"operation": 0, "fields": ["agents"]}]
    assert kept["choices"] == [{"operation": 0, "field": "agents", "take": "theirs"}]
    assert [(one["operation"], one["field"], one["reason"]) for one in kept["refused"]] == [
        (0, "note", "wrong"),
        (1, None, "duplicate"),
    ]
    assert "pending" not in kept


def test_what_was_published_though_the_answer_was_an_error_counts_as_accepted(
    tmp_path: Path,
) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    forge = desks.services.catalogue.get("desks").forge
    for key, decide in (("01", desks.accept), ("02", desks.reject)):
        sent = desks.propose(update(key, agents="5")).json
        with failing(forge, "merge", ForgeUnavailable(), after=True):
            assert desks.accept(sent).status_code == 503
        published = desks.published
        answer = decide(sent)
        assert answer.status_code == 409, answer.json
        assert desks.published == published
        assert desks.get(f"/proposals/{sent['id']}").json["state"] == "accepted"


def test_an_acceptance_whose_commit_git_dropped_was_none(tmp_path: Path) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset, decisions = desks.services.catalogue.get("desks"), desks.services.proposals.decisions
    sent = desks.services.proposals.submit(dataset, {"operations": [update("01", agents="5")]})
    decisions.begin(sent, {"by": "r", "revision": "0" * 40})
    proposal = only(restarted(tmp_path))
    assert (proposal.state, proposal.decision) == ("open", None)


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_a_kill_while_a_proposal_is_closed_leaves_it_closed(tmp_path: Path, state: str) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset, proposals = desks.services.catalogue.get("desks"), desks.services.proposals
    sent = proposals.submit(dataset, {"operations": [update("01", agents="5")]})

    def close() -> None:
        if state == "withdrawn":
            proposals.withdraw(dataset, sent.id, secret=proposals.secret(sent))
        else:
            desks.services.review.reject(
                dataset, sent.id, reason="spam", reviewer=Reviewer(name="r")
            )

    with failing(dataset.forge, "close", Killed(), after=True), pytest.raises(Killed):
        close()
    services = restarted(tmp_path)
    proposal = only(services)
    assert proposal.state == state
    wanted = {"reason": "spam", "message": None} if state == "rejected" else {}
    assert (proposal.decision or {}) == wanted
    last = services.proposals.events(dataset, sent.id)[-1]
    assert (last.kind, last.actor) == (state, "r" if state == "rejected" else "contributor")


def test_one_proposal_that_cannot_be_finished_does_not_stop_the_others(tmp_path: Path) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    dataset = desks.services.catalogue.get("desks")
    with failing(dataset.forge, "open", ForgeUnavailable()):
        ids = [desks.propose(update(key, agents="5")).json["id"] for key in ("01", "02", "03")]
    real = dataset.forge.open

    def picky(proposal: str, **named: Any) -> Any:
        if proposal == ids[1]:
            raise ForgeUnavailable()
        return real(proposal, **named)

    dataset.forge.open = picky  # type: ignore[method-assign]
    (failure,) = desks.services.review.recover(dataset)
    assert ids[1] in failure
    states = {one: desks.get(f"/proposals/{one}").json["state"] for one in ids}
    assert states == {ids[0]: "open", ids[1]: "queued", ids[2]: "open"}


def test_a_dataset_that_cannot_be_swept_keeps_no_other_from_it(tmp_path: Path) -> None:
    package = write_desks(tmp_path / "package")
    services = serve(tmp_path / "home", {"first": package, "second": package})
    second = Browser(services, "second")
    with failing(services.catalogue.get("second").forge, "open", ForgeUnavailable()):
        sent = second.propose(update("01", agents="5")).json
    assert sent["state"] == "queued"
    (sweep,) = (one for one in services.chores if one.name == "sweep")
    with failing(services.catalogue.get("first").forge, "sweep", RuntimeError("ours")):
        sweep.run()
    assert second.get(f"/proposals/{sent['id']}").json["state"] == "open"
    services.close()
