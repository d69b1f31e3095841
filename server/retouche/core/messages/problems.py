"""Titles of refusals by their code, and their sentences by reason. To add a reason, add a line.

Every reason has `en` and `fr` with the same values; `wording.py` tells how they are filled.
"""

from __future__ import annotations

from retouche.core.messages.accounts import ACCOUNTS
from retouche.core.messages.datasets import DIALECTS, FILES, PACKAGES, SCHEMAS
from retouche.core.messages.exports import EXPORTS
from retouche.core.messages.forges import FORGES
from retouche.core.messages.guarding import GUARDING
from retouche.core.messages.impact import SCENARIOS
from retouche.core.messages.indicators import INDICATORS
from retouche.core.messages.moderating import MODERATING
from retouche.core.messages.operating import OPERATING
from retouche.core.messages.people import PEOPLE
from retouche.core.messages.planning import PLANNING
from retouche.core.messages.proposals import PROPOSALS
from retouche.core.messages.requests import BODIES, PARAMETERS
from retouche.core.messages.widgets import OUTLINES, WIDGETS

TITLES: dict[str, dict[str, str]] = {
    "error": {"en": "Something went wrong", "fr": "Une erreur est survenue"},
    "malformed": {"en": "Request not understood", "fr": "Demande incompréhensible"},
    "unknown_field": {"en": "Unknown column", "fr": "Colonne inconnue"},
    "unknown_operator": {"en": "Unknown operator", "fr": "Opérateur inconnu"},
    "not_signed_in": {"en": "Sign-in needed", "fr": "Connexion nécessaire"},
    "not_allowed": {"en": "Not allowed", "fr": "Action non autorisée"},
    "not_found": {"en": "Not found", "fr": "Introuvable"},
    "conflict": {"en": "Somebody else changed this too", "fr": "Modifié entre-temps"},
    "head_moved": {"en": "The proposal has changed", "fr": "La proposition a changé"},
    "too_large": {"en": "Too large", "fr": "Trop volumineux"},
    "unsupported": {"en": "Not supported", "fr": "Non pris en charge"},
    "rate_limited": {"en": "Too many requests", "fr": "Trop de demandes"},
    "paused": {"en": "Corrections are paused", "fr": "Corrections suspendues"},
    "proof_required": {"en": "One more check is needed", "fr": "Vérification nécessaire"},
    "invalid": {"en": "Some values break the rules", "fr": "Des valeurs enfreignent les règles"},
    "no_change": {"en": "Nothing to change", "fr": "Rien à modifier"},
    "ambiguous_row": {"en": "Several rows have this key", "fr": "Plusieurs lignes ont cette clé"},
    "not_editable": {"en": "Cannot be edited", "fr": "Non modifiable"},
    "idempotency_mismatch": {
        "en": "Idempotency key already used",
        "fr": "Clé d'idempotence déjà utilisée",
    },
    "unreadable_file": {"en": "Data file not readable", "fr": "Fichier de données illisible"},
    "bad_dataset": {"en": "Dataset not usable", "fr": "Jeu de données inutilisable"},
    "forge_unavailable": {"en": "Try again in a moment", "fr": "Réessayez dans un instant"},
    "forge_refused": {"en": "Refused by the forge", "fr": "Refusé par la forge"},
    "storage_full": {"en": "Storage full", "fr": "Stockage plein"},
}

