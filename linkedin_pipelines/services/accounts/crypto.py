"""Keys in files that only their owner can read: of sessions, of forgotten people's marks, of the status server."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.settings import Settings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MARKING_KEY_LENGTH = 32
_API_KEYS = 2
_API_KEY_LENGTH = 32
_SESSIONS_LOST = (
    "the key of the stored sessions is gone: {path} does not exist; "
    "bring it back, or sign in again with `session login`."
)
_MARKS_LOST = "the key of forgotten people's marks is gone: {path} does not exist; bring it back."


def seal(settings: Settings, plain: bytes) -> bytes:
    """Encrypt and authenticate; makes the key file on first use.

    Raises:
        ConfigurationError: the key is malformed, or others can read its file.
    """
    return _cipher(settings, create=True).encrypt(plain)


def unseal(settings: Settings, sealed: bytes) -> bytes:
    """What was sealed.

    Raises:
        ConfigurationError: the key is missing, malformed or another one, or others can read its file.
    """
    try:
        return _cipher(settings, create=False).decrypt(sealed)
    except InvalidToken:
        raise ConfigurationError(
            f"the stored session was sealed with another key than {_origin(settings)}; "
            "bring back that key, or sign in again with `session login`."
        ) from None


def marking_key(settings: Settings, *, create: bool = False) -> bytes:
    """The key of forgotten people's marks. It is not the sessions' key, which may change; `create` makes the first.

    Raises:
        ConfigurationError: the file is malformed, or others can read it.
    """
    key = _key_of_file(settings.marking_key_file, create=create, lost=_MARKS_LOST)
    if len(key) < _MARKING_KEY_LENGTH:
        raise ConfigurationError(f"{settings.marking_key_file} holds no key; bring back the one that was there.")
    return key


def status_key(settings: Settings, purpose: str) -> bytes:
    """The status server's key for one purpose (cursors, calendar); made on first use.

    Raises:
        ConfigurationError: others can read the file, or it cannot be made.
    """
    key = _key_of_file(settings.status_key_file, create=True, lost="{path} does not exist.")
    return hmac.digest(key, purpose.encode(), hashlib.sha256)


def api_keys(settings: Settings, *, create: bool = False) -> tuple[bytes, ...]:
    """The keys that the read API takes, one a line of `api.key`, at most two; `create` makes the first.

    Raises:
        ConfigurationError: the file is missing, others can read it, or it holds no key or more than two.
    """
    path = settings.api_key_file
    keys = tuple(_key_of_file(path, create=create, lost="{path} does not exist; the status server makes it.").split())
    if not 1 <= len(keys) <= _API_KEYS or any(len(key) < _API_KEY_LENGTH for key in keys):
        raise ConfigurationError(
            f"{path} must hold one or two keys of at least {_API_KEY_LENGTH} characters, a line each."
        )
    return keys


def _origin(settings: Settings) -> str:
    return "LINKEDIN_SECRET_KEY" if settings.secret_key is not None else str(settings.key_file)


def _cipher(settings: Settings, *, create: bool) -> Fernet:
    if settings.secret_key is not None:
        key = settings.secret_key.get_secret_value().encode()
    else:
        key = _key_of_file(settings.key_file, create=create)
    try:
        return Fernet(key)
    except ValueError:
        raise ConfigurationError(
            f"{_origin(settings)} holds no Fernet key (32 bytes in URL-safe base64, 44 characters)."
        ) from None


def _key_of_file(path: Path, *, create: bool, lost: str = _SESSIONS_LOST) -> bytes:
    if create:
        _make(path)
    try:
        # Opened first and judged by its descriptor, so that the file judged is the file read.
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & _OTHERS:
                raise ConfigurationError(f"{path} can be read by others (mode {mode:04o}); run `chmod 600 {path}`.")
            return file.read().strip()
    except FileNotFoundError:
        raise ConfigurationError(lost.format(path=path)) from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None


def _make(path: Path) -> None:
    """Make a key file unless there is one; of two processes at once, one makes it and the other finds it whole."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        os.link(draft, path)  # fails where another process was first
    except FileExistsError:
        return
    finally:
        draft.unlink()


def fault_of_session_key(settings: Settings) -> str | None:
    """Why what is there cannot seal a session, whoever may read it; None if it can, or if there is no key yet."""
    try:
        Fernet(
            settings.key_file.read_bytes().strip()
            if settings.secret_key is None
            else settings.secret_key.get_secret_value().encode()
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{settings.key_file} cannot be read: {error.strerror}"
    except ValueError:
        return f"{_origin(settings)} holds no Fernet key (32 bytes in URL-safe base64, 44 characters)"
    return None
