"""Figures computed beside requests, so that whoever asks for them finds them."""

from __future__ import annotations

from retouche.core.errors import RetoucheError
from retouche.services.datasets import Catalogue
from retouche.services.quality.course import Course


def prepare(catalogue: Catalogue, course: Course) -> None:
    """Compute what is missing of the figures of all published datasets.

    Does nothing where nothing has changed. What cannot be read is told to whoever reads it.
    """
    for dataset in catalogue:
        try:
            course.prepare(dataset.at())
        except RetoucheError:
            continue