PLACES: dict[str, dict[str, str]] = {
    "not_found": {"en": "This does not exist.", "fr": "Cet élément n'existe pas."},
    "unknown_page": {
        "en": "There is no page at this address.",
        "fr": "Il n'y a pas de page à cette adresse.",
    },
    "unknown_dataset": {
        "en": "There is no dataset “{dataset}” here.",
        "fr": "Il n'y a pas de jeu de données « {dataset} » ici.",
    },
    "unknown_resource": {
        "en": "The dataset has no resource “{resource}”.[[ Known are: {known}.]]",
        "fr": "Le jeu de données n'a pas de ressource « {resource} ».[[ Sont connues : {known}.]]",
    },
    "unknown_row": {
        "en": "There is no row with the key “{key}”[[ in “{resource}”]]. It may have been removed,"
        " or its key changed.",
        "fr": "Aucune ligne n'a la clé « {key} »[[ dans « {resource} »]]. Elle a peut-être été"
        " retirée, ou sa clé a changé.",
    },
    "unknown_revision": {
        "en": "There is no revision “{revision}”. Give a full commit id or the name of a branch.",
        "fr": "La révision « {revision} » n'existe pas. Donnez un identifiant de commit complet ou"
        " le nom d'une branche.",
    },
    "unknown_proposal": {
        "en": "There is no proposal “{proposal}” in this dataset.",
        "fr": "Il n'y a pas de proposition « {proposal} » dans ce jeu de données.",
    },
    "unknown_remark": {
        "en": "There is no remark “{remark}” in this dataset.",
        "fr": "Il n'y a pas de remarque « {remark} » dans ce jeu de données.",
    },
    "proposal_without_head": {
        "en": "The proposal “{proposal}” is not written yet: it waits in the queue.",
        "fr": "La proposition « {proposal} » n'est pas encore écrite : elle est en file d'attente.",
    },
    "unknown_widget": {
        "en": "The dataset has no widget “{widget}”.[[ Known are: {known}.]]",
        "fr": "Le jeu de données n'a pas de widget « {widget} ».[[ Sont connus : {known}.]]",
    },
    "no_widget": {
        "en": "The dataset {dataset} has no widget.",
        "fr": "Le jeu de données {dataset} n'a pas de widget.",
    },
    "no_cards": {
        "en": "No widget shows the rows of {resource} as cards.",
        "fr": "Aucun widget ne montre les lignes de {resource} en fiches.",
    },
    "not_embeddable": {
        "en": "Nothing of this server can be embedded from the address “{url}”. Give the address"
        " of a dataset, of a row, or one under /embed/.",
        "fr": "Rien de ce serveur ne s'intègre depuis l'adresse « {url} ». Donnez l'adresse d'un"
        " jeu de données, d'une ligne, ou une adresse sous /embed/.",
    },
    "no_widgets": {
        "en": "The elements are not built on this server. Build them with `make setup`.",
        "fr": "Les éléments ne sont pas construits sur ce serveur. Construisez-les avec"
        " `make setup`.",
    },
    "unknown_file": {
        "en": "There is no file {path} at this revision[[ ({revision})]].",
        "fr": "Il n'y a pas de fichier {path} à cette révision[[ ({revision})]].",
    },
    "unknown_format": {
        "en": "The data cannot be downloaded as “{format}”.[[ Known are: {known}.]]",
        "fr": "Les données ne se téléchargent pas en « {format} ».[[ Sont connus : {known}.]]",
    },
    "malformed_key": {
        "en": "“{key}” is no row key: its percent-encoding is not UTF-8.",
        "fr": "« {key} » n'est pas une clé de ligne : son encodage-pourcent n'est pas de l'UTF-8.",
    },
    "not_embedded": {
        "en": "The dataset “{dataset}” is not kept in a repository of this server.",
        "fr": "Le jeu de données « {dataset} » n'est pas dans un dépôt de ce serveur.",
    },
    "git_smart_only": {
        "en": "Clone with git 1.6.6 or newer: the old “dumb” protocol is not spoken here.",
        "fr": "Clonez avec git 1.6.6 ou plus récent : l'ancien protocole n'est pas parlé ici.",
    },
}
RIGHTS: dict[str, dict[str, str]] = {
    "not_signed_in": {
        "en": "Only signed-in reviewers can do this. Use your sign-in link.",
        "fr": "Seuls les relecteurs connectés peuvent le faire. Utilisez votre lien de connexion.",
    },
    "bad_token": {
        "en": "The sign-in link or token is not valid, or no longer. Ask for a new one.",
        "fr": "Le lien ou jeton de connexion n'est pas, ou n'est plus, valable. Demandez-en un"
        " nouveau.",
    },
    "not_allowed": {
        "en": "You may not do this.",
        "fr": "Vous n'avez pas le droit de faire cela.",
    },
    "bad_secret": {
        "en": "The follow-up link is not that of this proposal. Use the link you were given.",
        "fr": "Le lien de suivi n'est pas celui de cette proposition. Utilisez le lien qui vous a"
        " été remis.",
    },
    "csrf": {
        "en": "The form has expired or comes from another site. Reload the page and send it again.",
        "fr": "Le formulaire a expiré ou vient d'un autre site. Rechargez la page et renvoyez-le.",
    },
    "cross_site": {
        "en": "The request comes from another site. Open this page itself and try again.",
        "fr": "La demande vient d'un autre site. Ouvrez cette page elle-même et recommencez.",
    },
    "clone_personal": {
        "en": "The dataset holds columns that are not public: its repository cannot be cloned.",
        "fr": "Le jeu de données a des colonnes qui ne sont pas publiques : son dépôt ne peut pas"
        " être cloné.",
    },
    "clone_read_only": {
        "en": "The repository can be cloned, not pushed to. Send a proposal instead.",
        "fr": "Le dépôt peut être cloné, mais on n'y pousse rien. Envoyez une proposition.",
    },
}
LIMITS: dict[str, dict[str, str]] = {
    "too_large": {
        "en": "This is larger than the server takes.",
        "fr": "C'est plus que ce que le serveur accepte.",
    },
    "body_too_large": {
        "en": "The request is too large[[: at most {limit:size}]].",
        "fr": "La demande est trop volumineuse[[ : {limit:size} au plus]].",
    },
    "cell_too_long": {
        "en": "A cell is too long[[ ({size:size})]][[: at most {limit:size}]].",
        "fr": "Une cellule est trop longue[[ ({size:size})]][[ : {limit:size} au plus]].",
    },
    "file_too_large": {
        "en": "The file {path} is too large[[ ({size:size})]][[: at most {limit:size}]].",
        "fr": "Le fichier {path} est trop volumineux[[ ({size:size})]][[ : {limit:size} au plus]].",
    },
    "too_long": {
        "en": "The text is too long[[ ({count} characters)]][[: at most {limit}]].",
        "fr": "Le texte est trop long[[ ({count} caractères)]][[ : {limit} au plus]].",
    },
    "too_many": {
        "en": "Too many entries[[ ({count})]][[: at most {limit}]].",
        "fr": "Trop d'éléments[[ ({count})]][[ : {limit} au plus]].",
    },
    "too_many_rows": {
        "en": "Too many rows for this format[[ ({rows})]][[: at most {limit}]]. Filter them, or"
        " download CSV.",
        "fr": "Trop de lignes pour ce format[[ ({rows})]][[ : {limit} au plus]]. Filtrez-les, ou"
        " téléchargez le CSV.",
    },
    "too_many_cells": {
        "en": "Too many cells for this format[[ ({cells})]][[: at most {limit}]]. Filter the rows,"
        " choose columns, or download CSV.",
        "fr": "Trop de cellules pour ce format[[ ({cells})]][[ : {limit} au plus]]. Filtrez les"
        " lignes, choisissez des colonnes, ou téléchargez le CSV.",
    },
    "rate_limited": {
        "en": "Too many requests at once.[[ Try again in {retry_after} seconds.]]",
        "fr": "Trop de demandes à la fois.[[ Réessayez dans {retry_after} secondes.]]",
    },
    "too_many_confirmations": {
        "en": "This row was confirmed often enough today[[ ({limit})]]. Try again tomorrow.",
        "fr": "Cette ligne a été assez souvent confirmée aujourd'hui[[ ({limit})]]. Réessayez"
        " demain.",
    },
    "too_many_remarks": {
        "en": "Too many remarks wait for an answer[[ ({limit})]]. Try again later.",
        "fr": "Trop de remarques attendent une réponse[[ ({limit})]]. Réessayez plus tard.",
    },
    "too_many_open": {
        "en": "Too many proposals wait for a decision[[ ({limit})]]. Try again later.",
        "fr": "Trop de propositions attendent une décision[[ ({limit})]]. Réessayez plus tard.",
    },
}
FAILURES: dict[str, dict[str, str]] = {
    "error": {"en": "Something went wrong.", "fr": "Une erreur est survenue."},
    "internal": {
        "en": "The server made a mistake. It has been written down.",
        "fr": "Le serveur a commis une erreur. Elle a été consignée.",
    },
    "unreadable_file": {
        "en": "The data file cannot be read as a table.",
        "fr": "Le fichier de données ne peut pas être lu comme un tableau.",
    },
    "bad_dataset": {
        "en": "The description of the dataset is not usable.",
        "fr": "La description du jeu de données est inutilisable.",
    },
    "forge_unavailable": {
        "en": "The data's repository cannot be reached at the moment. Nothing is lost.",
        "fr": "Le dépôt des données est injoignable pour le moment. Rien n'est perdu.",
    },
    "forge_token_missing": {
        "en": "The server has no token for GitLab: {place} is missing or empty. Nothing is lost.",
        "fr": "Le serveur n'a pas de jeton pour GitLab : {place} est absent ou vide. Rien n'est"
        " perdu.",
    },
    "database_url": {
        "en": "RETOUCHE_DATABASE_URL must begin with sqlite:/// or postgresql://.",
        "fr": "RETOUCHE_DATABASE_URL doit commencer par sqlite:/// ou postgresql://.",
    },
    "journal_unavailable": {
        "en": "The journal of proposals cannot be written at the moment. Nothing was accepted.",
        "fr": "Le journal des propositions ne peut pas être écrit pour le moment. Rien n'a été"
        " enregistré.",
    },
    "journal_version": {
        "en": "The journal was written by another version of Retouche[[ ({found}, this one knows"
        " {known})]].",
        "fr": "Le journal a été écrit par une autre version de Retouche[[ ({found}, celle-ci"
        " connaît"
        " {known})]].",
    },
    "storage_full": {
        "en": "The server's disk is full. Nothing was accepted; tell the operator.",
        "fr": "Le disque du serveur est plein. Rien n'a été enregistré ; prévenez l'exploitant.",
    },
}

REASONS: dict[str, dict[str, str]] = {
    **BODIES,
    **PARAMETERS,
    **PLACES,
    **PROPOSALS,
    **RIGHTS,
    **LIMITS,
    **FAILURES,
    **EXPORTS,
    **FORGES,
    **GUARDING,
    **OPERATING,
    **MODERATING,
    **SCENARIOS,
    **PLANNING,
    **PEOPLE,
    **ACCOUNTS,
    **FILES,
    **DIALECTS,
    **SCHEMAS,
    **PACKAGES,
    **INDICATORS,
    **WIDGETS,
    **OUTLINES,
}
