"""What a reader finds on the pages, without JavaScript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, delete, serve, update, write_desks
from tests.web.pages import Page, visit

HOSTILE = '</script><script>alert("1")</script>'


def described(folder: Path, **extension: Any) -> Path:
    """The small dataset with what a publisher may say about it: groups, labels, colours, hours."""
    write_desks(folder)
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["licenses"] = [
        {"title": "Open", "path": "https://example.org/open"},
        {"title": "Odd", "path": "javascript:alert(1)"},
    ]
    descriptor["retouche"] = {"groups": {"where": {"fr": "Où", "en": "Where"}}}
    fields = {one["name"]: one for one in descriptor["resources"][0]["schema"]["fields"]}
    fields["city_code"]["retouche"] = {"group": "where", "label": {"fr": "Ville", "en": "Town"}}
    fields["latitude"]["retouche"] = {"group": "where", "locked": True}
    fields["longitude"]["retouche"] = {"group": "where", "personal": True}
    fields["agents"]["retouche"] = {
        "display": {"as": "number", "unit": {"fr": "personnes", "en": "people"}, "digits": 0},
        "help": {"fr": "Combien on est", "en": "How many work there"},
    }
    fields["note"]["retouche"] = extension.get("note", {})
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder


@pytest.fixture
def rich(tmp_path: Path) -> Browser:
    return Browser(serve(tmp_path / "home", {"desks": described(tmp_path / "package")}))


def test_the_catalogue_leads_to_the_dataset_its_table_and_a_card(desks: Browser) -> None:
    catalogue = visit(desks.client, "/")
    dataset = catalogue.follow("Accueils")
    assert dataset.title == "Accueils"
    assert "4 rows" in dataset.text
    assert "read only" in dataset.text
    table = dataset.follow("desks")
    assert "4 rows" in table.text
    card = table.follow('Desk of "Sault"')
    assert card.url == "/desks/desks/02"
    assert card.title == 'Desk of "Sault"'
    assert "two\nlines" in card.one("main").text


def test_a_dataset_is_described_for_search_engines(rich: Browser) -> None:
    told = json.loads(visit(rich.client, "/desks").one("script").text)
    assert told["@type"] == "Dataset"
    assert told["license"] == ["https://example.org/open"]
    assert "http://localhost/api/v1/datasets/desks/resources/desks/data.csv" in [
        one["contentUrl"] for one in told["distribution"]
    ]


def test_a_dataset_tells_how_to_clone_it_and_how_full_it_is(desks: Browser) -> None:
    page = visit(desks.client, "/desks")
    assert "git clone http://localhost/git/desks.git" in page.text
    phone = next(one for one in page.all("tr") if "Téléphone" in one.text)
    assert "75%" in phone.text
    assert page.link("Its revisions") == "http://localhost/api/v1/datasets/desks/revisions"


def test_a_dataset_shows_what_changed_and_what_is_pending(desks: Browser) -> None:
    accepted = desks.propose(update("01", phone="04 65 71 00 11")).json
    desks.accept(accepted)
    desks.propose(update("03", agents="7"))
    page = visit(desks.client, "/desks")
    assert "desks: 1 row corrected" in page.text
    assert "Correction: Desk of Gordes" in page.text
    assert page.link("the proposal") == f"/desks/proposals/{accepted['id']}"


def test_an_older_revision_says_so_and_its_links_stay_there(desks: Browser) -> None:
    first = desks.published
    desks.accept(desks.propose(update("03", name="Desk of Goult")).json)
    page = visit(desks.client, f"/desks?revision={first}")
    assert "older or proposed version" in page.text
    table = page.follow("desks")
    assert f"revision={first}" in table.url
    card = table.follow("Desk of Gordes")
    assert f"revision={first}" in card.url
    assert "Correct this" not in card.text
    assert card.follow("See the present version").title == "Desk of Goult"


def test_the_revision_of_a_proposal_shows_what_it_would_make(desks: Browser) -> None:
    proposal = desks.propose(update("03", name="Desk of Goult")).json
    page = visit(desks.client, f"/desks/desks/03?revision=proposal:{proposal['id']}")
    assert page.title == "Desk of Goult"


def test_rows_are_searched_filtered_sorted_and_counted(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks")
    found = page.submit("Show the rows", q="sault")
    assert "1 row for these filters" in found.text
    two = visit(desks.client, "/desks/desks?agents__exact=2&agents__sort=desc&lang=en")
    assert "2 rows for these filters" in two.text
    assert two.follow("Remove all filters").url == "/desks/desks?lang=en"
    heading = next(one for one in page.all("th") if "agents" in one.text)
    link = next(one for one in page.all("a") if one.inside(heading))
    once = visit(desks.client, link["href"])
    assert [one.get("aria-sort") for one in once.all("th") if one.get("aria-sort")] == ["ascending"]
    again = visit(desks.client, once.link("agents"))
    assert [one.get("aria-sort") for one in again.all("th") if one.get("aria-sort")] == [
        "descending"
    ]
    assert names(again)[0] == "Desk of Mormoiron"


def test_operators_of_the_api_work_in_the_address_and_can_be_taken_away(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks?agents__greater=3&phone__isnotnull")
    assert names(page) == ['Desk of "Sault"', "Desk of Mormoiron"]
    assert "Nombre d’agents is at least 3" in page.text
    wider = visit(desks.client, page.link("Nombre d’agents is at least 3"))
    assert len(names(wider)) == 3
    assert "Téléphone is filled" in wider.text


def test_a_filter_that_cannot_be_understood_is_refused_as_a_page(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks?colour__exact=blue")
    assert page.status == 400
    assert "colour" in page.text
    assert visit(desks.client, "/desks/desks?agents__greater=many").status == 400
    assert visit(desks.client, "/desks/desks?page=0").status == 400


def test_pages_of_rows_lead_to_one_another_and_end_politely(desks: Browser) -> None:
    first = visit(desks.client, "/desks/desks?page_size=3")
    second = first.follow("Next page")
    assert names(second) == ["Desk of Mormoiron"]
    assert "Page 2 of 2" in second.text
    assert second.follow("Previous page").url == "/desks/desks?page_size=3&page=1"
    beyond = visit(desks.client, "/desks/desks?page=9")
    assert beyond.status == 200
    assert "no more rows" in beyond.text


def test_downloads_keep_the_filters(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks?q=apt&page=1")
    address = page.link("CSV")
    assert address == "http://localhost/api/v1/datasets/desks/resources/desks/data.csv?q=apt"
    assert desks.client.get(address).get_data(as_text=True).count("\n") == 2


def test_all_columns_are_a_link_away(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks")
    assert "Longitude" not in page.text
    wide = page.follow("Show all 9 columns")
    assert "Longitude" in wide.text
    assert "Main columns only" in wide.text


def test_a_card_shows_groups_units_labels_and_links_in_the_language(rich: Browser) -> None:
    page = visit(rich.client, "/desks/desks/01")
    assert "Where" in [one.text for one in page.all("h2")]
    assert "2 people" in page.text
    assert "How many work there" in page.text
    assert page.link("04 65 71 00 01") == "tel:0465710001"
    assert page.link("84003") == "/desks/cities/84003"
    french = visit(rich.client, "/desks/desks/01", language="fr")
    assert "2 personnes" in french.text
    assert "2 janvier 2020" in french.text
    assert "Où" in [one.text for one in french.all("h2")]


def test_personal_fields_are_nowhere(rich: Browser) -> None:
    rich.accept(rich.propose(update("01", agents="5")).json)
    for url in ("/desks/desks/01", "/desks/desks?view=all", "/desks", "/desks/desks/01?edit=1"):
        page = visit(rich.client, url)
        assert "5.3964" not in page.html
        assert "ongitude" not in page.html


def test_a_card_lists_the_rows_that_refer_to_it(desks: Browser) -> None:
    page = visit(desks.client, "/desks/cities/84003")
    assert page.link("Desk of Apt") == "/desks/desks/01"


def test_a_card_shows_its_history_and_where_it_stays(desks: Browser) -> None:
    first = desks.published
    desks.accept(desks.propose(update("03", agents="7")).json)
    page = visit(desks.client, "/desks/desks/03")
    assert "Corrected" in page.text
    assert "Nombre d’agents: 2 → became 7" in page.text
    permanent = page.link("…?revision=")
    assert permanent == f"http://localhost/desks/desks/03?revision={desks.published}"
    assert page.one("link", rel="canonical")["href"] == "http://localhost/desks/desks/03"
    old = visit(desks.client, f"/desks/desks/03?revision={first}")
    assert "Corrected" not in old.text


def test_a_row_that_was_removed_keeps_its_address_and_its_history(desks: Browser) -> None:
    first = desks.published
    desks.accept(desks.propose(delete("03")).json)
    page = visit(desks.client, "/desks/desks/03")
    assert page.status == 410
    assert page.title == "Desk of Gordes"
    added = next(one for one in page.all("a") if first in one["href"])
    assert visit(desks.client, added["href"]).title == "Desk of Gordes"


def test_a_card_says_what_is_pending_on_its_row(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = visit(desks.client, "/desks/desks/03")
    assert "awaiting review" in page.text
    assert page.link("sent on") == f"/desks/proposals/{proposal['id']}"


def test_structured_data_says_what_a_row_is_and_cannot_break_out(desks: Browser) -> None:
    plain = visit(desks.client, "/desks/desks/01").one("script")
    told = json.loads(plain.text)
    assert told["@type"] == "GovernmentOffice"
    assert told["geo"]["latitude"] == 43.8765
    assert told["telephone"] == "04 65 71 00 01"
    assert (
        json.loads(visit(desks.client, "/desks/cities/84003").one("script").text)["@type"]
        == "Thing"
    )
    desks.accept(desks.propose(update("01", name=HOSTILE)).json)
    page = visit(desks.client, "/desks/desks/01")
    assert page.title == HOSTILE
    assert json.loads(page.one("script").text)["name"] == HOSTILE


def test_hostile_cells_are_text_everywhere(desks: Browser) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    proposal = desks.propose(update("01", note=hostile, phone=None)).json
    desks.accept(proposal)
    for url in (
        "/desks/desks/01",
        "/desks/desks/01?edit=1",
        "/desks/desks?view=all",
        f"/desks/proposals/{proposal['id']}",
        f"/desks/desks?q={hostile}",
    ):
        page = visit(desks.client, url)
        assert not [one for one in page.all("img") if one.get("src") == "x"]


def test_keys_with_any_character_have_a_card_and_a_form(tmp_path: Path) -> None:
    rows = 'code,name,inhabitants\n"a/b, 100 %?#é",Odd,1\n84003,Apt,2\n'
    folder = write_desks(
        tmp_path / "package",
        cities=rows,
        desks="id,name,city_code,phone,agents,opened,latitude,longitude,note\n",
    )
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["resources"][1]["retouche"] = {"editable": True, "label": "{name}"}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    card = visit(browser.client, "/desks/cities").follow("Odd")
    assert card.title == "Odd"
    form = card.follow("Correct this")
    sent = form.submit("See the difference", cell_inhabitants="3").submit("Send to the reviewers")
    assert "safely kept" in sent.text
    assert sent.follow("Odd").title == "Odd"
    french = visit(browser.client, card.link("Français"))
    assert french.one("html")["lang"] == "fr"
    assert french.title == "Odd"


def test_unknown_things_are_pages_with_a_way_on(desks: Browser) -> None:
    for url in (
        "/nothing",
        "/desks/nothing",
        "/desks/desks/99",
        "/desks/proposals/0123456789abcdef",
        "/desks?revision=nothing",
        "/a/b/c/d",
    ):
        page = visit(desks.client, url)
        assert page.status == 404
        assert page.follow("All datasets").status == 200


def test_the_language_follows_the_browser_until_chosen_and_then_stays(desks: Browser) -> None:
    assert visit(desks.client, "/", language="de").one("html")["lang"] == "fr"
    assert visit(desks.client, "/", language="en-GB,fr;q=0.5").one("html")["lang"] == "en"
    french = visit(desks.client, "/desks/desks?q=apt").follow("Français")
    assert french.one("html")["lang"] == "fr"
    assert "q=apt" in french.url
    card = french.follow("Desk of Apt")
    assert card.one("html")["lang"] == "fr"
    assert card.url == "/desks/desks/01?lang=fr"
    assert "Set-Cookie" not in card.headers


def test_pages_are_revalidated_and_assets_kept_for_ever(desks: Browser) -> None:
    page = visit(desks.client, "/desks")
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in page.headers["Vary"].split(",")}
    again = desks.client.get(
        "/desks", headers={"If-None-Match": page.headers["ETag"], "Accept-Language": "en"}
    )
    assert again.status_code == 304
    sheet = desks.client.get(page.one("link", rel="stylesheet")["href"])
    assert "immutable" in sheet.headers["Cache-Control"]
    assert len(sheet.data) < 25_000
    assert desks.client.get("/assets/retouche.000000000000.css").status_code == 404


def names(page: Page) -> list[str]:
    """What the rows of the table are called."""
    return [one.text.strip() for one in page.all("th", scope="row")]
