"""Sending when things go wrong, corrected files, and frames that may keep nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from tests.e2e.widgets.desk import Desk
from tests.e2e.widgets.test_correcting import edit, refused, send
from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
PROPOSALS = "**/api/v1/datasets/france-services/proposals"
UPLOAD = "document.querySelector('retouche-widget').session.upload()"
FRAME = """<iframe title="Fiches" sandbox="allow-scripts allow-forms allow-popups" width="900"
  height="800" src="{address}"></iframe>"""


def review_of(page: Page, key: str, phone: str) -> Locator:
    """Correct a phone number and come to the review."""
    form = edit(page, key=key)
    form.get_by_role("textbox", name="Téléphone").fill(phone)
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    review.locator("ins").first.wait_for()
    return review


def test_a_clash_shows_three_values_and_one_is_chosen(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    before = desk.row("30")["fs_telephone"]
    form = edit(page, key="30")
    form.get_by_role("textbox", name="Téléphone").fill("04 65 71 30 30")
    form.get_by_role("textbox", name="Adresse").fill("30 rue Neuve")
    expect(page.locator("retouche-draft-bar")).to_be_attached()
    desk.publish("30", {"fs_telephone": "04 65 71 77 77", "fs_adresse": "1 rue Vieille"})
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    clash = review.locator(".cell").filter(has_text="Téléphone")
    for text in (before, "04 65 71 77 77", "04 65 71 30 30"):
        expect(clash.locator("dd").filter(has_text=str(text))).to_have_count(1)
    review.get_by_role("button", name="Envoyer").click()
    expect(review.locator(".fault").first).to_be_focused()
    visitor.check("clash")
    clash.get_by_role("button", name="Garder la mienne").click()
    address = review.locator(".cell").filter(has_text="Adresse")
    address.get_by_role("button", name="Prendre la valeur publiée").click()
    expect(review.locator(".panel.bad")).to_have_count(0)
    desk.accept(send(page))
    assert desk.row("30")["fs_telephone"] == "04 65 71 30 30"
    assert desk.row("30")["fs_adresse"] == "1 rue Vieille"


def test_a_draft_outlives_a_server_that_does_not_answer(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    page.route("**/validate", lambda route: route.abort())
    page.route(PROPOSALS, lambda route: route.abort())
    review = review_of(page, "31", "04 65 71 31 31")
    expect(review.get_by_text("la vérification aura lieu à l’envoi")).to_be_visible()
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("votre brouillon est gardé")).to_be_visible()
    visitor.check("offline")
    tokens: list[str] = []

    def forget_the_answer(route: Route) -> None:
        tokens.append(route.request.headers["idempotency-key"])
        route.fetch()
        route.abort()

    page.unroute(PROPOSALS)
    page.route(PROPOSALS, forget_the_answer)
    review.get_by_role("button", name="Envoyer à nouveau").click()
    expect(review.get_by_role("button", name="Envoyer à nouveau")).to_have_attribute(
        "aria-disabled", "false"
    )
    page.unroute(PROPOSALS)
    page.reload()
    page.locator("retouche-draft-bar").get_by_role("button", name="Vérifier").click()
    with page.expect_request(PROPOSALS) as asked:
        proposal = send(page)
    assert asked.value.headers["idempotency-key"] == tokens[0]
    sent = [
        one["id"]
        for one in desk.ask("proposals")["data"]
        if any(change.get("key") == {"id_fs": "31"} for change in one["operations"])
    ]
    assert sent == [proposal]


def test_a_proposal_is_taken_once_whatever_becomes_of_its_answer(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    keys: list[str] = []

    def cut_the_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
        route.fulfill(status=answer.status, headers=headers, body=answer.text()[:40])

    def never_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.fetch()

    page.route(PROPOSALS, cut_the_answer)
    review = review_of(page, "37", "04 65 71 37 37")
    review.get_by_label("Adresse électronique").fill("adresse@contact.example")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("votre brouillon est gardé")).to_be_visible()
    page.unroute(PROPOSALS)
    page.route(PROPOSALS, never_answer)
    with page.expect_request(PROPOSALS):
        review.get_by_role("button", name="Envoyer à nouveau").click()
    page.reload()
    page.unroute(PROPOSALS)
    page.locator("retouche-draft-bar").get_by_role("button", name="Vérifier").click()
    expect(review.get_by_label("Adresse électronique")).to_have_value("adresse@contact.example")
    with page.expect_request(PROPOSALS) as asked:
        proposal = send(page)
    assert {*keys, asked.value.headers["idempotency-key"]} == {keys[0]}
    sent = [
        one["id"]
        for one in desk.ask("proposals")["data"]
        if any(change.get("key") == {"id_fs": "37"} for change in one["operations"])
    ]
    assert sent == [proposal]
    assert page.evaluate("sessionStorage.length") == 0


def test_the_review_is_at_hand_when_the_connection_goes(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    form = edit(page, key="38")
    form.get_by_role("textbox", name="Téléphone").fill("04 65 71 38 38")
    expect(page.locator("retouche-draft-bar")).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.route(f"{desk.host.server}/**", lambda route: route.abort())
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    expect(review.get_by_role("button", name="Envoyer 1 correction")).to_be_visible()


def test_a_key_that_was_taken_meanwhile_asks_for_one_decision(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    review = review_of(page, "39", "04 65 71 39 39")
    page.keyboard.press("Escape")
    expect(review).to_have_count(0)
    # A row to add whose key somebody else takes: a clash in each of its cells.
    row = {"id_fs": "990", "lib_fs": "A", "nb_agents": "2"}
    operation = {"op": "insert", "resource": "structures", "row": row}
    clashes = [
        {
            "resource": "structures",
            "row_key": {"id_fs": "990"},
            "field": field,
            "base": None,
            "ours": "3",
            "theirs": row[field],
            "kind": "insert_insert",
        }
        for field in ("lib_fs", "nb_agents")
    ]
    body = {"code": "conflict", "detail": "Entre-temps.", "conflicts": clashes}

    def clash(route: Route) -> None:
        if route.request.method == "OPTIONS":
            route.continue_()
        else:
            route.fulfill(status=409, headers={"Access-Control-Allow-Origin": "*"}, json=body)

    page.route("**/validate", clash)
    page.evaluate(
        """operation => { const { session } = document.querySelector('retouche-widget');
        session.draft.clear();
        session.draft.take(session.resource, [operation], () => 'A');
        session.review(); }""",
        operation,
    )
    expect(review.get_by_text("la même clé existe déjà")).to_have_count(1)


def test_a_change_of_a_table_that_is_gone_can_only_be_taken_back(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    page.locator("retouche-widget .count").first.wait_for()
    page.evaluate(
        """() => { const { session } = document.querySelector('retouche-widget');
        const gone = {op: 'update', resource: 'gone', key: {id: '1'}, old: {a: '1'}, new: {a: '2'}};
        session.draft.take({name: 'gone', key: ['id']}, [gone], () => 'Une ligne');
        session.review(); }"""
    )
    change = page.locator("retouche-review article")
    expect(change.get_by_text("n’a pas de ressource")).to_be_visible()
    expect(change.get_by_role("button", name="Modifier")).to_have_count(0)
    change.get_by_role("button", name="Annuler").first.click()
    expect(page.locator("retouche-draft-bar")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "headers", "body", "told"),
    [
        (429, {"Retry-After": "120"}, '{"code": "rate_limited"}', "Réessayez dans 2 minutes"),
        (413, {}, '{"code": "too_large", "detail": "1 Mo au plus."}', "1 Mo au plus."),
        (502, {}, "<html>", "votre brouillon est gardé"),
        (500, {}, '{"code": "internal", "detail": "Panne."}', "Panne."),
    ],
)
def test_a_refusal_says_what_to_do(
    visit: Visit, desk: Desk, status: int, headers: dict[str, str], body: str, told: str
) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    open_to_all = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
    }

    def refuse(route: Route) -> None:
        if route.request.method == "OPTIONS":
            route.continue_()
        else:
            route.fulfill(status=status, headers={**headers, **open_to_all}, body=body)

    page.route(PROPOSALS, refuse)
    review = review_of(page, "32", "04 65 71 32 32")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text(told)).to_be_visible()
    expect(review.locator("#refusal")).to_be_focused()


def test_a_queued_proposal_is_told_as_one(visit: Visit, desk: Desk) -> None:
    page = visit(site=desk.host).widget("fiches")

    def queue(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, status=202, json={**answer.json(), "state": "queued"})

    page.route(PROPOSALS, queue)
    review_of(page, "33", "04 65 71 33 33")
    send(page)
    review = page.locator("retouche-review")
    expect(review.get_by_text("Vous n’avez rien à faire")).to_be_visible()


def test_the_links_of_earlier_proposals_are_on_the_device_until_they_are_forgotten(
    visit: Visit, desk: Desk
) -> None:
    page = visit(site=desk.host).widget("fiches")
    review_of(page, "34", "04 65 71 34 34")
    send(page)
    page.keyboard.press("Escape")
    review = review_of(page, "35", "04 65 71 35 35")
    send(page)
    earlier = review.get_by_text("Propositions envoyées depuis cet appareil")
    earlier.click()
    review.get_by_role("button", name="Oublier France").click()
    expect(earlier).to_have_count(0)


def test_an_address_that_is_none_is_told_at_its_field_and_mended(visit: Visit, desk: Desk) -> None:
    page = visit(site=desk.host).widget("fiches")
    review = review_of(page, "41", "04 65 71 41 41")
    mail = review.get_by_role("textbox", name="Adresse électronique")
    mail.fill("Canarisk")
    review.get_by_role("button", name="Envoyer").click()
    expect(mail).to_be_focused()
    expect(mail).to_have_attribute("aria-invalid", "true")
    expect(review.locator("#email-bad")).to_contain_text("pas une adresse électronique")
    mail.fill("someone@there.example")
    # Gone before the button is pressed, which would else move away under the pointer.
    expect(review.locator("#email-bad")).to_have_count(0)
    notice = review.get_by_role("link", name="Ce qui est conservé sur vous")
    expect(notice).to_have_attribute("href", re.compile("/france-services/personal-data$"))
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Merci")).to_be_visible()


def test_what_fills_in_the_hidden_field_is_refused(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    refused(visitor)
    page = visitor.widget("fiches")
    review = review_of(page, "36", "04 65 71 36 36")
    review.locator("input[name=website]").evaluate(
        "one => { one.value = 'http://x'; one.dispatchEvent(new Event('input')); }"
    )
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("champ caché")).to_be_visible()


def test_rows_pasted_from_a_spreadsheet_become_a_draft(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    page.locator("retouche-widget .count").first.wait_for()
    page.evaluate(UPLOAD)
    upload = page.locator("retouche-upload")
    upload.get_by_role("button", name="Comparer").click()
    expect(upload.get_by_text("Choisissez un fichier ou collez")).to_be_visible()
    upload.get_by_role("textbox").fill(
        "Identifiant France services\tTéléphone\n40\t04 65 71 40 40\n41\t04 65 71 41 41\n"
    )
    upload.get_by_role("button", name="Comparer").click()
    expect(upload.get_by_text("2 lignes modifiées")).to_be_visible()
    expect(upload.get_by_text("absentes de votre copie")).to_be_visible()
    visitor.check("compared")
    upload.get_by_role("button", name="Vérifier 2 lignes").click()
    review = page.locator("retouche-review")
    expect(review.locator("article")).to_have_count(2)
    expect(review.get_by_role("heading", name=str(desk.row("40")["lib_fs"]))).to_be_visible()
    send(page)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_corrected_file_becomes_a_draft(
    visit: Visit, desk: Desk, tmp_path: Path, kind: str
) -> None:
    page = visit(site=desk.host).widget("fiches")
    page.locator("retouche-widget .count").first.wait_for()
    file = corrected(desk, tmp_path, kind)
    page.evaluate(UPLOAD)
    upload = page.locator("retouche-upload")
    upload.locator("input[type=file]").set_input_files(file)
    upload.get_by_role("button", name="Comparer").click()
    expect(upload.get_by_text("60 lignes modifiées")).to_be_visible()
    expect(upload.get_by_text("1 ligne publiée absente de votre copie")).to_be_visible()
    upload.get_by_role("checkbox", name="retirer les lignes absentes").check()
    expect(upload.get_by_text("1 ligne retirée")).to_be_visible()
    upload.get_by_role("button", name="Vérifier 61 lignes").click()
    review = page.locator("retouche-review")
    expect(review.locator("article")).to_have_count(20)
    expect(review.get_by_text("Page 1 sur 4")).to_be_visible()
    review.get_by_role("button", name="Page suivante").click()
    expect(review.get_by_text("Page 2 sur 4")).to_be_visible()
    review.get_by_role("button", name="Tout annuler").click()
    review.get_by_role("button", name="Vraiment tout annuler").click()
    expect(review.get_by_text("Il n’y a rien à envoyer")).to_be_visible()


def corrected(desk: Desk, folder: Path, kind: str) -> Path:
    """The published file with sixty other numbers of agents, without its last row."""
    file = folder / f"copy.{kind}"
    data = desk.bytes(f"resources/structures/data.{kind}")
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(data.decode())))
        place = rows[0].index("nb_agents")
        for row in rows[50:110]:
            row[place] = str(int(row[place]) + 1)
        with file.open("w", newline="") as target:
            csv.writer(target).writerows(rows[:-1])
        return file
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    headings = [one.value for one in sheet[1]]
    column = headings.index("Agents formés") + 1
    for line in range(51, 111):
        cell = sheet.cell(line, column)
        cell.value = str(int(str(cell.value)) + 1)
    sheet.delete_rows(sheet.max_row)
    book.save(file)
    return file


def test_a_frame_that_may_keep_nothing_takes_a_correction(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    visitor.expected = lambda text: "Clipboard API has been blocked" in text
    src = f"{desk.host.server}/api/v1/datasets/france-services/widgets/fiches"
    inner = desk.host.put(f'<retouche-widget src="{src}"></retouche-widget>', path="/inner")
    page = visitor.page
    policy = desk.host.policy
    # Within the frame, 'self' is nobody.
    desk.host.policy = str(policy).replace("'self'", desk.host.url)
    desk.host.policy = desk.host.policy.replace("frame-src", f"frame-src {desk.host.url}")
    try:
        page.goto(desk.host.put(FRAME.format(address=inner)))
        correct_in(page.frame_locator("iframe"))
    finally:
        desk.host.policy = policy
    assert page.frames[1].evaluate("self.origin") == "null"


def correct_in(frame: FrameLocator) -> None:
    frame.locator("retouche-widget .count").first.wait_for()
    frame.get_by_role("button", name="Corriger").first.click()
    form = frame.locator("retouche-editor")
    form.get_by_role("textbox", name="Agents formés").fill("9")
    expect(form.get_by_text("ne garde pas le brouillon")).to_be_visible()
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = frame.locator("retouche-review")
    expect(review.get_by_text("ne garde pas ce brouillon")).to_be_visible()
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Merci !")).to_be_visible()
    review.get_by_role("button", name="Copier le lien").click()
    expect(review.get_by_text("copiez-le").or_(review.get_by_text("Lien copié"))).to_be_visible()
