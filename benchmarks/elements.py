"""The elements on another site's page: what they weigh, and how soon the first card is there.

Datami's figures for the same work are constants, measured once with its own example page on two
cores: it is no package of a registry, so it cannot be run beside ours.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright
from tests.browsers import ARGUMENTS, NAMES
from tests.e2e.widgets.visiting import Host

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground
from benchmarks.serving import Serving, retouche
from retouche.web.elements import MANIFEST, STATIC

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "datasets" / "france-services"
DATASET = "france-services"
WIDGET = "fiches"
SIZES = (200, 2_500)
DATAMI = "Datami, measured before"
DATAMI_SECONDS = {200: 8.7, 2_500: 12.8}
DATAMI_REQUESTS, DATAMI_SCRIPT = 49, 792e3
LARGEST_BASE = 45e3
RUNS = 7
FIRST = """(() => {
  const shown = (root) => [...root.querySelectorAll("*")].some((one) =>
    (one.localName === "article" && one.getBoundingClientRect().height > 0) ||
    (one.shadowRoot && shown(one.shadowRoot)));
  const look = () => shown(document)
    ? (window.firstCard = performance.now())
    : requestAnimationFrame(look);
  document.addEventListener("DOMContentLoaded", look);
})()"""
"""Milliseconds from the start of the navigation to the frame that has a card in it."""
BARE = """(async () => {
  const answer = await fetch("%s");
  for (const row of (await answer.json()).data) {
    const card = document.createElement("article");
    card.textContent = Object.values(row).join(" ");
    document.body.append(card);
  }
})()"""
"""The least that shows these rows in this browser: ask for them and write them down."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of a page with an empty cache."""

    seconds: float
    requests: int
    received: float
    script: float


def measure(ground: Ground) -> Iterator[Figure]:
    base = _zipped("widgets.js") + sum(map(_zipped, _parts("cards")))
    yield Figure(
        work="scripts of the first card, gzip",
        size="",
        ours=base,
        peer=DATAMI_SCRIPT,
        against=DATAMI,
        unit="B",
        aim=Aim("below", LARGEST_BASE),
    )
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        yield Figure(work="time to the first card", size="", ours=None, note="no Chromium here")
        return
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        stack.callback(browser.close)
        for rows in SIZES:
            package = _package(ground.new_folder("package"), rows)
            server = stack.enter_context(retouche(package, ground.new_folder("home") / "home"))
            yield from _first_cards(ground, browser, server, rows)


def _first_cards(ground: Ground, browser: Browser, server: Serving, rows: int) -> Iterator[Figure]:
    ground.tell(f"opening {rows} rows of 81 columns")
    host = Host(f"http://{server.host}:{server.port}")
    api = f"{host.server}/api/v1/datasets/{DATASET}"
    element = f'<retouche-widget src="{api}/widgets/{WIDGET}"></retouche-widget>'
    bare = f"{api}/resources/structures/rows?page_size=12"
    host.pages["/bare.js"] = ("text/javascript", BARE % bare)
    host.pages["/bare"] = ("text/html", "<!doctype html><body><script src=/bare.js></script>")
    host.policy = None
    ours, least = [], []
    try:
        _opened(browser, host.put(element))
        for _ in range(ground.runs(RUNS, 3)):
            ours.append(_opened(browser, host.put(element)))
            least.append(_opened(browser, host.url + "/bare"))
    finally:
        host.close()
    size = f"{rows:,} × 81"
    seconds = statistics.median(one.seconds for one in ours)
    yield Figure(
        work="time to the first card, empty cache",
        size=size,
        ours=seconds,
        peer=DATAMI_SECONDS[rows],
        against=DATAMI,
        aim=Aim("at least", 10),
    )
    yield Figure(
        work="time to the first card, empty cache",
        size=size,
        ours=seconds,
        peer=statistics.median(one.seconds for one in least),
        against="a bare page that writes the same rows down",
    )
    last = ours[-1]
    yield Figure(
        work="bytes received until the first card",
        size=size,
        ours=last.received,
        note=f"{last.requests} requests, Datami {DATAMI_REQUESTS};"
        f" {last.script / 1e3:.0f} kB of it script",
        unit="B",
    )


def _opened(browser: Browser, address: str) -> Opening:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    received: dict[str, float] = {}

    def asked(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = (event["request"]["url"], event.get("type", ""))

    def finished(event: dict[str, Any]) -> None:
        received[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.add_init_script(FIRST)
    page.goto(address)
    milliseconds = page.wait_for_function("window.firstCard").json_value()
    found = {
        one: size
        for one, size in received.items()
        if not kinds[one][0].startswith(address.partition("?")[0]) and ".css" not in kinds[one][0]
    }
    script = sum(size for one, size in found.items() if kinds[one][1] == "Script")
    context.close()
    return Opening(milliseconds / 1000, len(found), sum(found.values()), script)


def _package(folder: Path, rows: int) -> Path:
    """The sample dataset; beyond its 200 rows they come again under other identifiers."""
    made = folder / DATASET
    shutil.copytree(SAMPLE, made)
    file = made / "structures.csv"
    with file.open(newline="", encoding="utf-8") as opened:
        header, *lines = csv.reader(opened)
    key = header.index("id_fs")
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(header)
        for number in range(rows):
            line = list(lines[number % len(lines)])
            line[key] = str(number + 1)
            writer.writerow(line)
    return made


def _parts(view: str) -> list[str]:
    """The parts that a view's own part brings along, itself included, without `widgets.js`."""
    built = json.loads(MANIFEST.read_bytes())
    start = next(one for one in built if one.endswith(f"/{view}/{view}.ts"))
    waiting, found = [start], list[str]()
    while waiting:
        part = built[waiting.pop()]
        if part["file"] not in (*found, "widgets.js"):
            found.append(part["file"])
            waiting += part.get("imports", [])
    return found


def _zipped(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))
