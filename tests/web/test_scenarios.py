"""Scenarios over HTTP: drafted, shared by their address, looked at, compared and submitted."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import NotFound
from retouche.services.scenarios import MOST_A_DAY, MOST_BYTES
from retouche.wiring import repository_path
from tests.datasets import Browser, serve
from tests.territory import write_territory

CLOSE: dict[str, Any] = {"op": "delete", "resource": "structures", "key": {"id_fs": "3"}}
OPEN: dict[str, Any] = {
    "op": "insert",
    "resource": "structures",
    "row": {
        "id_fs": "90",
        "lib_fs": "France services de Test",
        "statut": "labellisée",
        "insee_com": "36008",
        "departement": "36",
        "latitude": "46.91",
        "longitude": "1.9",
    },
}


class Drafts(Browser):
    """A client that drafts scenarios."""

    def draft(self, *operations: dict[str, Any], **others: Any) -> Any:
        body = {"title": "Deux bus", "operations": list(operations), **others}
        return self.post("/scenarios", body)

    def write(self, scenario: Any, *operations: dict[str, Any], **others: Any) -> Any:
        body = {
            "title": scenario["title"],
            "version": scenario["version"],
            "operations": list(operations),
            **others,
        }
        return self.client.put(f"{self.api}/scenarios/{scenario['id']}", json=body)

    def submit(self, scenario: Any, **body: Any) -> Any:
        return self.post(f"/scenarios/{scenario['id']}/submit", body)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    folder = write_territory(tmp_path / "package")
    services = serve(tmp_path / "home", {"territoire": folder})
    yield Drafts(services, "territoire")
    services.close()


def test_a_scenario_is_drafted_written_and_forgotten(drafts: Drafts) -> None:
    answer = drafts.draft(CLOSE, locale="en")
    made = answer.json
    assert answer.status_code == 201
    assert len(made["id"]) == 32
    assert answer.headers["Location"] == made["links"]["self"]
    assert (made["version"], made["proposal"], made["moved"]) == (1, None, False)
    assert made["base_revision"] == drafts.published
    assert made["operations"] == [CLOSE]
    written = drafts.write(made, CLOSE, OPEN, title=" Deux  bus\tde plus ").json
    assert (written["version"], written["title"]) == (2, "Deux bus de plus")
    found = drafts.get(f"/scenarios/{made['id']}")
    assert found.json == written
    assert drafts.client.delete(f"{drafts.api}/scenarios/{made['id']}").status_code == 204
    for path in ("", "/impact"):
        gone = drafts.get(f"/scenarios/{made['id']}{path}")
        assert (gone.status_code, gone.json["code"]) == (404, "not_found")
    assert drafts.write(written, CLOSE).status_code == 404
    assert drafts.get("/resources/structures", query_string=at(made)).status_code == 404


def at(scenario: Any) -> dict[str, Any]:
    return {"revision": f"scenario:{scenario['id']}"}


def test_answers_about_scenarios_are_kept_by_nobody(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    for path in ("", "/impact"):
        headers = drafts.get(f"/scenarios/{made['id']}{path}").headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "no-referrer"
    rows = drafts.get("/resources/structures/rows", query_string=at(made))
    assert "public" not in rows.headers["Cache-Control"]
    assert rows.headers["Referrer-Policy"] == "no-referrer"


def test_every_reading_call_works_at_a_scenario(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE, OPEN).json
    before = drafts.published
    rows = drafts.get("/resources/structures/rows", query_string={**at(made), "page_size": 50})
    keys = [one["id_fs"] for one in rows.json["data"]]
    assert "3" not in keys
    assert "90" in keys
    one = drafts.get("/resources/structures/rows/90", query_string=at(made)).json
    assert one["data"]["lib_fs"] == "France services de Test"
    for path in ("", "/widgets", "/widgets/carte", "/resources/structures/data.csv"):
        assert drafts.get(path, query_string=at(made)).status_code == 200
    assert drafts.client.get(made["preview_url"]).status_code == 200
    changed = drafts.get(
        "/resources/structures/diff", query_string={"from": before, "to": at(made)["revision"]}
    ).json
    assert {operation["op"] for operation in changed["operations"]} == {"delete", "insert"}
    assert drafts.published == before
    empty = drafts.draft().json
    assert drafts.get("", query_string=at(empty)).json["revision"] == before


def test_the_same_scenario_is_the_same_commit_and_may_be_dropped(
    drafts: Drafts, tmp_path: Path
) -> None:
    made = drafts.draft(CLOSE).json
    dataset = drafts.services.catalogue.get("territoire")
    first = dataset.at(f"scenario:{made['id']}").commit
    path = repository_path(tmp_path / "home", "territoire")
    assert first not in git(path, "for-each-ref", "--format=%(objectname)")
    assert dataset.forge.contains(drafts.published, first)
    # What an operator's own maintenance does with what no ref reaches.
    for name in path.glob("retouche-packs/*"):
        name.unlink()
    drafts.services.catalogue.get("territoire").forge.repository.seal()  # type: ignore[attr-defined]
    git(path, "repack", "-a", "-d", "-q")
    git(path, "prune", "--expire=now")
    with pytest.raises(NotFound):
        dataset.forge.resolve(first)
    assert dataset.at(f"scenario:{made['id']}").commit == first
    assert dataset.forge.resolve(first) == first


def git(path: Path, *arguments: str) -> str:
    command = ["git", "--git-dir", str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_scenario_that_is_not_whole_yet_is_kept_and_told_about(drafts: Drafts) -> None:
    bare = {"op": "insert", "resource": "structures", "row": {"id_fs": "91", "statut": "ouverte"}}
    answer = drafts.draft(bare)
    assert answer.status_code == 201
    assert {one["field"] for one in answer.json["warnings"]} >= {"lib_fs", "statut"}
    assert drafts.get("", query_string=at(answer.json)).status_code == 200
    refused = drafts.submit(answer.json)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")
    assert drafts.get(f"/scenarios/{answer.json['id']}").json["proposal"] is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "malformed"),
        ([], 400, "malformed"),
        ({"title": "a", "operations": [{"op": "burn"}]}, 400, "malformed"),
        ({"title": " \t", "operations": []}, 400, "malformed"),
        ({"title": "a\0b", "operations": []}, 400, "malformed"),
        ({"title": "x" * 201, "operations": []}, 413, "too_large"),
        ({"title": "a", "operations": [], "base_revision": "0" * 40}, 404, "not_found"),
        ({"title": "a", "operations": [], "base_revision": "main"}, 400, "malformed"),
        ({"title": "a", "operations": [], "website": "https://spam.example"}, 400, "malformed"),
        ({"title": "a", "operations": [], "contributor": {"name": "A"}}, 400, "malformed"),
        ({"title": "a", "operations": [{**CLOSE, "key": {"id_fs": "777"}}]}, 404, "not_found"),
        ({"title": "a", "operations": [CLOSE] * 2}, 400, "malformed"),
        ({"title": "a", "operations": [CLOSE] * 1001}, 413, "too_large"),
        (
            {"title": "a", "operations": [{**OPEN, "row": {"id_fs": "9", "referent": "moi"}}]},
            400,
            "unknown_field",
        ),
        (
            {"title": "a", "operations": [{**CLOSE, "resource": "communes"}]},
            422,
            "not_editable",
        ),
        (
            {
                "title": "a",
                "operations": [
                    {**OPEN, "row": {"id_fs": "9", "nbre_fs_rayon_30km": "3"}},
                ],
            },
            422,
            "not_editable",
        ),
        (
            {
                "title": "a",
                "operations": [
                    {**OPEN, "row": {"id_fs": str(one), "lib_fs": "x" * 60_000}}
                    for one in range(90, 95)
                ],
            },
            413,
            "too_large",
        ),
    ],
)
def test_what_is_no_scenario_is_refused_and_says_what_is_wrong(
    drafts: Drafts, body: Any, status: int, code: str
) -> None:
    answer = drafts.post("/scenarios", body)
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.json["detail"]
    made = drafts.draft(CLOSE).json
    over = {**body, "version": 1} if isinstance(body, dict) else body
    again: Any = drafts.client.put(f"{drafts.api}/scenarios/{made['id']}", json=over)
    assert (again.status_code, again.json["code"]) == (status, code)
    assert drafts.get(f"/scenarios/{made['id']}").json == made


def test_a_hostile_title_is_text_wherever_it_stands(drafts: Drafts) -> None:
    title = '<script>alert(1)</script> @all /close "=1+1" ' + "\u202e"
    made = drafts.draft(CLOSE, title=title).json
    assert made["title"] == " ".join(title.split())
    sent = drafts.submit(made).json
    assert sent["title"] == made["title"]
    page = drafts.client.get(f"/territoire/proposals/{sent['id']}").text
    assert "<script>alert" not in page


def test_nobody_writes_over_what_they_did_not_see(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    first = drafts.write(made, CLOSE, OPEN)
    late = drafts.write(made, OPEN)
    assert (first.status_code, late.status_code) == (200, 409)
    assert late.json["code"] == "head_moved"
    assert "2" in late.json["detail"]
    body = {"title": "a", "operations": []}
    missing: Any = drafts.client.put(f"{drafts.api}/scenarios/{made['id']}", json=body)
    assert (missing.status_code, missing.json["code"]) == (400, "malformed")
    stale = drafts.submit(made, version=1)
    assert (stale.status_code, stale.json["code"]) == (409, "head_moved")


def test_of_many_writers_at_once_one_wins(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    statuses: list[int] = []
    start = threading.Barrier(4)

    def write(number: int) -> None:
        client = drafts.app.test_client()
        body = {"title": f"t{number}", "version": 1, "operations": [CLOSE]}
        start.wait()
        answer = client.put(f"{drafts.api}/scenarios/{made['id']}", json=body)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=write, args=(one,)) for one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [200, 409, 409, 409]


def test_a_scenario_is_submitted_once_as_a_project(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE, OPEN, title="Un bus").json
    sent = drafts.submit(made, comment="Parce que.", contributor={"email": "a@fs.example"})
    assert sent.status_code == 201
    proposal = sent.json
    assert (proposal["project"], proposal["title"]) == (True, "Un bus")
    assert proposal["links"]["impact"].endswith("/impact")
    assert "secret=" in proposal["follow_up_url"]
    scenario = drafts.get(f"/scenarios/{made['id']}").json
    assert scenario["proposal"] == proposal["id"]
    again = drafts.submit(made, comment="Parce que.", contributor={"email": "a@fs.example"})
    assert again.json["follow_up_url"] == proposal["follow_up_url"]
    # Others have the address of the scenario too, and not the right to take the proposal back.
    other = drafts.submit(made)
    assert (other.status_code, other.json["id"]) == (200, proposal["id"])
    assert "follow_up_url" not in other.json
    assert "a@fs.example" not in other.text
    assert drafts.get("/proposals").json["meta"]["total"] == 1
    frozen = drafts.write(scenario, CLOSE)
    assert (frozen.status_code, frozen.json["code"]) == (409, "conflict")
    dataset = drafts.services.catalogue.get("territoire")
    assert drafts.services.proposals.get(dataset, proposal["id"]).project


def test_what_was_submitted_from_elsewhere_is_not_ones_own(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    assert "follow_up_url" in drafts.submit(made).json
    address = f"{drafts.api}/scenarios/{made['id']}/submit"
    other: Any = drafts.client.post(address, json={}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 200
    assert "follow_up_url" not in other.json


def test_nothing_is_submitted_of_an_empty_scenario(drafts: Drafts) -> None:
    answer = drafts.submit(drafts.draft().json)
    assert (answer.status_code, answer.json["code"]) == (422, "no_change")


def test_a_scenario_stays_on_its_base_and_is_carried_when_it_is_submitted(drafts: Drafts) -> None:
    change = {
        "op": "update",
        "resource": "structures",
        "key": {"id_fs": "1"},
        "new": {"telephone": "0465719999"},
    }
    mine, clashing = drafts.draft(CLOSE).json, drafts.draft(change).json
    commit = drafts.get("", query_string=at(mine)).json["revision"]
    other = {**change, "new": {"telephone": "0465718888"}}
    drafts.accept(drafts.propose(other).json)
    assert drafts.get("", query_string=at(mine)).json["revision"] == commit
    shown = drafts.get(f"/scenarios/{mine['id']}").json
    assert shown["moved"]
    assert drafts.submit(mine).status_code == 201
    refused = drafts.submit(clashing)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert refused.json["conflicts"][0]["ours"] == "0465718888"
    moved = drafts.write(clashing, change, base_revision=drafts.published).json
    assert drafts.submit(moved).status_code == 201


def test_several_scenarios_are_compared(drafts: Drafts) -> None:
    one, other = drafts.draft(CLOSE).json, drafts.draft(OPEN).json
    asked = {"scenario": [other["id"], one["id"]]}
    found = drafts.get("/scenarios/compare", query_string=asked).json["data"]
    assert [each["scenario"]["id"] for each in found] == [other["id"], one["id"]]
    lost = next(each for each in found[1]["impact"]["access"] if each["indicator"] == "distance_fs")
    assert sum(band["lost"] for band in lost["bands"]) > 0
    for ids in ([], [one["id"], "0" * 32]):
        assert drafts.get("/scenarios/compare", query_string={"scenario": ids}).status_code >= 400
    five = {"scenario": [f"{number:032x}" for number in range(5)]}
    assert drafts.get("/scenarios/compare", query_string=five).status_code == 400


def test_scenarios_count_as_contributions(tmp_path: Path) -> None:
    folder = write_territory(tmp_path / "package")
    services = serve(tmp_path / "home", {"territoire": folder}, limit_minute=3)
    drafts = Drafts(services, "territoire")
    made = drafts.draft(CLOSE).json
    assert [drafts.draft(CLOSE).status_code for _ in range(2)] == [201, 201]
    full = drafts.draft(CLOSE)
    assert (full.status_code, full.json["code"]) == (429, "rate_limited")
    assert int(full.headers["Retry-After"]) > 0
    assert drafts.get(f"/scenarios/{made['id']}").status_code == 200
    services.close()


def test_a_draft_that_is_saved_after_every_step_takes_nothing_from_contributions(
    tmp_path: Path,
) -> None:
    folder = write_territory(tmp_path / "package")
    # Only two a minute come in without a proof, drafts that are begun.
    limits = {"limit_minute": 2, "limit_day": 2, "proof_load": 2}
    services = serve(tmp_path / "home", {"territoire": folder}, **limits)
    drafts = Drafts(services, "territoire")
    made = drafts.draft(CLOSE).json
    for _ in range(20):
        written = drafts.write(made, OPEN)
        assert written.status_code == 200
        made = written.json
    refused = drafts.write(made, OPEN)
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert drafts.draft(CLOSE).status_code == 201
    trapped = drafts.client.put(
        f"{drafts.api}/scenarios/{made['id']}",
        json={"title": "a", "operations": [], "version": made["version"], "website": "x"},
    )
    assert trapped.status_code == 400
    services.close()


def test_one_sender_makes_so_many_scenarios_a_day(
    drafts: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retouche.services.scenarios.MOST_A_DAY", 2)
    assert MOST_A_DAY > 2
    assert [drafts.draft().status_code for _ in range(3)] == [201, 201, 429]
    elsewhere = drafts.client.post(
        f"{drafts.api}/scenarios",
        json={"title": "a", "operations": []},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 201
    monkeypatch.setattr("retouche.services.scenarios.MOST", 3)
    assert drafts.draft().json["code"] == "rate_limited"


def test_a_scenario_has_so_many_bytes(drafts: Drafts) -> None:
    row = {**OPEN["row"], "lib_fs": "x" * 50_000}
    many = [{**OPEN, "row": {**row, "id_fs": str(number)}} for number in range(90, 94)]
    assert drafts.draft(*many[:3]).status_code == 201
    refused = drafts.draft(*many)
    assert refused.status_code == 413
    assert refused.json["pointer"] == "/operations"
    assert MOST_BYTES == 200_000


def test_a_paused_dataset_takes_no_scenarios(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    dataset = drafts.services.catalogue.get("territoire")
    drafts.services.moderating.pause(dataset, reviewer="reviewer")
    assert drafts.draft(CLOSE).json["code"] == "paused"
    assert drafts.write(made, OPEN).json["code"] == "paused"
    assert drafts.submit(made).json["code"] == "paused"
    assert drafts.get(f"/scenarios/{made['id']}").status_code == 200


def test_scenarios_that_nobody_writes_are_dropped_with_time(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    drafts.services.purging.older(1)
    assert drafts.get(f"/scenarios/{made['id']}").status_code == 200
    drafts.services.purging.older(0)
    assert drafts.get(f"/scenarios/{made['id']}").status_code == 404


def test_the_content_of_a_proposal_goes_with_its_scenario(drafts: Drafts) -> None:
    made = drafts.draft(CLOSE).json
    sent = drafts.submit(made).json
    drafts.reject(sent)
    dataset = drafts.services.catalogue.get("territoire")
    drafts.services.purging.content(dataset, sent["id"])
    assert drafts.get(f"/scenarios/{made['id']}").status_code == 404


def test_no_clone_has_a_scenario(drafts: Drafts, tmp_path: Path) -> None:
    commit = drafts.get("", query_string=at(drafts.draft(CLOSE).json)).json["revision"]
    source = f"file://{repository_path(tmp_path / 'home', 'territoire')}"
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", source, str(clone)], check=True)
    assert commit not in git(clone / ".git", "rev-list", "--all")
    command = ["git", "-C", str(clone), "cat-file", "-e", commit]
    assert subprocess.run(command, capture_output=True).returncode != 0
    refs = subprocess.run(["git", "ls-remote", source], check=True, capture_output=True, text=True)
    assert commit not in refs.stdout
