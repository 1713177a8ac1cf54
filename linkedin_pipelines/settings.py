"""The only reader of the environment.

Every variable is listed in `Settings`, with its default. Nothing else in the package touches `os.environ`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from linkedin_pipelines.domain.account import MAIL_ADDRESS
from linkedin_pipelines.errors import ConfigurationError

PREFIX = "LINKEDIN_"

NOTICE_SETTINGS = (
    "notice_email",
    "notice_from",
    "smtp_url",
    "notice_webhook",
    "notice_apprise",
    "status_url",
)
"""Settings of what is told to people, handed on to every process as they are."""


def checkout() -> Path | None:
    """The source checkout that this package is run from; None where it was installed from a wheel."""
    root = Path(__file__).resolve().parents[1]
    return root if (root / "pyproject.toml").is_file() else None


def default_home() -> Path:
    """Where an installation keeps its things unless LINKEDIN_HOME says otherwise.

    Never relative to the working directory: the same command run from two folders would keep two ledgers, and neither
    would know what the other has sent.
    """
    root = checkout()
    return root / "dagster_home" if root is not None else Path("~/.linkedin-pipelines")


def _host_names(value: object) -> object:
    return tuple(name for part in value.split(",") if (name := part.strip())) if isinstance(value, str) else value


def is_loopback(host: str) -> bool:
    """Whether the host is this very machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _mail_server(given: SecretStr | None) -> SecretStr | None:
    if given is not None:
        parts = _parts(given.get_secret_value())
        if parts is None or parts.scheme not in ("smtp", "smtps") or parts.path.strip("/") or parts.query:
            raise ValueError("must look like smtps://user:password@mail.example.org:465")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("must name both user and password, or neither")
    return given


def _web_address(given: SecretStr | None) -> SecretStr | None:
    if given is not None:
        parts = _parts(given.get_secret_value())
        if parts is None or not (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        ):
            raise ValueError("must be an https address; http is for this machine alone")
    return given


def _web_address_without_secrets(given: str) -> str:
    parts = _parts(given)
    if parts is None or parts.scheme not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise ValueError("must be an address like https://pipelines.example.org")
    return given.rstrip("/")


def _parts(address: str) -> SplitResult | None:
    """The parts of an address that has a host; None if it is none."""
    with suppress(ValueError):
        parts = urlsplit(address)
        if parts.hostname and (parts.port is None or parts.port > 0):
            return parts
    return None


FullPath = Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())]


