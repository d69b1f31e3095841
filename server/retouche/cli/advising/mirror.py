"""Advice about the mirror and what is published."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

MIRROR: dict[str, Advice] = {
    "mirror_missing": (
        Said("There is no mirror in this home yet; serve makes it."),
        Said("Il n’y a pas encore de copie dans ce dossier ; serve la fera."),
    ),
    "mirror_whole": (
        Said("The mirror {path} is whole."),
        Said("La copie {path} est entière."),
    ),
    "mirror_broken": (
        Said(
            "The mirror {path} is damaged: {detail}",
            "Stop the server and move that folder away; the next start makes it again.",
        ),
        Said(
            "La copie {path} est endommagée : {detail}",
            "Arrêtez le serveur et écartez ce dossier ; le prochain démarrage le refera.",
        ),
    ),
    "git_unreachable": (
        Said(
            "git cannot read the repository: {fault}",
            "Check that the token has write_repository, and that git over HTTPS is allowed there.",
        ),
        Said(
            "git ne peut pas lire le dépôt : {fault}",
            "Vérifiez que le jeton a write_repository, et que git par HTTPS y est permis.",
        ),
    ),
    "tip_unreadable": (
        Said(
            "What is published in GitLab ({tip}) cannot be served: {fault}",
            "Correct it in GitLab, in a merge request of its own.",
        ),
        Said(
            "Ce qui est publié dans GitLab ({tip}) ne peut pas être servi : {fault}",
            "Corrigez-le dans GitLab, par une demande de fusion à part.",
        ),
    ),
    "tip_right": (
        Said("What is published ({tip}) can be served: {count} resource(s)."),
        Said("Ce qui est publié ({tip}) peut être servi : {count} ressource(s)."),
    ),
    "large_files": (
        Said(
            "{path} is given to git LFS by “{pattern}” in .gitattributes: a pointer would replace "
            "the data.",
            "Take that line out of .gitattributes.",
        ),
        Said(
            "{path} est confié à git LFS par « {pattern} » dans .gitattributes : un pointeur "
            "remplacerait les données.",
            "Retirez cette ligne de .gitattributes.",
        ),
    ),
}
