"""The JSON types that options and constraints of a field may have, told before anything uses them.

Says nothing of what they mean: whether a bound is one of the field's type is `judge.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retouche.core.errors import BadDataset

OPTIONS: Mapping[str, type] = {
    "format": str,
    "bareNumber": bool,
    "floatNumber": bool,
    "decimalChar": str,
    "groupChar": str,
    "trueValues": list,
    "falseValues": list,
    "delimiter": str,
    "itemType": str,
    "arrayItem": dict,
    "missingValues": list,
}
LISTS_OF_TEXTS = ("trueValues", "falseValues")
CONSTRAINTS: Mapping[str, tuple[type, ...]] = {
    "required": (bool,),
    "unique": (bool,),
    "minLength": (int,),
    "maxLength": (int,),
    "minimum": (int, float, str),
    "maximum": (int, float, str),
    "exclusiveMinimum": (int, float, str),
    "exclusiveMaximum": (int, float, str),
    "enum": (list,),
    "pattern": (str,),
}


def check_options(descriptor: Mapping[str, Any], *, field: str) -> None:
    """Refuse options that are not of their type. Raises `BadDataset`."""
    for name, expected in OPTIONS.items():
        value = descriptor.get(name)
        if value is None:
            continue
        texts = name not in LISTS_OF_TEXTS or _texts(value)
        if not isinstance(value, expected) or not texts:
            raise BadDataset("field_option", field=field, option=name)


def check_constraints(constraints: Mapping[str, Any], *, field: str) -> None:
    """Refuse constraints that are not of their type. Raises `BadDataset`."""
    for name, expected in CONSTRAINTS.items():
        value = constraints.get(name)
        # To Python, a truth value is a number too.
        truth = isinstance(value, bool) and bool not in expected
        if value is not None and (truth or not isinstance(value, expected)):
            raise BadDataset("bad_constraint", field=field, constraint=name)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
