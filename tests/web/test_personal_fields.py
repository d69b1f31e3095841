"""A field that is marked personal: no door shows it, finds by it, sorts by it or counts it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from retouche.wiring import repository_path
from tests.cli.commands import commit, git, run
from tests.datasets import DESKS_SCHEMA, Browser, delete, insert, serve, update, write_desks
from tests.plain import spellings, traces

CANARY = "Canarisk"
DESKS = f"""id,name,city_code,phone,agents,opened,latitude,longitude,note,owner,age
01,Desk of Apt,84003,,2,2020-01-02,43.8765,5.3964,,{CANARY} One,41
02,Desk of Sault,84123,,3,2021-03-04,44.0917,5.4083,,{CANARY} Two,42
03,Desk of Gordes,84050,,2,2022-05-06,43.9113,5.2003,,{CANARY} Three,notanage{CANARY}
"""
PERSONAL = {"personal": True}
ROWS = "/resources/desks/rows"


def package(folder: Path) -> Path:
    made = write_desks(folder, desks=DESKS)
    path = made / "datapackage.json"
    described = json.loads(path.read_text())
    schema = json.loads(json.dumps(DESKS_SCHEMA))
    schema["fields"] += [
        {"name": "owner", "title": "Owner", "retouche": PERSONAL, "constraints": {"unique": True}},
        {"name": "age", "type": "integer", "retouche": PERSONAL},
    ]
    described["resources"][0]["schema"] = schema
    path.write_text(json.dumps(described))
    return made


@pytest.fixture
def one(tmp_path: Path) -> Browser:
    folder = package(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}, base_url="https://host.example"))


def check(answer: Any) -> None:
    """Nothing of a personal cell is in an answer, nor in what it packs."""
    data = answer.data
    texts = [data, *(value.encode() for _, value in answer.headers)]
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            texts += [packed.read(name) for name in packed.namelist()]
    for text in texts:
        for spelling in spellings(CANARY):
            assert spelling not in text
            assert spelling.lower() not in text.lower()


READING = (
    *("", "/revisions", "/resources/desks", ROWS, f"{ROWS}/01", f"{ROWS}/01/history", "/widgets"),
    *(
        "/widgets/desks",
        f"{ROWS}?q=Canarisk",
        f"{ROWS}?q=One",
        f"{ROWS}?q=41",
        "/pending?resource=desks",
    ),
    *(f"/resources/desks/data.{kind}" for kind in ("csv", "json", "geojson", "xlsx", "parquet")),
    "/resources/desks/data.csv?name__contains=Apt",
    "/resources/desks/data.csv?for=spreadsheets",
    "/resources/desks/facets?field=agents",
    "/resources/desks/aggregate?by=city_code&sum=agents",
)
REFUSED = (
    *(
        f"{ROWS}?owner__{how}=Canarisk%20One"
        for how in ("exact", "contains", "in", "less", "differs")
    ),
    *(f"{ROWS}?age__{how}=41" for how in ("exact", "greater", "strictly_less")),
    *(f"{ROWS}?{name}__sort=asc" for name in ("owner", "age")),
    *(f"{ROWS}?owner__isnull", f"{ROWS}?columns=owner", f"{ROWS}?columns=id,age"),
    "/resources/desks/facets?field=owner",
    *(f"/resources/desks/aggregate?by={name}" for name in ("owner", "age")),
    "/resources/desks/aggregate?by=city_code&sum=age",
    "/resources/desks/data.csv?columns=owner",
    "/resources/desks/data.xlsx?owner__contains=One",
)
PAGES = (
    *(
        "/",
        "/desks",
        "/desks/desks",
        "/desks/desks/01",
        "/desks/desks/02?edit=1",
    ),
    *("/desks/desks/01?delete=1", "/desks/proposals", "/desks/errors", "/embed/desks/desks"),
    *("/feed/desks.atom", "/catalog.jsonld", "/oembed?url=https://host.example/desks/desks/01"),
    *(
        "/oembed?url=https://host.example/embed/desks/desks",
        "/metrics",
        "/health",
        "/api/v1/openapi.json",
    ),
)


@pytest.mark.parametrize("path", READING)
def test_reading_shows_none(one: Browser, path: str) -> None:
    answer = one.get(path)
    assert answer.status_code < 500
    check(answer)


@pytest.mark.parametrize("path", READING)
def test_reading_a_revision_shows_none(one: Browser, path: str) -> None:
    check(one.get(f"{path}{'&' if '?' in path else '?'}revision={one.published}"))


@pytest.mark.parametrize("path", REFUSED)
def test_asking_by_it_is_refused_as_for_a_field_that_is_not_there(one: Browser, path: str) -> None:
    answer = one.get(path)
    unknown = one.get(path.replace("owner", "nosuch").replace("age", "nosuch"))
    assert answer.status_code == unknown.status_code == 400, answer.data
    assert answer.json["code"] == unknown.json["code"]
    check(answer)


def test_searching_for_it_finds_nothing(one: Browser) -> None:
    assert one.get(f"{ROWS}?q=Desk").json["meta"]["total"] == 3
    for word in ("Canarisk", "Three", "notanage"):
        assert one.get(f"{ROWS}?q={word}").json["meta"]["total"] == 0


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("reviewer", [False, True])
def test_pages_show_none(one: Browser, path: str, reviewer: bool) -> None:
    if reviewer:
        one.client.get(f"/sign-in?token={one.token}")
    answer = one.client.get(path)
    assert answer.status_code < 500
    check(answer)


def test_it_cannot_be_proposed_and_the_refusal_does_not_tell_it(one: Browser) -> None:
    for operation in (
        update("01", owner="x"),
        update("01", age="1"),
        {**update("01", note="x"), "old": {"owner": "guess"}},
        insert(id="09", name="New", owner=f"{CANARY} One"),
        {**delete("01"), "old": {"owner": "guess"}},
    ):
        sent = CANARY in json.dumps(operation)
        for path in ("/validate", "/proposals"):
            answer = one.post(path, {"operations": [operation]})
            assert 400 <= answer.status_code < 500, answer.json
            if not sent:
                check(answer)


def test_proposals_on_its_rows_show_none(one: Browser) -> None:
    """Not their difference, nor their warnings, conflicts, reviews, nor what is published then."""
    base = one.published
    first = one.propose(update("01", note="first"), base_revision=base)
    check(first)
    second = one.propose(update("01", note="second"), base_revision=base)
    removed = one.propose(delete("03"), base_revision=base)
    added = one.propose(insert(id="09", name="Desk of Murs", agents="2"), base_revision=base)
    for answer in (second, removed, added):
        assert answer.status_code == 201, answer.json
        check(answer)
    check(one.accept(first.json))
    clash = one.accept(second.json)
    assert clash.status_code == 409
    check(clash)
    check(one.propose(update("01", note="third"), base_revision=base))
    check(one.propose(delete("01"), base_revision=base))
    one.client.get(f"/sign-in?token={one.token}")
    for sent in (first, second, removed, added):
        name = sent.json["id"]
        paths = [f"/desks/proposals/{name}", sent.json["follow_up_url"].partition("example")[2]]
        paths += [f"{one.api}/proposals/{name}{part}" for part in ("", "/diff", "/impact")]
        paths += [
            f"/desks/desks/01?revision=proposal:{name}",
            f"/desks/desks/03?revision=proposal:{name}",
        ]
        for path in paths:
            check(one.client.get(path))
    check(one.accept(removed.json))
    published = one.published
    for path in (
        f"/resources/desks/diff?from={base}&to={published}",
        f"{ROWS}/01/history",
        f"{ROWS}/03/history",
        "/revisions",
    ):
        answer = one.get(path)
        assert answer.status_code == 200, path
        check(answer)
    for path in ("/desks/desks/03", "/desks/desks/01", "/desks/errors", "/feed/desks.atom"):
        check(one.client.get(path))


def test_a_compared_file_cannot_guess_it(one: Browser) -> None:
    guess = DESKS.replace("Desk of Apt", "Desk of Apt!").encode()
    for data in (guess, guess.replace(f"{CANARY} Two".encode(), b"guess")):
        answer: Any = one.client.post(
            f"{one.api}/resources/desks/comparison", data=data, headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 200, answer.json
        check(answer)
        assert len(answer.json["operations"]) == 1


def test_git_does_not_hand_it_out(one: Browser) -> None:
    answer = one.client.get("/git/desks.git/info/refs?service=git-upload-pack")
    assert answer.status_code == 403
    check(answer)


def test_caches_are_behind_no_address(one: Browser) -> None:
    one.get(ROWS)
    home = one.services.settings.home
    for name in traces(home / "cache", CANARY):
        for path in (f"/cache/{name}", f"/{name}", f"/assets/{quote(name)}", f"/static/{name}"):
            check(one.client.get(path))


def test_a_static_copy_has_none(one: Browser, tmp_path: Path) -> None:
    folder = package(tmp_path / "again")
    done = run("export", folder, tmp_path / "copy", "--home", tmp_path / "nowhere")
    if done.exit_code == 2 and "built" in done.output:
        pytest.skip("needs the widgets to be built")
    assert done.exit_code == 0, done.output
    assert traces(tmp_path / "copy", CANARY) == []


@pytest.mark.parametrize("form", ["text", "json", "junit", "codequality"])
def test_check_names_the_fault_and_not_the_value(tmp_path: Path, form: str) -> None:
    folder = package(tmp_path / "package")
    broken = DESKS.replace(f"{CANARY} Two", f"{CANARY} One")
    (folder / "desks.csv").write_text(broken)
    done = run("check", folder, "--format", form)
    assert done.exit_code == 1
    assert "age" in done.output
    assert CANARY.lower() not in done.output.lower()


def test_what_became_personal_is_hidden_in_the_history_up_to_there(tmp_path: Path) -> None:
    """Also in a difference that goes back to when it was not."""
    open_folder = package(tmp_path / "open")
    path = open_folder / "datapackage.json"
    marked = path.read_text()
    described = json.loads(marked)
    for field in described["resources"][0]["schema"]["fields"]:
        field.pop("retouche", None)
    path.write_text(json.dumps(described))
    one = Browser(serve(tmp_path / "home", {"desks": open_folder}))
    before = one.published
    moved = one.propose(update("01", owner=f"{CANARY} Four")).json
    one.accept(moved)
    removed = one.propose(delete("02")).json
    one.accept(removed)
    repository = repository_path(one.services.settings.home, "desks")
    after = commit_file(repository, "datapackage.json", marked.encode())
    assert one.published == after
    for key in ("01", "02", "03"):
        check(one.get(f"{ROWS}/{key}/history"))
        check(one.client.get(f"/desks/desks/{key}"))
    for start, end in ((before, after), (after, before)):
        answer = one.get(f"/resources/desks/diff?from={start}&to={end}")
        assert answer.status_code == 200
        check(answer)


def commit_file(repository: Path, name: str, data: bytes) -> str:
    """Publish another version of a file, as somebody with a clone does; give the commit."""
    clone = repository.parent.parent.parent / "clone"
    git(repository.parent, "clone", "--quiet", str(repository), str(clone))
    (clone / name).write_bytes(data)
    commit(clone, "Mark what is personal")
    git(clone, "push", "--quiet", "origin", "HEAD:main")
    return git(clone, "rev-parse", "HEAD").strip()
