"""Sentences on what a change does to the indicators, and the figures in them.

They are made of plain values, so that a page, the API and a merge request say the same words.
"""

from __future__ import annotations

from decimal import Decimal

from retouche.core.messages.wording import NARROW, count, language, typographic

SHOWN = 2
"""Decimals of a figure whose indicator does not say how many it has, in a sentence."""

IMPACT: dict[str, dict[str, str]] = {
    "nothing": {
        "en": "Nothing changes in the indicators.",
        "fr": "Rien ne change dans les indicateurs.",
    },
    "moved": {
        "en": "The data has been published anew since: this compares with what was published then.",
        "fr": "Les données ont été republiées depuis : ceci compare à ce qui était publié alors.",
    },
    "band_gained": {
        "en": "{gained} {gain_verb} within {distance}{to}.",
        "fr": "{gained} {gain_verb} à moins de {distance}{to}.",
    },
    "band_lost": {
        "en": "{lost} {lose_verb} no longer within {distance}{to}.",
        "fr": "{lost} {lose_verb} plus à moins de {distance}{to}.",
    },
    "band_both": {
        "en": "{gained} {gain_verb} within {distance}{to}; {lost} {lose_verb} no longer.",
        "fr": "{gained} {gain_verb} à moins de {distance}{to} ; {lost} n'y {lose_verb} plus.",
    },
    "gained": {
        "en": "“{title}” gets better for {gained}.",
        "fr": "« {title} » s'améliore pour {gained}.",
    },
    "lost": {
        "en": "“{title}” gets worse for {lost}.",
        "fr": "« {title} » se dégrade pour {lost}.",
    },
    "both": {
        "en": "“{title}” gets better for {gained} and worse for {lost}.",
        "fr": "« {title} » s'améliore pour {gained} et se dégrade pour {lost}.",
    },
    "overall": {
        "en": "“{title}” goes from {before} to {after}, all in all.",
        "fr": "« {title} » passe de {before} à {after} dans l'ensemble.",
    },
    "rows_change": {
        "en": "“{title}” changes in {rows}.",
        "fr": "« {title} » change pour {rows}.",
    },
    "where": {
        "en": "Where this changes most within {distance} ({level}): {places}.",
        "fr": "Là où cela change le plus à moins de {distance} ({level}) : {places}.",
    },
    "fault": {
        "en": "“{title}” could not be computed: {detail}",
        "fr": "« {title} » n'a pas pu être calculé : {detail}",
    },
    "unknown": {"en": "unknown", "fr": "inconnu"},
    "to_title": {"en": " (“{title}”)", "fr": " (« {title} »)"},
}
NOUNS: dict[str, dict[str, tuple[str, str]]] = {
    "people": {"en": ("inhabitant", "inhabitants"), "fr": ("habitant", "habitants")},
    "rows": {"en": ("row", "rows"), "fr": ("ligne", "lignes")},
}
VERBS: dict[str, dict[str, tuple[str, str]]] = {
    "gain_verb": {"en": ("comes", "come"), "fr": ("passe", "passent")},
    "lose_verb": {"en": ("is", "are"), "fr": ("n'est", "ne sont")},
    "lose_verb_there": {"en": ("is", "are"), "fr": ("est", "sont")},
}


def said(name: str, locale: str, **values: str) -> str:
    """A sentence with its values, in good typography."""
    chosen = language(locale)
    return typographic(IMPACT[name][chosen], chosen).format(**values)


def counted(noun: str, number: int, locale: str) -> str:
    """`1,204 inhabitants`."""
    chosen = language(locale)
    return f"{count(number, chosen)} {_form(NOUNS[noun][chosen], number, chosen)}"


