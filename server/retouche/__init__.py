"""Retouche: let anyone correct open data that lives in git."""

from importlib.metadata import version

__version__ = version("retouche")
