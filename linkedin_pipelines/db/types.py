"""Column types that keep the two databases alike."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator

PAYLOAD_LIMIT_BYTES = 64 * 1024
"""No payload we store is larger: it holds facts about a person or a page, never a page."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone. SQLite has no such type: there the moment is kept in UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value.isoformat()}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


M = TypeVar("M", bound=BaseModel)


class Payload(TypeDecorator[M]):
    """JSON that is one pydantic model on the way in and on the way out, and at most 64 KiB."""

    impl = JSON(none_as_null=True)  # no payload is SQL's NULL, not a JSON text that says null
    cache_ok = True

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: M | None, dialect: Dialect) -> Any:  # noqa: ARG002
        if value is None:
            return None
        value = self.model.model_validate(value)
        if (size := len(value.model_dump_json().encode())) > PAYLOAD_LIMIT_BYTES:
            raise ValueError(f"a {self.model.__name__} of {size} bytes is over the limit of {PAYLOAD_LIMIT_BYTES}")
        return value.model_dump(mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> M | None:  # noqa: ARG002
        return None if value is None else self.model.model_validate(value)


def enumerated(enum: type[StrEnum], name: str) -> Enum:
    """A text column with a CHECK constraint called `name` that admits the enum's values alone."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=max(32, *(len(member.value) for member in enum)),
        values_callable=lambda members: [member.value for member in members],
    )
