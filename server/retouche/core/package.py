"""Data Packages: the descriptor of a dataset at one revision, read into values.

A reader function gives the bytes of a path at that revision; this module asks for nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset, NotFound
from retouche.core.schema import Schema, in_language

Read = Callable[[str], bytes]
"""Gives the bytes of a path of the data repository, or raises `NotFound`."""

SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
DATASET = re.compile(r"(?![^/]*\.\.)[a-z0-9](?:[a-z0-9_.-]{0,61}[a-z0-9_-])?(?<!\.lock)")
"""Names of datasets, which are parts of the names of branches: git has no `..` there, and no
`.` or `.lock` at the end."""
DESCRIPTOR = "datapackage.json"
RESERVED = frozenset({"proposals"})
"""Names that no resource may have: pages of a dataset have these addresses."""
LONGEST_PATH = 1_000
DEEPEST = 64
"""Levels of a file of JSON: what is deeper is no description of anything."""
UNSAFE = re.compile(r"[\0-\x1f\\:\ud800-\udfff]")
NAMED = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, kw_only=True)
class Described:
    """What has a name and a descriptor. `extension` is what stands under its key `retouche`."""

    name: str
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    extension: Mapping[str, Any] = field(default_factory=dict)

    def title(self, locale: str) -> str:
        return in_language(self.extension.get("title"), locale) or str(
            self.descriptor.get("title") or self.name
        )

    def description(self, locale: str) -> str:
        return in_language(self.extension.get("description"), locale) or str(
            self.descriptor.get("description") or ""
        )


@dataclass(frozen=True, kw_only=True)
class Resource(Described):
    """One CSV of a dataset and how to read it."""

    path: str
    schema: Schema
    dialect: Dialect = field(default_factory=Dialect)

    @property
    def editable(self) -> bool:
        """Rows can be corrected only where a key names them."""
        return bool(self.extension.get("editable", True)) and bool(self.schema.primary_key)

    @property
    def checks(self) -> Sequence[Mapping[str, Any]]:
        """All row and table checks beside the schema's own constraints."""
        return (*self.schema.custom_checks, *(self.extension.get("checks") or ()))

    @cached_property
    def fingerprint(self) -> str:
        """All that the reading of the file depends on beside its bytes, as a hash."""
        described = [self.schema.descriptor, dict(self.descriptor)]
        text = json.dumps(described, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def geo(self) -> tuple[str, str] | None:
        """The fields (latitude, longitude) that place a row, if declared or plain by name."""
        declared = self.extension.get("geo")
        names = set(self.schema.names)
        if isinstance(declared, Mapping):
            pair = (str(declared.get("latitude")), str(declared.get("longitude")))
            return pair if names.issuperset(pair) else None
        for pair in (("latitude", "longitude"), ("lat", "lon"), ("lat", "lng"), ("Ylat", "Xlong")):
            if names.issuperset(pair):
                return pair
        return None

    @cached_property
    def _personal(self) -> frozenset[str]:
        return frozenset(one.name for one in self.schema.fields if one.personal)

    @property
    def label_fields(self) -> Sequence[str]:
        """The fields that the label template names."""
        template = self.extension.get("label")
        return NAMED.findall(template) if isinstance(template, str) else ()

    def row_label(self, row: Mapping[str, str | None], key: Sequence[str]) -> str:
        """What a reader calls a row: the label template filled, else the key.

        Personal fields stay out of it, whatever the row holds: labels stand in messages.
        """
        template = self.extension.get("label")
        if isinstance(template, str):
            hidden = self._personal
            text = NAMED.sub(
                lambda match: "" if match[1] in hidden else row.get(match[1]) or "", template
            ).strip()
            if text:
                return text
        return ", ".join(key)


@dataclass(frozen=True, kw_only=True)
class Package(Described):
    """A dataset at one revision."""

    resources: Mapping[str, Resource]

    def resource(self, name: str) -> Resource:
        """Raises `NotFound` for a resource that the dataset does not have."""
        try:
            return self.resources[name]
        except KeyError:
            raise NotFound("unknown_resource", resource=name, known=sorted(self.resources))

    @property
    def editable(self) -> tuple[Resource, ...]:
        return tuple(one for one in self.resources.values() if one.editable)

    @classmethod
    def read(cls, read: Read) -> Package:
        """Read `datapackage.json` and the schemas it names. Raises `BadDataset`.

        Only CSV files of the repository itself are resources: a path outside it, a URL, inline
        data or several paths are refused, so that nothing is ever fetched or followed.
        """
        descriptor = read_json(read, DESCRIPTOR)
        if not isinstance(descriptor, Mapping):
            raise BadDataset("descriptor_not_object", path=DESCRIPTOR)
        resources: dict[str, Resource] = {}
        listed = descriptor.get("resources")
        if not isinstance(listed, list) or not listed:
            raise BadDataset("descriptor_no_resources", path=DESCRIPTOR)
        for one in listed:
            resource = _resource(one, read)
            if resource.name in resources:
                raise BadDataset("descriptor_duplicate_resource", resource=resource.name)
            resources[resource.name] = resource
        _check_references(resources)
        try:
            _check_plain(descriptor, texts=True)  # late: what has a name is told by its name
        except ValueError as error:
            raise BadDataset("file_not_json", path=DESCRIPTOR, detail=str(error)[:200]) from None
        name = descriptor.get("name")
        if name is not None and not isinstance(name, str):
            raise BadDataset("package_bad_name", path=DESCRIPTOR)
        return cls(
            name=name or "",
            resources=resources,
            descriptor=descriptor,
            extension=_extension(descriptor, where="retouche"),
        )


def read_json(read: Read, path: str) -> Any:
    """Parse a JSON file of the repository. Raises `BadDataset` naming the path."""
    try:
        value = json.loads(read(path).decode("utf-8-sig"))
        _check_plain(value, texts=path != DESCRIPTOR)
    except NotFound:
        raise BadDataset("file_missing", path=path) from None
    except (ValueError, RecursionError) as error:
        raise BadDataset("file_not_json", path=path, detail=str(error)[:200]) from None
    return value


def _check_plain(value: Any, *, texts: bool) -> None:
    """Raise ValueError for JSON that nothing after this could walk or, with `texts`, write."""
    level = [value]
    for _ in range(DEEPEST):
        deeper: list[Any] = []
        for one in level:
            if isinstance(one, str) and texts:
                one.encode()  # a lone surrogate is no text
            elif isinstance(one, dict):
                deeper += (*one, *one.values())
            elif isinstance(one, list):
                deeper += one
        if not deeper:
            return
        level = deeper
    raise ValueError(f"nested deeper than {DEEPEST}")


def safe_path(path: Any) -> str:
    """A relative path inside the repository. Raises `BadDataset` for anything else."""
    parts = path.split("/") if isinstance(path, str) else []
    if (
        not parts
        or len(path) > LONGEST_PATH
        or any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
        or UNSAFE.search(path)
    ):
        raise BadDataset("unsafe_path", path=str(path)[:200])
    return str(path)


def _resource(descriptor: Any, read: Read) -> Resource:
    if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("name"), str):
        raise BadDataset("descriptor_bad_resource")
    name = descriptor["name"]
    if not SLUG.fullmatch(name):
        raise BadDataset("descriptor_bad_name", name=name[:80])
    if name in RESERVED:
        raise BadDataset("reserved_resource", resource=name)
    path = descriptor.get("path")
    if isinstance(path, list) and len(path) == 1:
        path = path[0]
    path = safe_path(path)
    if not path.lower().endswith((".csv", ".tsv", ".txt")):
        raise BadDataset("resource_not_csv", resource=name, path=path)
    schema = descriptor.get("schema")
    if isinstance(schema, str):
        schema = read_json(read, safe_path(schema))
    dialect = descriptor.get("dialect")
    if isinstance(dialect, str):
        dialect = read_json(read, safe_path(dialect))
    if dialect is not None and not isinstance(dialect, Mapping):
        raise BadDataset("dialect_unsupported", property="dialect")
    try:
        resource = Resource(
            name=name,
            path=path,
            schema=Schema.from_descriptor(schema),
            dialect=Dialect.from_descriptor(dialect, encoding=descriptor.get("encoding")),
            descriptor=descriptor,
            extension=_extension(descriptor, where=f"{name}/retouche"),
        )
        _check_personal(resource)
    except BadDataset as error:
        raise BadDataset(error.reason, **{"resource": name, **error.values}) from None
    return resource


def _check_personal(resource: Resource) -> None:
    """What is never shown must not be what rows are named by."""
    label = resource.extension.get("label")
    named = set(NAMED.findall(label)) if isinstance(label, str) else set()
    for one in resource.schema.fields:
        if one.personal and one.name in resource.schema.primary_key:
            raise BadDataset("personal_key", resource=resource.name, field=one.name)
        if one.personal and one.name in named:
            raise BadDataset("personal_label", resource=resource.name, field=one.name)


def _check_references(resources: dict[str, Resource]) -> None:
    for resource in resources.values():
        for key in resource.schema.foreign_keys:
            target = resources.get(key.resource or resource.name)
            if target is None or not set(target.schema.names).issuperset(key.reference_fields):
                raise BadDataset("foreign_key_target", resource=resource.name, target=key.resource)


def _extension(descriptor: Mapping[str, Any], *, where: str) -> Mapping[str, Any]:
    """Our additions to a descriptor, of which code needs that they are objects."""
    value = descriptor.get("retouche")
    if value is not None and not isinstance(value, Mapping):
        raise BadDataset("bad_extension", where=where)
    return value or {}
