"""What a merge request says to a maintainer: readable, bounded, and harmless whatever is in it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retouche.core.operations import Insert, Key, Update
from retouche.core.report import CellConflict
from retouche.ports import RequestText
from retouche.services.datasets import DatasetRevision
from retouche.services.messages import acceptance_message, proposal_message
from retouche.services.requesting.text import conflict_note
from tests.datasets import DESKS, delete, insert, update, write_desks
from tests.hostile import HOSTILE, JOINER, SCANNERS, cells, found, quick_actions, spans, trailers
from tests.realdata import real_data
from tests.services.written_requests import (
    COMMIT,
    ID,
    SITE,
    dataset,
    described,
    desks,
    desks_with,
    folder_files,
    with_json,
    written,
)

ROOT = Path(__file__).resolve().parents[2]
# Addresses of ours alone: no text can widen one of them.
OWN = re.compile(rf"\]\({SITE}[A-Za-z0-9/_.:?=&%,-]*\)|proposals/desks/{ID}|{COMMIT}")
Place = Callable[[Path, str], tuple[DatasetRevision, list[dict[str, Any]]]]


# -- Where outside text can stand ---------------------------------------------------------


def new_cell(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache), [update("01", note=text)]


def old_cell(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache, desks=desks_with("note", text)), [update("01", note="other")]


def row_label(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache, desks=desks_with("name", text)), [update("01", note="other")]


def new_label(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache), [insert(id="09", name=text)]


def new_key(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache), [insert(id=text, name="Desk")]


def old_key(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache, desks=desks_with("id", text)), [update(text, note="other"), delete("02")]


def removed_row(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    return desks(cache, desks=desks_with("note", text)), [delete("01")]


def column_title(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    def change(package: Any) -> None:
        package["resources"][0]["schema"]["fields"][-1]["title"] = text

    return described(cache, change), [update("01", note="other")]


def resource_title(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    def change(package: Any) -> None:
        package["resources"][0]["title"] = text

    return described(cache, change), [update("01", note="other")]


def package_title(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    def change(package: Any) -> None:
        package["title"] = text

    return described(cache, change), [update("01", note="other")]


def value_title(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    def change(package: Any) -> None:
        shown = {"values": {"other": {"label": text}}}
        package["resources"][0]["schema"]["fields"][-1]["retouche"] = {"display": shown}

    return described(cache, change), [update("01", note="other")]


def widget_title(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    files = folder_files(write_desks(cache / "source"))

    def change(widget: Any) -> None:
        widget["title"] = text

    return dataset(with_json(files, "widgets/desks.json", change), cache / "cache"), [
        update("01", note="other")
    ]


def warning(cache: Path, text: str) -> tuple[DatasetRevision, list[dict[str, Any]]]:
    """A cell that was wrong and stays wrong, in a rule with a publisher's own message."""

    def change(package: Any) -> None:
        field = package["resources"][0]["schema"]["fields"][-1]
        field["constraints"] = {"pattern": "never"}
        field["title"] = text

    files = with_json(
        folder_files(write_desks(cache / "source", desks=desks_with("note", text))),
        "datapackage.json",
        change,
    )
    return dataset(files, cache / "cache"), [update("01", note=f"{text}!")]


PLACES: list[Place] = [
    new_cell, old_cell, row_label, new_label, new_key, old_key, removed_row, column_title,
    resource_title, package_title, value_title, widget_title, warning,
]  # fmt: skip
IN_FILES = {old_cell, row_label, old_key, removed_row, warning}


def findings(text: RequestText) -> dict[str, list[str]]:
    """All that a forge would find in what is sent to it, beside our own addresses."""
    description = OWN.sub("", text.description)
    return {
        **found(text.title),
        **found(description),
        **{f"raw {name}": one for name, one in raw_findings(text).items()},
    }


def raw_findings(text: RequestText) -> dict[str, list[str]]:
    """Quick actions and trailers of the text just as it is sent."""
    hits = {
        "actions": quick_actions(text.description),
        "trailers": trailers(f"Merge\n\n{text.title}\n\n{text.description}"),
    }
    return {name: one for name, one in hits.items() if one}


def shape(text: RequestText) -> list[str]:
    """The Markdown of a description without its words: what means something, line by line."""
    lines = []
    for line in OWN.sub("](x)", text.description).split("\n"):
        parts = cells(line) if line.startswith("|") else [line]
        lines.append(" | ".join(spans(one)[0] for one in parts))
    return lines


