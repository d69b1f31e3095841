"""Webhooks of GitLab: proved or refused, written once, never believed, never followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from retouche.connection import Connection
from retouche.ports import Delivery
from retouche.services.courier.bell import Bell
from retouche.web.app import create_gateway
from retouche.web.hooks import LARGEST, READ, WINDOW
from tests.datasets import Browser, serve, write_desks
from tests.gitlab_double import GitLab
from tests.web.test_gateway import Client, in_a_loop, scope

SECRET = "a secret of the webhook"
PATH = "/hooks/gitlab/desks"
MERGE_REQUEST = {
    "object_kind": "merge_request",
    "project": {"id": 7, "path_with_namespace": "open-data/desks"},
    "object_attributes": {"iid": 12, "action": "merge"},
}
HEADERS = {"X-Gitlab-Event": "Merge Request Hook", "X-Gitlab-Token": SECRET}


@dataclass
class Hooked:
    """A server whose dataset `desks` is connected, and what its courier was told."""

    browser: Browser
    woken: list[str]

    def post(self, payload: Any = MERGE_REQUEST, **headers: str) -> Any:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.browser.client.post(
            PATH, data=body, headers={**HEADERS, **named}, content_type="application/json"
        )

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.browser.services.watch.deliveries("desks"))


Make = Callable[..., Hooked]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(secret: str | None = SECRET, project: str = "open-data/desks") -> Hooked:
        connection = Connection(
            base_url="https://gitlab.example",
            project=project,
            clone_url="https://gitlab.example/open-data/desks.git",
            token=lambda: "none",
            webhook_secret=secret,
        )
        folder = write_desks(tmp_path / "package")
        services = serve(tmp_path / "home", {"desks": folder})
        woken: list[str] = []

        class Told(Bell):
            def ring(self, dataset: str, *, look: bool = False) -> None:
                woken.append(dataset)

        services = replace(services, connections={"desks": connection}, bell=Told(0.0))
        return Hooked(Browser(services), woken)

    return made


@pytest.fixture
def hooked(make: Make) -> Hooked:
    return make()


def signed(
    body: bytes, key: bytes, *, moment: float, identifier: str = "msg-1", version: str = "v1"
) -> dict[str, str]:
    text = f"{identifier}.{int(moment)}.".encode() + body
    digest = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(moment)),
        "webhook-signature": f"{version},{digest}",
    }


# Proof


def test_a_delivery_with_the_token_is_written_and_wakes_the_courier(hooked: Hooked) -> None:
    answer = hooked.post()
    assert (answer.status_code, answer.json) == (202, {"received": True})
    assert answer.headers["Cache-Control"] == "no-store"
    (found,) = hooked.deliveries
    assert (found.kind, found.number, found.dataset) == ("merge_request", 12, "desks")
    assert hooked.woken == ["desks"]


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize("token", ["", "wrong", f"{SECRET} ", "é", "\u00ff" * 40, "x" * 8000])
def test_a_wrong_token_is_refused_whatever_it_is_made_of(hooked: Hooked, token: str) -> None:
    answer = hooked.post(X_Gitlab_Token=token)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "not_signed_in"
    assert SECRET not in answer.text
    assert hooked.deliveries == []


@pytest.mark.attack("webhooks")
def test_a_missing_token_is_refused(hooked: Hooked) -> None:
    answer = hooked.browser.client.post(PATH, json=MERGE_REQUEST)
    assert answer.status_code == 401
    assert hooked.woken == []


def test_a_secret_that_is_not_ascii_is_compared_as_bytes(make: Make) -> None:
    hooked = make(secret="clé secrète")
    sent = "clé secrète".encode().decode("latin-1")  # as WSGI shows the bytes that were sent
    assert hooked.post(X_Gitlab_Token=sent).status_code == 202
    assert hooked.post(X_Gitlab_Token="clé secrète").status_code == 401


@pytest.mark.parametrize("form", ["raw", "prefixed", "unpadded"])
def test_a_signature_is_proof(make: Make, form: str) -> None:
    key = b"32 bytes that nobody else knows."
    coded = base64.b64encode(key).decode()
    secret = {"raw": key.decode(), "prefixed": f"whsec_{coded}"}.get(form) or (
        f"whsec_{coded.rstrip('=')}"
    )
    hooked = make(secret=secret)
    body = json.dumps(MERGE_REQUEST).encode()
    now = hooked.browser.services.clock().timestamp()
    headers = signed(body, key, moment=now)
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']} v2,BBBB"
    assert hooked.post(body, X_Gitlab_Token="", **headers).status_code == 202


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize("fault", ["old", "ahead", "no time", "odd time", "other body", "version"])
def test_a_signature_that_does_not_fit_is_refused(make: Make, fault: str) -> None:
    key = b"32 bytes that nobody else knows."
    hooked = make(secret=key.decode())
    body = json.dumps(MERGE_REQUEST).encode()
    now = hooked.browser.services.clock().timestamp()
    shift = {"old": -WINDOW - 60, "ahead": WINDOW + 60}.get(fault, 0)
    headers = signed(
        b"{}" if fault == "other body" else body,
        key,
        moment=now + shift,
        version="v0" if fault == "version" else "v1",
    )
    if fault == "no time":
        del headers["webhook-timestamp"]
    if fault == "odd time":
        headers["webhook-timestamp"] = "²"
    answer = hooked.post(body, X_Gitlab_Token=key.decode(), **headers)
    assert answer.status_code == 401
    assert hooked.deliveries == []


@pytest.mark.parametrize("secret", ["whsec_", "whsec_=", "whsec_=="])
def test_a_signing_token_that_holds_nothing_is_no_empty_key(make: Make, secret: str) -> None:
    hooked = make(secret=secret)
    now = hooked.browser.services.clock().timestamp()
    headers = signed(b"{}", b"", moment=now)
    assert hooked.post(b"{}", X_Gitlab_Token="", **headers).status_code == 401


@pytest.mark.attack("webhooks")
def test_a_signature_without_its_identifier_is_no_proof(make: Make) -> None:
    hooked = make(secret="k")
    body = b"{}"
    now = hooked.browser.services.clock().timestamp()
    headers = signed(body, b"k", moment=now, identifier="")
    assert hooked.post(body, **headers).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [("/hooks/gitlab/nothing", 404), ("/hooks/gitlab/..%2f..%2fx", 404), ("/hooks/gitlab/é", 404)],
)
def test_a_hook_of_no_dataset_is_not_there(hooked: Hooked, path: str, status: int) -> None:
    answer: Any = hooked.browser.client.post(path, json=MERGE_REQUEST, headers=HEADERS)
    assert answer.status_code == status
    assert answer.json["code"] == "not_found"


def test_a_dataset_that_lives_here_has_no_hook(desks: Browser) -> None:
    answer = desks.client.post(PATH, json=MERGE_REQUEST, headers=HEADERS)
    assert answer.status_code == 404


def test_without_a_secret_nothing_is_believed(make: Make) -> None:
    hooked = make(secret=None)
    assert hooked.post().status_code == 403
    assert hooked.post(X_Gitlab_Token="").status_code == 403


def test_the_address_takes_nothing_but_posts(hooked: Hooked) -> None:
    assert hooked.browser.client.get(PATH).status_code == 405


# Once


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize("name", ["webhook_id", "Idempotency_Key"])
@pytest.mark.fault(30)
def test_the_same_delivery_twice_has_one_effect(hooked: Hooked, name: str) -> None:
    for _ in range(3):
        assert hooked.post(**{name: "d2c5"}).status_code == 202
    assert len(hooked.deliveries) == 1
    assert hooked.woken == ["desks"]
    hooked.browser.services.watch.settle("desks", [hooked.deliveries[0].id])
    hooked.post(**{name: "d2c5"})
    assert hooked.deliveries == []
    hooked.post(**{name: "another"})
    assert len(hooked.deliveries) == 1


def test_without_an_identifier_the_same_body_is_the_same_delivery(hooked: Hooked) -> None:
    other = {**MERGE_REQUEST, "object_attributes": {"iid": 13}}
    for payload in (MERGE_REQUEST, other, MERGE_REQUEST):
        hooked.post(payload, X_Gitlab_Event_UUID="one event sets off another")
    assert [one.number for one in hooked.deliveries] == [12, 13]


# Hints


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize(
    ("payload", "kind", "number"),
    [
        ({"object_kind": "push", "ref": "refs/heads/main"}, "push", None),
        (
            {
                "object_kind": "note",
                "object_attributes": {"note": "/merge"},
                "merge_request": {"iid": 5},
            },
            "note",
            5,
        ),
        (
            {"object_kind": "merge_request", "object_attributes": {"iid": "12"}},
            "merge_request",
            None,
        ),
        (
            {"object_kind": "merge_request", "object_attributes": {"iid": True}},
            "merge_request",
            None,
        ),
        ({"object_kind": "merge_request", "object_attributes": {"iid": -1}}, "merge_request", None),
        (
            {"object_kind": "merge_request", "object_attributes": {"iid": 2**40}},
            "merge_request",
            None,
        ),
        ({"object_kind": "merge_request", "object_attributes": [12]}, "merge_request", None),
        (b"no JSON at all \xff", "merge_request", None),
        (b'{"object_kind": "push", "object_kind": "note"}', "merge_request", None),
        (b"[" * 100_000, "merge_request", None),
        (b"[1]", "merge_request", None),
        (b"", "merge_request", None),
    ],
)
@pytest.mark.fault(30)
def test_what_a_payload_says_is_only_a_hint(
    hooked: Hooked, payload: Any, kind: str, number: int | None
) -> None:
    assert hooked.post(payload).status_code == 202
    assert [(one.kind, one.number) for one in hooked.deliveries] == [(kind, number)]


@pytest.mark.attack("webhooks")
@pytest.mark.parametrize(
    "payload",
    [
        {"object_kind": "pipeline"},
        {"object_kind": ["push"]},
        {"object_kind": "issue", "object_attributes": {"iid": 3}},
        {"object_kind": "note", "object_attributes": {"noteable_type": "Issue"}},
        {**MERGE_REQUEST, "project": {"path_with_namespace": "somebody/else"}},
    ],
)
@pytest.mark.fault(30)
def test_what_is_not_for_us_is_taken_and_passed_over(hooked: Hooked, payload: Any) -> None:
    assert hooked.post(payload).status_code == 202
    assert (hooked.deliveries, hooked.woken) == ([], [])


@pytest.mark.parametrize(("identifier", "count"), [(7, 1), (8, 0), ("8", 1)])
def test_a_project_known_by_its_number_is_compared_by_it(
    make: Make, identifier: object, count: int
) -> None:
    hooked = make(project="7")
    hooked.post({**MERGE_REQUEST, "project": {"id": identifier}})
    assert len(hooked.deliveries) == count


@pytest.mark.attack("webhook-addresses")
def test_no_address_of_a_payload_is_ever_asked(hooked: Hooked) -> None:
    with GitLab() as canary:
        address = f"{canary.foreign.url}/x.git"
        project = {"git_http_url": address, "web_url": address, "url": address}
        hooked.post(
            {
                **MERGE_REQUEST,
                "project": {**project, "path_with_namespace": "open-data/desks"},
                "repository": {"url": address, "git_http_url": address, "homepage": address},
                "object_attributes": {"iid": 12, "url": address, "source": project},
            }
        )
        time.sleep(0.2)
        assert canary.foreign.calls == canary.calls == []
    assert address not in repr(hooked.deliveries)


# Size and speed


@pytest.mark.fault(30)
def test_a_body_of_25_megabytes_is_a_hint_to_look_at_everything(hooked: Hooked) -> None:
    large = json.dumps({**MERGE_REQUEST, "padding": "x" * 25_000_000}).encode()
    assert READ < len(large) < LARGEST
    assert hooked.post(large).status_code == 202
    assert [(one.kind, one.number) for one in hooked.deliveries] == [("merge_request", None)]
    assert hooked.post(b" " * (LARGEST + 1)).status_code == 413


def test_the_gateway_reads_25_megabytes_for_a_hook_and_for_nothing_else(make: Make) -> None:
    hooked = make()
    gateway = create_gateway(hooked.browser.services)
    body = b" " * 25_000_000
    pieces = [body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000)]

    async def post(path: str) -> int:
        client = Client(*pieces)
        headers = {"content_length": str(len(body)), "x_gitlab_token": SECRET}
        headers |= {"x_gitlab_event": "Push Hook", "content_type": "application/json"}
        await gateway(scope(path, "POST", **headers), client.receive, client.send)
        return client.status

    async def both() -> None:
        assert await post(PATH) == 202
        assert await post("/api/v1/datasets/desks/proposals") == 413

    try:
        in_a_loop(both())
    finally:
        gateway.close()
    assert [one.kind for one in hooked.deliveries] == ["push"]


def test_an_answer_does_not_wait_for_the_work(hooked: Hooked) -> None:
    took = []
    for number in range(20):
        begun = time.perf_counter()
        assert hooked.post(webhook_id=str(number)).status_code == 202
        took.append(time.perf_counter() - begun)
    assert sorted(took)[10] < 0.1


def test_deliveries_of_gitlab_itself_are_taken(make: Make, tmp_path: Path) -> None:
    """As the double posts them, with a token and with a signature."""
    hooked = make(secret="whsec_" + base64.b64encode(b"k" * 32).decode())
    with GitLab() as gitlab:
        project = gitlab.project("open-data/desks")
        secret = hooked.browser.services.connections["desks"].webhook_secret
        project.hook("http://127.0.0.1:9", signing_token=secret)
        project.push("main", {"a.csv": b"id\n1\n"}, message="Change")
        gitlab.settle()
        (delivery,) = gitlab.deliveries
    moment = hooked.browser.services.clock().timestamp()
    again = signed(delivery.body, b"k" * 32, moment=moment, identifier="from-gitlab")
    headers = {**delivery.headers, **again}
    answer = hooked.browser.client.post(PATH, data=delivery.body, headers=headers)
    assert answer.status_code == 202
    assert [one.kind for one in hooked.deliveries] == ["push"]
