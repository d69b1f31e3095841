"""What a dataset and a row are, for search engines: schema.org as JSON-LD, safe inside a page."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

from retouche.core.operations import Cells
from retouche.core.package import Package, Resource
from retouche.core.schema import Field
from retouche.web.pages.fields import weekday
from retouche.web.pages.values import kind_of

HOURS = re.compile(r"([0-2]?[0-9])[:h]([0-5][0-9])\s*-\s*([0-2]?[0-9])[:h]([0-5][0-9])")
# Which property of an address a column holds, by the words its name is made of.
ADDRESS = {
    "streetAddress": re.compile(r"(^|_)(adresse|address|rue|street)$"),
    "postalCode": re.compile(r"(^|_)(code_postal|cp|postal_code|postcode|zip)$"),
    "addressLocality": re.compile(r"(^|_)(lib_com|commune|nom_commune|ville|city|locality)$"),
}


def json_ld(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def dataset_described(
    package: Package, *, url: str, licences: list[dict[str, str]], downloads: list[str], locale: str
) -> dict[str, Any]:
    """A dataset, for the search engines of data."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": package.title(locale),
        "description": package.description(locale) or package.title(locale),
        "url": url,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": one}
            for one in downloads
        ],
    }
    links = [one["url"] for one in licences if one["url"]]
    if links:
        described["license"] = links
    return described


def row_described(
    package: Package,
    resource: Resource,
    fields: tuple[Field, ...],
    row: Cells,
    *,
    label: str,
    url: str,
    dataset_url: str,
    locale: str,
) -> dict[str, Any]:
    """A row as a place, when it has one, else as a thing."""
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Thing",
        "name": label,
        "url": url,
        "subjectOf": {"@type": "Dataset", "name": package.title(locale), "url": dataset_url},
    }
    contact = _contact(fields, row)
    address = _address(fields, row)
    geo = _geo(resource, row)
    if geo or address:
        # A public desk has people to reach; without them it is only a place.
        described["@type"] = "GovernmentOffice" if contact else "Place"
        described |= contact
    if geo:
        described["geo"] = geo
    if address:
        described["address"] = {"@type": "PostalAddress", **address}
    hours = _hours(fields, row)
    if hours and described["@type"] != "Thing":
        described["openingHours"] = hours
    return described


def _contact(fields: tuple[Field, ...], row: Cells) -> dict[str, str]:
    found: dict[str, str] = {}
    names = {"phone": "telephone", "mail": "email"}
    for field in fields:
        name, cell = names.get(kind_of(field)), row.get(field.name)
        if name and cell:
            found.setdefault(name, cell)
    return found


def _address(fields: tuple[Field, ...], row: Cells) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        cell = row.get(field.name)
        for name, pattern in ADDRESS.items():
            if cell and pattern.search(field.name.lower()):
                found.setdefault(name, cell)
    return found


def _geo(resource: Resource, row: Cells) -> dict[str, Any] | None:
    if resource.geo is None:
        return None
    try:
        latitude, longitude = (float(row.get(name) or "") for name in resource.geo)
    except ValueError:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def _hours(fields: tuple[Field, ...], row: Cells) -> list[str]:
    """Opening hours as schema.org writes them: `Mo 09:00-12:00`."""
    found = []
    for field in fields:
        day, cell = weekday(field), row.get(field.name)
        if day and cell:
            for hour, minute, until, end in HOURS.findall(cell):
                found.append(f"{day} {int(hour):02}:{minute}-{int(until):02}:{end}")
    return found
