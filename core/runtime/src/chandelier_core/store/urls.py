"""DATABASE_URL: read it, check it, show it without its password, and turn it into what the drivers take."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from chandelier_core.store.errors import StoreError

__all__ = ["Address", "parse_url", "redact", "tortoise_connection"]

SCHEMES = ("postgres", "postgresql", "asyncpg")
SHAPE = "postgres://USER:PASSWORD@HOST:PORT/NAME"
CONNECT_TIMEOUT_S = 8.0

# What libpq and asyncpg call it in a query string → asyncpg's keyword, and how its text is read.
OPTIONS: Mapping[str, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {
        "command_timeout": ("command_timeout", float),
        "connect_timeout": ("timeout", float),
        "timeout": ("timeout", float),
        "statement_cache_size": ("statement_cache_size", int),
        "max_cached_statement_lifetime": ("max_cached_statement_lifetime", int),
        "max_cacheable_statement_size": ("max_cacheable_statement_size", int),
        "target_session_attrs": ("target_session_attrs", str),
        "passfile": ("passfile", str),
    }
)
SERVER_SETTINGS = ("application_name", "options")
PLACES = ("host", "port", "user", "password", "dbname", "database")
# Wanted by some hosts' ready-made URLs; asyncpg 0.32 settles both by itself.
IGNORED = ("channel_binding", "gssencmode")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is. ``host`` is None for the driver's own choice, and begins with / for a socket folder."""

    host: str | None
    port: int
    database: str
    user: str | None
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> str:
        """Name it for people: HOST:PORT/NAME, or the socket's folder and the name."""
        if self.host is not None and self.host.startswith("/"):
            return f"{self.host} (socket)/{self.database}"
        host = self.host or "localhost"
        return f"[{host}]:{self.port}/{self.database}" if ":" in host else f"{host}:{self.port}/{self.database}"

    def arguments(self) -> dict[str, object]:
        """Give the keywords of ``asyncpg.connect``."""
        return {
            "timeout": CONNECT_TIMEOUT_S,
            **self.options,
            "host": self.host,
            "port": self.port,
            "database": self.database,
            "user": self.user,
            "password": self.password,
        }


def parse_url(url: str) -> Address:
    """Read a database URL. Raises StoreError with one sentence that shows nothing of the password."""
    parts = _split(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = parts.hostname or query.get("host") or None
    if "," in parts.netloc.rpartition("@")[2] or (host is not None and "," in host):
        raise StoreError(
            "DATABASE_URL names several hosts; Chandelier connects to one. Give the one that takes writes."
        )
    database = unquote(parts.path[1:]) or query.get("dbname") or query.get("database") or ""
    if not database or "/" in database:
        raise StoreError(f"DATABASE_URL names no database; write it as {SHAPE}.")
    return Address(
        host=unquote(host) if host else None,
        port=_port(parts, query),
        database=database,
        user=unquote(parts.username or "") or query.get("user") or None,
        password=unquote(parts.password) if parts.password else query.get("password") or None,
        options=MappingProxyType(_options(query)),
    )


def redact(url: str) -> str:
    """Give the URL with *** for the password, and nothing but the scheme where it cannot be read."""
    try:
        parts = _split(url)
    except StoreError:
        scheme = url.partition("://")[0]
        return f"{scheme}://***" if scheme in SCHEMES else "***"
    userinfo, at, place = parts.netloc.rpartition("@")
    if ":" in userinfo:
        userinfo = f"{userinfo.partition(':')[0]}:***"
    query = "&".join("password=***" if pair.startswith("password=") else pair for pair in parts.query.split("&"))
    return urlunsplit((parts.scheme, f"{userinfo}{at}{place}", parts.path, query, ""))


def tortoise_connection(address: Address, *, minsize: int, maxsize: int) -> dict[str, object]:
    """Give Tortoise's connection settings, with a pool of minsize to maxsize connections.

    A mapping, not a URL: Tortoise 1.1.9 reads ``ssl`` in a URL as a bool, so that ``require`` would mean full verification
    and ``disable`` would too; and a user name keeps its percent signs.
    """
    credentials = {**address.arguments(), "minsize": minsize, "maxsize": maxsize}
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


def _split(url: str) -> SplitResult:
    """Take a URL apart, or say why it cannot be, without quoting any of it: what is misplaced may be the password."""
    try:
        parts = urlsplit(url.strip())
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        port_is_number = False
        parts = None
    if parts is not None and parts.scheme not in SCHEMES:
        raise StoreError(f"DATABASE_URL is not the address of a Postgres database; write it as {SHAPE}.")
    if parts is None or not port_is_number or parts.fragment or not url.strip().startswith(f"{parts.scheme}://"):
        raise StoreError(
            f"DATABASE_URL cannot be read; write it as {SHAPE}, with the characters / # ? @ : [ ] % of a user name or "
            "password percent-encoded (a # is %23)."
        )
    return parts


def _port(parts: SplitResult, query: Mapping[str, str]) -> int:
    if parts.port is not None:
        return parts.port
    text = query.get("port", "5432")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise StoreError("DATABASE_URL has a port that is no number from 1 to 65535.")
    return int(text)


def _options(query: Mapping[str, str]) -> dict[str, object]:
    options: dict[str, object] = {}
    settings: dict[str, str] = {}
    for name, text in query.items():
        if name in OPTIONS:
            keyword, read = OPTIONS[name]
            try:
                options[keyword] = read(text)
            except ValueError:
                raise StoreError(f"DATABASE_URL has a value for {name} that is no number.") from None
        elif name in SERVER_SETTINGS:
            settings[name] = text
        elif name not in (*PLACES, *IGNORED, "sslmode", "ssl", "sslrootcert", "sslcert", "sslkey"):
            known = ", ".join(sorted([*OPTIONS, *SERVER_SETTINGS, "sslmode", "sslrootcert"]))
            raise StoreError(
                f"DATABASE_URL has an option that Chandelier does not know, {name[:40]!r}; it knows {known}."
            )
    if (tls := _tls(query)) is not None:
        options["ssl"] = tls
    return {**options, "server_settings": {"application_name": "chandelier", **settings}}


def _tls(query: Mapping[str, str]) -> str | ssl.SSLContext | None:
    """Read sslmode and its files, with libpq's meanings (PostgreSQL's documentation, 32.19.1)."""
    mode = query.get("sslmode") or query.get("ssl")
    mode = {"true": "require", "1": "require", "false": "disable", "0": "disable"}.get(mode or "", mode)
    if mode is None and "sslrootcert" not in query:
        return None
    mode = mode or "verify-ca"
    if mode not in SSL_MODES:
        raise StoreError(f"DATABASE_URL has an sslmode that does not exist; it is one of {', '.join(SSL_MODES)}.")
    if not mode.startswith("verify") and "sslcert" not in query:
        return mode
    root = query.get("sslrootcert")
    try:
        context = ssl.create_default_context(cafile=None if root in (None, "system") else root)
        if "sslcert" in query:
            context.load_cert_chain(query["sslcert"], query.get("sslkey"))
    except OSError as error:
        raise StoreError(f"A certificate that DATABASE_URL names cannot be used: {error.strerror or error}.") from None
    context.check_hostname = mode == "verify-full"
    if not mode.startswith("verify"):
        context.verify_mode = ssl.CERT_NONE
    return context