def band(
    *, gained: int, lost: int, kilometres: float, to: str, by_rows: bool, locale: str
) -> str | None:
    """How many come within a distance, and how many are there no longer; None when nobody moves.

    `to` is said after the distance, with its blank: of what it is the distance.
    """
    if not gained and not lost:
        return None
    chosen, noun = language(locale), "rows" if by_rows else "people"
    both = bool(gained and lost)
    lose = "lose_verb_there" if both else "lose_verb"
    return said(
        "band_both" if both else "band_gained" if gained else "band_lost",
        locale,
        gained=counted(noun, gained, locale),
        lost=count(lost, chosen) if both else counted(noun, lost, locale),
        gain_verb=_form(VERBS["gain_verb"][chosen], gained, chosen),
        lose_verb=typographic(_form(VERBS[lose][chosen], lost, chosen), chosen),
        distance=f"{figure(kilometres, None, locale)} km",
        to=to,
    )


def moved(gained: int, lost: int, locale: str) -> str:
    """`+1,204`, `−310`, or both, one beside the other."""
    chosen = language(locale)
    shown = [f"+{count(gained, chosen)}"] if gained else []
    return " ".join([*shown, f"−{count(lost, chosen)}"] if lost else shown)


def figure(value: float | str | None, digits: int | None, locale: str, unit: str = "") -> str:
    """A value as a reader of the language writes it, with its unit."""
    if value is None:
        return said("unknown", locale)
    if isinstance(value, str):
        return value
    chosen = language(locale)
    text = f"{Decimal(repr(float(value))):.{SHOWN if digits is None else digits}f}"
    whole, _, decimals = text.partition(".")
    if digits is None:
        decimals = decimals.rstrip("0")
    sign = "−" if whole.startswith("-") and (whole.strip("-0") or decimals.strip("0")) else ""
    shown = sign + count(int(whole.lstrip("-")), chosen)
    if decimals:
        shown += ("," if chosen == "fr" else ".") + decimals
    return f"{shown}{NARROW if chosen == 'fr' and unit == '%' else ' '}{unit}" if unit else shown


def _form(forms: tuple[str, str], number: int, locale: str) -> str:
    """French takes the singular for 0 as well."""
    single = number in (0, 1) if locale == "fr" else number == 1
    return forms[0] if single else forms[1]


SCENARIOS: dict[str, dict[str, str]] = {
    "unknown_scenario": {
        "en": "There is no such scenario in this dataset. It may have been deleted, or nobody wrote"
        " it for a long time.",
        "fr": "Ce scénario n'existe pas dans ce jeu de données. Il a pu être supprimé, ou personne"
        " ne l'a modifié depuis longtemps.",
    },
    "scenario_moved": {
        "en": "Somebody has written this scenario since you read it[[ (now version {present})]]."
        " Read it again; nothing was overwritten.",
        "fr": "Quelqu'un a modifié ce scénario depuis que vous l'avez lu[[ (désormais version"
        " {present})]]. Relisez-le ; rien n'a été écrasé.",
    },
    "scenario_submitted": {
        "en": "This scenario was submitted and stays as it is. Make a new one from it to go on.",
        "fr": "Ce scénario a été soumis et reste tel quel. Faites-en un nouveau pour continuer.",
    },
    "scenario_too_large": {
        "en": "The scenario is too large[[ ({size:size})]][[: at most {limit:size}]].",
        "fr": "Le scénario est trop volumineux[[ ({size:size})]][[ : {limit:size} au plus]].",
    },
    "too_many_scenarios": {
        "en": "The dataset has too many scenarios[[ ({limit})]]. Try again later.",
        "fr": "Le jeu de données a trop de scénarios[[ ({limit})]]. Réessayez plus tard.",
    },
    "too_many_scenarios_day": {
        "en": "No more than {limit} scenarios a day are taken from one network. Go on with one of"
        " those you have.",
        "fr": "Pas plus de {limit} scénarios par jour sont pris d'un même réseau. Continuez un de"
        " ceux que vous avez.",
    },
    "scenarios_compared": {
        "en": "Give one to {limit} different scenarios to be compared.",
        "fr": "Donnez de un à {limit} scénarios différents à comparer.",
    },
    "indicator_failed": {
        "en": "the server made a mistake, which has been written down.",
        "fr": "le serveur a commis une erreur, qui a été consignée.",
    },
}
