"""Webhooks: what happens in a server, posted to an address that its managers have named, signed, and tried again.

Signed as Standard Webhooks 1.0 has it: ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import structlog

from chandelier import BadOption, NotFound, UserError
from chandelier_core.access.secret import new_id
from chandelier_core.host import Happening, Webhook
from chandelier_core.observe.feed import TOPIC
from chandelier_core.observe.public_addresses import PublicResolver, why_not

if TYPE_CHECKING:
    from chandelier.current import Scheduler
    from chandelier_core.store.changes import Changes
    from chandelier_core.store.happenings import HappeningRows
    from chandelier_core.store.webhooks import WebhookRows

MOST_EACH = 10
LIMIT_S = 10.0
#: 5 s, 15 s, 45 s and so on, an hour and a half in all; then the address is told nothing more.
FIRST_S, FACTOR, TRIES = 5, 3, 8
JOB = "deliver_webhook"

_log = structlog.get_logger("chandelier.webhooks")


class Webhooks:
    """Plans what each address is told, and delivers it: a stored run for each event, in the transaction that marks it told."""

    def __init__(
        self, rows: WebhookRows, happenings: HappeningRows, scheduler: Scheduler, now: Callable[[], datetime],
        allowed: Collection[str],
    ) -> None:  # fmt: skip
        """Stand on the tables. ``allowed`` are the ``host:port`` that need not be public."""
        self._rows = rows
        self._happenings = happenings
        self._scheduler = scheduler
        self._now = now
        self._allowed = frozenset(allowed)
        self._news = asyncio.Event()

    async def of(self, guild_id: int) -> list[Webhook]:
        """Give a server's webhooks."""
        return await self._rows.of(guild_id)

    async def add(self, guild_id: int, url: str, names: Sequence[str], *, by: str) -> Webhook:
        """Add a webhook."""
        if (why := why_not(url, self._allowed)) is not None:
            raise BadOption(f"`url` cannot be used: {why}.", option="url")
        if len(await self._rows.of(guild_id)) >= MOST_EACH:
            raise UserError("too_many_webhooks", f"This server has {MOST_EACH} webhooks; delete one.")
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
        made = Webhook(new_id(), guild_id, url, tuple(sorted(set(names))), secret, by[:64], self._now())
        await self._rows.add(made)
        return made

    async def remove(self, guild_id: int, webhook_id: str) -> None:
        """Delete a server's webhook."""
        if not await self._rows.remove(guild_id, webhook_id):
            raise NotFound("There is no such webhook in this server.")

    async def forget(self, guild_id: int) -> None:
        """Delete all of a server's."""
        await self._rows.remove_all(guild_id)

    async def run(self, changes: Changes) -> None:
        """Plan deliveries until it is cancelled; an outage of the database is waited for."""
        changes.watch(TOPIC, self._wake)
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._plan()
            except Exception as error:
                _log.warning("webhooks_not_planned", error=type(error).__name__)
                await asyncio.sleep(1)
                self._news.set()

    async def _wake(self) -> None:
        self._news.set()

    async def _plan(self) -> None:
        async with self._rows.store.transaction():
            for webhook, last_id in await self._rows.due():
                found = await self._happenings.after(last_id)
                for one in found:
                    if one.guild_id == webhook.guild_id and (not webhook.names or one.name in webhook.names):
                        await self._schedule(webhook.id, event_of(one), 1, self._now())
                if found:
                    await self._rows.told(webhook.id, found[-1].id)
                    self._news.set()  # there may be more than one page

    async def _schedule(self, webhook_id: str, event: Mapping[str, object], tried: int, when: datetime) -> None:
        arguments = {"webhook_id": webhook_id, "event": event, "tried": tried}
        await self._scheduler.schedule(JOB, when, arguments, f"{webhook_id} {event['id']} {tried}")

    async def deliver(self, webhook_id: str, event: Mapping[str, object], tried: int) -> None:
        """Post one event. What is not taken is tried again later; in the end the webhook is switched off, with the reason."""
        webhook = await self._rows.find(webhook_id)
        if webhook is None or webhook.off_because is not None:
            return
        why = await self._post(webhook, event)
        if why == "status 410":
            await self._rows.switch_off(webhook_id, "The address says that it is gone (410).")
        elif why is not None and tried >= TRIES:
            await self._rows.switch_off(webhook_id, f"The address took nothing for over an hour: {why}.")
            _log.warning("webhook_off", webhook=webhook_id, guild_id=webhook.guild_id, why=why)
        elif why is not None:
            again = self._now() + timedelta(seconds=FIRST_S * FACTOR ** (tried - 1))
            await self._schedule(webhook_id, event, tried + 1, again)

    async def _post(self, webhook: Webhook, event: Mapping[str, object]) -> str | None:
        """Post an event; give why it was not taken, or None."""
        body = json.dumps(event, separators=(",", ":")).encode()
        sent_at = int(self._now().timestamp())
        headers = {"Content-Type": "application/json", **sign(webhook.secret, str(event["id"]), sent_at, body)}
        connector = aiohttp.TCPConnector(resolver=PublicResolver(self._allowed), use_dns_cache=False)
        timeout = aiohttp.ClientTimeout(total=LIMIT_S)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
                ) as http,
                http.post(webhook.url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return None if 200 <= answer.status < 300 else f"status {answer.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__


def event_of(happening: Happening) -> dict[str, object]:
    """Write what has happened as it is sent: the same as in the stream of events, and its id."""
    return {
        "id": happening.id, "name": happening.name, "plugin": happening.plugin,
        "at": happening.at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "guild_id": str(happening.guild_id),
        **happening.facts,
    }  # fmt: skip


def sign(secret: str, event_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """Give the three headers: HMAC-SHA256 over the id, the time in seconds, and the body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{event_id}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
