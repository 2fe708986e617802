"""Types as JSON Schema 2020-12, which OpenAPI 3.1 uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from inspect import getdoc
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
}

Schema = dict[str, Any]


def schema_of(kind: Any, known: dict[str, Schema]) -> Schema:
    """What values of a type look like. Records are referred to; `known` gathers them by name."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        inner, words, *form = arguments
        told = {"description": words, **({"format": form[0]} if form else {})}
        return {**schema_of(inner, known), **told}
    if origin in (Union, UnionType):
        return _one_of([schema_of(one, known) for one in arguments])
    if origin is Sequence:
        return {"type": "array", "items": schema_of(arguments[0], known)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], known)}
    if is_dataclass(kind):
        return {"$ref": f"#/components/schemas/{_noted(kind, known)}"}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [one.value for one in kind]}
    return dict(PLAIN[kind])


def fields_of(record: Any) -> list[tuple[str, Any]]:
    """Names and types of a record's fields, in their order."""
    hints = get_type_hints(record, include_extras=True)
    return [(field.name, hints[field.name]) for field in fields(record)]


def _one_of(schemas: list[Schema]) -> Schema:
    if all(set(one) <= {"type", "description", "format"} for one in schemas):
        told = {name: value for one in schemas for name, value in one.items()}
        return {**told, "type": [one["type"] for one in schemas]}
    return {"anyOf": schemas}


def _noted(record: Any, known: dict[str, Schema]) -> str:
    name = str(record.__name__)
    if name not in known:
        known[name] = {}  # before its fields, which may lead back to it
        told = {field: schema_of(kind, known) for field, kind in fields_of(record)}
        known[name] = {
            "type": "object",
            "description": getdoc(record) or "",
            "properties": told,
            "required": list(told),
            "additionalProperties": False,
        }
    return name
