"""Sentences for what comes between us and a repository that lives at a forge elsewhere.

A key `reason:status` is the sentence of a reason when its value `status` is that one.
"""

from __future__ import annotations

REACH: dict[str, dict[str, str]] = {
    "forge_unreachable": {
        "en": "The server of the data's repository does not answer. Nothing is lost.",
        "fr": "Le serveur du dépôt des données ne répond pas. Rien n'est perdu.",
    },
    "forge_timeout": {
        "en": "The server of the data's repository takes too long to answer. Nothing is lost.",
        "fr": "Le serveur du dépôt des données met trop de temps à répondre. Rien n'est perdu.",
    },
    "forge_untrusted": {
        "en": "The certificate of the server of the data's repository is not valid. Tell the"
        " operator.",
        "fr": "Le certificat du serveur du dépôt des données n'est pas valable. Prévenez"
        " l'exploitant.",
    },
    "forge_rate_limited": {
        "en": "The server of the data's repository asks us to slow down. Nothing is lost.",
        "fr": "Le serveur du dépôt des données nous demande de ralentir. Rien n'est perdu.",
    },
    "forge_down": {
        "en": "The server of the data's repository has a fault[[ ({status})]]. Nothing is lost.",
        "fr": "Le serveur du dépôt des données est en panne[[ ({status})]]. Rien n'est perdu.",
    },
    "forge_busy": {
        "en": "The server of the data's repository has too much to do. Nothing is lost.",
        "fr": "Le serveur du dépôt des données est surchargé. Rien n'est perdu.",
    },
    "forge_answer_unclear": {
        "en": "The server of the data's repository gave an answer that makes no sense. Nothing is"
        " lost.",
        "fr": "Le serveur du dépôt des données a donné une réponse incompréhensible. Rien n'est"
        " perdu.",
    },
    "forge_redirected": {
        "en": "The server of the data's repository points to another address. It was not followed:"
        " tell the operator to check the address.",
        "fr": "Le serveur du dépôt des données renvoie à une autre adresse. Elle n'a pas été"
        " suivie : demandez à l'exploitant de vérifier l'adresse.",
    },
    "forge_not_read_yet": {
        "en": "The data's repository has not been read yet. Try again in a moment.",
        "fr": "Le dépôt des données n'a pas encore été lu. Réessayez dans un instant.",
    },
}
RIGHT: dict[str, dict[str, str]] = {
    "forge_unauthorized": {
        "en": "The server's token for the data's repository is not valid, or no longer. Tell the"
        " operator; nothing is lost.",
        "fr": "Le jeton du serveur pour le dépôt des données n'est pas, ou n'est plus, valable."
        " Prévenez l'exploitant ; rien n'est perdu.",
    },
    "forge_forbidden": {
        "en": "The data's repository does not let the server do this[[: {detail}]]. Tell the"
        " operator; nothing is lost.",
        "fr": "Le dépôt des données ne laisse pas le serveur faire cela[[ : {detail}]]. Prévenez"
        " l'exploitant ; rien n'est perdu.",
    },
    "forge_not_found": {
        "en": "The data's repository is not found, or the server may not see it. Tell the operator;"
        " nothing is lost.",
        "fr": "Le dépôt des données est introuvable, ou le serveur n'a pas le droit de le voir."
        " Prévenez l'exploitant ; rien n'est perdu.",
    },
    "forge_refused": {
        "en": "The data's repository refuses this[[: {detail}]].",
        "fr": "Le dépôt des données le refuse[[ : {detail}]].",
    },
    "push_refused": {
        "en": "The data's repository refuses the branch of the proposal[[: {detail}]].",
        "fr": "Le dépôt des données refuse la branche de la proposition[[ : {detail}]].",
    },
    "forge_history_refused": {
        "en": "The history of the data's repository holds objects that git's checks refuse[[:"
        " {detail}]].",
        "fr": "L'historique du dépôt des données contient des objets que les contrôles de git"
        " refusent[[ : {detail}]].",
    },
    "needs_account": {
        "en": "Decisions on this dataset are taken with your own account of its GitLab. Sign in"
        " with it.",
        "fr": "Les décisions sur ce jeu de données se prennent avec votre propre compte de son"
        " GitLab. Connectez-vous avec lui.",
    },
    "account_expired": {
        "en": "Your session at GitLab has ended. Sign in again.",
        "fr": "Votre session chez GitLab est terminée. Reconnectez-vous.",
    },
    "forge_not_allowed": {
        "en": "GitLab does not let your account do this[[: {detail}]]. Ask a maintainer of the"
        " repository.",
        "fr": "GitLab ne laisse pas votre compte faire cela[[ : {detail}]]. Adressez-vous à un"
        " mainteneur du dépôt.",
    },
}
MERGING: dict[str, dict[str, str]] = {
    "not_mergeable": {
        "en": "GitLab does not merge it at the moment[[ ({status})]]. Look at its merge request.",
        "fr": "GitLab ne la fusionne pas pour le moment[[ ({status})]]. Regardez sa demande de"
        " fusion.",
    },
    "not_mergeable:checking": {
        "en": "GitLab is still finding out whether this can be merged. Try again in a moment.",
        "fr": "GitLab vérifie encore si la fusion est possible. Réessayez dans un instant.",
    },
    "not_mergeable:conflict": {
        "en": "GitLab finds a conflict with what is published. Try again once the page shows the"
        " published data anew.",
        "fr": "GitLab trouve un conflit avec ce qui est publié. Réessayez quand la page montrera"
        " les nouvelles données publiées.",
    },
    "not_mergeable:need_rebase": {
        "en": "What is published has moved on. Try again in a moment.",
        "fr": "Ce qui est publié a avancé. Réessayez dans un instant.",
    },
    "not_mergeable:draft_status": {
        "en": "The merge request is a draft at GitLab. Mark it as ready there.",
        "fr": "La demande de fusion est un brouillon chez GitLab. Marquez-la comme prête là-bas.",
    },
    "not_mergeable:not_open": {
        "en": "The merge request is no longer open at GitLab. Reload the page in a moment.",
        "fr": "La demande de fusion n'est plus ouverte chez GitLab. Rechargez la page dans un"
        " instant.",
    },
    "not_mergeable:ci_must_pass": {
        "en": "GitLab wants a pipeline to succeed first. Look at the merge request.",
        "fr": "GitLab exige d'abord un pipeline réussi. Regardez la demande de fusion.",
    },
    "not_mergeable:ci_still_running": {
        "en": "A pipeline is still running at GitLab. Try again when it has ended.",
        "fr": "Un pipeline tourne encore chez GitLab. Réessayez quand il sera terminé.",
    },
    "not_mergeable:discussions_not_resolved": {
        "en": "GitLab wants all discussions resolved first. Resolve them in the merge request.",
        "fr": "GitLab exige d'abord que les discussions soient closes. Concluez-les dans la"
        " demande de fusion.",
    },
    "not_mergeable:not_approved": {
        "en": "GitLab wants approvals first. Approve the merge request there.",
        "fr": "GitLab exige d'abord des approbations. Approuvez la demande de fusion là-bas.",
    },
    "not_mergeable:requested_changes": {
        "en": "A reviewer has asked for changes at GitLab. Settle that in the merge request.",
        "fr": "Un relecteur a demandé des changements chez GitLab. Réglez cela dans la demande de"
        " fusion.",
    },
    "not_mergeable:other_target": {
        "en": "The merge request aims at another branch than the published one. Change that in"
        " GitLab.",
        "fr": "La demande de fusion vise une autre branche que celle qui est publiée. Changez cela"
        " dans GitLab.",
    },
    "not_mergeable:other_files": {
        "en": "Its branch also changes what no table shows. Look at it and decide on it in GitLab.",
        "fr": "Sa branche change aussi ce qu'aucune table ne montre. Regardez-la et décidez-en"
        " dans GitLab.",
    },
    "not_mergeable:blocked_status": {
        "en": "Another merge request blocks this one at GitLab. Merge that one first.",
        "fr": "Une autre demande de fusion bloque celle-ci chez GitLab. Fusionnez d'abord"
        " celle-là.",
    },
}
DECIDING: dict[str, dict[str, str]] = {
    "not_at_forge_yet": {
        "en": "The proposal has not reached the data's repository yet. It can be decided as soon as"
        " it is there.",
        "fr": "La proposition n'a pas encore atteint le dépôt des données. Elle pourra être"
        " tranchée dès qu'elle y sera.",
    },
    "being_decided": {
        "en": "Another decision on this dataset is on its way. Try again in a moment.",
        "fr": "Une autre décision sur ce jeu de données est en cours. Réessayez dans un instant.",
    },
    "decision_unsettled": {
        "en": "A decision on this proposal was begun, and it is not known yet whether it was"
        " carried out. Look at it again in a minute.",
        "fr": "Une décision sur cette proposition a été commencée, et on ne sait pas encore si"
        " elle a abouti. Revenez-y dans une minute.",
    },
    "published_held": {
        "en": "The newest version of the data's repository cannot be shown here, so nothing can be"
        " accepted on it. Put the repository in order first.",
        "fr": "La version la plus récente du dépôt des données ne peut pas être montrée ici : rien"
        " ne peut y être accepté. Remettez d'abord le dépôt en ordre.",
    },
    "edited_upstream": {
        "en": "Somebody changed this proposal in the repository: it is accepted as a whole, or not"
        " at all.",
        "fr": "Quelqu'un a modifié cette proposition dans le dépôt : elle s'accepte en entier, ou"
        " pas du tout.",
    },
    "not_carried": {
        "en": "A fault of ours keeps the proposal from the data's repository. Nothing is lost; it"
        " is tried again.",
        "fr": "Une erreur de notre part empêche la proposition d'atteindre le dépôt des données."
        " Rien n'est perdu ; un nouvel essai aura lieu.",
    },
}
FORGES: dict[str, dict[str, str]] = {**REACH, **RIGHT, **MERGING, **DECIDING}
