"""Projects: drafted on the map, weighed, compared, shared by link, sent, and decided."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Served, serving
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
PROJECTS = "/france-services/proposals/projects"
SCENARIOS = "/api/v1/datasets/france-services/scenarios"
HOURS = "09:00 - 12:00 / 14:00 - 17:00"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
NEW = {
    "id_fs": "9001",
    "lib_fs": "France services du Col",
    "statut_label": "labellisée",
    "nb_agents": "2",
    "fs_statut": "Association",
    "fs_adresse": "1 place du Col",
    "fs_telephone": "04 65 71 00 00",
    "latitude": "44.69712",
    "longitude": "6.46523",
    "insee_com": "05003",
    "dep_insee": "05",
    **{f"fs_h_{day}": HOURS for day in DAYS},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own: what is accepted here changes what is published."""
    settings = {"RETOUCHE_MIN_SECONDS": "0", "RETOUCHE_LIMIT_MINUTE": "0"}
    with serving(tmp_path_factory.mktemp("projects"), **settings) as found:
        yield found


@pytest.fixture
def window(look: Look, server: Served) -> Callable[..., Looker]:
    def open_window(width: int = 1280, **more: Any) -> Looker:
        return look(width, url=server.url, **{"locale": "en-GB", **more})

    return open_window


