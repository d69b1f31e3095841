"""What is said of faults, as a verdict gives them: row, column, value, and what would be right."""

from __future__ import annotations

import pytest

from retouche.core.judging.verdict import verdict
from retouche.core.messages import describe
from retouche.core.operations import Delete, Insert, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import CellError
from retouche.core.schema import Schema

FIELDS = [
    {"name": "id"},
    {
        "name": "name",
        "title": "Nom",
        "constraints": {"required": True, "maxLength": 12},
        "retouche": {"label": {"fr": "Nom du lieu", "en": "Name of the place"}},
    },
    {"name": "agents", "title": "Agents", "type": "integer", "constraints": {"minimum": 2}},
    {"name": "zip", "example": "05000", "constraints": {"pattern": r"^\d{5}$"}},
    {"name": "insee", "constraints": {"pattern": "[0-9]{5}"}},
    {
        "name": "state",
        "constraints": {"enum": ["open", "closed"]},
        "retouche": {
            "display": {"values": {"open": {"label": {"fr": "ouvert", "en": "in service"}}}},
            "steps": {"open": ["closed"], "closed": []},
        },
    },
    {"name": "day", "type": "date", "format": "%d/%m/%Y"},
    {"name": "share", "type": "number", "decimalChar": ","},
    {"name": "phone", "title": "Téléphone"},
    {"name": "secret", "type": "integer", "retouche": {"personal": True}},
]
SCHEMA = {
    "fields": FIELDS,
    "primaryKey": "id",
    "custom_checks": [
        {"name": "phone-number-value", "params": {"column": "phone"}},
        {"name": "one-of-required", "params": {"column1": "phone", "column2": "zip"}},
        {
            "name": "column-total",
            "params": {"column": "agents", "equals": 460},
            "level": "warning",
            "message": {"fr": "Ces effectifs font {total}, et non {expected}."},
        },
    ],
}
RESOURCE = Resource(
    name="desks",
    path="desks.csv",
    schema=Schema.from_descriptor(SCHEMA),
    extension={"label": "France services de {name}", "title": {"fr": "Guichets", "en": "Desks"}},
)
PACKAGE = Package(name="p", resources={"desks": RESOURCE}, descriptor={})
TABLE = (
    "id,name,agents,zip,insee,state,day,share,phone,secret\n12,Gap,460,05000,,open,,,0492000000,\n"
)


def sentences(locale: str, *operations: Operation) -> list[str]:
    before = {"desks": Snapshot(RESOURCE, TABLE.encode())}
    report = verdict(operations, package=PACKAGE, before=before)
    found = (*report.errors, *report.warnings)
    return [describe(one, locale, package=PACKAGE).replace("\u00a0", "~") for one in found]


def update(**cells: str | None) -> Update:
    return Update(resource="desks", key=("12",), old=dict.fromkeys(cells), new=cells)


