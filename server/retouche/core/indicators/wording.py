"""What one declaration of an indicator says, read strictly: every fault names its place.

Descriptors of old revisions are read too, so that nothing here may rely on the form that
`formats/extension.schema.json` asks of new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeGuard

from retouche.core.coded.typed import typing_of
from retouche.core.errors import BadDataset
from retouche.core.indicators.indicator import (
    CALENDAR,
    Condition,
    Indicator,
    Reference,
    Source,
)
from retouche.core.package import Package, Resource
from retouche.core.presence import Day, day_named

MOST_SOURCES = 5
MOST_CONDITIONS = 10
CALENDAR_FIELDS = ("jour", "dates", "horaires")
"""A resource is a calendar when it has one of these."""


class Wording:
    """The declaration of one indicator. All methods raise `BadDataset`.

    `at` is its place in the package, `find` gives the indicator of a name, None when it cannot be
    used or is not declared.
    """

    def __init__(
        self,
        package: Package,
        descriptor: Any,
        at: str,
        find: Callable[[str], Indicator | None],
    ) -> None:
        self._package = package
        self._at = at
        self._find = find
        self.descriptor: Mapping[str, Any] = {}
        if not isinstance(descriptor, Mapping):
            raise self.fault("indicator_bad_value", expected="{…}")
        self.descriptor = descriptor

    def fault(self, reason: str, *, at_: str = "", **values: Any) -> BadDataset:
        return BadDataset(reason, at=f"{self._at}/{at_}".rstrip("/"), **values)

    def has(self, name: str) -> bool:
        return self.descriptor.get(name) is not None

    def choice(self, name: str, allowed: Iterable[str]) -> Any:
        value = self._text(name)
        if value not in allowed:
            raise self.fault("indicator_bad_choice", at_=name, value=value[:80], allowed=allowed)
        return value

    def check_texts(self, name: str) -> None:
        """That what readers are told is a text, or one per language."""
        value = self.descriptor.get(name)
        listed = list(value.values()) if isinstance(value, Mapping) else [value]
        if value is not None and not all(isinstance(one, str) for one in listed):
            raise self.fault("indicator_bad_value", at_=name, expected='"…"')

    def positive(self, name: str, *, most: float | None = None) -> float:
        value = self.descriptor.get(name)
        number = float(value) if _is_number(value) else 0.0
        if number <= 0 or (most is not None and number > most):
            raise self.fault("indicator_bad_number", at_=name, most=most)
        return number

    def resource(self, name: str) -> Resource:
        return self._resource(self._text(name), name)

    def placed(self, resource: Resource, at: str) -> None:
        """That rows of a resource have a position which may be shown."""
        personal = {one.name for one in resource.schema.fields if one.personal}
        points = [one.name for one in resource.schema.fields if one.type == "geopoint"]
        names = set(resource.geo or points[:1])
        if not names:
            raise self.fault("indicator_no_position", at_=at, resource=resource.name)
        for one in sorted(names & personal):
            raise self.fault("indicator_personal_field", at_=at, resource=resource.name, field=one)

    def key(self, resource: Resource, at: str) -> str:
        """The field that names the rows of a resource, when one alone does."""
        key = resource.schema.primary_key
        if len(key) != 1:
            raise self.fault("indicator_needs_field", at_=at, resource=resource.name)
        return key[0]

    def field(self, resource: Resource, name: str) -> str:
        """A field of a resource by which rows are matched, as its file has it."""
        found = self._field(resource, self._text(name), name)
        if resource.schema.by_name[found].indicator is not None:
            raise self.fault(
                "indicator_computed_field", at_=name, resource=resource.name, field=found
            )
        return found

    def fields(self, resource: Resource, name: str) -> tuple[Reference, ...]:
        """Fields of a resource, a computed one as its indicator."""
        listed = self.descriptor.get(name)
        if not isinstance(listed, list) or not listed:
            raise self.fault("indicator_bad_value", at_=name, expected="[…]")
        found = []
        for index, one in enumerate(listed):
            at = f"{name}/{index}"
            found.append(self._value(resource, self._field(resource, one, at), at)[0])
        return tuple(found)

    def number_of(self, resource: Resource, name: str) -> Reference:
        """A number field, or an indicator, of a resource."""
        return self._number(resource, self.descriptor.get(name), name)

    def value_of(self, resource: Resource, name: str) -> tuple[Reference, bool]:
        """A field or an indicator of a resource, and whether it has numbers."""
        return self._value(resource, self.descriptor.get(name), name)

    def condition(self, resource: Resource, value: Any, at: str) -> Condition:
        if not isinstance(value, Mapping):
            raise self.fault("indicator_bad_value", at_=at, expected="{…}")
        of, numeric = self._value(resource, value.get("field"), f"{at}/field")
        bounds = {name: value[name] for name in ("at_least", "at_most") if name in value}
        texts = {name: value[name] for name in ("in", "not_in") if name in value}
        if not bounds and not texts:
            raise self.fault("indicator_empty_condition", at_=at)
        for name, bound in bounds.items():
            if not _is_number(bound):
                raise self.fault("indicator_bad_value", at_=f"{at}/{name}", expected="1.5")
            if not numeric:
                raise self.fault(
                    "indicator_not_numeric", at_=at, resource=resource.name, field=of.name
                )
        for name, listed in texts.items():
            if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
                raise self.fault("indicator_bad_value", at_=f"{at}/{name}", expected='["…"]')
            if of.indicator and numeric:
                raise self.fault("indicator_not_text", at_=f"{at}/{name}", indicator=of.name)
        return Condition(
            of=of,
            at_least=bounds.get("at_least"),
            at_most=bounds.get("at_most"),
            among=tuple(texts["in"]) if "in" in texts else None,
            not_among=tuple(texts["not_in"]) if "not_in" in texts else None,
        )

    def sources(self, name: str, *, added_up: str | None) -> tuple[Source, ...]:
        """Resources whose rows have a position. `added_up` is where the field stands that is
        added up, which each of them needs."""
        value = self.descriptor.get(name)
        listed = [{"resource": value}] if isinstance(value, str) else value
        if not isinstance(listed, list) or not 0 < len(listed) <= MOST_SOURCES:
            raise self.fault("indicator_bad_value", at_=name, expected="[{…}]")
        return tuple(
            self._source(one, f"{name}/{index}", added_up) for index, one in enumerate(listed)
        )

    def _source(self, value: Any, at: str, added_up: str | None) -> Source:
        if not isinstance(value, Mapping) or not isinstance(value.get("resource"), str):
            raise self.fault("indicator_bad_value", at_=at, expected='{"resource": "…"}')
        resource = self._resource(value["resource"], f"{at}/resource")
        self.placed(resource, f"{at}/resource")
        conditions = value.get("where", [])
        if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
            raise self.fault("indicator_bad_value", at_=f"{at}/where", expected="[{…}]")
        weight, calendar = value.get("weight"), False
        amount = None
        if added_up is not None:
            if weight is not None:
                raise self.fault("indicator_two_weights", at_=f"{at}/weight")
            amount = self.number_of(resource, added_up)
        elif weight == CALENDAR:
            calendar = True
        elif weight is not None:
            amount = self._number(resource, weight, f"{at}/weight")
        on = self._day(value.get("on"), f"{at}/on")
        if (calendar or on is not None) and not set(CALENDAR_FIELDS) & set(resource.schema.names):
            raise self.fault("indicator_no_calendar", at_=at, resource=resource.name)
        return Source(
            resource=resource.name,
            where=tuple(
                self.condition(resource, one, f"{at}/where/{index}")
                for index, one in enumerate(conditions)
            ),
            amount=amount,
            calendar=calendar,
            on=on,
        )

    def _day(self, text: Any, at: str) -> Day | None:
        if text is None:
            return None
        try:
            return day_named(text)
        except (ValueError, TypeError, AttributeError):
            raise self.fault("indicator_bad_day", at_=at, value=str(text)[:80]) from None

    def _text(self, name: str) -> str:
        value = self.descriptor.get(name)
        if not isinstance(value, str):
            raise self.fault("indicator_bad_value", at_=name, expected='"…"')
        return value

    def _resource(self, name: str, at: str) -> Resource:
        known = self._package.resources
        if name not in known:
            raise self.fault(
                "indicator_unknown_resource", at_=at, resource=name[:80], known=sorted(known)
            )
        return known[name]

    def _field(self, resource: Resource, name: Any, at: str) -> str:
        if not isinstance(name, str) or name not in resource.schema.by_name:
            raise self._unknown(resource, name, at)
        if resource.schema.by_name[name].personal:
            raise self.fault("indicator_personal_field", at_=at, resource=resource.name, field=name)
        return name

    def _number(self, resource: Resource, name: Any, at: str) -> Reference:
        found, numeric = self._value(resource, name, at)
        if not numeric:
            raise self.fault(
                "indicator_not_numeric", at_=at, resource=resource.name, field=found.name
            )
        return found

    def _value(self, resource: Resource, name: Any, at: str) -> tuple[Reference, bool]:
        """A field first; one that is computed stands for its indicator."""
        if isinstance(name, str) and name in resource.schema.by_name:
            self._field(resource, name, at)
            field = resource.schema.by_name[name]
            if field.indicator is None:
                return Reference(name), typing_of(field).numeric
            name = field.indicator
        declared = self._package.extension.get("indicators")
        if isinstance(declared, Mapping) and isinstance(name, str) and name in declared:
            found = self._find(name)
            if found is None:
                raise self.fault("indicator_of_unusable", at_=at, indicator=name)
            if found.resource == resource.name:
                return Reference(name, indicator=True), not found.text
            raise self.fault(
                "indicator_elsewhere",
                at_=at,
                indicator=name,
                resource=resource.name,
                other=found.resource,
            )
        raise self._unknown(resource, name, at)

    def _unknown(self, resource: Resource, name: Any, at: str) -> BadDataset:
        known = [one.name for one in resource.schema.fields if not one.personal]
        text = str(name)[:80]
        return self.fault(
            "indicator_unknown_field",
            at_=at,
            resource=resource.name,
            field=text,
            close=get_close_matches(text, known, 1),
            known=known,
        )


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
