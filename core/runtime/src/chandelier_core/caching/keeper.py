"""The caches of all plugins: memory first, then Redis, then the plugin's own load; and what every process is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import orjson

from chandelier import ContractError
from chandelier_core.caching.memory import MISSING, Memory
from chandelier_core.caching.shared import Away

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chandelier import Cache
    from chandelier_core.caching.shared import Shared
    from chandelier_core.store.changes import Changes
    from chandelier_core.store.store import Store

PREFIX = "cache "
LONGEST_KEY = 200

Load = Callable[[], Awaitable[object]]
#: The plugin, the name of its cache, and the key.
Spot = tuple[str, str, str]


class Keeper:
    """Keeps values while this process hears of changes. While it does not, it keeps nothing, and everything is loaded."""

    def __init__(self, store: Store, changes: Changes, shared: Shared | None) -> None:
        self._store = store
        self._changes = changes
        self.shared = shared
        self._memories: dict[tuple[str, str], Memory] = {}
        self._plugins: dict[str, PluginCaches] = {}
        self._loading: dict[Spot, asyncio.Future[object]] = {}
        self._dropping: set[asyncio.Task[None]] = set()
        changes.hear(PREFIX, self._changed, self._begin)

    def add(self, plugin: str, caches: Iterable[Cache]) -> None:
        """Make room for a plugin's caches."""
        for cache in caches:
            memory = Memory(cache.most, cache.ttl.total_seconds(), shared=cache.shared)
            self._memories.setdefault((plugin, cache.name), memory)

    def of(self, plugin: str) -> PluginCaches:
        """Give one plugin's caches."""
        return self._plugins.setdefault(plugin, PluginCaches(plugin, self))

    async def get(self, spot: Spot, load: Load) -> object:
        """Give a value."""
        memory, key = self._memory(spot), spot[2]
        if not self._changes.is_listening or not _fits(key) or memory.is_held(key) or self._store.in_transaction:
            return await load()
        kept = memory.get(key)
        if kept is MISSING:
            kept = await self._load_once(spot, memory, load)
        return orjson.loads(kept) if isinstance(kept, bytes) and memory.shared else kept

    async def _load_once(self, spot: Spot, memory: Memory, load: Load) -> object:
        under_way = self._loading.get(spot)
        if under_way is None:
            under_way = self._loading[spot] = asyncio.ensure_future(self._load(spot, memory, load))
            under_way.add_done_callback(lambda done: self._loaded(spot, done))
        return await asyncio.shield(under_way)

    def _loaded(self, spot: Spot, done: asyncio.Future[object]) -> None:
        if self._loading.get(spot) is done:
            del self._loading[spot]
        if not done.cancelled():
            done.exception()  # whoever waited has it; where all have gone, nobody is to be told

    async def _load(self, spot: Spot, memory: Memory, load: Load) -> object:
        stamp = memory.stamp()
        value = await (self._load_shared(spot, memory, load) if memory.shared else load())
        memory.put(spot[2], value, stamp)
        return value

    async def _load_shared(self, spot: Spot, memory: Memory, load: Load) -> bytes:
        shared, name = self.shared, " ".join(spot)
        if shared is None:
            return _dump(spot, await load())
        try:
            look = await shared.look(name)
        except Away:
            return _dump(spot, await load())
        if look.text is not None:
            return look.text
        text = _dump(spot, await load())
        with suppress(Away):  # the log and /health say so
            await shared.put(look, text, memory.ttl_s)
        return text

    async def drop(self, spot: Spot) -> None:
        """Forget a value here at once, and everywhere once the open transaction is committed."""
        memory, key = self._memory(spot), spot[2]
        if _fits(key):
            memory.hold(key)
            self._loading.pop(spot, None)
            await self._changes.tell(PREFIX + " ".join(spot))

    def _changed(self, topic: str) -> None:
        plugin, cache, key = spot = _spot(topic)
        memory = self._memories.get((plugin, cache))
        if memory is None:
            return
        self._loading.pop(spot, None)
        if self.shared is None or not memory.shared:
            memory.drop(key)
            return
        memory.hold(key)  # what Redis still has is old
        dropping = asyncio.create_task(self._drop_shared(spot, memory), name="cache drop")
        self._dropping.add(dropping)
        dropping.add_done_callback(self._dropping.discard)

    async def _drop_shared(self, spot: Spot, memory: Memory) -> None:
        assert self.shared is not None  # noqa: S101 the caller has looked
        with suppress(Away):  # it begins a new epoch when it is back
            await self.shared.drop(" ".join(spot), memory.ttl_s)
        memory.drop(spot[2])

    async def _begin(self) -> None:
        """Forget everything: changes may have gone unheard."""
        self._loading.clear()
        for memory in self._memories.values():
            memory.clear()
        if self.shared is not None:
            await self.shared.renew()

    def _memory(self, spot: Spot) -> Memory:
        try:
            return self._memories[spot[:2]]
        except KeyError:
            raise ContractError(
                f"{spot[0]} uses the cache {spot[1]}, which its Plugin does not list in caches."
            ) from None


class PluginCaches:
    """What stands behind ``cache.get(...)`` in one plugin's code."""

    def __init__(self, plugin: str, keeper: Keeper) -> None:
        self._plugin = plugin
        self._keeper = keeper

    async def get(self, cache: str, key: str, load: Load) -> object:
        """Give a value."""
        return await self._keeper.get((self._plugin, cache, key), load)

    async def drop(self, cache: str, key: str) -> None:
        """Forget a value."""
        await self._keeper.drop((self._plugin, cache, key))


def _fits(key: str) -> bool:
    """Say whether a key can be told of; what stands under another is loaded each time."""
    return len(key) <= LONGEST_KEY and "\0" not in key


def _spot(topic: str) -> Spot:
    plugin, cache, key = topic.removeprefix(PREFIX).split(" ", 2)
    return plugin, cache, key


def _dump(spot: Spot, value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise ContractError(f"{spot[0]} loaded for its cache {spot[1]} what is not JSON: {error}.") from None
