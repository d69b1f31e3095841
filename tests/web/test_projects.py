"""The pages of projects without scripts: drafts by plain forms, and what these refuse."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from retouche.web.pages import projects
from retouche.web.pages.planning import next_key
from tests.datasets import Browser, serve

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = "/france-services/proposals/projects"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    home = tmp_path_factory.mktemp("home")
    services = serve(home, {"france-services": ROOT / "datasets" / "france-services"})
    return Browser(services, "france-services")


def started(client: Browser, *operations: dict[str, Any]) -> str:
    body = {"title": "A project", "operations": list(operations)}
    answer = client.post("/scenarios", body)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def sent(client: Browser, scenario: str, **form: str) -> Any:
    return client.client.post(f"{PROJECTS}/{scenario}?lang=en", data={"version": "1", **form})


def kept(client: Browser, scenario: str) -> Any:
    return client.get(f"/scenarios/{scenario}").json


def alert(answer: Any) -> str:
    """What the page says was not done."""
    found = re.search(r'role="alert".*?</div>', answer.text, re.S)
    assert found, answer.text[:400]
    return unescape(re.sub(r"<[^>]+>", " ", found[0]))


def test_a_step_is_an_operation_on_texts(client: Browser) -> None:
    scenario = started(client)
    row = {"row": "structures/1"}
    assert (
        sent(client, scenario, step="move", **row, latitude="44,69712", longitude="6.5").status_code
        == 303
    )
    found = kept(client, scenario)
    assert found["version"] == 2
    new = found["operations"][0]["new"]
    assert new["latitude"] == "44.69712"
    assert new["longitude"] == "6.50000"
    assert re.fullmatch(r"05\d{3}", new["insee_com"])
    assert new["dep_insee"] == "05"


def test_a_shared_site_has_the_texts_of_the_other(client: Browser) -> None:
    scenario = started(client)
    assert (
        sent(client, scenario, step="share", row="structures/1", other="structures/2").status_code
        == 303
    )
    new = kept(client, scenario)["operations"][0]["new"]
    other = client.get("/resources/structures/rows/2").json["data"]
    assert new == {name: other[name] for name in new}
    assert set(new) == {"latitude", "longitude", "insee_com", "dep_insee", "fs_adresse", "ifn_com"}


def test_what_refers_to_a_row_closes_with_it(client: Browser) -> None:
    scenario = started(client)
    assert sent(client, scenario, step="close", row="structures/13").status_code == 303
    operations = kept(client, scenario)["operations"]
    assert {one["resource"] for one in operations[:-1]} == {"permanences"}
    assert operations[-1]["key"] == {"id_fs": "13"}
    assert sent(client, scenario, version="2", step="undo", index="0").status_code == 303
    assert len(kept(client, scenario)["operations"]) == len(operations) - 1


def test_closing_what_the_project_opens_takes_it_out(client: Browser) -> None:
    row = {"id_fs": "9001", "lib_fs": "New"}
    scenario = started(client, {"op": "insert", "resource": "structures", "row": row})
    assert sent(client, scenario, step="close", row="structures/9001").status_code == 303
    assert kept(client, scenario)["operations"] == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"step": "close", "row": "structures/nobody"}, "names no row"),
        ({"step": "close", "row": "communes/05001"}, "names no row"),
        ({"step": "move", "row": "structures/1", "latitude": "north"}, "Write degrees"),
        ({"step": "move", "row": "structures/1", "latitude": "95", "longitude": "1"}, "degrees"),
        ({"step": "move", "row": "structures/1", "place": "Nowhere"}, "No place is called"),
        ({"step": "move", "row": "structures/1", "place": "Saint-Aubin"}, "Several places"),
        ({"step": "share", "row": "structures/1", "other": "structures/1"}, "no other position"),
        ({"step": "undo", "index": "7"}, "choices"),
        ({"step": "dance", "row": "structures/1"}, "choices"),
        ({"step": "close", "row": "structures/1", "version": "9"}, "since you read it"),
        ({"step": "close", "row": "structures/1", "website": "x"}, "hidden field"),
    ],
)
def test_bad_input_is_refused_in_words(client: Browser, form: dict[str, str], said: str) -> None:
    scenario = started(client)
    answer = sent(client, scenario, **form)
    assert 400 <= answer.status_code < 500
    assert said in alert(answer)
    assert kept(client, scenario)["version"] == 1


def test_a_draft_is_kept_by_nobody_and_found_by_nobody(client: Browser) -> None:
    scenario = started(client)
    for path in (f"{PROJECTS}/{scenario}", f"{PROJECTS}/new", f"{PROJECTS}/compare"):
        answer = client.client.get(path)
        assert answer.status_code == 200
        assert "private" in answer.headers["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in answer.text
    assert scenario not in client.client.get(PROJECTS).text
    assert client.client.get(f"{PROJECTS}/{'0' * 32}").status_code == 404


def test_at_most_four_are_compared(client: Browser) -> None:
    close = {"op": "delete", "resource": "structures"}
    made = [started(client, {**close, "key": {"id_fs": str(one)}}) for one in range(1, 6)]
    asked = "&".join(f"scenario={one}" for one in made)
    answer = client.client.get(f"{PROJECTS}/compare?lang=en&{asked}")
    assert answer.status_code == 400
    assert "4" in alert(answer)
    # A pasted link is as good as an id.
    link = f"http://localhost{PROJECTS}/{made[0]}?lang=fr"
    answer = client.client.get(
        f"{PROJECTS}/compare", query_string={"scenario": [link, made[1]], "lang": "en"}
    )
    assert answer.text.count("<article>") == 2


def test_many_rows_are_named_by_their_key(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "MOST_OFFERED", 10)
    page = client.client.get(f"{PROJECTS}/{started(client)}?lang=en").text
    assert "<optgroup" not in page
    assert "structures/12" in page


def test_what_was_sent_changes_no_more(client: Browser) -> None:
    close = {"op": "delete", "resource": "structures", "key": {"id_fs": "1"}}
    scenario = started(client, close)
    answer = sent(client, scenario, step="submit", email="not an address")
    assert answer.status_code in (400, 422)
    assert 'id="email-fault"' in answer.text
    answer = sent(client, scenario, step="submit", comment="Too small")
    assert answer.status_code == 303
    assert "secret=" in answer.headers["Location"]
    page = client.client.get(f"{PROJECTS}/{scenario}?lang=en").text
    assert "it changes no more" in page
    answer = sent(client, scenario, version="2", step="close", row="structures/2")
    assert answer.status_code == 409
    listed = client.client.get(f"{PROJECTS}?lang=en").text
    assert "A project" in listed
    variant = sent(client, scenario, step="variant", title="Another")
    assert variant.status_code == 303
    copy = re.search(r"/projects/([0-9a-f]{32})", variant.headers["Location"])
    assert copy
    assert kept(client, copy[1])["operations"] == [close]


@pytest.mark.parametrize(
    ("keys", "following"),
    [
        (["1", "20", "3"], "21"),
        (["P0009", "P0010"], "P0011"),
        (["009", "010"], "011"),
        (["A1", "B2"], None),
        (["x"], None),
        ([], None),
    ],
)
def test_a_free_key_follows_the_highest(keys: list[str], following: str | None) -> None:
    assert next_key(keys) == following
