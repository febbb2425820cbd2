"""Settings from the environment, each also as ``<NAME>_FILE`` for secrets."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from chandelier import ChandelierError

Value = TypeVar("Value")
DISCORD = "https://discord.com/api/v10"


class SettingsError(ChandelierError):
    """Some settings are wrong; ``sentences`` says what, one each, never with a secret in it."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Settings:
    """What this process was told. ``database_url`` is None where the embedded Postgres is to be used."""

    token: str | None = field(repr=False)
    api_url: str
    clock_url: str | None
    database_url: str | None = field(repr=False)
    redis_url: str | None = field(repr=False)
    bind_host: str
    bind_port: int
    api_token: str | None = field(repr=False)
    api_rate: int
    client_secret: str | None = field(repr=False)
    public_key: str | None
    public_url: str | None
    webhook_hosts: tuple[str, ...]
    data_folder: Path
    plugins_file: Path
    log_format: str
    log_level: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """Give every secret value, for the log to leave out."""
        found = {self.token, self.api_token, self.client_secret, self.database_url, self.redis_url}
        for url in (self.database_url, self.redis_url):
            try:
                password = urlsplit(url or "").password
            except ValueError:
                password = None  # the store says that the URL is malformed, and quotes none of it
            found |= {password, unquote(password) if password else None}
        return tuple(secret for secret in found if secret)


def read_settings(environment: Mapping[str, str], *, need_token: bool = False) -> Settings:
    """Read every setting; raise SettingsError with everything that is wrong, at once."""
    wrong: list[str] = []

    reader = _Reader(environment, wrong)
    token = reader.take("DISCORD_TOKEN", read_token)
    if token is None and need_token and not any(sentence.startswith("DISCORD_TOKEN") for sentence in wrong):
        wrong.append(
            "DISCORD_TOKEN is not set, so the bot cannot log in to Discord. Copy the token from the Bot page of the "
            "Developer Portal, or try everything without one: make run."
        )
    host, port = reader.take("CHANDELIER_BIND", read_bind) or ("127.0.0.1", 8080)
    settings = Settings(
        token=token,
        api_url=reader.take("DISCORD_API_URL", read_url) or DISCORD,
        clock_url=reader.take("CHANDELIER_CLOCK_URL", read_url),
        database_url=reader.take("DATABASE_URL", str),
        redis_url=reader.take("REDIS_URL", read_redis_url),
        bind_host=host,
        bind_port=port,
        api_token=reader.take("CHANDELIER_API_TOKEN", read_api_token),
        api_rate=reader.take("CHANDELIER_API_RATE", read_rate) or 600,
        client_secret=reader.take("DISCORD_CLIENT_SECRET", str),
        public_key=reader.take("DISCORD_PUBLIC_KEY", read_public_key),
        public_url=reader.take("CHANDELIER_PUBLIC_URL", read_public_url),
        webhook_hosts=reader.take("CHANDELIER_WEBHOOK_HOSTS", read_hosts) or (),
        data_folder=reader.take("CHANDELIER_DATA", lambda value: Path(value).expanduser()) or Path(".chandelier"),
        plugins_file=reader.take("CHANDELIER_PLUGINS", lambda value: Path(value).expanduser()) or Path("plugins.toml"),
        log_format=reader.take("CHANDELIER_LOG_FORMAT", _one_of("json", "console", "auto")) or "auto",
        log_level=reader.take("CHANDELIER_LOG_LEVEL", _one_of("debug", "info", "warning", "error")) or "info",
    )
    if wrong:
        raise SettingsError(wrong)
    return settings


def settings_without_token() -> Settings:
    """Read the settings of this process for a command that does not talk to Discord."""
    return read_settings({key: value for key, value in os.environ.items() if not key.startswith("DISCORD_TOKEN")})


def read_token(value: str) -> str:
    """Check the shape of a bot token: three parts, the first the base64 of the bot's id."""
    first = value.partition(".")[0]
    try:
        bot_id = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4))
    except (binascii.Error, ValueError):
        bot_id = b""
    if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", value, re.ASCII) or not bot_id.isdigit():
        raise ValueError(
            "is not a bot token (three parts with dots between, the first made from the bot's id). Copy it again from the "
            "Bot page of the Developer Portal; the client secret and the public key are other things"
        )
    return value