@pytest.mark.parametrize("place", PLACES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_hostile_text_is_found(place: Place, text: str, tmp_path: Path) -> None:
    text = text.replace("\ud800", "")  # a half of a character stands nowhere
    if place in IN_FILES:
        text = text.replace("\0", "")
    revision, operations = place(tmp_path, text)
    sent = written(revision, *operations)
    assert findings(sent) == {}
    assert set(sent.labels) <= {"retouche", "needs-review"}
    assert len(sent.title) <= 240
    benign, same = place(tmp_path / "benign", "harmless")
    plain = written(benign, *same)
    if sent.draft == plain.draft and text != HOSTILE["long"]:  # a long key has no link
        if place is warning:  # there may be more of them
            assert set(shape(sent)) <= set(shape(plain))
        else:
            assert shape(sent) == shape(plain)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_hostile_text_is_in_commit_messages(text: str) -> None:
    operations = (
        Update(resource="desks", key=(text,), old={text: "a"}, new={text: text}),
        Insert(resource="desks", key=(text, text), row={"id": text}),
    )
    for some in (operations[:1], operations[1:], operations):
        message = proposal_message(ID, some)
        assert found(message.replace(ID, "")) == {}
        assert trailers(message) == [f"Proposal: {ID}"]
    message = acceptance_message(ID, 3, accepted=1, of=2)
    assert trailers(message) == [f"Proposal: {ID}"]


@pytest.mark.parametrize("text", ["GL-1", "ABC-12", "deadbeef", "1a2b3c4d5e", "a--b", "x_y-1"])
def test_a_key_that_reads_as_a_reference_is_not_named_in_a_commit(text: str) -> None:
    message = proposal_message(ID, (Update(resource="d", key=(text,), old={}, new={"a": "b"}),))
    assert message.startswith("Correct d …: a\n") or text == "a--b"


@pytest.mark.parametrize("text", ["01", "2A004", "21050012300017", "id-a.b", "fs_05"])
def test_a_code_is_named_in_a_commit(text: str) -> None:
    message = proposal_message(ID, (Update(resource="d", key=(text,), old={}, new={"a": "b"}),))
    assert message.startswith(f"Correct d {text}: a\n")


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
) | st.sampled_from([one for one in HOSTILE.values() if one.isprintable()]).flatmap(
    lambda one: st.text(max_size=8).map(lambda other: one + other)
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> DatasetRevision:
    return desks(tmp_path_factory.mktemp("desks"))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(new=TEXT, name=TEXT)
def test_no_text_at_all_is_found(small: DatasetRevision, new: str, name: str) -> None:
    operations = [update("01", note=new, phone=name), insert(id="09", name=name, note=new)]
    sent = written(small, *operations, locale="fr")
    assert findings_in_process(sent) == {}


def findings_in_process(text: RequestText) -> dict[str, list[str]]:
    return {**found(text.title), **found(OWN.sub("", text.description))}


# -- What it says -------------------------------------------------------------------------

FRENCH = f"""\
Quelqu’un propose cette correction de «\u00a0Accueils\u00a0» par Retouche. Elle respectait les \
règles du schéma à son arrivée.

### Ce qui change

| ligne | colonne | avant | après |
|---|---|---|---|
| [Desk of Apt]({SITE}/desks/desks/01?revision=proposal:{ID}) (`01`) · desks | Téléphone | \
`04 65 71 00 01` | `04 65 71 00 09` |
|  | Note | *vide* | `ouvert le lundi` |
| [Desk of Gordes]({SITE}/desks/desks/03?revision={COMMIT}) (`03`) · desks | *toute la ligne* | \
`03,Desk of Gordes,84050,,2,2022-05-06,43.9113,5.2003,closed on Monday` | *supprimée* |
| [Desk of Buoux]({SITE}/desks/desks/05?revision=proposal:{ID}) (`05`) · desks | Identifiant | \
*nouvelle ligne* | `05` |
|  | Nom |  | `Desk of Buoux` |

### La voir

- [La proposition dans Retouche]({SITE}/desks/proposals/{ID})\u00a0: comparer, accepter tout ou \
partie, refuser avec un motif.
- Les données telles qu’elles seraient\u00a0: [le jeu de données]({SITE}/desks?revision=\
proposal:{ID}), [la table]({SITE}/embed/desks/desks?revision=proposal:{ID}&view=table).

### Que faire ici

- **La fusionner**\u00a0: la correction est publiée. Retouche s’en aperçoit en quelques minutes \
et le dit à son auteur.
- **La fermer**\u00a0: la correction est refusée et son auteur le sait. La rouvrir revient \
là-dessus.
- **La commenter**\u00a0: son auteur lit les commentaires dans Retouche, sauf les notes internes.
- **La reprendre**\u00a0: `git fetch origin proposals/desks/{ID} && git switch --detach \
FETCH_HEAD`. Dès que quelqu’un d’autre a poussé sur cette branche, Retouche n’y écrit plus.

Pour copier une valeur, prenez-la dans les modifications des fichiers\u00a0: ici, un caractère \
invisible coupe ce que GitLab lirait comme une commande.
"""

ENGLISH = """\
Someone proposes this correction of “Accueils” through Retouche. It kept the rules of the schema \
when it arrived.

### What changes

| row | column | before | after |
|---|---|---|---|
| Desk of Apt (`01`) · desks | Téléphone | `04 65 71 00 01` | *empty* |

### What you can do here
"""


def test_description_in_french(small: DatasetRevision) -> None:
    sent = written(
        small,
        update("01", phone="04 65 71 00 09", note="ouvert le lundi"),
        delete("03"),
        insert(id="05", name="Desk of Buoux"),
        locale="fr",
    )
    assert sent.description == FRENCH
    assert sent.title == (
        "Corriger «\u00a0Téléphone\u00a0» et une autre colonne de Desk of Apt (01) · desks,"
        " et 2 autres changements"
    )
    assert sent.labels == ("retouche",)
    assert not sent.draft


def test_description_in_english_without_a_public_address(small: DatasetRevision) -> None:
    sent = written(small, update("01", phone=None), base_url="")
    assert sent.description.startswith(ENGLISH)
    assert "http" not in sent.description
    assert sent.title == "Correct “Téléphone” of Desk of Apt (01) · desks"


@pytest.mark.parametrize(
    ("operation", "locale", "title"),
    [
        (delete("03"), "fr", "Supprimer Desk of Gordes (03) · desks"),
        (delete("03"), "en", "Remove Desk of Gordes (03) · desks"),
        (insert(id="05", name="Desk of X"), "fr", "Ajouter Desk of X (05) · desks"),
        (insert(id="05", name="Desk of X"), "en", "Add Desk of X (05) · desks"),
    ],
)
def test_title_names_what_is_done(
    small: DatasetRevision, operation: dict[str, Any], locale: str, title: str
) -> None:
    assert written(small, operation, locale=locale).title == title


def test_nothing_that_contributors_say_of_themselves_is_sent(small: DatasetRevision) -> None:
    sent = written(
        small,
        update("01", phone="04 65 71 00 09"),
        comment="canary-comment",
        source="https://canary-source.example",
        contributor={"name": "canary-name", "email": "canary@mail.example"},
    )
    assert "canary" not in f"{sent}"


def test_personal_columns_are_not_sent(tmp_path: Path) -> None:
    def change(package: Any) -> None:
        package["resources"][0]["schema"]["fields"][3]["retouche"] = {"personal": True}

    revision = described(tmp_path, change)
    assert "04 65 71 00 01" not in written(revision, delete("01")).description


def test_warnings_are_said_in_words(tmp_path: Path) -> None:
    revision = desks(tmp_path, desks=DESKS.replace("04 65 71 00 01", "12"))
    sent = written(revision, update("01", phone="13"))
    assert "### To be looked at" in sent.description
    assert "Row “Desk of Apt” (01), column “Téléphone”" in sent.description
    assert not sent.draft, "most warnings are of faults that were there before"


def test_values_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    sent = written(desks(tmp_path), update("01", name="Desk of\u00a0Apt"))
    assert "| `Desk of Apt` | `Desk of⟨U+00A0⟩Apt` |" in sent.description


def test_long_values_are_shown_from_where_they_differ(tmp_path: Path) -> None:
    long = "word " * 100
    sent = written(
        desks(tmp_path, desks=desks_with("note", f"{long}old")), update("01", note=f"{long}new")
    )
    assert re.search(r"\| `\S*…[^`]*old` \| `\S*…[^`]*new` \|", sent.description)


def test_one_row_is_opened_in_the_cards(tmp_path: Path) -> None:
    revision = dataset(folder_files(ROOT / "datasets" / "france-services"), tmp_path, "desks")
    operation = {"op": "update", "resource": "structures", "key": {"id_fs": "12"}}
    one = {**operation, "new": {"fs_telephone": "04 92 99 99 99"}}
    other = {**operation, "key": {"id_fs": "13"}, "new": {"fs_telephone": "04 92 99 99 98"}}
    at = f"?revision=proposal:{ID}"
    sent = written(revision, one).description
    assert f"[the map]({SITE}/embed/desks/carte{at}&view=map)" in sent
    assert f"[the cards]({SITE}/embed/desks/fiches{at}&view=cards&row=12)" in sent
    assert "&row=" not in written(revision, one, other).description
    assert "&row=" not in written(revision, {**operation, "op": "delete"}).description


def test_many_changes_are_counted_and_linked(tmp_path: Path) -> None:
    rows = "".join(f"{n:04},Desk {n},84003,,2,,44.0,5.0,\n" for n in range(1_000))
    revision = desks(tmp_path, desks=DESKS.splitlines()[0] + "\n" + rows)
    operations = [update(f"{n:04}", note="x" * 5_000, phone="04 65 71 00 09") for n in range(1_000)]
    sent = written(revision, *operations)
    assert len(sent.description.encode()) < 64_000
    assert len(sent.title) <= 240
    lines = [one for one in sent.description.splitlines() if one.startswith("| ")]
    left = 2_000 - (len(lines) - 1)
    assert f"Cells not shown here: {left:,}. [See them all]({SITE}/desks/proposals/" in (
        sent.description
    )


def test_the_largest_hostile_proposal_is_bounded(tmp_path: Path) -> None:
    bad = "#`|@\\\u202e" * 1_000
    rows = "".join(f"{n:04},Desk {n},84003,,2,,44.0,5.0,\n" for n in range(300))
    revision = desks(tmp_path, desks=DESKS.splitlines()[0] + "\n" + rows)
    sent = written(revision, *[update(f"{n:04}", note=bad, name=bad) for n in range(300)])
    assert len(sent.description.encode()) < 64_000
    assert findings_in_process(sent) == {}


# -- Conflicts ----------------------------------------------------------------------------


def conflict(key: Key, field: str | None, *values: str | None) -> CellConflict:
    base, ours, theirs = values
    return CellConflict(
        resource="desks", row_key=key, field=field, base=base, ours=ours, theirs=theirs
    )


def test_conflict_note_shows_three_values(small: DatasetRevision) -> None:
    note = conflict_note(
        [conflict(("01",), "phone", "1", "2", None), conflict(("03",), None, "03,x", None, "03,y")],
        small.package,
        locale="fr",
        url=f"{SITE}/desks/proposals/{ID}",
    )
    assert "| `01` | Téléphone | `1` | `2` | *vide* |" in note
    assert "| `03` | *toute la ligne* | `03,x` | *pas de ligne* | `03,y` |" in note
    assert f"[Comparer et décider dans Retouche]({SITE}/desks/proposals/{ID})." in note


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_hostile_text_is_found_in_a_conflict(
    small: DatasetRevision, text: str
) -> None:
    some = [
        conflict((text,), "note", text, f"{text} a", text),
        conflict((text,), None, text, text, None),
        conflict((text,), text, text, None, text),
    ]
    note = conflict_note(some, small.package, locale="en", url="")
    assert found(note) == {}
    assert quick_actions(note) == []


# -- Real corrections ---------------------------------------------------------------------


def real_corrections() -> Iterator[dict[str, Any]]:
    """What changed between two published lists, as operations of proposals."""
    from retouche.core.dialect import Dialect
    from retouche.core.diff import diff
    from retouche.core.schema import Schema
    from retouche.core.table import Table

    lists = real_data("france-services-lists")
    old, new = sorted(lists.glob("liste-fs-*.csv"))[:2]
    tables = [Table.parse(one.read_bytes(), Dialect()) for one in (old, new)]
    schema = Schema.from_descriptor(
        {"fields": [{"name": one} for one in tables[0].header], "primaryKey": "id_fs"}
    )
    for one in diff(*tables, resource="list", schema=schema).operations:
        if isinstance(one, Update):
            yield {"op": "update", "key": {"id_fs": one.key[0]}, "new": dict(one.new)}


def test_real_corrections_read_well(tmp_path: Path) -> None:
    corrections = list(real_corrections())[:200]
    old = sorted(real_data("france-services-lists").glob("liste-fs-*.csv"))[0]
    header = next(csv.reader(io.StringIO(old.read_text("utf-8-sig"))))
    schema = {"fields": [{"name": one} for one in header], "primaryKey": "id_fs"}
    resource = {
        "name": "list", "path": "list.csv", "schema": schema, "retouche": {"label": "{lib_fs}"}
    }  # fmt: skip
    descriptor = {"name": "list", "resources": [resource]}
    files = {"datapackage.json": json.dumps(descriptor).encode(), "list.csv": old.read_bytes()}
    revision = dataset(files, tmp_path, "desks")
    assert corrections
    for one in corrections:
        one["new"] = {name: cell for name, cell in one["new"].items() if name in header}
        sent = written(revision, one, locale="fr")
        assert findings_in_process(sent) == {}
        for cell in one["new"].values():
            # As a person sees them: whole, unless long or hidden characters are in them.
            if cell and len(cell) < 100 and cell.isprintable() and "  " not in cell.strip(" "):
                seen = sent.description.replace(JOINER, "").replace("␣", " ").replace("\\|", "|")
                assert cell in seen


def test_scanners_see_what_they_are_for() -> None:
    seen = {name for text in HOSTILE.values() for name in found(text)}
    assert seen >= {*SCANNERS, "quick action", "hidden"}
