"""What the values of an indicator depend on, as a name by which they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TypeAlias

from retouche.core.indicators.declarations import declared
from retouche.core.indicators.indicator import (
    Availability,
    Circle,
    GroupShare,
    Indicator,
    Join,
    Ratio,
    Reference,
)
from retouche.services.datasets import DatasetRevision

Identity: TypeAlias = str
"""The same for values that are the same, whatever else a revision changed."""


def place_of(revision: DatasetRevision, indicator: Indicator) -> tuple[str, str]:
    return revision.dataset.name, f"{indicator.resource} {indicator.rule!r}"


def identity_of(revision: DatasetRevision, indicator: Indicator) -> Identity:
    """What the values of an indicator depend on: its rule, and the files and rules concerned."""
    package = revision.package
    known = declared(package).usable
    rules, resources = [], set()
    waiting, seen = [indicator], {indicator.name}
    while waiting:
        one = waiting.pop()
        rules.append(f"{one.name} {one.resource} {one.rule!r} {one.weight_of!r}")
        resources.add(one.resource)
        for resource, reference in _concerned(one):
            resources.add(resource)
            if reference is not None and reference.indicator and reference.name not in seen:
                seen.add(reference.name)
                waiting.append(known[reference.name])
    files = [
        f"{name} {package.resources[name].fingerprint} {revision.blob(name)}"
        for name in sorted(resources)
    ]
    text = "\n".join([revision.dataset.name, *rules[:1], *sorted(rules[1:]), *files])
    return hashlib.sha256(text.encode()).hexdigest()


def _concerned(indicator: Indicator) -> Iterator[tuple[str, Reference | None]]:
    """The resources that an indicator reads, and what it reads of them where that may be another
    indicator."""
    here, rule = indicator.resource, indicator.rule
    yield here, indicator.weight_of
    if isinstance(rule, Circle):
        for source in rule.sources:
            yield source.resource, source.amount
            for condition in source.where:
                yield source.resource, condition.of
    elif isinstance(rule, Ratio):
        yield here, rule.numerator
        yield here, rule.denominator
    elif isinstance(rule, Join):
        yield rule.of, rule.field
    elif isinstance(rule, Availability):
        for field in rule.fields:
            yield here, field
    elif isinstance(rule, GroupShare):
        yield rule.of, rule.where.of
        yield rule.of, rule.weight
