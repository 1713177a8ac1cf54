"""The only reader of the environment.

Every variable is listed in `Settings`, with its default. Nothing else in the package touches `os.environ`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from linkedin_pipelines.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseModel):
    """Where this installation keeps its things; immutable once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    """LINKEDIN_HOME: folder of the database, inbox, evidence and Dagster's own state. Default `dagster_home`."""
    database_url: str
    """LINKEDIN_DATABASE_URL: SQLAlchemy URL; default a SQLite file in the home."""
    accounts_file: Path
    """LINKEDIN_ACCOUNTS_FILE: default `accounts.yaml` in the home."""
    secret_key: SecretStr | None = None
    """LINKEDIN_SECRET_KEY: Fernet key of the stored sessions; without it a key file (mode 0600) in the home."""
    browser_executable: Path | None = None
    """LINKEDIN_BROWSER_EXECUTABLE: Chromium to drive; without it what set-up chose, else Playwright's own."""
    browser_headless: bool = True
    """LINKEDIN_BROWSER_HEADLESS: `0` shows the browser window."""
    log_format: Literal["console", "json"] = "console"
    """LINKEDIN_LOG_FORMAT: `console` or `json`."""

    @property
    def inbox(self) -> Path:
        """Folder whose sub-folders, one an account, are watched for files to import."""
        return self.home / "inbox"

    @property
    def evidence(self) -> Path:
        """Folder of the screenshots that prove each send or refusal."""
        return self.home / "evidence"

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
    def browser_choice_file(self) -> Path:
        """Where `make setup` noted the browser that it found or installed (one path, or empty for Playwright's own)."""
        return PROJECT_ROOT / ".venv" / "browser-executable"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the LINKEDIN_* variables.

        Raises:
            ConfigurationError: a variable holds a value it cannot hold; all such are named at once.
        """
        env = os.environ if environment is None else environment
        home = Path(env.get("LINKEDIN_HOME") or PROJECT_ROOT / "dagster_home").expanduser().resolve()
        values: dict[str, object] = {
            "home": home,
            "database_url": env.get("LINKEDIN_DATABASE_URL") or f"sqlite:///{home / 'linkedin.db'}",
            "accounts_file": Path(env.get("LINKEDIN_ACCOUNTS_FILE") or home / "accounts.yaml").expanduser().resolve(),
        }
        for field in ("secret_key", "browser_executable", "browser_headless", "log_format"):
            if value := env.get(f"LINKEDIN_{field.upper()}"):
                values[field] = value
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            wrong = "; ".join(f"LINKEDIN_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise ConfigurationError(f"wrong environment: {wrong}") from error

    def child_environment(self, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment in which a process of this installation runs.

        It is `environment` (default: ours) with exactly these settings as LINKEDIN_*, and the home as DAGSTER_HOME.
        """
        base = os.environ if environment is None else environment
        result = {key: value for key, value in base.items() if not key.startswith("LINKEDIN_")}
        result |= {
            "DAGSTER_HOME": str(self.home),
            "DAGSTER_DISABLE_TELEMETRY": "1",  # as dagster.yaml says too, should a member's own not
            "LINKEDIN_HOME": str(self.home),
            "LINKEDIN_DATABASE_URL": self.database_url,
            "LINKEDIN_ACCOUNTS_FILE": str(self.accounts_file),
            "LINKEDIN_BROWSER_HEADLESS": str(int(self.browser_headless)),
            "LINKEDIN_LOG_FORMAT": self.log_format,
        }
        if self.secret_key is not None:
            result["LINKEDIN_SECRET_KEY"] = self.secret_key.get_secret_value()
        if self.browser_executable is not None:
            result["LINKEDIN_BROWSER_EXECUTABLE"] = str(self.browser_executable)
        return result
