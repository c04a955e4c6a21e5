"""Values of the domain as plain JSON, and back: what a run that goes on needs of the one that was killed."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A value as JSON has it: a dataclass by its fields, an enumeration by its word, a day in ISO form, a set in order."""
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(to_plain(key)): to_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(to_plain, value))
    return value


def from_plain(kind: type[T], value: Any) -> T:
    """The value of a type that ``to_plain`` made plain; raises ``ValueError`` or ``TypeError`` for anything else."""
    made: Any = _made(kind, value)
    return made


def _made(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _made(next(each for each in inner if each is not type(None)), value)
    if origin is tuple:
        return tuple(_made(inner[0], each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _made(hints[name], each) for name, each in value.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, kind):
        raise TypeError(f"a {kind.__name__} was expected")
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
