"""What comes in without an account, and what does not: limits, pauses, blocks, proofs, traps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.ports import Block, Pause, Sender
from retouche.wiring import build
from tests.datasets import UNLIMITED, Browser, Movable, serve, update, write_desks
from tests.services.test_guarding import answer, written

ROWS = "/resources/desks/rows"
HERE = "192.0.2.1"
KEPT = datetime(2026, 1, 1, tzinfo=UTC)


def served(tmp_path: Path, contributions: Any = None, **settings: Any) -> Browser:
    """The dataset `desks`, with what it asks of contributors, by a clock that goes on like ours."""
    folder = write_desks(tmp_path / "package")
    if contributions is not None:
        path = folder / "datapackage.json"
        described = json.loads(path.read_text())
        described["retouche"] = {"contributions": contributions}
        described["contributors"] = [{"title": "Team", "email": "team@example.org"}]
        path.write_text(json.dumps(described))
    first = serve(tmp_path / "home", {"desks": folder}, **settings)
    first.close()
    return Browser(build(first.settings, {"desks": "main"}, clock=Movable()))


def come_from(address: str, forwarded: str | None = None) -> dict[str, Any]:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}


def propose(desks: Browser, number: int = 5, *, address: str = HERE, **more: Any) -> Any:
    body = {"operations": [update("01", agents=str(number))], **more}
    return desks.post("/proposals", body, **come_from(address))


def kept(desks: Browser) -> list[Any]:
    return list(desks.services.proposals.page(desks.services.catalogue.get("desks"))[0])


# -- How often -------------------------------------------------------------------------------


@pytest.mark.attack("senders", "floods")
def test_a_flood_from_one_network_gets_its_quota_and_others_are_served(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=10)
    answers = []
    for one in range(300):
        answers.append(propose(desks, one + 5, address=f"2001:db8::{one:x}"))
    assert [one.status_code for one in answers] == [201] * 10 + [429] * 290
    refused = answers[-1]
    assert refused.json["code"] == "rate_limited"
    assert "10 contributions" in refused.json["detail"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert propose(desks, 900, address="2001:db8:0:1::1").status_code == 201
    assert len(kept(desks)) == 11


def test_all_that_is_sent_is_counted_together_and_said_in_both_languages(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=3)
    assert propose(desks).status_code == 201
    here = come_from(HERE)
    assert desks.post(f"{ROWS}/01/confirmations", {}, **here).status_code == 201
    assert desks.post(f"{ROWS}/01/remarks", {"comment": "x"}, **here).status_code == 201
    for locale, words in (("fr", "par minute"), ("en", "a minute")):
        here["headers"] = {"Accept-Language": locale}
        refused = desks.post(f"{ROWS}/01/remarks", {"comment": "y"}, **here)
        assert refused.status_code == 429
        assert words in refused.json["detail"]
    other = Browser(desks.services, "desks")
    assert propose(other, address="198.51.100.1").status_code == 201


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"limit_day": 2}, "2 contributions par jour"),
        ({"limit_dataset": 2}, "plus de 2 par minute"),
    ],
)
def test_a_day_and_a_dataset_have_their_limits(
    tmp_path: Path, limits: dict[str, int], words: str
) -> None:
    desks = served(tmp_path, **limits)
    assert [propose(desks, n).status_code for n in (5, 6)] == [201, 201]
    refused = propose(desks, 7)
    assert refused.status_code == 429
    assert words in refused.json["detail"]


@pytest.mark.attack("senders")
def test_what_was_carried_out_is_answered_again_whatever_the_limits(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=1)
    body = {"operations": [update("01", agents="5")]}
    send = {"environ_base": {"REMOTE_ADDR": HERE}, "headers": {"Idempotency-Key": "one"}}
    first = desks.post("/proposals", body, **send)
    assert propose(desks, 6).status_code == 429
    desks.services.moderation.set_pause(Pause(dataset="desks", by="r", since=KEPT))
    again = desks.post("/proposals", {**body, "proof": "x", "opened": "y"}, **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json["id"] == first.json["id"]


def test_a_room_that_is_exempt_is_not_counted(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=1, limit_exempt="192.0.2.0/28, 2001:db8::/32")
    for number, address in enumerate((HERE, "192.0.2.15", "::ffff:192.0.2.3", "2001:db8::1")):
        assert propose(desks, number + 5, address=address).status_code == 201
    outside = [propose(desks, n + 50, address="192.0.2.16").status_code for n in range(2)]
    assert outside == [201, 429]


@pytest.mark.attack("floods")
def test_checks_and_copies_have_limits_of_their_own(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=2)
    body = {"operations": [update("01", agents="5")]}
    here = come_from(HERE)
    checks = [desks.post("/validate", body, **here).status_code for _ in range(21)]
    assert checks == [200] * 20 + [429]
    copies = [
        desks.client.post(
            f"{desks.api}/resources/desks/comparison",
            data="id\n",
            content_type="text/csv",
            **here,
        ).status_code
        for _ in range(3)
    ]
    assert copies[2] == 429
    assert copies[0] != 429
    signs = [desks.client.get("/sign-in?token=x", **here).status_code for _ in range(3)]
    assert signs == [401, 401, 429]
    assert propose(desks).status_code == 201


# -- Who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", HERE),
        (1, None, HERE),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9,10.0.0.1", "203.0.113.9"),
        (3, "203.0.113.9, 10.0.0.1", HERE),
        (1, "203.0.113.9, junk", HERE),
        (1, "203.0.113.9,", HERE),
        (1, "2001:db8::5", "2001:db8::5"),
    ],
)
@pytest.mark.attack("senders")
def test_the_address_is_the_one_that_trusted_proxies_name(
    tmp_path: Path, proxies: int, forwarded: str | None, address: str
) -> None:
    desks = served(tmp_path, trusted_proxies=proxies)
    contributor = {"name": "Ann", "email": "Ann@Example.org"}
    body = {"operations": [update("01", agents="5")], "contributor": contributor}
    sent = desks.post("/proposals", body, **come_from(HERE, forwarded))
    assert sent.status_code == 201
    expected = desks.services.guard.sender("desks", address, "ann@example.org")
    assert kept(desks)[0].sender == expected
    shown = desks.get(f"/proposals/{sent.json['id']}", headers=desks.reviewer).get_data(True)
    for secret in (expected.address, expected.contact, address):
        assert secret is not None
        assert secret not in shown
        assert secret not in sent.get_data(as_text=True)


def test_what_is_said_of_rows_has_its_sender_too(tmp_path: Path) -> None:
    desks = served(tmp_path)
    body = {"comment": "x", "contributor": {"email": "a@b.example"}}
    desks.post(f"{ROWS}/01/remarks", body, **come_from(HERE))
    found = desks.services.catalogue.get("desks")
    (remark,) = desks.services.voices.remarks(found, state="open")[0]
    assert remark.sender == desks.services.guard.sender("desks", HERE, "a@b.example")


@pytest.mark.parametrize("by", ["address", "contact"])
@pytest.mark.attack("senders")
def test_a_blocked_sender_hears_whom_to_write_to_and_no_hash(tmp_path: Path, by: str) -> None:
    desks = served(tmp_path, {"proof": "never"})
    whole = desks.services.guard.sender("desks", HERE, "a@b.example")
    hashed = str(getattr(whole, by))
    desks.services.moderation.block(
        Block(id="1", dataset="desks", sender=Sender(**{by: hashed}), by="r", created_at=KEPT)
    )
    refused = propose(desks, contributor={"email": "A@B.example"})
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    assert "team@example.org" in refused.json["detail"]
    assert hashed not in refused.get_data(as_text=True)
    assert propose(desks, address="198.51.100.1").status_code == 201
    if by == "address":
        confirmed = desks.post(f"{ROWS}/01/confirmations", {}, **come_from(HERE))
        assert confirmed.status_code == 403


def test_a_paused_dataset_says_so_and_still_checks(tmp_path: Path) -> None:
    desks = served(tmp_path)
    assert desks.get("").json["contributions"] == {"proof": "under_load"}
    assert desks.get("/challenge").json["paused"] is None
    moderation = desks.services.moderation
    until = datetime.now(UTC) + timedelta(hours=1)
    pause = Pause(dataset="desks", by="r", since=KEPT, until=until, message="Moving house.")
    moderation.set_pause(pause)
    assert desks.get("/challenge").json["paused"]["message"] == "Moving house."
    assert "contributions" not in desks.get(f"?revision={desks.published}").json
    assert desks.get("/challenge").json["paused"]["until"] == until.isoformat()
    for path, body in (
        ("/proposals", {"operations": [update("01", agents="5")]}),
        (f"{ROWS}/01/confirmations", {}),
        (f"{ROWS}/01/remarks", {"comment": "x"}),
    ):
        refused = desks.post(path, body)
        assert (refused.status_code, refused.json["code"]) == (403, "paused")
        assert "Moving house." in refused.json["detail"]
    checked = desks.post("/validate", {"operations": [update("01", agents="5")]})
    assert checked.json["valid"]
    moderation.resume("desks")
    assert propose(desks).status_code == 201


# -- At what price ---------------------------------------------------------------------------


@pytest.mark.attack("proofs")
def test_where_a_proof_is_always_asked_for_each_counts_once(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "always"})
    refused = propose(desks)
    assert (refused.status_code, refused.json["code"]) == (403, "proof_required")
    assert refused.json["pointer"] == "/proof"
    proof = written(answer(refused.json["challenge"]))
    assert propose(desks, proof=proof).status_code == 201
    spent = propose(desks, 6, proof=proof)
    assert (spent.status_code, spent.json["code"]) == (403, "proof_required")
    assert propose(desks, 6, proof=written(answer(spent.json["challenge"]))).status_code == 201
    asked = desks.get("/challenge")
    assert asked.headers["Cache-Control"] == "no-store"
    assert asked.json["required"]
    said = {"proof": written(answer(asked.json["challenge"]))}
    assert desks.post(f"{ROWS}/01/confirmations", {}).status_code == 403
    assert desks.post(f"{ROWS}/01/confirmations", said).status_code == 201
    assert desks.post(f"{ROWS}/01/remarks", {"comment": "x", **said}).status_code == 403


@pytest.mark.attack("proofs")
def test_a_proof_is_spent_for_every_server_that_shares_the_counts(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "always"})
    other = Browser(build(desks.services.settings, {"desks": "main"}, clock=Movable()))
    proof = written(answer(desks.get("/challenge").json["challenge"]))
    assert propose(desks, proof=proof).status_code == 201
    assert propose(other, 6, proof=proof).status_code == 403


def test_a_proof_is_asked_for_under_load_only(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "under_load"}, proof_load=2)
    assert not desks.get("/challenge").json["required"]
    assert desks.get("/challenge").json["challenge"] is None
    assert [propose(desks, n).status_code for n in (5, 6, 7)] == [201, 201, 403]
    asked = desks.get("/challenge").json
    assert asked["required"]
    assert propose(desks, 7, proof=written(answer(asked["challenge"]))).status_code == 201


def test_a_dataset_that_never_asks_for_a_proof_takes_what_comes(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "never"}, proof_load=1)
    assert [propose(desks, n).status_code for n in (5, 6)] == [201, 201]
    assert desks.get("/challenge").json["proof"] == "never"


@pytest.mark.attack("proofs")
def test_a_proof_of_another_dataset_or_nonsense_is_refused(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "always"})
    foreign = written(answer(desks.services.guard.challenge("others")))
    for proof in (foreign, "x", "é" * 10, "A" * 4_000):
        assert propose(desks, proof=proof).status_code == 403
    assert propose(desks, proof=3).status_code in (400, 403)


# -- What looks unusual ----------------------------------------------------------------------


def test_signs_are_kept_for_reviewers(tmp_path: Path) -> None:
    desks = served(tmp_path, min_seconds=60.0)
    opened = desks.get("/challenge").json["opened"]
    propose(desks, opened=opened, comment="see www.example.org")
    desks.services.clock.move(seconds=90)  # type: ignore[attr-defined]
    propose(desks, 6, opened=opened)
    propose(desks, 7, opened="forged")
    assert [one.signs for one in kept(desks)] == [(), (), ("fast", "link_in_comment")]


def test_the_trap_is_told_before_anything_is_checked(tmp_path: Path) -> None:
    desks = served(tmp_path)
    refused = desks.post("/proposals", {"operations": [], "website": "x"})
    assert (refused.status_code, refused.json["pointer"]) == (400, "/website")
    said = desks.post(f"{ROWS}/01/remarks", {"comment": "x", "website": "y"})
    assert said.status_code == 400


def test_the_settings_of_these_tests_are_off_unless_given() -> None:
    assert set(UNLIMITED.values()) == {0}
