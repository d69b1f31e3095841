"""The main job in a widget of another site: from a wrong cell to what everybody reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.widgets.desk import Desk
from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
EDIT = """request => document.querySelector('retouche-widget').session.edit(
  {resource: 'structures', ...request})"""
PROPOSED = """() => { window.proposed = [];
  document.addEventListener('retouche-proposed', (one) => window.proposed.push(one.detail)); }"""


def edit(page: Page, **request: object) -> Locator:
    """Open the form as the buttons of the views do; gives it."""
    page.locator("retouche-widget .count").first.wait_for()
    page.evaluate(EDIT, request)
    form = page.locator("retouche-editor")
    form.locator("retouche-input").first.wait_for()
    return form


def send(page: Page) -> str:
    """Send what is reviewed; gives the identity of the proposal."""
    review = page.locator("retouche-review")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Merci !")).to_be_focused()
    link = review.get_by_role("link", name="Suivre cette proposition").get_attribute("href")
    assert link is not None
    assert "?secret=" in link
    return link.partition("?")[0].rpartition("/")[2]


def refused(visitor: Visitor) -> None:
    """Let the browser complain of answers that refuse."""
    visitor.expected = lambda text: "Failed to load resource" in text


@pytest.mark.parametrize(
    ("width", "key", "phone"), [(360, "13", "04 65 71 03 60"), (1280, "14", "04 65 71 12 80")]
)
def test_a_correction_goes_from_a_card_to_everybody(
    visit: Visit, desk: Desk, width: int, key: str, phone: str
) -> None:
    visitor = visit(width, site=desk.host)
    page = visitor.widget("fiches", query=f"?fiches.row={key}")
    page.evaluate(PROPOSED)
    page.locator("retouche-card").get_by_role("button", name="Corriger").first.click()
    form = page.locator("retouche-editor")
    form.get_by_role("textbox", name="Téléphone").fill("123")
    wrong = desk.messages(key, {"fs_telephone": "123"})
    expect(form.locator("retouche-input").get_by_text(wrong[0])).to_be_visible()
    expect(form.get_by_role("textbox", name="Téléphone")).to_have_attribute("aria-invalid", "true")
    visitor.check("correcting-fault")

    form.get_by_role("textbox", name="Téléphone").fill(phone)
    expect(form.get_by_role("textbox", name="Téléphone")).not_to_have_attribute(
        "aria-invalid", "true"
    )
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    expect(review.locator("ins").first).to_be_visible()
    review.get_by_label("Commentaire").fill("Vérifié par téléphone.")
    review.get_by_label("Adresse électronique").fill("adresse@contact.example")
    visitor.check("correcting-review")
    proposal = send(page)
    expect(review.get_by_text("adresse@contact.example")).to_be_visible()
    visitor.check("correcting-sent")
    told = page.evaluate("window.proposed")
    assert [one["id"] for one in told] == [proposal]
    review.get_by_role("button", name="Fermer").last.click()
    expect(page.locator("retouche-draft-bar")).to_have_count(0)

    desk.accept(proposal)
    page.evaluate("document.querySelector('retouche-widget').session.refresh()")
    page.goto(page.url.partition("?")[0] + f"?fiches.row={key}")
    expect(page.locator("retouche-card").get_by_role("link", name=phone)).to_be_visible()
    assert desk.row(key)["fs_telephone"] == phone


def test_a_cell_is_corrected_in_the_table(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("table")
    page.locator("retouche-table [role=grid][aria-busy=false]").wait_for()
    page.locator("retouche-table").get_by_text("57 Grande Rue", exact=True).first.dblclick()
    control = page.locator("retouche-table retouche-input").get_by_role("textbox")
    expect(control).to_be_focused()
    control.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    control.fill("12")
    wrong = desk.messages("1", {"fs_telephone": "12"})
    expect(page.locator("retouche-table").get_by_text(wrong[0]).first).to_be_visible()
    control.fill("04 65 71 01 39")
    control.press("Enter")
    page.locator("retouche-draft-bar").get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    expect(review.locator("ins")).to_have_text("9")
    send(page)


def test_a_draft_survives_a_reload_and_is_shared_by_the_widgets_of_a_page(
    visit: Visit, desk: Desk
) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    edit(page, key="20").get_by_role("textbox", name="Adresse").fill("1 rue Neuve")
    page.reload()
    bar = page.locator("retouche-draft-bar")
    expect(bar).to_contain_text("1 ligne corrigée")
    form = edit(page, key="20")
    expect(form.get_by_role("textbox", name="Adresse")).to_have_value("1 rue Neuve")
    form.get_by_role("button", name="Rétablir (Adresse)").click()
    expect(bar).to_have_count(0)

    src = [
        f"{desk.host.server}/api/v1/datasets/france-services/widgets/{one}"
        for one in ("fiches", "table")
    ]
    elements = "".join(f'<retouche-widget src="{one}"></retouche-widget>' for one in src)
    page.goto(desk.host.put(f"<div>{elements}</div>"))
    edit(page, key="20").get_by_role("textbox", name="Adresse").fill("2 rue Neuve")
    expect(page.locator("retouche-draft-bar")).to_have_count(2)
    page.locator("retouche-editor").get_by_role("button", name="Tout annuler").click()
    expect(page.locator("retouche-draft-bar")).to_have_count(0)


def test_hours_and_places_say_what_was_meant_or_stay_as_they_were(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")

    def in_other_words(route: Route) -> None:
        answer = route.fetch()
        row = answer.json()
        row["data"]["fs_h_lundi"] = "Mo-We 09:00-12:00; Th-Fr 09:00-12:00"
        route.fulfill(response=answer, json=row)

    page.route("**/structures/rows/28", in_other_words)
    form = edit(page, key="28")
    monday = form.locator("retouche-input[data-field=fs_h_lundi]")
    start = monday.get_by_label("Plage 1, de").first
    start.fill("08:00")
    expect(page.locator("retouche-draft-bar")).to_be_attached()
    start.fill("09:00")
    expect(page.locator("retouche-draft-bar")).to_have_count(0)

    # Two communes have this name.
    commune = form.get_by_role("combobox", name="Commune")
    commune.fill("Saint-Aubin")
    expect(form.get_by_role("option", name="Saint-Aubin", exact=False)).not_to_have_count(0)
    commune.press("Tab")
    expect(commune).to_have_value("Saint-Aubin")
    expect(form.get_by_text("« Saint-Aubin » n’existe pas").first).to_be_visible()


def test_a_dialog_that_closes_late_does_not_take_the_next_one_away(
    visit: Visit, desk: Desk
) -> None:
    page = visit(site=desk.host).widget("fiches")
    page.locator("retouche-widget .count").first.wait_for()
    page.evaluate("document.querySelector('retouche-widget').session.review()")
    late = page.locator("retouche-review").element_handle()
    edit(page, key="28")
    late.evaluate("review => review.dispatchEvent(new Event('close'))")
    page.wait_for_timeout(200)
    expect(page.locator("retouche-editor retouche-input").first).to_be_visible()


def test_two_windows_do_not_destroy_each_others_draft(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    other = visitor.context.new_page()
    other.goto(page.url)
    edit(page, key="21").get_by_role("textbox", name="Adresse").fill("1 rue Neuve")
    edit(other, key="22").get_by_role("textbox", name="Adresse").fill("2 rue Neuve")
    expect(page.locator("retouche-draft-bar")).to_contain_text("2 lignes corrigées")
    expect(other.locator("retouche-draft-bar")).to_contain_text("2 lignes corrigées")


def test_a_row_is_added_with_what_it_must_have(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    page.locator("retouche-widget .count").first.wait_for()
    page.get_by_role("button", name="Ajouter une ligne").first.click()
    form = page.locator("retouche-editor")
    expect(form.get_by_role("textbox", name="Identifiant France services")).to_have_value("201")
    form.get_by_role("textbox", name="Nom de la France services").fill("France services de Test")
    form.get_by_role("button", name="Vérifier et envoyer").click()
    expect(form.get_by_text("champs sont à corriger")).to_be_visible()
    expect(form.get_by_role("combobox", name="Étape de labellisation")).to_be_focused()
    visitor.check("adding-faults")
    form.get_by_role("combobox", name="Étape de labellisation").select_option(label="Candidature")
    form.get_by_role("textbox", name="Agents formés").fill("2")
    form.get_by_role("combobox", name="Type de structure").select_option(label="Association")
    form.get_by_role("textbox", name="Adresse").fill("1 place de la Mairie")
    commune = form.get_by_role("combobox", name="Commune")
    commune.fill("Guillestre")
    form.get_by_role("option", name="Guillestre").first.click()
    expect(commune).to_have_value("Guillestre (05065)")
    form.get_by_role("combobox", name="Département").fill("05")
    form.get_by_role("combobox", name="Département").press("Enter")
    form.get_by_role("textbox", name="Téléphone").fill("04 65 71 99 99")
    monday = form.locator("retouche-input[data-field=fs_h_lundi]")
    monday.get_by_role("checkbox", name="Fermé").uncheck()
    monday.get_by_label("Plage 1, de").fill("9")
    monday.get_by_label("Plage 1, à").fill("12h30")
    monday.get_by_label("Plage 1, à").press("Tab")
    expect(monday.get_by_label("Plage 1, de")).to_have_value("09:00")
    monday.get_by_role("button", name="Copier sur les autres jours").click()
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    expect(review.get_by_role("heading", name="France services de Test")).to_be_visible()
    expect(review.get_by_text("09:00 - 12:30")).to_have_count(5)
    desk.accept(send(page))
    assert desk.row("201")["lib_fs"] == "France services de Test"


def test_a_row_is_removed_with_a_reason(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    form = edit(page, key="23")
    form.get_by_role("button", name="Retirer cette ligne").click()
    form.get_by_label("Pourquoi").fill("Fermée depuis mars.")
    visitor.check("removing")
    form.get_by_role("button", name="Proposer le retrait").click()
    review = page.locator("retouche-review")
    expect(review.get_by_text("Retirée", exact=True)).to_be_visible()
    expect(review.get_by_label("Commentaire")).to_have_value("Fermée depuis mars.")
    proposal = send(page)
    assert desk.ask(f"proposals/{proposal}")["operations"][0]["op"] == "delete"


def test_a_row_is_said_to_be_right_or_remarked_upon(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    form = edit(page, key="24")
    form.get_by_role("button", name="encore exactes").click()
    expect(form.get_by_text("Merci, c’est noté.")).to_be_visible()
    expect(form.get_by_text("1 confirmation.")).to_be_visible()
    form.get_by_role("button", name="Signaler sans corriger").click()
    expect(form.get_by_role("textbox", name="Signaler sans corriger")).to_be_focused()
    page.keyboard.type("Le portail est souvent fermé.")
    visitor.check("remarking")
    form.get_by_role("button", name="Envoyer aux relecteurs").click()
    expect(form.get_by_text("les relecteurs liront votre message")).to_be_visible()
    assert desk.ask("resources/structures/rows/24")["confirmations"]["count"] == 1


def test_a_position_is_placed_by_its_numbers_or_on_the_map(visit: Visit, desk: Desk) -> None:
    visitor = visit(site=desk.host)
    page = visitor.widget("fiches")
    form = edit(page, key="25", field="latitude")
    expect(form.get_by_role("textbox", name="Latitude")).to_be_focused()
    form.get_by_role("textbox", name="Latitude").fill("44.70001")
    form.get_by_role("button", name="Placer sur la carte").click()
    expect(form.locator("retouche-position")).to_be_visible()
    form.locator("retouche-position").evaluate(
        """one => one.dispatchEvent(new CustomEvent('position',
             {detail: {latitude: 44.712345678, longitude: 6.1}}))"""
    )
    expect(form.get_by_role("textbox", name="Latitude")).to_have_value("44.71235")
    expect(form.get_by_role("textbox", name="Longitude")).to_have_value("6.10000")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_dialog_is_accessible_in_both_languages_and_in_the_dark(
    visit: Visit, desk: Desk, lang: str, width: int
) -> None:
    visitor = visit(width, site=desk.host, locale="fr-FR" if lang == "fr" else "en-GB")
    page = visitor.widget("fiches", lang=lang, attributes='theme="dark"')
    form = edit(page, key="26")
    visitor.check(f"form-{lang}")
    form.locator("retouche-input[data-field=lib_fs] input").fill("Autre nom")
    form.locator("button.primary").click()
    review = page.locator("retouche-review")
    expect(review.locator("ins").first).to_be_visible()
    visitor.check(f"review-{lang}")
    page.keyboard.press("Escape")
    expect(review).to_have_count(0)
    page.evaluate("document.querySelector('retouche-widget').session.upload()")
    page.locator("retouche-upload textarea").wait_for()
    visitor.check(f"upload-{lang}")


def test_the_whole_job_is_done_with_the_keyboard_alone(visit: Visit, desk: Desk) -> None:
    page = visit(site=desk.host).widget("fiches", query="?fiches.row=27")
    page.locator("retouche-card").get_by_role("button", name="Corriger").first.wait_for()
    reach(page, "Corriger")
    page.keyboard.press("Enter")
    page.locator("retouche-editor retouche-input").first.wait_for()
    reach(page, "Agents formés")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1")
    reach(page, "Vérifier et envoyer")
    page.keyboard.press("Enter")
    form = page.locator("retouche-editor")
    expect(form.get_by_role("textbox", name="Agents formés")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("6")
    reach(page, "Vérifier et envoyer")
    page.keyboard.press("Enter")
    page.locator("retouche-review ins").first.wait_for()
    reach(page, "Envoyer 1 correction")
    page.keyboard.press("Enter")
    expect(page.locator("retouche-review").get_by_text("Merci !")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("retouche-review")).to_have_count(0)


FOCUSED = """() => { let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  const label = found?.labels?.[0]?.textContent;
  return (found?.getAttribute('aria-label') || label || found?.textContent || '').trim(); }"""


def reach(page: Page, name: str) -> None:
    """Press Tab until a control of this name is in focus, as somebody without a mouse would."""
    for _ in range(160):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"{name} is out of reach")
