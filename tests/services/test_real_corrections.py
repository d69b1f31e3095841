"""Corrections of 30 varied cells of the real national list: each is the smallest diff there is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from retouche.core.dialect import Dialect
from retouche.forges.importer import import_folder
from retouche.services.packaging import package
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path
from tests.datasets import Ticking
from tests.realdata import real_data

pytestmark = pytest.mark.real_data
NAME = "liste-fs-20240801"
HOURS = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")


def serve_list(tmp_path: Path) -> Services:
    data = real_data(f"france-services-lists/{NAME}.csv").read_bytes()
    made = package(data, Dialect(), stem=NAME)
    folder, home = tmp_path / "package", tmp_path / "home"
    for path, content in made.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    clock = Ticking()
    import_folder(folder, repository_path(home, NAME), message="Import\n", time=clock())
    return build(Settings(home=home), {NAME: "main"}, clock=clock)


def varied_cells(services: Services) -> list[tuple[int, str, str | None]]:
    """Thirty (row, field, new value): quoted, bare, empty, several lines, first and last rows."""
    snapshot = services.catalogue.get(NAME).at().snapshot(NAME)
    last = len(snapshot) - 1
    rows = [snapshot.cells(place) for place in range(len(snapshot))]
    several = [i for i, row in enumerate(rows) if any("\n" in (v or "") for v in row.values())]
    empty = [i for i, row in enumerate(rows) if row["telephone"] is None][:3]
    lines = [(i, next(n for n, v in rows[i].items() if "\n" in (v or ""))) for i in several[:4]]
    cells: list[tuple[int, str, str | None]] = [
        (0, "telephone", "04 65 71 00 01"),
        (0, "lib_fs", 'Maison "France services", Valserhône'),
        (0, "complement_adresse", "Bâtiment A"),
        (0, "latitude", "46.1"),
        (0, "labellisation_fs", "Espace labellisé 02/01/2020"),
        (1, "code_postal", "01001"),
        (1, "insee_com", "01004"),
        (1, "insee_dep", "02"),
        (1, "commentaire", "Une ligne\net une autre"),
        (2, "mail", None),
        (2, "h_samedi", "09:00 - 12:00"),
        (10, "adresse", "1, rue de l’Œuvre"),
        (20, "h_lundi", None),
        (last, "telephone", "04 65 71 99 99"),
        (last, "labellisation_fs", "Espace labellisé 01/01/2024"),
        (last, "lib_fs", "France services du dernier rang"),
        (last // 2, "longitude", "2.5"),
        (last // 2, "groupe_fs", "; | \t"),
        (last // 3, "format_fs", "Fixe,équivalent"),
        (last // 4, "commentaire", " espaces gardés "),
        *((i, "telephone", "04 65 71 12 12") for i in empty),
        *((i, name, "plus qu’une ligne") for i, name in lines),
    ]
    others = (i for i in range(100, last, 97) if rows[i]["h_mardi"])
    cells += [(next(others), "h_mardi", "10:00 - 12:00") for _ in range(30 - len(cells))]
    return cells


def test_each_of_thirty_corrections_changes_the_lines_of_its_record_and_no_other_byte(
    tmp_path: Path,
) -> None:
    services = serve_list(tmp_path)
    dataset = services.catalogue.get(NAME)
    before = dataset.at()
    data, snapshot = before.data(NAME), before.snapshot(NAME)
    cells = varied_cells(services)
    assert len(cells) == 30
    for position, field, new in cells:
        key = snapshot.cells(position)["id_fs"]
        proposal = services.proposals.submit(
            dataset,
            {
                "operations": [
                    {"op": "update", "resource": NAME, "key": {"id_fs": key}, "new": {field: new}}
                ]
            },
        )
        assert proposal.head is not None
        after = dataset.at(proposal.head).data(NAME)
        start, end, _ = snapshot.table.record_span(position)
        tail = len(data) - end
        assert after[:start] == data[:start]
        assert after[len(after) - tail :] == data[end:]
        changed = after[start : len(after) - tail]
        spans = snapshot.table.cell_spans(position)
        column = snapshot.table.header.index(field)
        low, high = spans[column]
        assert changed.startswith(data[start:low])
        assert changed.endswith(data[high:end])
        numstat = subprocess.run(
            [
                *("git", "-C", str(repository_path(tmp_path / "home", NAME))),
                *("diff", "--numstat", proposal.parent, proposal.head),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        # git drops from the count the lines of a record that stay as they were.
        old_lines, new_lines = data[start:end].count(b"\n") + 1, changed.count(b"\n") + 1
        assert 1 <= int(numstat[0]) <= new_lines
        assert 1 <= int(numstat[1]) <= old_lines
        if old_lines == new_lines == 1:
            assert numstat[:2] == ["1", "1"]
        assert services.catalogue.get(NAME).at(proposal.head).snapshot(NAME).cells(position)[
            field
        ] == (new or None)


def test_the_list_is_ready_to_be_corrected_as_text_with_a_key_and_readable_columns(
    tmp_path: Path,
) -> None:
    services = serve_list(tmp_path)
    resource = services.catalogue.get(NAME).at().package.resource(NAME)
    assert resource.schema.primary_key == ("id_fs",)
    for name in ("id_fs", "insee_com", "code_postal", "insee_dep", "telephone"):
        assert resource.schema.by_name[name].type == "string"
    labels = {one.name: one.label("fr") for one in resource.schema.fields}
    assert labels["code_postal"] == "Code postal"
    assert "INSEE" in labels["insee_com"]
    assert "lundi" in labels["h_lundi"]
    quality = services.quality.report(services.catalogue.get(NAME).at(), NAME)
    assert quality.errors == ()
