"""Advice about this server and the way to GitLab."""

from __future__ import annotations

from retouche.cli.advising.said import Advice, Said

SERVER: dict[str, Advice] = {
    "base_url_missing": (
        Said(
            "RETOUCHE_BASE_URL is not set: links in merge requests and the webhook need it.",
            "Set it to the public https:// address of this server.",
        ),
        Said(
            "RETOUCHE_BASE_URL n’est pas défini : les liens des demandes de fusion et le webhook "
            "en ont besoin.",
            "Donnez-lui l’adresse https:// publique de ce serveur.",
        ),
    ),
    "base_url_plain": (
        Said(
            "RETOUCHE_BASE_URL is {base_url}: what people send there can be read on the way.",
            "Put a proxy that speaks TLS in front, and set the https:// address.",
        ),
        Said(
            "RETOUCHE_BASE_URL vaut {base_url} : ce qu’on y envoie peut être lu en chemin.",
            "Placez un serveur mandataire TLS devant, et donnez l’adresse https://.",
        ),
    ),
    "base_url_right": (
        Said("This server is known as {base_url}."),
        Said("Ce serveur est connu comme {base_url}."),
    ),
    "plain_gitlab": (
        Said("{url} is spoken to without TLS, on this machine alone."),
        Said("On parle à {url} sans TLS, sur cette machine seulement."),
    ),
    "unreachable": (
        Said(
            "{url} does not answer as a GitLab: {fault}",
            "Check the address, the network and the state of GitLab, then run this again.",
        ),
        Said(
            "{url} ne répond pas comme un GitLab : {fault}",
            "Vérifiez l’adresse, le réseau et l’état de GitLab, puis relancez.",
        ),
    ),
    "untrusted": (
        Said(
            "The certificate of {url} is not trusted.",
            "Renew it, or name your authority's file in REQUESTS_CA_BUNDLE and GIT_SSL_CAINFO.",
        ),
        Said(
            "Le certificat de {url} n’est pas reconnu.",
            "Renouvelez-le, ou nommez le fichier de votre autorité dans REQUESTS_CA_BUNDLE et "
            "GIT_SSL_CAINFO.",
        ),
    ),
    "reached": (
        Said("{url} answers: GitLab {version}."),
        Said("{url} répond : GitLab {version}."),
    ),
    "old_version": (
        Said(
            "GitLab {version} is older than what Retouche is made for (16.0).",
            "Upgrade GitLab.",
        ),
        Said(
            "GitLab {version} est plus ancien que ce que Retouche attend (16.0).",
            "Mettez GitLab à jour.",
        ),
    ),
}
