"""What the server answers to many questions about a small dataset, for the test of static copies.

`python -m tests.web.static_answers` writes the file that `widgets/tests/static.test.ts` reads.
"""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from retouche.core.keys import format_key
from retouche.services.static_copy import files
from tests.datasets import Browser, field, serve

ANSWERS = Path(__file__).resolve().parents[2] / "widgets" / "tests" / "static.answers.json"
QUESTIONS = 120
ROWS = 70
REVISION = "0" * 40
SCHEMA = {
    "fields": [
        field("id"),
        field("nom"),
        field("prix", "number", decimalChar=","),
        field("taux", "number"),
        field("agents", "integer"),
        field("ouvert", "boolean", trueValues=["oui"], falseValues=["non"]),
        field("depuis", "date"),
        field("fin", "date", format="%d/%m/%Y"),
        field("vu", "datetime"),
        field("latitude", "number"),
        field("longitude", "number"),
        field("secret", retouche={"personal": True}),
    ],
    "primaryKey": "id",
    "missingValues": ["", "NA"],
}
SHOWN = [one["name"] for one in SCHEMA["fields"] if one["name"] != "secret"]  # type: ignore[index]
NAMES = ["Gap", "gap", "Gâp", "L’Œuvre", "l'oeuvre", "Briançon", "Éguilles", "eguilles", "Zoé, x",
         'Le "Bar"', "Straße", "Île-de-Ré", "Ωmega", "Apt 12", "apt 2"]  # fmt: skip


def _cells(chance: random.Random, number: int) -> dict[str, str]:
    day = f"20{chance.randrange(18, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    other = f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/2023"
    cells = {
        "nom": chance.choice(NAMES),
        "prix": chance.choice(["1,5", "1,50", "12", "-3,25", "0,1", "0,2", "1.5", "cher", "10"]),
        "taux": chance.choice(["1", "1.0", "01", "2.25", "1e2", "-0.5", ".5", "x"]),
        "agents": chance.choice(["2", "3", "10", "+3", "2.0", "beaucoup"]),
        "ouvert": chance.choice(["oui", "non", "true"]),
        "depuis": chance.choice([day, "bientôt"]) if chance.random() < 0.2 else day,
        "fin": chance.choice([other, "2023-01-01"]) if chance.random() < 0.2 else other,
        "vu": chance.choice([f"{day}T10:30:00Z", f"{day}T10:30:00+02:00", f"{day} 08:15:00", day]),
        "latitude": f"{chance.uniform(43, 46):.4f}",
        "longitude": f"{chance.uniform(4, 7):.4f}",
        "secret": "hidden",
    }
    for name in cells:
        if chance.random() < 0.12:
            cells[name] = chance.choice(["", "NA"])
    return {"id": f"{number:03}" if number % 7 else f"a/{number},é", **cells}


def served(folder: Path) -> Browser:
    """A server over rows that are the same each time."""
    chance = random.Random(4)
    rows = [_cells(chance, number) for number in range(ROWS)]
    package = folder / "package"
    (package / "widgets").mkdir(parents=True)
    lines = [[*rows[0]], *([*row.values()] for row in rows)]
    text = "".join(
        ",".join('"' + one.replace('"', '""') + '"' for one in line) + "\n" for line in lines
    )
    (package / "places.csv").write_text(text, encoding="utf-8")
    widget = {"title": "Lieux", "resource": "places", "views": [{"type": "table"}]}
    (package / "widgets" / "lieux.json").write_text(json.dumps(widget))
    resource = {"name": "places", "path": "places.csv", "encoding": "utf-8", "schema": SCHEMA}
    described = {"name": "places", "resources": [resource]}
    (package / "datapackage.json").write_text(json.dumps(described))
    return Browser(serve(folder / "home", {"places": package}), "places")


def recorded() -> dict[str, Any]:
    """The files of the copy, and the questions with their answers."""
    with tempfile.TemporaryDirectory() as folder:
        places = served(Path(folder))
        found = places.services.catalogue.get("places").at()
        made = files(found, places.services.derived)
        copied = {path: b"".join(pieces) for path, pieces in made if path.endswith("json")}
        chance = random.Random(11)
        rows = json.loads(copied["data/places.json"])["rows"]
        asked = [_question(chance, number) for number in range(QUESTIONS)]
        answered = [{**one, "answer": _answer(places, one)} for one in asked]
        keys = [row[0] for row in chance.sample(rows, 4)] + ["nope"]
        told = {
            "files": {path: json.loads(data) for path, data in copied.items()},
            "questions": answered,
            "rows": [{"key": key, "answer": _row(places, key)} for key in keys],
        }
        text = json.dumps(told, ensure_ascii=False).replace(found.commit, REVISION)
        value: dict[str, Any] = json.loads(text)
        return value