def called(server: Served, path: str, body: Any = None) -> Any:
    """What the API answers."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    request = urllib.request.Request(server.url + path, data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def insert(**cells: str) -> dict[str, Any]:
    return {"op": "insert", "resource": "structures", "row": {**NEW, **cells}}


def close(key: str) -> dict[str, Any]:
    return {"op": "delete", "resource": "structures", "key": {"id_fs": key}}


def drafted(server: Served, title: str, *operations: dict[str, Any]) -> str:
    """The id of a new scenario."""
    body = {"title": title, "operations": list(operations)}
    return str(called(server, SCENARIOS, body)["id"])


def drawn(page: Page, maps: int) -> None:
    """Wait until so many maps are drawn."""
    expect(page.locator("retouche-scenario-map canvas")).to_have_count(maps)
    expect(page.locator("retouche-scenario-map[aria-busy]")).to_have_count(0)


def builder(page: Page) -> None:
    """Wait until the builder has its map."""
    drawn(page, 1)


def title(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Title of the project")


def saved(page: Page, steps: int) -> None:
    """Wait until so many steps are written, and what they change is there."""
    expect(page.locator("retouche-scenario .steps > li")).to_have_count(steps)
    expect(page.locator("#saving[data-state=saved]")).to_be_visible()
    effects = page.locator("retouche-scenario .effects .stack")
    expect(effects).to_have_attribute("aria-busy", "false")


def find(page: Page, words: str, name: str) -> None:
    page.get_by_role("searchbox").fill(words)
    page.locator("retouche-scenario-here .found").get_by_role("button", name=name).first.click()


def put_pin(page: Page, latitude: str, longitude: str) -> None:
    """Type a place, as somebody does who does not use the map."""
    page.get_by_label("Latitude", exact=True).fill(latitude)
    page.get_by_label("Longitude", exact=True).fill(longitude)
    page.get_by_role("button", name="Put the pin").click()


def scenario_of(page: Page) -> str:
    found = re.search(r"/projects/([0-9a-f]{32})", page.url)
    assert found, page.url
    return found[1]


def test_a_project_is_built_on_the_map(window: Callable[..., Looker], server: Served) -> None:
    looker = window()
    page = looker.go(f"{PROJECTS}/new?lang=en")
    builder(page)
    looker.check("project-new")
    title(page).fill("A counter on the pass")

    # Open: a click on the ground puts the pin there.
    page.locator("retouche-scenario-map .canvas canvas").click(position={"x": 60, "y": 300})
    expect(page.locator("retouche-scenario-here .here")).to_contain_text("A place is chosen")
    put_pin(page, "44,69712", "6.46523")
    expect(page.locator("retouche-scenario-here .here")).to_contain_text("near")
    page.get_by_role("button", name="Open here: Counters").click()
    form = page.locator("retouche-scenario-form")
    form.get_by_role("button", name="Add to the project").click()
    expect(form.get_by_role("alert")).to_contain_text("To be filled in")
    form.get_by_label("Name of the counter").fill("France services du Col")
    form.locator("retouche-input[data-field=statut_label] select").select_option("labellisée")
    form.locator("retouche-input[data-field=nb_agents] input").fill("2")
    form.locator("retouche-input[data-field=fs_statut] select").select_option("Association")
    form.locator("retouche-input[data-field=fs_adresse] input").fill("1 place du Col")
    looker.check("project-form")
    form.get_by_role("button", name="Add to the project").click()
    saved(page, 1)
    steps = page.locator("retouche-scenario .steps > li")
    expect(steps.first).to_contain_text("Open “France services du Col”")
    expect(steps.first).to_contain_text("five days")  # it can be drafted, and not sent so

    # Close.
    find(page, "services de gap", "France services de Gap")
    page.get_by_role("button", name="Close", exact=True).click()
    saved(page, 2)
    expect(page.locator("#done")).to_have_text("“France services de Gap” closes.")

    # Move, by the arrow keys on the pin.
    find(page, "ancelle", "France services d'Ancelle")
    page.get_by_role("button", name="Move", exact=True).click()
    pin = page.locator("retouche-scenario-map button.pin")
    pin.focus()
    before = page.get_by_label("Latitude", exact=True).input_value()
    pin.press("ArrowUp")
    expect(page.get_by_label("Latitude", exact=True)).not_to_have_value(before)
    page.get_by_role("button", name="Move here").click()
    saved(page, 3)

    # Share the site of another.
    find(page, "argentière", "L'Argentière")
    page.get_by_role("button", name="Share the site of another").click()
    find(page, "briançon", "Briançon")
    saved(page, 4)
    expect(steps.nth(3)).to_contain_text("on the site of")

    # A stop of a mobile counter.
    put_pin(page, "44.76688", "6.80022")
    page.get_by_role("button", name="Open here: Stops of the mobile counters").click()
    form.get_by_label("Place of the stop").fill("Place du village")
    form.locator("retouche-input[data-field=id_fs]").get_by_role("combobox").fill("13")
    form.locator("retouche-input[data-field=id_fs]").get_by_role("option").first.click()
    form.locator("retouche-input[data-field=jour] select").select_option("mardi")
    form.locator("retouche-input[data-field=semaine] select").select_option("toutes")
    hours = form.locator("retouche-input[data-field=horaires]")
    hours.get_by_label("Closed (Tuesday)").uncheck()
    hours.get_by_label("Hours 1, from (HH:MM) (Tuesday)").fill("09:00")
    hours.get_by_label("Hours 1, to (HH:MM) (Tuesday)").fill("12:00")
    form.locator("retouche-input[data-field=du] input#c").fill("2026-12-01")
    form.get_by_role("button", name="Add to the project").click()
    saved(page, 5)
    looker.check("project-built")

    # What is shown is what the API says of what was built.
    scenario = scenario_of(page)
    kept = called(server, f"{SCENARIOS}/{scenario}")
    assert kept["title"] == "A counter on the pass"
    opened, closed, moved, shared, stop = kept["operations"]
    assert opened["row"]["latitude"] == "44.69712"
    assert opened["row"]["longitude"] == "6.46523"
    assert re.fullmatch(r"05\d{3}", opened["row"]["insee_com"])
    assert opened["row"]["dep_insee"] == "05"
    assert closed["op"] == "delete"
    assert all(
        re.fullmatch(r"\d+\.\d{5}", moved["new"][one]) for one in moved["new"] if "tude" in one
    )
    briancon = called(
        server, "/api/v1/datasets/france-services/resources/structures/rows?q=brian%C3%A7on"
    )["data"][0]
    assert {name: briancon[name] for name in shared["new"]} == shared["new"]
    assert {"latitude", "longitude", "fs_adresse", "insee_com"} <= set(shared["new"])
    assert stop["resource"] == "permanences"
    assert stop["row"]["id_fs"] == "13"
    impact = called(server, f"{SCENARIOS}/{scenario}/impact")
    effects = page.locator("retouche-scenario .effects")
    told = effects.locator("ul.told > li").all_inner_texts()
    assert told == impact["sentences"]
    assert len(told) > 1
    assert effects.locator(".stack").get_attribute("data-after") == impact["after"]
    titles = effects.locator("table", has_text="Indicators, before and after")
    expect(titles.locator("tbody tr")).to_have_count(len(impact["indicators"]))

    # Each step can be undone, and a reload comes back to what was written.
    page.get_by_role("button", name=re.compile("Undo: Close")).click()
    saved(page, 4)
    page.reload()
    builder(page)
    saved(page, 4)
    expect(title(page)).to_have_value("A counter on the pass")


@pytest.mark.parametrize("width", [360, 768])
def test_the_builder_fits_narrow_windows(
    window: Callable[..., Looker], server: Served, width: int
) -> None:
    scenario = drafted(server, "Le Col", insert(id_fs="9101"), close("1"))
    looker = window(width, locale="fr-FR")
    page = looker.go(f"{PROJECTS}/{scenario}")
    builder(page)
    saved(page, 2)
    looker.check("project-narrow")


def test_two_windows_do_not_write_over_each_other(
    window: Callable[..., Looker], server: Served
) -> None:
    scenario = drafted(server, "Shared", close("1"))
    one, other = window().go(f"{PROJECTS}/{scenario}"), window().go(f"{PROJECTS}/{scenario}")
    for page in (one, other):
        builder(page)
        saved(page, 1)
    find(one, "services de gap", "France services de Gap")
    one.get_by_role("button", name="Close", exact=True).click()
    saved(one, 2)
    find(other, "embrun", "Embrun")
    other.get_by_role("button", name="Close", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Somebody else changed this project")
    other.get_by_role("button", name="See their version").click()
    saved(other, 2)
    expect(other.locator("retouche-scenario .steps")).to_contain_text("Gap")


def test_projects_stand_side_by_side(window: Callable[..., Looker], server: Served) -> None:
    made = [
        drafted(server, "One closes", close("1")),
        drafted(server, "Another closes", close("2")),
        drafted(server, "Both close", close("1"), close("2")),
        drafted(server, "One opens", insert(id_fs="9201")),
        drafted(server, "Nothing", close("3")),
    ]

    def address(ids: list[str]) -> str:
        return f"{PROJECTS}/compare?lang=en&" + "&".join(f"scenario={one}" for one in ids)

    looker = window()
    page = looker.go(address(made[:4]))
    drawn(page, 4)
    looker.check("projects-compared")
    answer = called(
        server, f"{SCENARIOS}/compare?" + "&".join(f"scenario={one}" for one in made[:4])
    )
    for place, one in enumerate(answer["data"]):
        article = page.locator(".side > article").nth(place)
        expect(article.get_by_role("heading")).to_have_text(one["scenario"]["title"])
        assert article.locator("li").all_inner_texts() == one["impact"]["sentences"]
    table = page.get_by_role("region", name="Indicators, before and with each project")
    expect(table.get_by_role("columnheader")).to_have_count(6)
    article = page.locator(".side > article").nth(1)
    article.get_by_role("link", name=re.compile("Take away")).click()
    expect(page.locator(".side > article")).to_have_count(3)
    page.goto(address(made))
    expect(page.get_by_role("alert")).to_contain_text("4")
    expect(page.locator(".side")).to_have_count(0)

    narrow = window(360)
    page = narrow.go(address(made[:2]))
    drawn(page, 2)
    narrow.check("projects-compared")


def test_a_project_is_shared_sent_and_accepted(
    window: Callable[..., Looker], server: Served
) -> None:
    scenario = drafted(server, "A counter at the pass", insert(id_fs="9301"))
    # Whoever has the link sees it, in a browser of their own.
    other = window()
    page = other.go(f"{PROJECTS}/{scenario}?lang=en")
    builder(page)
    saved(page, 1)
    expect(page.locator("#link")).to_have_value(re.compile(f"/projects/{scenario}$"))
    page.get_by_role("button", name="Make a variant").click()
    expect(title(page)).to_have_value("A counter at the pass (variant)")
    assert scenario_of(page) != scenario
    builder(page)
    saved(page, 1)
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator(".side > article")).to_have_count(2)

    page.goto(f"{PROJECTS}/{scenario}?lang=en")
    builder(page)
    saved(page, 1)
    page.get_by_role("button", name="Send as a proposal").click()
    dialog = page.locator("retouche-scenario-submit")
    dialog.get_by_label("Source").fill("https://example.org/plan")
    other.check("project-submit")
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_text("The project is sent.")).to_be_visible()
    dialog.get_by_role("link", name="Follow the proposal").click()
    expect(page).to_have_url(re.compile(r"/france-services/proposals/[0-9a-f]{16}"))
    proposal = page.url.split("/proposals/")[1][:16]
    expect(page.locator("main")).to_contain_text("A counter at the pass")
    expect(page.locator("main .impact")).to_be_visible()
    page.goto(f"{PROJECTS}?lang=en")
    expect(page.get_by_role("link", name="A counter at the pass")).to_be_visible()
    other.check("projects")

    reviewer = window()
    path = f"/france-services/proposals/{proposal}"
    page = reviewer.go(f"{server.sign_in}&next={path}")
    expect(page.get_by_text("Reviewer: reviewer")).to_be_visible()
    expect(page.locator("main .impact")).to_be_visible()
    page.get_by_role("button", name="Accept and publish").first.click()
    expect(page.locator("main .state.accepted").first).to_be_visible()
    rows = called(server, "/api/v1/datasets/france-services/resources/structures/rows/9301")
    assert rows["data"]["lib_fs"] == NEW["lib_fs"]
    # The map of the builder has it now.
    page.goto(f"{PROJECTS}/new?lang=en")
    builder(page)
    find(page, "services du Col", "France services du Col")
    expect(page.get_by_role("button", name="Close", exact=True)).to_be_visible()


def test_a_project_is_made_without_scripts(window: Callable[..., Looker], server: Served) -> None:
    looker = window(360, scripts=False)
    page = looker.go(f"{PROJECTS}/new?lang=en")
    page.get_by_label("Title of the project").fill("By hand")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("By hand")
    scenario = scenario_of(page)

    def step(name: str) -> Locator:
        found = page.locator("details").filter(has=page.locator("summary", has_text=name)).first
        found.locator("summary").click()
        return found

    part = step("Close")
    part.locator("select").select_option("structures/1")
    part.get_by_role("button").click()
    steps = page.locator("section[aria-labelledby=steps] > ol > li")
    expect(steps).to_have_count(1)
    expect(page.locator(".impact")).to_be_visible()
    part = step("Move")
    part.locator("select").select_option("structures/2")
    part.get_by_label("Place:").fill("Nowhere at all")
    part.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("No place is called")
    part = step("Move")
    part.locator("select").select_option("structures/2")
    part.get_by_label("Place:").fill("05061")
    part.get_by_role("button").click()
    expect(steps).to_have_count(2)
    part = step("Share a site")
    part.get_by_label("What moves").select_option("structures/3")
    part.get_by_label("To the site of").select_option("structures/4")
    part.get_by_role("button").click()
    expect(steps).to_have_count(3)
    part = page.locator("details").filter(has=page.locator("summary", has_text="Open")).first
    part.locator("summary").click()
    part.get_by_label("Place:").fill("Gap")
    part.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Open: Counters")
    expect(page.locator("[name='cell.insee_com']")).to_have_value("05061")
    for name, text in NEW.items():
        if name in ("lib_fs", "nb_agents", "fs_adresse", "fs_telephone") or name.startswith(
            "fs_h_"
        ):
            page.locator(f"[name='cell.{name}']").fill(text)
    page.locator("[name='cell.statut_label']").select_option(NEW["statut_label"])
    looker.check("project-row-plain")
    page.get_by_role("button", name="Add to the project").click()
    expect(page.get_by_role("alert")).to_be_visible()  # what runs it is not said
    page.locator("[name='cell.fs_statut']").select_option(NEW["fs_statut"])
    page.get_by_role("button", name="Add to the project").click()
    expect(steps).to_have_count(4)
    page.get_by_role("button", name=re.compile("Undo this step")).nth(1).click()
    expect(steps).to_have_count(3)
    looker.check("project-plain")
    kept = called(server, f"{SCENARIOS}/{scenario}")
    assert [one["op"] for one in kept["operations"]] == ["delete", "update", "insert"]
    page.get_by_role("link", name="Send to the reviewers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send the project to the reviewers")
    page.get_by_label("Why this project").fill("Fewer, and better placed.")
    looker.check("project-submit-plain")
    page.get_by_role("button", name="Send to the reviewers").click()
    expect(page).to_have_url(re.compile(r"/france-services/proposals/[0-9a-f]{16}\?"))
    expect(page.locator("main")).to_contain_text("By hand")
    page.goto(f"{PROJECTS}/{scenario}")
    expect(page.locator("main")).to_contain_text("it changes no more")