class Settings(BaseSettings):
    """Where this installation keeps its things; immutable once read."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)

    home: FullPath = Field(default_factory=default_home)
    """LINKEDIN_HOME: folder of the database, inbox, evidence and Dagster's own state.

    Default: `dagster_home` in a source checkout, else `~/.linkedin-pipelines`.
    """
    database_url: str = Field(default_factory=lambda given: f"sqlite:///{given['home'] / 'linkedin.db'}")
    """LINKEDIN_DATABASE_URL: SQLAlchemy URL; default a SQLite file in the home."""
    accounts_file: FullPath = Field(default_factory=lambda given: given["home"] / "accounts.yaml")
    """LINKEDIN_ACCOUNTS_FILE: default `accounts.yaml` in the home."""
    secret_key: SecretStr | None = None
    """LINKEDIN_SECRET_KEY: Fernet key of the stored sessions; without it a key file (mode 0600) in the home."""
    browser_executable: Path | None = None
    """LINKEDIN_BROWSER_EXECUTABLE: Chromium to drive; without it what set-up chose, else the first one found."""
    browser_headless: bool = True
    """LINKEDIN_BROWSER_HEADLESS: `0` shows the browser window."""
    browser_sandbox: bool = True
    """LINKEDIN_BROWSER_SANDBOX: `0` in a container without rights, which takes the place of Chromium's own sandbox."""
    log_format: Literal["console", "json"] = "console"
    """LINKEDIN_LOG_FORMAT: `console` or `json`."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_host_names)] = ()
    """LINKEDIN_ALLOWED_HOSTS: host names, comma-separated, under which the UI may be opened beside loopback."""
    notice_email: str | None = Field(default=None, pattern=MAIL_ADDRESS)
    """LINKEDIN_NOTICE_EMAIL: the operator's address: notices that no account has an address of its own for."""
    notice_from: str | None = Field(default=None, pattern=MAIL_ADDRESS)
    """LINKEDIN_NOTICE_FROM: the sender's address of notices; without it the operator's."""
    smtp_url: Annotated[SecretStr | None, AfterValidator(_mail_server)] = None
    """LINKEDIN_SMTP_URL: `smtps://user:password@host:465`, or `smtp://` with STARTTLS; without it no e-mail is sent."""
    notice_webhook: Annotated[SecretStr | None, AfterValidator(_web_address)] = None
    """LINKEDIN_NOTICE_WEBHOOK: address that notices are posted to as JSON, without names of contacts."""
    notice_apprise: SecretStr | None = None
    """LINKEDIN_NOTICE_APPRISE: addresses of Apprise, comma-separated; needs the extra `apprise`."""
    status_url: Annotated[str, AfterValidator(_web_address_without_secrets)] = "http://127.0.0.1:8787"
    """LINKEDIN_STATUS_URL: where the member's browser reaches the status server; approval links begin with it."""

    first_day: date | None = None
    """LINKEDIN_FIRST_DAY: first day that campaigns have a partition for; without it the first account's first day."""

    @property
    def inbox(self) -> Path:
        """Folder whose sub-folders, one an account, are watched for files to import."""
        return self.home / "inbox"

    @property
    def evidence(self) -> Path:
        """Folder of the screenshots that prove each send or refusal."""
        return self.home / "evidence"

    @property
    def trial(self) -> Path:
        """Home of the trial that `sandbox --from-account` runs, there while it runs: it holds copies of contacts."""
        return self.home / "trial"

    @property
    def logs(self) -> Path:
        """Folder of what processes and commands had to say. Not `logs`: Dagster deletes whatever lies there."""
        return self.home / "log"

    @property
    def key_file(self) -> Path:
        """File of the session key where LINKEDIN_SECRET_KEY is not set."""
        return self.home / "secret.key"

    @property
    def marking_key_file(self) -> Path:
        """File of the key of forgotten people's marks; without it no import knows them again."""
        return self.home / "forgotten.key"

    @property
    def api_key_file(self) -> Path:
        """File of the status server's API keys, one a line: two at once while one is being replaced."""
        return self.home / "api.key"

    @property
    def status_key_file(self) -> Path:
        """File of the key that signs cursors and calendar addresses."""
        return self.home / "status.key"

    @property
    def browser_choice_file(self) -> Path:
        """Where `make setup` noted the browser that it found or installed (one path, or empty for Playwright's own).

        It lies in the Python environment, since it speaks of the machine, not of a home.
        """
        return Path(sys.prefix) / "browser-executable"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
        """Read the LINKEDIN_* variables of `environment` (default: ours); `home` overrides LINKEDIN_HOME.

        Raises:
            ConfigurationError: a variable holds a value it cannot hold; all such are named at once.
        """
        source = EnvSettingsSource(cls)
        given = os.environ if environment is None else environment
        source.env_vars = {name.lower(): value for name, value in given.items() if value}  # as pydantic looks names up
        try:
            return cls(**source() | ({"home": home} if home is not None else {}))
        except ValidationError as error:
            wrong = "; ".join(f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"wrong environment: {wrong}") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let nothing of the environment in but by `from_environment`, which tests and child processes rely on."""
        return (init_settings,)

    def child_environment(self, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment in which a process of this installation runs.

        It is `environment` (default: ours) with exactly these settings as LINKEDIN_*, and the home as DAGSTER_HOME.
        """
        base = os.environ if environment is None else environment
        result = {key: value for key, value in base.items() if not key.startswith(PREFIX)}
        result |= {
            "DAGSTER_HOME": str(self.home),
            "DAGSTER_DISABLE_TELEMETRY": "1",  # as dagster.yaml says too, should a member's own not
            "LINKEDIN_HOME": str(self.home),
            "LINKEDIN_DATABASE_URL": self.database_url,
            "LINKEDIN_ACCOUNTS_FILE": str(self.accounts_file),
            "LINKEDIN_BROWSER_HEADLESS": str(int(self.browser_headless)),
            "LINKEDIN_BROWSER_SANDBOX": str(int(self.browser_sandbox)),
            "LINKEDIN_LOG_FORMAT": self.log_format,
            "LINKEDIN_ALLOWED_HOSTS": ",".join(self.allowed_hosts),
        }
        for name in ("secret_key", "browser_executable", "first_day", *NOTICE_SETTINGS):
            if (value := getattr(self, name)) is not None:
                result[PREFIX + name.upper()] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        return result
