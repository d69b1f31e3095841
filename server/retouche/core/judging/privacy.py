"""Cells that look like a person's own number or mail address, told before they are public for good.

Only ever a warning: a mobile may be the number of a desk, and an office may use a mail provider
for everybody. What an edit leaves as it was is not told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from retouche.core.judging.changes import Change, Sheet
from retouche.core.judging.faults import Fault
from retouche.core.operations import Cell
from retouche.core.report import CellError
from retouche.core.schema import Field

CODE = "private-contact"
KINDS = ("string", "any", "list", "array", "object")
"""Types of fields that can hold an address: numbers and dates cannot."""

_GAP = r"[\s.\-/_]{0,3}"
_COUNTRY = rf"(?:\+|00){_GAP}(?:33|262|590|594|596){_GAP}(?:\(0\){_GAP})?"
MOBILE = re.compile(
    # Not within a longer number, be its digits in groups or not.
    rf"(?<![\d+])(?<!\d[ .\-])(?:{_COUNTRY}|0)[67](?:{_GAP}\d{{2}}){{4}}(?![ .\-]?\d)"
    r"|(?<![\d+])0[67]\d{8}(?!\d)"
)
ADDRESS = re.compile(
    r"(?<![\w.+\-])([\w.+\-]{1,64})@((?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24})"
)
NAMES = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})?\.[^\W\d_]{2,}(?:-[^\W\d_]{2,}){0,2}\d{0,2}")
"""`firstname.lastname`."""
INITIAL = re.compile(r"[^\W\d_]\.[^\W\d_]{3,}(?:-[^\W\d_]{2,})?")
"""`f.lastname`."""
# fmt: off
PROVIDERS = frozenset(
    {
        "gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "ymail", "rocketmail",
        "aol", "icloud", "me", "mac", "gmx", "protonmail", "proton", "pm", "orange", "wanadoo",
        "free", "sfr", "neuf", "numericable", "bbox", "bouyguestelecom", "laposte",
        "club-internet", "cegetel", "aliceadsl", "alice", "noos", "voila", "tiscali",
        "libertysurf", "mailo", "zaclys", "tutanota", "caramail", "dbmail", "9online", "9business",
    }
)
"""First part of the domains of mail providers that anybody has an address at."""
OFFICE = (
    "mairie", "ville", "commune", "accueil", "contact", "info", "service", "france", "msap",
    "maison", "secretariat", "direction", "administration", "ccas", "cias", "communaute",
    "agglo", "metropole", "departement", "region", "prefecture", "poste", "asso",
    "association", "centre", "social", "espace", "public", "bus", "itinerant", "antenne",
    "relais", "point", "guichet", "mediatheque", "bibliotheque", "emploi", "formation",
    "numerique", "conseiller", "mission", "locale", "pimms", "fede", "union", "mutualite",
    "foyer", "rural", "citoyen", "etat", "civil", "urbanisme", "numerisation", "reception",
    "standard", "bureau", "pole", "cdc", "cfs", "mfs", "mds", "msp", "mjc", "udaf", "cidff",
    "adil", "caf", "cpam", "msa", "carsat", "demarche", "tourisme", "office", "hotel",
    "solidarite",
)
"""What stands in the addresses of offices, wherever they have them."""
SHORT_OFFICE = frozenset(
    {
        "fs", "cc", "sm", "pf", "pmi", "rsp", "fsi", "efs", "bfs", "csc", "csi", "epn", "mdf",
        "mdr", "mpt", "psp", "pfsp", "syndicat", "rh", "si",
    }
)
# fmt: on
"""The same as a whole part of an address: too short to be looked for within words."""
_PARTS = re.compile(r"[.\-_+\d]+")


def findings(text: str) -> frozenset[tuple[str, str]]:
    """What in a text looks like a person's own: `mobile` or `mail`, and the number or address."""
    found: set[tuple[str, str]] = set()
    if "6" in text or "7" in text:
        found |= {("mobile", re.sub(r"\D", "", one[0])[-9:]) for one in MOBILE.finditer(text)}
    if "@" in text:
        for one in ADDRESS.finditer(text):
            if _is_personal(one[1], one[2]):
                found.add(("mail", one[0].lower()))
    return frozenset(found)


def private(sheet: Sheet, change: Change) -> Iterator[CellError]:
    """Warnings of what a change newly writes."""
    if change.after is None:
        return
    for name in sorted(change.touched):
        field = sheet.resource.schema.by_name.get(name)
        place = sheet.read.rows.places.get(name)
        if place is None or (field is not None and not _is_asked(field)):
            continue
        new = sheet.read.cell(place, change.after.texts)
        old = sheet.read.cell(place, change.before.texts) if change.before else None
        for fault in faults(name, new, old):
            yield sheet.error(change, fault)


def faults(name: str, new: Cell, old: Cell) -> Iterator[Fault]:
    """One of each kind at most, for what stands in a cell and did not before."""
    if not new or new == old:
        return
    known = findings(old) if old else frozenset()
    for rule in sorted({rule for rule, _ in findings(new) - known}):
        yield Fault(code=CODE, rule=rule, field=name, value=new, columns=(name,), level="warning")


def _is_asked(field: Field) -> bool:
    """Not where the publisher says that what stands there is public, nor where nothing is."""
    public = field.extension.get("public_contact")
    return field.type in KINDS and not field.personal and not public


def _is_personal(local: str, domain: str) -> bool:
    plain = _plain(local)
    words = [one for one in _PARTS.split(plain) if one]
    if any(one in SHORT_OFFICE for one in words) or any(one in plain for one in OFFICE):
        return False
    *_, provider, _end = domain.lower().split(".")
    if provider in PROVIDERS:
        return True
    if "service" in domain.lower():  # all of the counters of a service have one there
        return False
    return bool(NAMES.fullmatch(plain) or INITIAL.fullmatch(plain))


def _plain(text: str) -> str:
    """In lower case and without accents."""
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(one for one in split if not unicodedata.combining(one))
