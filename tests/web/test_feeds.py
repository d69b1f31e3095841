"""The Atom feed of accepted changes, held to the rules of RFC 4287 whatever the cells hold."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from retouche.web import feeds
from retouche.wiring import repository_path
from tests.datasets import DESKS, Browser, delete, insert, serve, update, write_desks
from tests.histories import line, write_history
from tests.hostile import HOSTILE
from tests.plain import spellings
from tests.web.test_personal_fields import CANARY
from tests.web.test_personal_fields import package as with_personal

A = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
KNOWN = {"id", "title", "updated", "author", "link", "generator", "entry", "summary"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(browser: Browser, query: str = "", **headers: str) -> ElementTree.Element:
    """The feed, after it was held to the rules."""
    answer = browser.client.get(f"/feed/{browser.dataset}.atom{query}", headers=headers)
    assert answer.status_code == 200, answer.data
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    hold(root)
    return root


def hold(root: ElementTree.Element) -> None:
    """RFC 4287: what a feed must have once, what its entries must, and the forms of both."""
    assert root.tag == f"{A}feed"
    assert root.get(LANGUAGE) in ("fr", "en")
    for container in (root, *root.findall(f"{A}entry")):
        assert {one.tag.removeprefix(A) for one in container} <= KNOWN
        for name in ("id", "title", "updated"):  # 4.1.1 and 4.1.2: exactly one
            (one,) = container.findall(f"{A}{name}")
            assert one.text
            assert one.text.strip() == one.text
        assert is_iri(container.findtext(f"{A}id") or "")
        assert MOMENT.fullmatch(container.findtext(f"{A}updated") or "")
        datetime.fromisoformat(container.findtext(f"{A}updated") or "")
        links = [(one.get("rel"), one.get("type")) for one in container.findall(f"{A}link")]
        alternates = [one for one in links if one[0] == "alternate"]
        assert len(set(alternates)) == len(alternates) == 1
        for one in container.findall(f"{A}link"):
            assert urlsplit(one.get("href") or "").scheme in ("http", "https")
    assert len(root.findall(f"{A}author")) == 1  # for all entries, which have none
    assert root.findtext(f"{A}author/{A}name")
    (itself,) = [one for one in root.findall(f"{A}link") if one.get("rel") == "self"]
    assert itself.get("href")
    ids = [one.text for one in root.iter(f"{A}id")]
    assert len(ids) == len(set(ids))
    moments = [one.findtext(f"{A}updated") or "" for one in root.findall(f"{A}entry")]
    assert moments == sorted(moments, reverse=True)
    for entry in root.findall(f"{A}entry"):
        assert len(entry.findall(f"{A}summary")) == 1
        assert entry.find(f"{A}summary").get("type") == "text"  # type: ignore[union-attr]


def is_iri(text: str) -> bool:
    return re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", text) is not None


def entries(root: ElementTree.Element) -> list[tuple[str, str]]:
    return [
        (one.findtext(f"{A}title") or "", one.findtext(f"{A}summary") or "")
        for one in root.findall(f"{A}entry")
    ]


def links(root: ElementTree.Element, relation: str) -> list[str]:
    return [one.get("href") or "" for one in root.iter(f"{A}link") if one.get("rel") == relation]


def test_changes_are_told_in_words_with_their_pages(desks: Browser) -> None:
    proposal = desks.propose(update("04", agents="6"), contributor={"name": "Canary"}).json
    desks.accept(proposal)
    root = read(desks, "?lang=en")
    ((title, summary),) = entries(root)
    assert title == "Corrected: Desk of Mormoiron"
    assert summary == "Corrected: Desk of Mormoiron · Nombre d’agents: “4” → “6”"
    assert f"http://localhost/desks/proposals/{proposal['id']}?lang=en" in links(root, "alternate")
    assert links(root, "related") == ["http://localhost/desks/desks/04?lang=en"]
    french = entries(read(desks, "?lang=fr"))[0][0]
    assert french == "Corrigée\u00a0: Desk of Mormoiron"
    assert "Canary" not in ElementTree.tostring(root, encoding="unicode")


def test_several_rows_are_counted_and_the_first_are_told(desks: Browser) -> None:
    new = [insert(id=f"9{at}", name=f"Desk {at}", city_code="84003", agents="2") for at in range(9)]
    desks.accept(desks.propose(delete("03"), update("01", note="x"), *new).json)
    ((title, summary),) = entries(read(desks, "?lang=en"))
    assert title == "desks: 11 rows"
    lines = summary.split("\n")
    assert len(lines) == feeds.ROWS + 1
    assert "Removed: Desk of Gordes" in lines
    assert lines[-1] == "and more: 1 row"


def test_an_entry_keeps_its_id_and_the_feed_its_own(desks: Browser) -> None:
    desks.accept(desks.propose(update("04", agents="6")).json)
    first = read(desks)
    desks.accept(desks.propose(update("04", agents="7")).json)
    second = read(desks)
    ids = [[one.text for one in root.iter(f"{A}id")] for root in (first, second)]
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] == ids[1][2]
    assert second.findtext(f"{A}updated") > (first.findtext(f"{A}updated") or "")  # type: ignore[operator]


def test_nothing_is_sent_to_who_has_it(desks: Browser) -> None:
    first = desks.client.get("/feed/desks.atom")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert desks.client.get("/feed/desks.atom", headers=tag).status_code == 304
    assert desks.client.get("/feed/desks.atom?lang=en", headers=tag).status_code == 200
    desks.accept(desks.propose(update("04", agents="6")).json)
    assert desks.client.get("/feed/desks.atom", headers=tag).status_code == 200
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_lead_from_one_to_the_next(desks: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ENTRIES", 2)
    for agents in "56789":
        desks.accept(desks.propose(update("04", agents=agents)).json)
    found, query, seen = [], "", set[str]()
    while query not in seen:
        seen.add(query)
        root = read(desks, query)
        found += entries(root)
        following = [one for one in links(root, "next")]
        query = f"?{urlsplit(following[0]).query}" if following else query
    assert len(found) == 5  # the import is none
    assert desks.client.get("/feed/desks.atom?page=4").status_code == 404
    assert desks.client.get("/feed/desks.atom?page=0").status_code == 400
    assert desks.client.get("/feed/desks.atom?other=1").status_code == 400
    assert desks.client.get("/feed/nothing.atom").status_code == 404


def test_no_cell_breaks_the_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ROWS", 100)
    texts = [*HOSTILE.values(), "]]>", "\x01\x0b\ufffe\x7f", "a" * 5_000]
    head = DESKS.partition("\n")[0]
    rows = [
        f'{at:03},Desk {at},84003,,2,,,,"{text.replace(chr(34), 2 * chr(34))}"'
        for at, text in enumerate(texts)
    ]
    data = "\n".join([head, *rows, ""]).replace("\0", "").encode("utf-8", "replace")
    folder = write_desks(tmp_path / "package", desks=data)
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    name = '<b>Desk</b> & "so on"'
    both = [update(f"{at:03}", note="plain", name=name) for at in range(len(texts))]
    assert browser.accept(browser.propose(*both).json).status_code == 200
    ((title, summary),) = entries(read(browser, "?lang=en"))
    assert title == f"desks: {len(texts)} rows"
    lines = summary.split("\n")
    assert len(lines) == len(texts)
    assert all(one.startswith(f"Corrected: {name} · Nom: “Desk ") for one in lines)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", summary)
    assert max(map(len, lines)) < 400


def test_personal_cells_and_messages_of_commits_are_not_told(tmp_path: Path) -> None:
    folder = with_personal(tmp_path / "package")
    services = serve(tmp_path / "home", {"desks": folder})
    files: dict[str, bytes] = {
        str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()
    }
    after = files["desks.csv"].replace(f"{CANARY} One".encode(), f"{CANARY} Four".encode())
    steps = line([files, {**files, "desks.csv": after.replace(b"Desk of Apt", b"Desk of All")}])
    steps[1] = type(steps[1])(steps[1].files, steps[1].parents, f"By {CANARY}\n")
    write_history(repository_path(tmp_path / "home", "desks"), steps)
    browser = Browser(services)
    root: Any = read(browser, "?lang=en")
    assert entries(root) == [
        ("Corrected: Desk of All", "Corrected: Desk of All · Nom: “Desk of Apt” → “Desk of All”")
    ]
    text = ElementTree.tostring(root)
    assert all(one not in text for one in spellings(CANARY))