def _question(chance: random.Random, number: int) -> dict[str, Any]:
    query, parameters = _query(chance)
    kind = ("page", "page", "facets", "aggregate")[number % 4]
    question: dict[str, Any] = {"kind": kind, "query": query}
    if kind == "page":
        order = [
            {"field": name, "descending": chance.random() < 0.5}
            for name in chance.sample(SHOWN, chance.choice([0, 1, 1, 2]))
        ]
        query["order"] = order
        parameters += [
            (f"{one['field']}__sort", "desc" if one["descending"] else "asc") for one in order
        ]
        page, size = chance.choice([1, 1, 2, 9]), chance.choice([3, 5, 12])
        return {**question, "page": page, "size": size, "parameters": parameters}
    if kind == "facets":
        return {**question, "fields": chance.sample(SHOWN, 3), "parameters": parameters}
    by = chance.sample(["nom", "ouvert", "agents", "prix"], chance.choice([0, 1, 1, 2]))
    measures = [
        {"operation": chance.choice(["sum", "mean", "min", "max"]), "field": name}
        for name in ("prix", "taux", "agents")
    ]
    return {**question, "by": by, "measures": measures, "parameters": parameters}


def _query(chance: random.Random) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A question of a widget, and how the API is asked it."""
    query: dict[str, Any] = {}
    parameters: list[tuple[str, str]] = []
    filters = {}
    for name in chance.sample(SHOWN[1:9], chance.choice([0, 1, 1, 2])):
        filters[name], more = _condition(chance, name)
        parameters += more
    query["filters"] = filters
    if chance.random() < 0.3:
        query["words"] = chance.choice(["gap", "OEUVRE", '"zoé, X"', "apt 1", "é e", "2023", "ss"])
        parameters.append(("q", query["words"]))
    if chance.random() < 0.25:
        query["near"] = {"latitude": 44.5, "longitude": 5.5}
        parameters.append(("near", "44.5,5.5"))
        if chance.random() < 0.5:
            query["near"]["radius"] = 80000
            parameters.append(("radius", "80000"))
    if chance.random() < 0.15:
        query["bounds"] = [4.5, 43.5, 6.5, 45.5]
        parameters.append(("bbox", "4.5,43.5,6.5,45.5"))
    return query, parameters


BOUNDS = {
    "nom": ["briançon", "L"],
    "prix": ["1,5", "1.5", "0"],
    "taux": ["1", "0.75"],
    "agents": ["3", "2.5"],
    "ouvert": ["non", "oui"],
    "depuis": ["2021-06-01"],
    "fin": ["15/06/2023", "2023-06-15"],
    "vu": ["2022-01-01T09:00:00Z", "2022-01-01"],
}
VALUES = {
    "nom": [*NAMES[:6], 'Le "Bar"', "Zoé, x"],
    "prix": ["1,5", "1.50", "cher"],
    "taux": ["1", "100", "x"],
    "agents": ["3", "2", "beaucoup"],
    "ouvert": ["oui", "true"],
    "depuis": ["bientôt"],
    "fin": ["2023-01-01"],
    "vu": ["2022-01-01"],
}


def _condition(chance: random.Random, name: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    if chance.random() < 0.5:
        values = chance.sample(VALUES[name], chance.randrange(1, len(VALUES[name]) + 1))
        values += [""] if chance.random() < 0.3 else []
        if chance.random() < 0.1:
            return {"values": [""]}, [(f"{name}__isnull", "")]
        return {"values": values}, [(f"{name}__in", ",".join(map(_quoted, values)))]
    sides = [("from", "greater"), ("to", "less")]
    chosen = chance.sample(sides, chance.choice([1, 1, 2]))
    limits = {side: (chance.choice(BOUNDS[name]), operator) for side, operator in sorted(chosen)}
    return (
        {side: text for side, (text, _) in limits.items()},
        [(f"{name}__{operator}", text) for text, operator in limits.values()],
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set('",') & set(text) else text


def _answer(places: Browser, question: dict[str, Any]) -> Any:
    parameters = list(question["parameters"])
    match question["kind"]:
        case "page":
            call = "rows"
            parameters += [("page", question["page"]), ("page_size", question["size"])]
        case "facets":
            call = "facets"
            parameters += [("field", one) for one in question["fields"]]
        case _:
            call = "aggregate"
            parameters += [("by", one) for one in question["by"]]
            parameters += [(one["operation"], one["field"]) for one in question["measures"]]
    answer = places.get(f"/resources/places/{call}?{urlencode(parameters)}")
    assert answer.status_code == 200, answer.json
    body = answer.json
    if question["kind"] == "page":
        return {"rows": body["data"], "total": body["meta"]["total"]}
    return body["data"]


def _row(places: Browser, key: str) -> Any:
    answer = places.get(f"/resources/places/rows/{format_key((key,))}")
    return answer.json["data"] if answer.status_code == 200 else None


def main() -> None:
    told = recorded()
    parts = [
        f"{json.dumps(name)}: [\n{_lines(value)}\n]"
        if isinstance(value, list)
        else f"{json.dumps(name)}: {_line(value)}"
        for name, value in told.items()
    ]
    ANSWERS.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def _lines(values: list[Any]) -> str:
    return ",\n".join(map(_line, values))


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
