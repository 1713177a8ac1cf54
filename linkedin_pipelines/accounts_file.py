"""Reads accounts.yaml: every wrong field is named at once, with its line.

What belongs here: the file, its lines, and what YAML alone could get wrong. What a field may hold is
`linkedin_pipelines.domain.account`; keeping the result is `linkedin_pipelines.services.accounts.registry`.

Plain scalars are read as in YAML 1.2 (`no` is a language and `07:00` a time, neither a boolean nor a number); anchors,
aliases and tags have no use in this file and are refused, since a few bytes of them can stand for gigabytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.errors import ConfigurationError

SIZE_LIMIT_BYTES = 1_000_000
_DEPTH_LIMIT = 12
_SHOWN = 60
"""Characters of a wrong value that are repeated in a message."""

Location = tuple[str | int, ...]


@dataclass
class _Document:
    """The values of a file, the line that each stands on, and what is wrong with it so far."""

    name: str
    lines: dict[Location, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def line_of(self, location: Location) -> int:
        """Line of `location`, or of the nearest thing around it."""
        while location not in self.lines and location:
            location = location[:-1]
        return self.lines.get(location, 1)

    def fault(self, location: Location, text: str) -> None:
        self.faults.append((self.line_of(location), text))

    def error(self) -> ConfigurationError:
        """All faults, one a line, in the order of the file."""
        ordered = dict.fromkeys(f"{self.name}:{line}: {text}" for line, text in sorted(self.faults))
        return ConfigurationError("\n".join(ordered))


def load_accounts_file(path: Path) -> tuple[AccountConfig, ...]:
    """The accounts of `path`, in the file's order; `accounts: []` is a file that retires them all.

    Raises:
        ConfigurationError: the file is missing, is not what it should be, or has wrong fields (one line each,
            `accounts.yaml:7: demo.timezone: ...`).
    """
    document = _Document(path.name)
    text = _read(path)
    root = _compose(text, document)
    content = _value(root, (), document)
    entries = _entries(content, document)
    accounts = [_account(index, entry, document) for index, entry in enumerate(entries)]
    _refuse_doubles(entries, document)
    if document.faults:
        raise document.error()
    return tuple(account for account in accounts if account is not None)


def _read(path: Path) -> str:
    try:
        if not path.exists():
            raise ConfigurationError(
                f"{path}: no such file; `linkedin-pipelines init` writes it, or set LINKEDIN_ACCOUNTS_FILE"
            )
        if not path.is_file():
            raise ConfigurationError(f"{path}: is not a file")
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > SIZE_LIMIT_BYTES:
        raise ConfigurationError(f"{path}: is over {SIZE_LIMIT_BYTES // 1000} kB, so it is not an accounts file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigurationError(f"{path.name}:{line}: is not UTF-8 text") from error
    if not text.strip():
        raise ConfigurationError(f"{path}: is empty; it must hold `accounts:` and a list")
    return text


def _compose(text: str, document: _Document) -> yaml.Node:
    """The node tree, after a walk over the events that bounds what the tree can become."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
                raise ConfigurationError(f"{document.name}:{line}: anchors and aliases (& and *) are not accepted here")
            if getattr(event, "tag", None) is not None:
                raise ConfigurationError(f"{document.name}:{line}: tags (!) are not accepted here")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH_LIMIT:
                raise ConfigurationError(f"{document.name}:{line}: is nested too deeply")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigurationError(f"{document.name}:{line}: is not YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{document.name}: is not YAML: {str(error).splitlines()[0]}") from error
    if node is None:
        raise ConfigurationError(f"{document.name}: is empty; it must hold `accounts:` and a list")
    return node


def _value(node: yaml.Node, location: Location, document: _Document) -> Any:
    """The plain value of a node; notes lines and doubled keys on the way."""
    document.lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*location, index), document) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                document.faults.append((line, "a key must be one word"))
                continue
            key = str(key_node.value)
            if key in result:
                document.faults.append((line, f"{key}: is given twice"))
                continue
            document.lines[(*location, key)] = line
            result[key] = _value(child, (*location, key), document)
        return result
    assert isinstance(node, yaml.ScalarNode)  # a node is one of these three
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text = str(node.value)
    if node.style is not None:  # quoted, or a block: text, whatever it looks like
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text):
        return float(text)
    return text


def _entries(content: Any, document: _Document) -> list[Any]:
    if not isinstance(content, dict):
        document.fault((), "must hold `accounts:` and a list")
        raise document.error()
    for key in content:
        if key != "accounts":
            document.fault((key,), f"{_clip(key)}: unknown key; the file holds `accounts` alone")
    if "accounts" not in content:
        document.fault((), "accounts: is missing")
    elif not isinstance(content["accounts"], list):
        document.fault(("accounts",), "accounts: must be a list; `accounts: []` retires every account")
    else:
        return content["accounts"]
    raise document.error()


def _account(index: int, entry: Any, document: _Document) -> AccountConfig | None:
    """The checked account, or None with its faults noted."""
    place: Location = ("accounts", index)
    if not isinstance(entry, dict):
        document.fault(place, f"account {index + 1}: must be a mapping that starts with `slug:`")
        return None
    name = _name(index, entry)
    try:
        return AccountConfig.model_validate_json(json.dumps(entry), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            location = (*place, *detail["loc"])
            dotted = ".".join(_clip(str(part)) for part in (name, *detail["loc"]))
            document.fault(location, f"{dotted}: {wording_of(detail)}")
        return None


def wording_of(detail: ErrorDetails) -> str:
    """The finding of pydantic in words that go with the field's name."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return "unknown key"  # its value is not repeated: it may be a password that does not belong here
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        said = str(context.get("error", detail["msg"]))
    elif kind in ("enum", "literal_error"):
        said = f"must be {context['expected']}"
    elif kind == "string_pattern_mismatch":
        said = f"must match {context['pattern']}"
    else:
        said = detail["msg"].replace("Input should be", "must be")
    value = detail["input"]
    return said if isinstance(value, dict | list) else f"{said} (found {_clip(json.dumps(value, ensure_ascii=False))})"


def _refuse_doubles(entries: list[Any], document: _Document) -> None:
    """No slug twice, and no member twice: two accounts of one member would each send a wish."""
    slugs: dict[str, int] = {}
    members: dict[tuple[str, str], str] = {}
    for index, entry in enumerate(entries):
        if not isinstance(entry, Mapping) or not isinstance(slug := entry.get("slug"), str):
            continue
        if slug in slugs:
            where = f"account {slugs[slug] + 1} of the file"
            document.fault(("accounts", index, "slug"), f"{_clip(slug)}.slug: is given twice; {where} has it too")
            continue
        slugs[slug] = index
        try:
            config = AccountConfig.model_validate_json(json.dumps(entry), strict=True)
        except ValidationError:
            continue  # already noted, field by field
        member = (config.base_url, config.profile_slug)
        if (other := members.setdefault(member, slug)) != slug:
            text = f"{slug}.profile_url: is the member of account {other}; one member has one account"
            document.fault(("accounts", index, "profile_url"), text)


def _name(index: int, entry: Mapping[str, Any]) -> str:
    slug = entry.get("slug")
    return slug if isinstance(slug, str) and slug else f"account {index + 1}"


def _clip(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