@pytest.mark.parametrize(
    ("cells", "french", "english"),
    [
        (
            {"zip": "5000"},
            "Ligne «~France services de Gap~» (12), colonne «~zip~»~: «~5000~» n’a pas la forme"
            " attendue. Écrivez par exemple «~05000~».",
            "Row “France services de Gap” (12), column “zip”: “5000” has not the expected form."
            " Write it like “05000”.",
        ),
        (
            {"insee": "5061"},
            "Ligne «~France services de Gap~» (12), colonne «~insee~»~: «~5061~» n’a pas la forme"
            " attendue. Motif attendu~: [0-9]{5}",
            "Row “France services de Gap” (12), column “insee”: “5061” has not the expected form."
            " Expected pattern: [0-9]{5}",
        ),
        (
            {"name": None},
            "Ligne «~France services de Gap~» (12), colonne «~Nom du lieu~»~: Cette cellule ne"
            " peut pas"
            " rester vide.",
            "Row “France services de Gap” (12), column “Name of the place”: This cell may not be"
            " empty.",
        ),
        (
            {"name": "Gap et environs"},
            "Ligne «~France services de Gap~» (12), colonne «~Nom du lieu~»~: «~Gap et environs~»"
            " est"
            " trop long (15)~: il faut au plus 12 caractères.",
            "Row “France services de Gap” (12), column “Name of the place”: “Gap et environs” is"
            " too"
            " long (15): at most 12 characters are allowed.",
        ),
        (
            {"state": "shut"},
            "Ligne «~France services de Gap~» (12), colonne «~state~»~: «~shut~» n’est pas une"
            " valeur"
            " permise. Choisissez~: «~open~» (ouvert), «~closed~».",
            "Row “France services de Gap” (12), column “state”: “shut” is not one of the allowed"
            " values. Choose: “open” (in service), “closed”.",
        ),
        (
            {"day": "2024-03-31"},
            "Ligne «~France services de Gap~» (12), colonne «~day~»~: «~2024-03-31~» n’est pas une"
            " date comme attendu. Écrivez-la comme 31/03/2024.",
            "Row “France services de Gap” (12), column “day”: “2024-03-31” is not a date as"
            " expected."
            " Write it like 31/03/2024.",
        ),
        (
            {"share": "12.5"},
            "Ligne «~France services de Gap~» (12), colonne «~share~»~: «~12.5~» n’est pas un"
            " nombre."
            " Écrivez des chiffres, avec «~,~» avant les décimales, comme 12,5.",
            "Row “France services de Gap” (12), column “share”: “12.5” is not a number. Write"
            " digits,"
            " with “,” before the decimals, such as 12,5.",
        ),
        (
            {"phone": "04 92"},
            "Ligne «~France services de Gap~» (12), colonne «~Téléphone~»~: «~04 92~» n’est pas un"
            " numéro de téléphone (4 chiffres). Écrivez dix chiffres, comme 04 92 00 00 00, ou un"
            " numéro court comme 3939.",
            "Row “France services de Gap” (12), column “Téléphone”: “04 92” is not a telephone"
            " number"
            " (4 digits). Write ten digits, such as 04 92 00 00 00, or a short number such as"
            " 3939.",
        ),
        (
            {"phone": None, "zip": None},
            "Ligne «~France services de Gap~» (12), colonne «~Téléphone~»~: Au moins une des"
            " colonnes"
            " «~Téléphone~», «~zip~» doit être remplie.",
            "Row “France services de Gap” (12), column “Téléphone”: At least one of the columns"
            " “Téléphone”, “zip” must be filled.",
        ),
        (
            {"agents": "458"},
            "Colonne «~Agents~»~: Ces effectifs font 458, et non 460.",
            "Column “Agents”: Ces effectifs font 458, et non 460.",
        ),
        (
            {"secret": "Mirabelle"},
            "Ligne «~France services de Gap~» (12), colonne «~secret~»~: Cette valeur n’est pas un"
            " nombre entier. Écrivez seulement des chiffres, comme 12.",
            "Row “France services de Gap” (12), column “secret”: This value is not a whole number."
            " Write digits only, such as 12.",
        ),
    ],
)
def test_a_fault_names_row_and_column_says_the_value_and_what_would_be_right(
    cells: dict[str, str | None], french: str, english: str
) -> None:
    assert sentences("fr", update(**cells)) == [french]
    assert sentences("en", update(**cells)) == [english]


def test_a_step_that_is_not_allowed_is_told_with_those_that_are() -> None:
    french = sentences("fr", update(state=None))
    assert french == [
        "Ligne «~France services de Gap~» (12), colonne «~state~»~: «~ouvert~» ne peut pas être"
        " vidé."
        " Suites permises~: «~closed~»."
    ]


def test_a_new_row_without_a_key_is_still_named() -> None:
    row = {"name": "Gap", "agents": "2", "phone": "3939"}
    found = sentences("fr", Insert(resource="desks", key=(), row=row))
    assert found[0] == (
        "Ligne «~France services de Gap~», colonne «~id~»~: La ligne n’a pas de clé utilisable."
        " Remplissez «~id~»."
    )


def test_a_warning_about_what_was_so_before_says_so() -> None:
    error = CellError(
        code="type-error",
        resource="desks",
        row_key=("12",),
        field="agents",
        value="x",
        rule="type",
        values={"type": "integer", "format": "default", "already": True},
        level="warning",
    )
    assert describe(error, "en", package=PACKAGE).endswith("It was so before this change.")


def test_a_fault_without_a_row_is_placed_by_its_line() -> None:
    blank = CellError(code="blank-row", rule="blank-line", resource="desks", line=7)
    assert describe(blank, "en", package=PACKAGE).startswith("Line 7 of the file: ")
    keyless = CellError(code="blank-row", rule="blank-row", resource="desks", row_number=3, line=9)
    assert describe(keyless, "fr", package=PACKAGE).startswith("Ligne n°\u00a03\u00a0: ")


def test_a_fault_that_nobody_foresaw_is_told_by_its_rule() -> None:
    odd = CellError(code="odd", rule="roundness", resource="gone", field="x", value="9")
    assert describe(odd, "en", package=PACKAGE) == "Column “x”: “9” breaks the rule “roundness”."