def read_url(value: str) -> str:
    """Check an address such as ``https://discord.com/api/v10``."""
    wrong = "must be an address such as https://discord.com/api/v10"
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 raises for one that is no port
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(wrong)
    return value.rstrip("/")


def read_redis_url(value: str) -> str:
    """Check the address of a Redis or Valkey; never quotes it, for it may hold a password."""
    wrong = "must be an address such as redis://127.0.0.1:6379/0 (rediss:// for TLS)"
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 raises for one that is no port
    except ValueError:
        raise ValueError(wrong) from None
    scheme = {"valkey": "redis", "valkeys": "rediss"}.get(parts.scheme, parts.scheme)
    number = parts.path.removeprefix("/")
    if scheme not in ("redis", "rediss") or not parts.hostname or (number and not number.isdecimal()):
        raise ValueError(wrong)
    return parts._replace(scheme=scheme).geturl()


def read_bind(value: str) -> tuple[str, int]:
    """Read ``host:port``; an IPv6 host stands in brackets."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([^:\s]+)):(\d{1,5})", value)
    if not found or int(found[3]) > 65535:
        raise ValueError("must be an address and a port, such as 127.0.0.1:8080")
    return found[1] or found[2], int(found[3])


def read_api_token(value: str) -> str:
    """Check that a token of the API is long enough not to be guessed."""
    if len(value) < 24 or not value.isascii() or any(character.isspace() for character in value):
        raise ValueError("must be at least 24 characters without spaces, such as `openssl rand -hex 24` makes")
    return value


def read_public_key(value: str) -> str:
    """Check an application's public key: 32 bytes, in hexadecimal digits."""
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise ValueError(
            "must be 64 hexadecimal digits. Copy it from the General Information page of the Developer Portal"
        )
    return value.lower()


def read_public_url(value: str) -> str:
    """Check the address at which browsers find the API: a scheme and a host, and HTTPS but on this machine."""
    parts = urlsplit(read_url(value))
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.path or parts.username or (parts.scheme != "https" and not local):
        raise ValueError(
            "must be an address such as https://bot.example, without a path; http is for this machine alone"
        )
    return value.rstrip("/")


def read_hosts(value: str) -> tuple[str, ...]:
    """Read ``host:port,host:port``."""
    found = tuple(one.strip().lower() for one in value.split(",") if one.strip())
    if not all(re.fullmatch(r"[^\s:/]+:\d{1,5}", one) for one in found):
        raise ValueError("must be hosts with their ports, such as hooks.internal:443,127.0.0.1:9000")
    return found


def read_rate(value: str) -> int:
    """Read how many requests one caller may make in a minute."""
    if not value.isdecimal() or not 1 <= int(value) <= 1_000_000:
        raise ValueError("must be a number of requests a minute, from 1 to 1000000")
    return int(value)


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return value.lower()

    return read


@dataclass(frozen=True, slots=True)
class _Reader:
    """Takes settings from the environment, and gathers what is wrong with them."""

    environment: Mapping[str, str]
    wrong: list[str]

    def take(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """Read one setting, or its file; None where it is unset, empty or wrong."""
        text = self._text(name)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError as error:
            self.wrong.append(f"{name} {error}.")
            return None
        except RuntimeError:  # of Path.expanduser
            self.wrong.append(f"{name} names the home folder of a user that does not exist.")
            return None

    def _text(self, name: str) -> str | None:
        file = self.environment.get(f"{name}_FILE")
        if not file:
            return self.environment.get(name, "").strip() or None
        if self.environment.get(name):
            self.wrong.append(f"{name} and {name}_FILE are both set. Keep one of them.")
            return None
        try:
            return Path(file).read_text("utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            self.wrong.append(
                f"{name}_FILE names {file}, which cannot be read: {reason}. Correct the path or its permissions."
            )
            return None
