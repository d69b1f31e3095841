"""What a reviewer's forms name: of one dataset, nothing of another; any time; any text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.datasets import Browser, serve, update, write_desks

HUGE = (
    "0001-01-01T00:00+14:00",
    "0001-01-01T00:00-14:00",
    "9999-12-31T23:59:59.999999-23:59",
    "9999-12-31T23:59+23:59",
    "2026-W01-1",
    "20260101T000000Z",
    "1970-01-01",
)
NONE = ("now", "2026-13-01", "1e9", "NaN", "-1", "2026-01-01T25:00", "\u0661\u0662", "a" * 5_000)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Browser, Browser]:
    """Two datasets of one server, with one and the same correction each, which is accepted."""
    folder: Path = tmp_path_factory.mktemp("both")
    packages = {one: write_desks(folder / one) for one in ("desks", "others")}
    services = serve(folder / "home", packages)
    found = Browser(services), Browser(services, "others")
    for one in found:
        one.token = found[-1].token
        sent = one.propose(update("04", agents="6")).json
        assert one.accept(sent).status_code == 200
    found[0].client.get(f"/sign-in?token={found[-1].token}")
    return found


def csrf(desks: Browser) -> str:
    page: str = desks.client.get("/desks/moderation", headers={"Accept": "text/html"}).text
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def sent(desks: Browser, path: str, **fields: str) -> TestResponse:
    return desks.client.post(
        f"/desks/moderation/{path}",
        data={"csrf": csrf(desks), **fields},
        headers={"Accept": "text/html"},
    )


def newest(desks: Browser, state: str) -> dict[str, Any]:
    found: dict[str, Any] = desks.get(f"/proposals?state={state}").json["data"][0]
    return found


@pytest.mark.attack("moderation-pages")
@pytest.mark.parametrize("path", ["block", "reject", "undo"])
def test_a_proposal_of_another_dataset_is_none_of_this_one(
    both: tuple[Browser, Browser], path: str
) -> None:
    desks, others = both
    foreign = newest(others, "accepted")["id"]
    assert sent(desks, path, proposal=foreign, reason="spam").status_code == 404
    assert sent(desks, path, source_of=foreign, reason="spam").status_code == 404
    for asked in (f"proposal={foreign}", f"source_of={foreign}"):
        assert desks.client.get(f"/desks/moderation/undo?{asked}").status_code == 404
    for name in ("desks", "others"):
        dataset = desks.services.catalogue.get(name)
        assert desks.services.moderating.blocks(dataset) == []
        assert desks.services.proposals.counts(dataset) == {"accepted": 1}


@pytest.mark.attack("moderation-pages")
def test_a_block_of_another_dataset_is_not_ended(both: tuple[Browser, Browser]) -> None:
    desks, _ = both
    services = desks.services
    dataset = services.catalogue.get("others")
    proposal = services.proposals.get(dataset, newest(both[1], "accepted")["id"])
    (block, *_) = services.moderating.block(proposal, reviewer="reviewer")
    assert sent(desks, f"unblock/{block.id}").status_code == 404
    assert block.id in {one.id for one in services.moderating.blocks(dataset)}
    services.moderating.unblock(dataset, block.id)


@pytest.mark.attack("moderation-pages")
@pytest.mark.parametrize("start", [*HUGE, *NONE])
def test_any_range_of_time_is_read_or_refused(both: tuple[Browser, Browser], start: str) -> None:
    desks, _ = both
    query = {"from": start}
    assert desks.client.get("/desks/moderation/undo", query_string=query).status_code == (
        400 if start in NONE else 200
    )
    for end in (HUGE[0], HUGE[2]):
        both_ends = {"from": start, "to": end}
        answer = desks.client.get("/desks/moderation/undo", query_string=both_ends)
        assert answer.status_code in (200, 400)


@pytest.mark.attack("moderation-pages", "scripts")
@pytest.mark.parametrize(
    "text",
    ["</script><script>x()</script>", "'\"><img src=x onerror=x()>", "\u202egnp", "a\r\nX: y"],
)
def test_the_words_of_a_pause_are_shown_as_they_are(
    both: tuple[Browser, Browser], text: str
) -> None:
    desks, _ = both
    assert sent(desks, "pause", message=text).status_code == 303
    refused = desks.propose(update("01", agents="5"))
    assert refused.status_code == 403
    assert "X" not in refused.headers
    for path in ("/desks/moderation", "/desks/desks/01/correct", "/desks/desks/01"):
        page = desks.client.get(path, headers={"Accept": "text/html"}).text
        assert "<script>x" not in page
        assert "<img src=x" not in page
    assert sent(desks, "resume").status_code == 303
