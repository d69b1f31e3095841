"""Webhooks of the double arrive as GitLab sends them, or go astray as tests ask."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.gitlab_double import GitLab, Project
from tests.gitlab_double.exchange import Answer, Request
from tests.gitlab_double.server import Server
from tests.gitlab_double.webhooks import signature

BRANCH = "proposals/centres/0123456789abcdef"
SIGNING = "whsec_" + base64.b64encode(b"k" * 32).decode()


class Receiver:
    """Takes webhooks and answers with a code."""

    def __init__(self) -> None:
        self.status = 202
        self.taken: list[Request] = []
        self.server = Server(self._answer)

    def _answer(self, request: Request) -> Answer:
        self.taken.append(request)
        return Answer(self.status)

    @property
    def kinds(self) -> list[str]:
        return [request.headers["x-gitlab-event"] for request in self.taken]

    @property
    def actions(self) -> list[str]:
        found = [request.params().get("object_attributes", {}) for request in self.taken]
        return [one.get("action", "push") for one in found]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.server.start()
    yield made
    made.server.stop()


@pytest.fixture
def ringing(project: Project, receiver: Receiver) -> Project:
    project.hook(f"{receiver.server.url}/hooks/centres", token="secret", signing_token=SIGNING)
    return project


def propose(project: Project) -> None:
    project.push(BRANCH, {"data.csv": b"id,name\n"}, by="bot", start="main")
    project.open(BRANCH, by="bot")


def test_a_life_of_a_merge_request_is_told(
    double: GitLab, ringing: Project, receiver: Receiver
) -> None:
    propose(ringing)
    ringing.push(BRANCH, {"data.csv": b"id\n"}, by="maintainer")
    ringing.note(1, "Why?", by="maintainer")
    ringing.note(1, "Secret", by="maintainer", internal=True)
    ringing.merge(1, by="maintainer")
    assert double.settle()
    assert receiver.kinds[:2] == ["Push Hook", "Merge Request Hook"]
    assert receiver.actions == ["push", "open", "push", "update", "create", "merge", "push"]
    update = receiver.taken[3].params()["object_attributes"]
    assert (update["iid"], len(update["oldrev"])) == (1, 40)
    note = receiver.taken[4].params()
    assert (note["object_attributes"]["note"], note["merge_request"]["iid"]) == ("Why?", 1)


def test_a_delivery_proves_where_it_comes_from(
    double: GitLab, ringing: Project, receiver: Receiver
) -> None:
    ringing.push("main", {"x": b"1"})
    assert double.settle()
    one = receiver.taken[0]
    assert one.headers["x-gitlab-token"] == "secret"
    assert one.headers["x-gitlab-instance"] == double.url
    assert one.headers["webhook-id"] == one.headers["idempotency-key"]
    parts = one.headers["webhook-id"], one.headers["webhook-timestamp"]
    assert one.headers["webhook-signature"] == signature(SIGNING, *parts, one.body)


def test_deliveries_are_lost_or_come_twice_or_in_reverse(
    double: GitLab, ringing: Project, receiver: Receiver
) -> None:
    double.delivery = "lost"
    propose(ringing)
    double.delivery = "twice"
    ringing.close(1)
    assert double.settle()
    assert receiver.actions == ["close", "close"]
    assert len({one.headers["idempotency-key"] for one in receiver.taken}) == 1
    double.delivery = "reversed"
    ringing.reopen(1)
    ringing.close(1)
    assert double.settle()
    assert len(receiver.taken) == 2
    double.flush()
    assert double.settle()
    assert receiver.actions[2:] == ["close", "reopen"]


def test_four_failures_disable_a_hook_for_a_while(
    double: GitLab, ringing: Project, receiver: Receiver
) -> None:
    receiver.status = 500
    for number in range(6):
        ringing.push("main", {"x": str(number).encode()})
    assert double.settle()
    hook = ringing.hooks[0]
    assert len(receiver.taken) == 4
    assert hook.alert_status == "temporarily_disabled"
    assert hook.as_json(1)["disabled_until"] is not None
    hook.failures = 40
    assert hook.alert_status == "disabled"


def test_a_receiver_that_is_down_is_a_failure_too(
    double: GitLab, ringing: Project, receiver: Receiver
) -> None:
    receiver.server.stop()
    ringing.push("main", {"x": b"1"})
    assert double.settle()
    assert (ringing.hooks[0].failures, double.deliveries[-1].status) == (1, None)
