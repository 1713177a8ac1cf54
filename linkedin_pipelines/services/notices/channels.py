"""Ways to reach a person: e-mail, a webhook, and the services that Apprise knows.

A channel either hands a message over or raises `NoticeNotSentError`. Its words never repeat the address: that holds a
password, or is one.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from email.message import EmailMessage
from email.utils import format_datetime
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.notices.messages import Message
from linkedin_pipelines.settings import Settings, is_loopback

EMAIL, WEBHOOK, APPRISE = "email", "webhook", "apprise"
SECONDS = 20.0
"""How long a server may take for each answer."""
_PORTS = {"smtp": 587, "smtps": 465}


class Channel(Protocol):
    """One way to reach a person."""

    name: str

    def takes(self, message: Message) -> bool:
        """Whether the message is for this channel at all."""
        ...

    def send(self, message: Message) -> None:
        """Hand it over.

        Raises:
            NoticeNotSentError: it was not taken.
        """
        ...


def channels_of(settings: Settings, clock: Clock) -> tuple[Channel, ...]:
    """The channels that are set up; none by default."""
    found: list[Channel] = []
    if settings.smtp_url is not None:
        found.append(Mail(settings, clock))
    if settings.notice_webhook is not None:
        found.append(Webhook(settings.notice_webhook.get_secret_value()))
    if settings.notice_apprise is not None:
        found.append(Apprise(settings.notice_apprise.get_secret_value()))
    return tuple(found)


class Mail:
    """SMTP: TLS from the first byte with `smtps`, else STARTTLS, which only a server on this machine may lack."""

    name = EMAIL

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Take the server of the settings, which must name one."""
        assert settings.smtp_url is not None
        self._server = urlsplit(settings.smtp_url.get_secret_value())
        self._sender = settings.notice_from or settings.notice_email
        self._clock = clock

    def takes(self, message: Message) -> bool:
        return message.email is not None

    def send(self, message: Message) -> None:
        sender = self._sender or message.email
        mail = EmailMessage()
        mail["From"] = f"LinkedIn Pipelines <{sender}>"
        mail["To"] = message.email
        mail["Subject"] = " ".join(message.subject.split())
        mail["Date"] = format_datetime(self._clock.now())
        digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{digest}@linkedin-pipelines.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            with self._connected() as server:
                server.send_message(mail, sender, message.email)
        except (smtplib.SMTPException, OSError) as error:
            raise NoticeNotSentError(
                f"the mail server {self._server.hostname} did not take it: {_why(error)}"
            ) from None

    def _connected(self) -> smtplib.SMTP:
        host, context = self._server.hostname or "", ssl.create_default_context()
        port = self._server.port or _PORTS[self._server.scheme]
        if self._server.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            server.ehlo()
            if self._server.scheme == "smtp" and (server.has_extn("starttls") or not is_loopback(host)):
                server.starttls(context=context)
                server.ehlo()
            if self._server.username is not None and self._server.password is not None:
                server.login(unquote(self._server.username), unquote(self._server.password))
        except BaseException:
            server.close()
            raise
        return server


class Webhook:
    """The message's facts, posted as JSON."""

    name = WEBHOOK

    def __init__(self, url: str) -> None:
        """Take the address."""
        self._url = url

    def takes(self, message: Message) -> bool:
        return bool(message.facts)

    def send(self, message: Message) -> None:
        body = json.dumps({"id": message.key, **message.facts}).encode()
        request = urllib.request.Request(  # noqa: S310 - checked by the settings: https, or this machine
            self._url, body, {"Content-Type": "application/json", "Idempotency-Key": _digest(message.key)}
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=SECONDS):
                pass
        except urllib.error.HTTPError as error:
            raise NoticeNotSentError(f"the webhook answered {error.code}") from None
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise NoticeNotSentError(f"the webhook does not answer: {_why(error)}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A notice goes to the address that was set, and to no other that it names."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Apprise:
    """Whatever services the addresses of Apprise name."""

    name = APPRISE

    def __init__(self, urls: str) -> None:
        """Take the addresses, comma-separated."""
        self._urls = [url for each in urls.split(",") if (url := each.strip())]

    def takes(self, message: Message) -> bool:
        return bool(message.facts)

    def send(self, message: Message) -> None:
        try:
            apprise: Any = import_module("apprise")  # optional, and slow to load
        except ImportError:
            raise NoticeNotSentError(
                "LINKEDIN_NOTICE_APPRISE is set, but Apprise is not installed: install `linkedin-pipelines[apprise]`"
            ) from None
        services = apprise.Apprise()
        if not all(services.add(url) for url in self._urls):
            raise NoticeNotSentError("an address of LINKEDIN_NOTICE_APPRISE is none that Apprise knows")
        if not services.notify(title=message.subject, body=message.text):
            raise NoticeNotSentError("Apprise could not hand it to every service")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _why(error: Exception) -> str:
    """What went wrong, in one line; of a server's own words the code alone, since they may repeat an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPException):
        return type(error).__name__
    reason = getattr(error, "reason", None)  # urllib's is an exception, ssl's a word
    reason = reason if isinstance(reason, Exception) else error
    return str(getattr(reason, "strerror", None) or type(reason).__name__)
