"""The main job over HTTP: propose, check, one-line commit, merge request, accept, serve."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.datasets import Browser, delete, insert, serve, update, write_desks


def test_a_correction_becomes_a_one_line_commit_and_is_served_once_accepted(desks: Browser) -> None:
    before, first = desks.file(), desks.published

    answer = desks.propose(update("03", phone="04 65 71 00 03"), comment="I called them")
    assert answer.status_code == 201
    proposal = answer.json
    assert proposal["state"] == "open"
    assert proposal["merge_request"]["number"] == 1
    assert desks.published == first
    assert desks.file(revision=f"proposal:{proposal['id']}") == before.replace(
        b"84050,,2", b"84050,04 65 71 00 03,2"
    )

    accepted = desks.accept(proposal)
    assert accepted.status_code == 200
    assert accepted.json["state"] == "accepted"
    assert desks.published == accepted.json["revision"] != first
    assert desks.get("/resources/desks/rows/03").json["data"]["phone"] == "04 65 71 00 03"
    old = desks.get(f"/resources/desks/rows/03?revision={first}")
    assert old.json["data"]["phone"] is None
    assert "immutable" in old.headers["Cache-Control"]
    assert desks.file(revision=first) == before


@pytest.mark.fault(37)
def test_two_people_who_change_different_cells_of_a_row_both_win(desks: Browser) -> None:
    base = desks.published
    one = desks.propose(update("01", phone="04 65 71 00 09"), base_revision=base).json
    two = desks.propose(update("01", agents="5"), base_revision=base).json
    assert desks.accept(one).status_code == 200
    assert desks.accept(two).status_code == 200
    row = desks.get("/resources/desks/rows/01").json["data"]
    assert (row["phone"], row["agents"]) == ("04 65 71 00 09", "5")


@pytest.mark.fault(36)
def test_the_second_change_of_one_cell_is_a_conflict_with_all_three_values(desks: Browser) -> None:
    one = desks.propose(update("01", agents="5")).json
    two = desks.propose(update("01", agents="6")).json
    assert desks.accept(one).status_code == 200
    assert desks.get(f"/proposals/{two['id']}").json["conflicted"] is True

    answer = desks.accept(two)
    assert answer.status_code == 409
    assert answer.json["code"] == "conflict"
    (conflict,) = answer.json["conflicts"]
    assert conflict["row_key"] == {"id": "01"}
    assert conflict["field"] == "agents"
    assert (conflict["base"], conflict["ours"], conflict["theirs"]) == ("2", "5", "6")
    assert desks.get(f"/proposals/{two['id']}").json["state"] == "open"


@pytest.mark.fault(38)
def test_a_stale_base_is_merged_unless_the_same_cell_moved(desks: Browser) -> None:
    base = desks.published
    assert desks.accept(desks.propose(update("01", agents="5")).json).status_code == 200
    late = desks.propose(update("01", phone="04 65 71 00 08"), base_revision=base)
    assert late.status_code == 201
    clash = desks.propose(update("01", agents="7"), base_revision=base)
    assert clash.status_code == 409
    assert clash.json["conflicts"][0]["ours"] == "5"


def test_some_operations_can_be_accepted_and_the_others_refused(desks: Browser) -> None:
    proposal = desks.propose(
        update("01", agents="5"), update("03", phone="04 65 71 00 03"), delete("04")
    ).json
    accepted = desks.accept(proposal, operations=[1])
    assert accepted.status_code == 200
    assert desks.get("/resources/desks/rows/03").json["data"]["phone"] == "04 65 71 00 03"
    assert desks.get("/resources/desks/rows/01").json["data"]["agents"] == "2"
    assert desks.get("/resources/desks/rows/04").status_code == 200


def test_rows_are_added_and_removed(desks: Browser) -> None:
    row = insert(id="05", name="Desk of Bédoin", city_code="84003", agents="2")
    assert desks.accept(desks.propose(row, delete("04")).json).status_code == 200
    assert desks.get("/resources/desks/rows/05").json["data"]["name"] == "Desk of Bédoin"
    gone = desks.get("/resources/desks/rows/04")
    assert gone.status_code == 404
    assert gone.json["code"] == "not_found"


def test_an_invalid_value_is_refused_with_what_would_be_right_in_both_languages(
    desks: Browser,
) -> None:
    for language, word in (("fr", "agents"), ("en", "agents")):
        answer = desks.post(
            "/proposals",
            {"operations": [update("01", agents="1")]},
            headers={"Accept-Language": language},
        )
        assert answer.status_code == 422
        assert answer.json["code"] == "invalid"
        (error,) = answer.json["errors"]
        assert error["code"] == "constraint-error"
        assert error["rule"] == "minimum"
        assert (error["operation"], error["field"], error["value"]) == (0, "agents", "1")
        assert error["row_key"] == {"id": "01"}
        assert word in error["message"]
        assert "2" in error["message"]


@pytest.mark.fault(44)
def test_a_fault_that_was_there_before_blocks_nobody(desks: Browser) -> None:
    # The key of city 84003 is fine; the row with an empty date stays as it was.
    answer = desks.propose(update("04", phone="04 65 71 00 44"))
    assert answer.status_code == 201
    assert answer.json["warnings"] == []


def test_validate_gives_the_verdict_and_writes_nothing(desks: Browser) -> None:
    verdict = desks.post("/validate", {"operations": [update("01", agents="x")]})
    assert verdict.status_code == 200
    assert verdict.json["valid"] is False
    assert verdict.json["errors"][0]["code"] == "type-error"
    assert desks.get("/proposals").json["meta"]["total"] == 0


@pytest.mark.fault(39)
def test_the_same_idempotency_key_gives_the_same_proposal(desks: Browser) -> None:
    body = {"operations": [update("01", agents="5")]}
    headers = {"Idempotency-Key": "k1"}
    first = desks.post("/proposals", body, headers=headers)
    again = desks.post("/proposals", body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    other = desks.post("/proposals", {"operations": [update("01", agents="6")]}, headers=headers)
    assert other.status_code == 422
    assert other.json["code"] == "idempotency_mismatch"
    assert desks.get("/proposals").json["meta"]["total"] == 1


def test_reject_and_withdraw_keep_the_commit_and_publish_nothing(desks: Browser) -> None:
    first = desks.published
    one = desks.propose(update("01", agents="5")).json
    two = desks.propose(update("02", agents="5"))
    assert desks.reject(one, message="not so").json["state"] == "rejected"
    assert desks.post(f"/proposals/{two.json['id']}/withdraw", {}).status_code == 403
    secret = two.json["follow_up_url"].partition("secret=")[2]
    withdrawn = desks.post(f"/proposals/{two.json['id']}/withdraw", {"secret": secret})
    assert withdrawn.json["state"] == "withdrawn"
    assert desks.published == first
    for proposal in (one, two.json):
        assert desks.get(f"/resources/desks/rows?revision={proposal['head']}").status_code == 200
    assert desks.accept(one).status_code == 409


def test_only_reviewers_decide_and_only_on_what_they_saw(desks: Browser) -> None:
    proposal = desks.propose(update("01", agents="5")).json
    body = {"head": proposal["head"]}
    assert desks.post(f"/proposals/{proposal['id']}/accept", body).status_code == 401
    wrong = desks.accept({**proposal, "head": "0" * 40})
    assert wrong.status_code == 409
    assert wrong.json["code"] == "head_moved"


def test_comment_and_contact_are_for_the_author_and_reviewers_alone(desks: Browser) -> None:
    sent = desks.propose(
        update("01", agents="5"),
        comment="a comment",
        contributor={"name": "A name", "email": "a@b.example"},
    ).json
    path = f"/proposals/{sent['id']}"
    assert "comment" not in desks.get(path).json
    assert desks.get(path, headers=desks.reviewer).json["comment"] == "a comment"
    secret = sent["follow_up_url"].partition("?")[2]
    mine = desks.get(f"{path}?{secret}")
    assert mine.json["contributor"]["email"] == "a@b.example"
    assert "no-store" in mine.headers["Cache-Control"]


def test_history_and_revisions_tell_what_each_commit_changed(desks: Browser) -> None:
    first = desks.published
    proposal = desks.propose(update("01", agents="5")).json
    desks.accept(proposal)
    revisions = desks.get("/revisions").json["data"]
    assert [one["changes"] for one in revisions] == [
        {"desks": {"inserted": 0, "updated": 1, "deleted": 0}},
        {
            "desks": {"inserted": 4, "updated": 0, "deleted": 0},
            "cities": {"inserted": 4, "updated": 0, "deleted": 0},
        },
    ]
    assert revisions[0]["proposal"] == proposal["id"]
    history = desks.get("/resources/desks/rows/01/history").json["data"]
    assert [one["op"] for one in history] == ["update", "insert"]
    assert history[0]["cells"] == {"agents": {"old": "2", "new": "5"}}
    diff = desks.get(f"/resources/desks/diff?from={first}").json
    assert diff["operations"] == [
        {
            "op": "update",
            "resource": "desks",
            "key": {"id": "01"},
            "old": {"agents": "2"},
            "new": {"agents": "5"},
        }
    ]


def test_errors_count_operations_as_the_request_did_and_warnings_as_the_proposal_does(
    desks: Browser,
) -> None:
    unchanged = update("01", agents="2")
    refused = desks.propose(unchanged, update("02", agents="x"))
    assert [one["operation"] for one in refused.json["errors"]] == [1]
    sent = desks.propose(unchanged, update("04", note="a\u200bb")).json
    assert len(sent["operations"]) == 1
    assert [(one["code"], one["operation"]) for one in sent["warnings"]] == [
        ("invisible-character", 0)
    ]


def test_what_others_publish_meanwhile_moves_no_index_of_a_proposal(desks: Browser) -> None:
    adds = [insert(id="07", name="Desk seven"), insert(id="08", name="Desk eight")]
    proposal = desks.propose(update("01", agents="5"), *adds, update("02", city_code="84050")).json
    desks.accept(desks.propose(update("01", agents="5")).json)
    moved = desks.propose(update("03", id="02b")).json
    assert desks.accept(moved).status_code == 200
    diff = desks.get(f"/proposals/{proposal['id']}/diff").json
    assert diff["conflicts"] == []
    assert diff["errors"] == []
    assert desks.accept(proposal, operations=[2, 3]).status_code == 200
    shown = desks.get(f"/proposals/{proposal['id']}").json
    assert shown["accepted_operations"] == [2, 3]
    assert desks.get("/resources/desks/rows/07").status_code == 404
    assert desks.get("/resources/desks/rows/08").status_code == 200


@pytest.mark.parametrize(
    ("limit", "count", "status"), [(2, 3, 413), (2, 2, 201), (1200, 1100, 201)]
)
def test_the_limit_on_operations_is_the_setting(
    tmp_path: Path, limit: int, count: int, status: int
) -> None:
    folder = write_desks(tmp_path / "package")
    desks = Browser(serve(tmp_path / "home", {"desks": folder}, max_operations=limit))
    answer = desks.propose(*(insert(id=f"n{one}", name="Desk") for one in range(count)))
    assert answer.status_code == status
    if status == 201:
        everything = list(range(count))
        assert desks.accept(answer.json, operations=everything).status_code == 200
