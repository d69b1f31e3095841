"""Sentences for those who keep a dataset from harm: refusals, signs, what an undo leaves."""

from __future__ import annotations

from typing import Any

from retouche.core.messages.wording import fill

MODERATING: dict[str, dict[str, str]] = {
    "source_not_known": {
        "en": "Nothing is known of where the proposal “{proposal}” came from: it was erased, or"
        " never written down.",
        "fr": "On ne sait pas d'où vient la proposition « {proposal} » : c'est effacé, ou cela n'a"
        " jamais été noté.",
    },
    "no_such_block": {
        "en": "There is no block “{block}” on this dataset.",
        "fr": "Il n'y a pas de blocage « {block} » sur ce jeu de données.",
    },
    "ends_in_the_past": {
        "en": "The end must be later than now.",
        "fr": "La fin doit être postérieure à maintenant.",
    },
    "bad_moment": {
        "en": "“{value}” is not a time. Write it as 2026-01-31 or 2026-01-31T14:30, in UTC.",
        "fr": "« {value} » n'est pas une date. Écrivez-la comme 2026-01-31 ou 2026-01-31T14:30, en"
        " temps universel (UTC).",
    },
    "range_upside_down": {
        "en": "The end of the time range is not after its beginning.",
        "fr": "La fin de la période n'est pas après son début.",
    },
    "moderation_text_too_long": {
        "en": "This text is too long: {limit} characters at most.",
        "fr": "Ce texte est trop long : {limit} caractères au plus.",
    },
    "nothing_chosen_to_undo": {
        "en": "Say what is to be undone: proposals, a source or a time range.",
        "fr": "Dites ce qui est à annuler : des propositions, une provenance ou une période.",
    },
    "nothing_to_undo": {
        "en": "There is nothing to set back: nothing of it was published, or what was published has"
        " changed since.",
        "fr": "Il n'y a rien à rétablir : rien n'en a été publié, ou ce qui l'a été a changé"
        " depuis.",
    },
    "undo_too_large": {
        "en": "This would set back {count} rows, and one proposal {limit} at most. Choose a shorter"
        " time range, or fewer proposals.",
        "fr": "Cela rétablirait {count} lignes, et une proposition {limit} au plus. Choisissez une"
        " période plus courte, ou moins de propositions.",
    },
}

SIGNS: dict[str, dict[str, str]] = {
    "fast": {
        "en": "It was sent faster than a person fills in the form.",
        "fr": "Elle a été envoyée plus vite qu'une personne ne remplit le formulaire.",
    },
    "many_rows": {
        "en": "It changes many rows at once.",
        "fr": "Elle modifie beaucoup de lignes à la fois.",
    },
    "many_deletions": {
        "en": "It removes many rows.",
        "fr": "Elle supprime beaucoup de lignes.",
    },
    "emptied_cells": {
        "en": "It empties several cells that held something.",
        "fr": "Elle vide plusieurs cellules qui contenaient quelque chose.",
    },
    "key_changed": {
        "en": "It changes what identifies a row.",
        "fr": "Elle change ce qui identifie une ligne.",
    },
    "links_added": {
        "en": "It adds a link where none is expected.",
        "fr": "Elle ajoute un lien là où l'on n'en attend pas.",
    },
    "link_in_comment": {
        "en": "Its comment holds a link.",
        "fr": "Son commentaire contient un lien.",
    },
    "same_text_everywhere": {
        "en": "It writes the same text in many places.",
        "fr": "Elle écrit le même texte en de nombreux endroits.",
    },
    "many_from_sender": {
        "en": "Many proposals of the same source were waiting when it came.",
        "fr": "Beaucoup de propositions de la même provenance attendaient à son arrivée.",
    },
}
OTHER_SIGN = {
    "en": "Something else about it is unusual ({code}).",
    "fr": "Autre chose y est inhabituel ({code}).",
}

KEPT: dict[str, dict[str, str]] = {
    "changed_since": {
        "en": "It was changed again since.",
        "fr": "La cellule a encore été modifiée depuis.",
    },
    "row_gone": {
        "en": "The row is not published any more.",
        "fr": "La ligne n'est plus publiée.",
    },
    "row_changed_since": {
        "en": "The row that was added has been changed since.",
        "fr": "La ligne ajoutée a été modifiée depuis.",
    },
    "row_back": {
        "en": "There is a row with this key again.",
        "fr": "Une ligne porte de nouveau cette clé.",
    },
    "key_taken": {
        "en": "Another row has the key that this one had.",
        "fr": "Une autre ligne porte la clé que celle-ci avait.",
    },
    "ambiguous": {
        "en": "Several rows have this key.",
        "fr": "Plusieurs lignes portent cette clé.",
    },
    "column_gone": {
        "en": "The column does not exist any more.",
        "fr": "La colonne n'existe plus.",
    },
    "table_gone": {
        "en": "The table does not exist any more, or its rows have no key.",
        "fr": "La table n'existe plus, ou ses lignes n'ont plus de clé.",
    },
    "unreadable": {
        "en": "What was published with it cannot be read.",
        "fr": "Ce qui a été publié avec elle est illisible.",
    },
    "not_published": {
        "en": "It is not in the published history.",
        "fr": "Elle n'est pas dans l'historique publié.",
    },
    "invalid": {
        "en": "What stood there before breaks a rule of the data.",
        "fr": "Ce qui y était avant enfreint une règle des données.",
    },
}

COMMENTS: dict[str, dict[str, str]] = {
    "undoes_one": {
        "en": "Undoes the proposal {proposals}.[[ {kept} places stay as they are.]]",
        "fr": "Annule la proposition {proposals}.[[ {kept} endroits restent tels quels.]]",
    },
    "undoes": {
        "en": "Undoes {count} accepted proposals: {proposals}.[[ {kept} places stay as they are.]]",
        "fr": "Annule {count} propositions acceptées : {proposals}."
        "[[ {kept} endroits restent tels quels.]]",
    },
}


def sign(code: str, locale: str) -> str:
    """A sign in plain words, also one that is not known here."""
    return fill(SIGNS.get(code, OTHER_SIGN), locale, {"code": code})


def kept_because(why: str, locale: str) -> str:
    """Why something is not set back."""
    return fill(KEPT[why], locale, {})


def undo_comment(proposals: list[str], kept: int, locale: str) -> str:
    """What an undo says of itself."""
    texts = COMMENTS["undoes_one" if len(proposals) == 1 else "undoes"]
    values: dict[str, Any] = {"count": len(proposals), "proposals": proposals}
    return fill(texts, locale, {**values, "kept": kept or None})
