"""Publishing to a project of GitLab, through everything that can go wrong on the way.

The sender gets an answer at once, readers notice nothing, and in the end each proposal has one
branch and one merge request. GitLab is a double here, spoken to by the real clients.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import ForgeRefused, ForgeUnavailable, NotAllowed
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.branches import Branches
from retouche.forges.gitlab.mirror import Mirror
from retouche.ports import Proposal, Reviewer
from retouche.services.decisions import Decisions
from retouche.wiring import Services
from tests.datasets import Browser, update
from tests.faults.gitlab_home import Home, desks, make_home
from tests.gitlab_double import Fault, GitLab

PATIENCE = 0.5
GIT_STEPS = ("git-refs", "git-fetch", "git-push")
API_STEPS = ("mr-list", "mr-create")
COMMON: tuple[dict[str, Any], ...] = (
    {"kind": "reset"},
    {"kind": "unauthorized"},
    {"kind": "forbidden"},
    {"kind": "too_many", "retry_after": 30},
    {"kind": "too_many", "retry_after": "in an hour"},
    {"kind": "too_many"},
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 502},
    {"kind": "error", "status": 503},
    {"kind": "error", "status": 504, "effect": True},
    {"kind": "html"},
    {"kind": "truncated"},
    {"kind": "truncated", "short": True},
    {"kind": "lost_before"},
    {"kind": "lost_after"},
    {"kind": "slow", "seconds": 1.5},
    {"kind": "redirect"},
)
FAULTS = [
    *({"on": step, **fault} for step in (*GIT_STEPS, *API_STEPS) for fault in COMMON),
    *({"on": step, "kind": "busy"} for step in GIT_STEPS),
    {"on": "mr-list", "kind": "foreign_page"},
    {"on": "any", "kind": "error", "status": 500, "times": 3},
    {"on": "any", "kind": "reset", "times": 5},
]


def name_of(fault: dict[str, Any]) -> str:
    return "-".join(str(one)[:12] for one in fault.values())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with GitLab() as gitlab:
        yield make_home(gitlab, tmp_path_factory.mktemp("gitlab"))


@pytest.fixture(scope="module")
def browser(place: Home) -> Iterator[Browser]:
    """A server at work."""
    browser = place.browser(patience=PATIENCE)
    browser.services.courier.start()
    yield browser
    browser.services.close()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with GitLab() as gitlab:
        yield make_home(gitlab, tmp_path)


rows = itertools.count(1)


def correction() -> dict[str, Any]:
    """A change of a row that no other proposal touches."""
    return update(f"{next(rows):03d}", agents="7")


def until(holds: Callable[[], Any], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def opened(home: Home, services: Services, proposal: str) -> None:
    """Wait until a proposal is open, while time passes as quickly as is needed."""

    def is_open() -> bool:
        if services.proposals.get(desks(services), proposal).state == "open":
            return True
        home.clock.move(seconds=600)
        services.courier.wake("desks")
        time.sleep(0.1)
        return False

    until(is_open)


def check_nothing_doubled(home: Home, services: Services) -> None:
    """There are as many merge requests and branches as proposals, and no others."""
    found, total = services.proposals.page(desks(services), page_size=10_000)
    assert len(home.project.requests) == total
    branches = home.project.refs("refs/heads/proposals/")
    assert set(branches) == {f"refs/heads/proposals/desks/{one.id}" for one in found}


# -- Faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
@pytest.mark.fault(21, 22, 23, 24, 25, 26, 27, 28)
def test_a_fault_delays_a_proposal_and_nobody_else(
    place: Home, browser: Browser, fault: dict[str, Any]
) -> None:
    if fault.get("retry_after") == "in an hour":
        later = datetime.now(UTC) + timedelta(hours=1)
        fault = {**fault, "retry_after": format_datetime(later, usegmt=True)}
    struck = place.gitlab.fault(Fault(**fault))
    begun = time.monotonic()
    answer = browser.propose(correction())
    assert time.monotonic() - begun < PATIENCE + 5
    assert answer.status_code in (201, 202)
    identifier = answer.json["id"]
    if answer.status_code == 202:
        assert answer.json["state"] == "queued"
        assert answer.json["merge_request"] is None
        shown = browser.get(f"/proposals/{identifier}").json
        assert shown["state"] in ("queued", "open")
    begun = time.monotonic()
    assert browser.get("/resources/desks/rows?page_size=5").status_code == 200
    assert time.monotonic() - begun < 5
    until(lambda: struck.met >= 1, 5)
    place.gitlab.faults.clear()
    opened(place, browser.services, identifier)
    place.check_opened_once(browser.services.proposals.get(desks(browser.services), identifier))
    assert browser.get(f"/proposals/{identifier}").json["state"] == "open"
    check_nothing_doubled(place, browser.services)
    until(lambda: browser.services.watch.outlook("desks").fault is None)
    assert not [one for one in place.gitlab.foreign.calls if place.token in str(one.headers)]


@pytest.mark.fault(21)
def test_a_server_that_does_not_listen_delays_and_loses_nothing(home: Home) -> None:
    browser = home.browser(patience=PATIENCE)
    browser.services.courier.start()
    home.gitlab.stop()
    sent = []
    for _ in range(3):
        begun = time.monotonic()
        answer = browser.propose(correction())
        assert time.monotonic() - begun < PATIENCE + 5
        assert (answer.status_code, answer.json["state"]) == (202, "queued")
        sent.append(answer.json["id"])
    assert browser.get("/resources/desks/rows").status_code == 200
    until(lambda: browser.services.watch.outlook("desks").fault == "forge_unreachable")
    home.gitlab.start()
    for one in sent:
        opened(home, browser.services, one)
        home.check_opened_once(browser.services.proposals.get(desks(browser.services), one))
    check_nothing_doubled(home, browser.services)
    browser.services.close()


@pytest.mark.fault(22)
def test_a_token_that_is_renewed_is_used_after_a_restart_or_a_while(home: Home) -> None:
    browser = home.browser(patience=PATIENCE)
    home.gitlab.revoke(home.token)
    answer = browser.propose(correction())
    browser.services.courier.round(desks(browser.services))
    outlook = browser.services.watch.outlook("desks")
    assert outlook.fault == "forge_unauthorized"
    calls = len(home.gitlab.calls)
    home.clock.move(minutes=14)
    browser.services.courier.round(desks(browser.services))
    assert len(home.gitlab.calls) == calls  # whoever insists is shut out
    home.token = home.gitlab.token("bot")
    after = home.start()
    after.courier.round(desks(after))
    home.check_opened_once(after.proposals.get(desks(after), answer.json["id"]))
    for one in (browser.services, after):
        one.close()


# -- Kills --------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Api, "of_branch"),
        (Mirror, "look"),
        (Mirror, "push"),
        (Branches, "put"),
        (Api, "create"),
        (Decisions, "opened"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
@pytest.mark.fault(8, 9, 10)
def test_a_kill_at_any_point_leaves_one_merge_request_in_the_end(
    home: Home, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, after: bool
) -> None:
    browser = home.browser()
    identifier = browser.propose(correction()).json["id"]
    real = getattr(owner, name)

    def killed(*given: Any, **named: Any) -> None:
        if after:
            real(*given, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, killed)
        with pytest.raises(Killed):
            browser.services.courier.round(desks(browser.services))
    browser.services.close()
    next_one = home.start()
    next_one.courier.round(desks(next_one))
    home.check_opened_once(next_one.proposals.get(desks(next_one), identifier))
    assert next_one.watch.outlook("desks").fault is None
    check_nothing_doubled(home, next_one)
    next_one.close()


SERVER = """
import os, sys
from pathlib import Path
from retouche.settings import Settings
from retouche.connection import Connection, addresses
from retouche.wiring import build, recover

