"""A guess of one column's type, rules and use from its cells. For `init` alone.

Text unless certain: a code, an identifier or a phone number is never a number, and a rule is only
written where its meaning is certain and every cell obeys it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from retouche.core.guessing.headings import words
from retouche.core.guessing.identifying import Profile

_CODES = (
    "ape canton cedex code codes cog com commune cp cle dep departement dept dpt fax finess iban "
    "id ident identifiant insee iris key mail matricule mobile naf no num numero phone portable "
    "postal postaux postcode ref reference reg region rna rue siren siret tel telephone uai "
    "version zip zipcode citycode"
)
CODES = frozenset(_CODES.split())
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,18})?")
COMMA_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(,[0-9]{1,18})?")
# “1,234” is a thousand for some: where all look like that, nobody can tell.
THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FRENCH_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
YEAR = re.compile(r"(18|19|20|21)[0-9]{2}")
MAIL = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*@[a-z0-9]+([.-][a-z0-9]+)*\.[a-z]{2,10}", re.I)
LINK = re.compile(r"https?://\S+")
PHONE = re.compile(r"(\+33|0)[ .]?[1-9]([ .]?[0-9]{2}){4}")
HOURS = re.compile(r".*\d{1,2}[h:]\d{2}.*", re.DOTALL)

BOOLEANS = tuple(
    (yes, no)
    for true, false in (("true", "false"), ("oui", "non"), ("vrai", "faux"), ("yes", "no"))
    for yes, no in (
        (true, false),
        (true.capitalize(), false.capitalize()),
        (true.upper(), false.upper()),
    )
)

# Codes whose form is fixed by those who give them out.
PATTERNS = {
    "code_postal": r"^[0-9]{5}$",
    "codepostal": r"^[0-9]{5}$",
    "cp": r"^[0-9]{5}$",
    "insee_com": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
    "code_insee": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
    "code_commune": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
    "code_insee_commune": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
    "insee": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
    "insee_dep": r"^(2[AB]|[0-9]{2}|9[78][0-9])$",
    "code_dep": r"^(2[AB]|[0-9]{2}|9[78][0-9])$",
    "code_departement": r"^(2[AB]|[0-9]{2}|9[78][0-9])$",
    "siret": r"^[0-9]{14}$",
    "num_siret": r"^[0-9]{14}$",
    "siren": r"^[0-9]{9}$",
    "num_siren": r"^[0-9]{9}$",
}
LONG = 250


def field_of(
    profile: Profile, *, key: Sequence[str], geo: tuple[str, str] | None
) -> dict[str, Any]:
    """Propose a field descriptor, title aside, that every cell of the column obeys."""
    found: dict[str, Any] = {"name": profile.name, "type": "string"}
    constraints: dict[str, Any] = {}
    if profile.name in key:
        constraints["required"] = True
    elif geo and profile.name in geo:
        limit = 90 if profile.name == geo[0] else 180
        found |= _number(profile) or {}
        constraints |= {"minimum": -limit, "maximum": limit}
    elif profile.distinct:
        found |= _typed(profile) if not _is_code(profile) else _text(profile)
    pattern = PATTERNS.get("_".join(words(profile.name)))
    if pattern and found["type"] == "string" and matches(re.compile(pattern[1:-1]), profile):
        constraints["pattern"] = pattern
    if constraints:
        found["constraints"] = constraints
    return found


def _typed(profile: Profile) -> dict[str, Any]:
    return _boolean(profile) or _number(profile, years=True) or _date(profile) or _text(profile)


def _boolean(profile: Profile) -> dict[str, Any] | None:
    for yes, no in BOOLEANS:
        # One of the two alone may as well be the first of many answers.
        if profile.distinct == {yes, no}:
            return {"type": "boolean", "trueValues": [yes], "falseValues": [no]}
    return None


def _number(profile: Profile, *, years: bool = False) -> dict[str, Any] | None:
    if matches(INTEGER, profile):
        if years and {"annee", "an", "year", "millesime"} & set(words(profile.name)):
            return {"type": "year"} if matches(YEAR, profile) else {"type": "integer"}
        return {"type": "integer"}
    if matches(NUMBER, profile):
        return {"type": "number"}
    if matches(COMMA_NUMBER, profile):
        with_comma = [one for one in profile.distinct if "," in one]
        if not all(THOUSANDS.fullmatch(one) for one in with_comma):
            return {"type": "number", "decimalChar": ","}
    return None


def _date(profile: Profile) -> dict[str, Any] | None:
    if all(_is_date(ISO_DATE.fullmatch(one), "ymd") for one in profile.distinct):
        return {"type": "date"}
    if all(_is_date(FRENCH_DATE.fullmatch(one), "dmy") for one in profile.distinct):
        return {"type": "date", "format": "%d/%m/%Y"}
    return None


def _is_date(match: re.Match[str] | None, order: str) -> bool:
    if match is None:
        return False
    parts = dict(zip(order, map(int, match.groups()), strict=True))
    try:
        date(parts["y"], parts["m"], parts["d"])
    except ValueError:
        return False
    return True


def _text(profile: Profile) -> dict[str, Any]:
    """Text, with what it is good for where the cells say so."""
    name = set(words(profile.name))
    if {"mail", "email", "courriel"} & name and mostly(MAIL, profile):
        certain = {"format": "email"} if matches(MAIL, profile) else {}
        return {"type": "string", **certain, "retouche": {"display": {"as": "mail"}}}
    use = None
    if {"tel", "telephone", "phone", "mobile", "portable"} & name and mostly(PHONE, profile):
        use = "phone"
    elif matches(MAIL, profile):
        use = "mail"
    elif matches(LINK, profile):
        use = "link"
    elif {"h", "horaire", "horaires"} & name and mostly(HOURS, profile):
        use = "hours"
    elif profile.longest > LONG and not profile.repeated:
        use = "long_text"
    return {"type": "string", **({"retouche": {"display": {"as": use}}} if use else {})}


def _is_code(profile: Profile) -> bool:
    """A word of the name says so, or all cells look like a company's number."""
    if CODES & set(words(profile.name)):
        return True
    lengths = {len(one) for one in profile.distinct}
    return lengths in ({9}, {14}) and matches(INTEGER, profile)  # a SIREN or a SIRET


def matches(pattern: re.Pattern[str], profile: Profile) -> bool:
    """Whether there are values and all have the form."""
    return bool(profile.distinct) and all(pattern.fullmatch(one) for one in profile.distinct)


def mostly(pattern: re.Pattern[str], profile: Profile) -> bool:
    """Whether more than four values in five have the form."""
    matching = sum(pattern.fullmatch(one) is not None for one in profile.distinct)
    return 10 * matching > 8 * len(profile.distinct)