def test_braces_in_a_publishers_message_never_fail() -> None:
    values = {"message": "{ {total} {nobody} }", "total": "3", "reason": "total"}
    odd = CellError(code="column-total", resource="desks", field="agents", values=values)
    assert describe(odd, "fr", package=PACKAGE).endswith("{ 3 {nobody} }")


OTHERS = Resource(
    name="stops",
    path="stops.csv",
    schema=Schema.from_descriptor(
        {
            "fields": [
                {"name": "desk", "title": "Guichet"},
                {"name": "open", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
                {"name": "point", "type": "geopoint", "format": "array"},
                {"name": "start", "type": "date"},
                {"name": "end", "type": "date"},
                {"name": "tags", "type": "list", "constraints": {"maxLength": 2}},
                {"name": "odd", "type": "date", "format": "%Q%"},
                {"name": "level", "retouche": {"steps": {"": ["1"], "1": ["2"]}}},
            ],
            "foreignKeys": [{"fields": "desk", "reference": {"resource": "desks", "fields": "id"}}],
            "custom_checks": [
                {
                    "name": "compare-columns-value",
                    "params": {"column": "start", "op": "<", "column2": "end"},
                }
            ],
        }
    ),
    extension={"title": {"fr": "Arrêts", "en": "Stops"}},
)
TWO = Package(name="p", resources={"desks": RESOURCE, "stops": OTHERS}, descriptor={})


def told(locale: str, *operations: Operation, stops: str = "") -> list[str]:
    header = ",".join(OTHERS.schema.names)
    before = {
        "desks": Snapshot(RESOURCE, TABLE.encode()),
        "stops": Snapshot(OTHERS, f"{header}\n{stops}".encode()),
    }
    report = verdict(operations, package=TWO, before=before)
    found = (*report.errors, *report.warnings)
    return [describe(one, locale, package=TWO).replace("\u00a0", "~") for one in found]


@pytest.mark.parametrize(
    ("row", "french"),
    [
        (
            {"desk": "99"},
            "«~99~» n’existe pas dans «~Guichets~» («~id~»). Choisissez une valeur qui s’y trouve,"
            " ou ajoutez-la d’abord.",
        ),
        (
            {"open": "peut-être"},
            "«~peut-être~» ne veut dire ni oui ni non. Écrivez oui pour oui, non pour non.",
        ),
        (
            {"point": "Gap"},
            "«~Gap~» n’est pas un point sur la carte. Écrivez la longitude puis la latitude, comme"
            " [6.08, 44.56].",
        ),
        (
            {"start": "2024-05-02", "end": "2024-05-01"},
            "«~2024-05-02~» doit être inférieur à «~2024-05-01~» de la colonne «~end~».",
        ),
        ({"tags": "a,b,c"}, "«~a,b,c~» est trop long~: il faut au plus 2 éléments."),
        ({"odd": "x"}, "«~x~» n’est pas une date comme attendu. Écrivez-la comme"),
        (
            {"level": "3"},
            "Une ligne ne peut pas commencer par «~3~». Valeurs permises au départ~: «~1~».",
        ),
    ],
)
def test_what_would_be_right_comes_from_the_schema(row: dict[str, str], french: str) -> None:
    (found,) = told("fr", Insert(resource="stops", key=(), row=row))
    assert found.startswith("Nouvelle ligne, colonne «~")
    assert french in found


def test_a_row_that_loses_its_reference_is_told_where_it_is_and_what_it_misses() -> None:
    gone = Delete(resource="desks", key=("12",), old={})
    found = told("en", gone, stops="12,,,,,,,\n12,,,,,,,\n")
    assert found[0] == (
        "Row number 1, column “Guichet”: This row of “Stops” refers to “12” in “Desks”, which the"
        " change takes away. 2 rows in all do. Change or remove them too."
    )


def test_a_missing_column_is_told_by_its_title() -> None:
    values = {"similar": "nom"}
    missing = CellError(code="missing-label", resource="desks", field="name", values=values)
    assert describe(missing, "en", package=PACKAGE) == (
        "Column “Name of the place”: The file does not have this column (name). Its column “nom” is"
        " perhaps meant: rename it."
    )
    check = CellError(code="unusable-check", resource="desks", rule="x", values={"name": "x"})
    assert describe(check, "en", package=PACKAGE) == (
        "The check “x” of the schema is not known and is skipped."
    )