home, address, token, first = sys.argv[1:]
found = addresses(address)
connection = Connection(
    base_url=found.base_url, project=found.project, clone_url=found.clone_url,
    token=lambda: token,
)
settings = Settings(home=Path(home), secret_key="a secret for tests", patience=0.05)
services = build(settings, {"desks": connection})
assert recover(services) == []
services.courier.start()
dataset = services.catalogue.get("desks")
for number in range(int(first), int(first) + 16):
    operation = {"op": "update", "key": {"id": f"{number:03d}"}, "new": {"agents": "9"}}
    sent = services.proposals.submit(dataset, {"operations": [operation]})
    os.write(1, sent.id.encode() + b"\\n")
"""


@pytest.mark.fault(8, 9, 11)
def test_servers_that_are_killed_lose_and_double_nothing(home: Home) -> None:
    home.browser().services.close()
    acknowledged: list[str] = []
    for turn, moment in enumerate((0.05, 0.4, 1.0)):
        given = [str(home.path), home.project.clone_url, home.token, str(turn * 80 + 1)]
        with subprocess.Popen(
            [sys.executable, "-c", SERVER, *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as server:
            assert server.stdout is not None
            told = server.stdout.readline()
            time.sleep(moment)
            os.killpg(server.pid, signal.SIGKILL)
            told += server.stdout.read()
        acknowledged += told.decode().split()
    assert len(acknowledged) > 4
    services = home.start()
    dataset = desks(services)
    until(lambda: _carried(home, services), 60)
    for one in acknowledged:
        home.check_opened_once(services.proposals.get(dataset, one))
    check_nothing_doubled(home, services)
    assert services.proposals.counts(dataset)["open"] >= len(acknowledged)
    services.close()


def _carried(home: Home, services: Services) -> bool:
    services.courier.round(desks(services))
    home.clock.move(seconds=60)
    return not services.proposals.counts(desks(services)).get("queued")


@pytest.mark.fault(39, 40)
def test_two_servers_of_one_home_publish_each_proposal_once(home: Home) -> None:
    browsers = [home.browser(patience=0.0), home.browser(patience=0.0)]
    for one in browsers:
        one.services.courier.start()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: browsers[n % 2].propose(correction()), range(12)))
    services = browsers[0].services
    for one in answers:
        opened(home, services, one.json["id"])
        home.check_opened_once(services.proposals.get(desks(services), one.json["id"]))
    check_nothing_doubled(home, services)
    for browser in browsers:
        browser.services.close()


# -- Taking back, and deciding ------------------------------------------------------------------


def test_what_is_taken_back_is_closed_there_once_the_server_answers(home: Home) -> None:
    browser = home.browser(patience=PATIENCE)
    services = browser.services
    answer = browser.propose(correction())
    services.courier.round(desks(services))
    home.gitlab.stop()
    secret = answer.json["follow_up_url"].partition("secret=")[2]
    address = f"/proposals/{answer.json['id']}/withdraw"
    begun = time.monotonic()
    withdrawn = browser.post(address, {}, headers={"Authorization": f"Bearer {secret}"})
    assert time.monotonic() - begun < 5
    assert withdrawn.json["state"] == "withdrawn"
    services.courier.round(desks(services))
    home.gitlab.start()
    home.clock.move(seconds=600)
    services.courier.round(desks(services))
    (request,) = home.requests(answer.json["id"])
    assert request.state == "closed"
    assert home.head(answer.json["id"]) is None
    present = services.proposals.get(desks(services), answer.json["id"])
    assert (present.state, present.decision) == ("withdrawn", {})
    services.close()


@pytest.fixture
def reviewed(home: Home) -> Iterator[tuple[Services, Proposal, Reviewer]]:
    """An open proposal of two corrections, and a maintainer who looks at it."""
    browser = home.browser()
    services = browser.services
    identifier = browser.propose(correction(), correction()).json["id"]
    services.courier.round(desks(services))
    reviewer = Reviewer(name="maintainer", token=home.gitlab.token("maintainer"))
    yield services, services.proposals.get(desks(services), identifier), reviewer
    services.close()


Reviewed = tuple[Services, Proposal, Reviewer]


@pytest.mark.parametrize("chosen", [None, [1]], ids=["whole", "part"])
def test_accepting_publishes_what_was_chosen_and_following_agrees(
    home: Home, reviewed: Reviewed, chosen: list[int] | None
) -> None:
    services, proposal, reviewer = reviewed
    dataset = desks(services)
    done = services.review.accept(
        dataset, proposal.id, head=str(proposal.head), operations=chosen, reviewer=reviewer
    )
    (request,) = home.requests(proposal.id)
    assert (request.state, done.state) == ("merged", "accepted")
    services.courier.round(dataset)
    kept = services.proposals.get(dataset, proposal.id)
    assert kept.decision == done.decision
    assert [one.kind for one in services.proposals.events(dataset, proposal.id)][-1] == "accepted"
    content = home.project.file("desks.csv")
    assert content is not None
    assert content.count(b",7,2020") == (2 if chosen is None else 1)
    assert dataset.at().data("desks")[:] == content


@pytest.mark.fault(42)
def test_what_somebody_edited_there_is_merged_as_it_is(home: Home, reviewed: Reviewed) -> None:
    services, proposal, reviewer = reviewed
    content = home.project.file("desks.csv", f"proposals/desks/{proposal.id}")
    assert content is not None
    corrected = content.replace(b"Desk of Gordes", b"Desk of Gordes (hall)")
    edited = edited_there(home, services, proposal, "desks.csv", corrected)
    done = services.review.accept(
        desks(services), proposal.id, head=str(edited.head), reviewer=reviewer
    )
    assert done.state == "accepted"
    (request,) = home.requests(proposal.id)
    assert (request.state, request.head) == ("merged", edited.head)
    assert home.project.file("desks.csv") == corrected


def test_what_no_page_here_shows_is_merged_in_gitlab_alone(home: Home, reviewed: Reviewed) -> None:
    services, proposal, reviewer = reviewed
    edited = edited_there(home, services, proposal, "NOTES.md", b"checked by phone\n")
    with pytest.raises(ForgeRefused):
        services.review.accept(
            desks(services), proposal.id, head=str(edited.head), reviewer=reviewer
        )
    (request,) = home.requests(proposal.id)
    assert request.state == "opened"


def edited_there(
    home: Home, services: Services, proposal: Proposal, path: str, content: bytes
) -> Proposal:
    """A proposal once somebody pushed a file to its branch and that was seen here."""
    branch = f"proposals/desks/{proposal.id}"
    message = "Say how it was checked"
    home.project.push(branch, {path: content}, by="maintainer", message=message)
    home.clock.move(seconds=3601)
    services.courier.round(desks(services))
    edited = services.proposals.get(desks(services), proposal.id)
    assert edited.upstream.edited
    assert edited.head == home.head(proposal.id) != proposal.head
    return edited


def test_who_may_not_merge_there_may_not_here(home: Home, reviewed: Reviewed) -> None:
    services, proposal, _ = reviewed
    home.gitlab.user("guest")
    home.project.member("guest", 10)
    guest = Reviewer(name="guest", token=home.gitlab.token("guest"))
    dataset = desks(services)
    with pytest.raises(NotAllowed):
        services.review.accept(dataset, proposal.id, head=str(proposal.head), reviewer=guest)
    with pytest.raises(NotAllowed):
        services.review.reject(dataset, proposal.id, reason="spam", reviewer=guest)
    home.check_opened_once(services.proposals.get(dataset, proposal.id))
    assert services.proposals.get(dataset, proposal.id).decision is None


@pytest.mark.parametrize(
    ("kind", "ends"), [("lost_after", "accepted"), ("lost_before", "open"), ("error", "open")]
)
@pytest.mark.fault(24)
def test_a_merge_whose_answer_is_lost_is_found_out(
    home: Home, reviewed: Reviewed, kind: Any, ends: str
) -> None:
    services, proposal, reviewer = reviewed
    dataset = desks(services)
    home.gitlab.fault(Fault(on="mr-merge", kind=kind, times=9, status=502))
    home.gitlab.fault(Fault(on="mr-get", kind="reset", times=3, after=3))
    try:
        services.review.accept(dataset, proposal.id, head=str(proposal.head), reviewer=reviewer)
    except ForgeUnavailable:
        home.gitlab.faults.clear()
        home.clock.move(seconds=120)
        services.courier.round(dataset)
        home.clock.move(seconds=3601)
        services.courier.round(dataset)
    home.gitlab.faults.clear()
    present = services.proposals.get(dataset, proposal.id)
    assert present.state == ends
    assert not (present.decision or {}).get("pending")
    assert [one.state for one in home.requests(proposal.id)] == [
        "merged" if ends == "accepted" else "opened"
    ]
    if ends == "open":
        done = services.review.accept(
            dataset, proposal.id, head=str(present.head), reviewer=reviewer
        )
        assert done.state == "accepted"


def test_a_kill_after_the_merge_is_found_out(
    home: Home, reviewed: Reviewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, proposal, reviewer = reviewed
    dataset = desks(services)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Decisions, "accepted", killed)
        with pytest.raises(Killed):
            services.review.accept(
                dataset, proposal.id, head=str(proposal.head), message="thanks", reviewer=reviewer
            )
    after = home.start()
    after.courier.round(desks(after))
    present = after.proposals.get(desks(after), proposal.id)
    assert present.state == "accepted"
    assert present.decision is not None
    assert (present.decision["by"], present.decision["message"]) == ("maintainer", "thanks")
    assert "pending" not in present.decision
    after.close()
