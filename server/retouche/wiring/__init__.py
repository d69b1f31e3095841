"""The only place that names concrete adapters: settings in, services out."""

from __future__ import annotations

from retouche.wiring.adapters import check_mails
from retouche.wiring.building import build
from retouche.wiring.places import journal_url, repository_path
from retouche.wiring.recovery import recover, tidy
from retouche.wiring.services import Services

__all__ = [
    "Services",
    "build",
    "check_mails",
    "journal_url",
    "recover",
    "repository_path",
    "tidy",
]
