"""Column types that keep the two databases alike."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import JSON, DateTime, Dialect, Enum, String
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
    """JSON that is one pydantic model, checked on the way in, read leniently on the way out, at most 64 KiB."""

    impl = JSON(none_as_null=True)  # no payload is SQL's NULL, not a JSON text that says null
    cache_ok = True

    def __init__(self, model: type[M]) -> None:
        super().__init__()
        self.model = model

    def process_bind_param(self, value: M | None, dialect: Dialect) -> Any:  # noqa: ARG002
        if value is None:
            return None
        # From its values, not as the object it is: one made by `model_copy` or `model_construct` was never checked.
        given = value.model_dump() if isinstance(value, BaseModel) else value
        value = self.model.model_validate(given)
        if (size := len(value.model_dump_json().encode())) > PAYLOAD_LIMIT_BYTES:
            raise ValueError(f"a {self.model.__name__} of {size} bytes is over the limit of {PAYLOAD_LIMIT_BYTES}")
        return value.model_dump(mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> M | None:  # noqa: ARG002
        if value is None:
            return None
        # Checked leniently where the model has a way to: a row that an older version wrote must not stop an account.
        read = getattr(self.model, "from_stored", self.model.model_validate)
        return cast("M", read(value))


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


E = TypeVar("E", bound=StrEnum)


class Growing(TypeDecorator[E]):
    """A text column for a set that grows: no CHECK, and a value that this version does not know is read as its text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum
        self._known = {member.value: member for member in enum}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else self._known.get(value, value)
