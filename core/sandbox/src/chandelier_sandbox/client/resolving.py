"""Find what a person names (members, roles, channels, files) and gather it as `resolved` tells it to the bot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from chandelier_sandbox.client.uploads import Upload
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import channel_json, member_json, role_json, user_json
from chandelier_sandbox.payloads.messages import attachment_json
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import Attachment, Channel, Guild, Membership, Role, User
from chandelier_sandbox.world import World

_OF_CHANNELS = ("id", "type", "name")
_OF_THREADS = ("parent_id", "thread_metadata")


@dataclass(slots=True)
class Resolver:
    """Turn what one person names in one channel into ids. found: what goes into `resolved`; files: what came along."""

    world: World
    guild: Guild | None
    channel: Channel
    who: User
    found: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)

    def user(self, place: str, value: Any) -> str:
        """Return the id of a member, or of a user from elsewhere."""
        user, member = self._find_user(place, value)
        self._note("users", user.id, user_json(user))
        if member is not None and self.guild is not None:
            self._note("members", user.id, self._member(self.guild, member))
        return str(user.id)

    def role(self, place: str, value: Any) -> str:
        """Return the id of a role."""
        try:
            role = self._guild(place).role(reference(value))
        except LookupError as error:
            raise CannotSend(f"{place} is a role: {error}") from None
        self._note("roles", role.id, role_json(role))
        return str(role.id)

    def channel_of(self, place: str, value: Any, kinds: Collection[int] = ()) -> str:
        """Return the id of a channel that the person sees, of these kinds if any are given."""
        guild = self._guild(place)
        try:
            channel = guild.channel(reference(value))
        except LookupError as error:
            raise CannotSend(f"{place} is a channel: {error}") from None
        if kinds and int(channel.kind) not in kinds:
            raise CannotSend(f"{place} takes another kind of channel than #{channel.name}.")
        held = self.world.permissions_in(channel, self.who)
        if not held & Permission.VIEW_CHANNEL:
            raise CannotSend(f"{place} cannot be #{channel.name}: {self.who.name} does not see that channel.")
        whole = channel_json(channel)
        names = _OF_CHANNELS + (_OF_THREADS if channel.thread is not None else ())
        self._note("channels", channel.id, {name: whole[name] for name in names} | {"permissions": str(held)})
        return str(channel.id)

    def mentionable(self, place: str, value: Any) -> str:
        """Return the id of a member or role."""
        try:
            return self.user(place, value)
        except CannotSend:
            return self.role(place, value)

    def file(self, place: str, value: Any) -> str:
        """Return the id of a file that is uploaded now."""
        if not isinstance(value, Upload):
            raise CannotSend(f"{place} is a file: give an Upload(name, content), not {value!r}.")
        attachment = value.attachment(self.world.snowflakes.make())
        self.files.append(attachment)
        shown = attachment_json(attachment, self.channel.id, self.world.origin)
        self._note("attachments", attachment.id, shown | {"ephemeral": True})
        return str(attachment.id)

    def _member(self, guild: Guild, member: Membership) -> JsonObject:
        bits = guild_permissions(guild, member)
        if self.channel.guild_id == guild.id:
            bits = self.world.permissions_in(self.channel, member.user)
        partial = member_json(member, with_user=False) | {"permissions": str(bits)}
        return {key: one for key, one in partial.items() if key not in ("deaf", "mute")}

    def _find_user(self, place: str, value: Any) -> tuple[User, Membership | None]:
        wanted = reference(value)
        if self.guild is not None:
            try:
                member = self.guild.person(wanted)
            except LookupError:
                pass
            else:
                return member.user, member
        for user in self.world.users.values():
            if str(wanted) in (str(user.id), user.name):
                return user, None
        raise CannotSend(f"{place} is a member, and there is none called {wanted!r}.")

    def _guild(self, place: str) -> Guild:
        if self.guild is None:
            raise CannotSend(f"{place} can only be filled in a server, not in direct messages.")
        return self.guild

    def _note(self, section: str, number: int, what: JsonObject) -> None:
        self.found.setdefault(section, {})[str(number)] = what


def reference(value: Any) -> str | int:
    """Return the id or name by which something is named; mentions count as ids."""
    if isinstance(value, (User, Role, Channel)):
        return value.id
    if isinstance(value, (str, int)):
        return value.strip("<@!#&>") if isinstance(value, str) else value
    if isinstance(value, Membership):
        return value.user.id
    found = getattr(value, "id", value)
    return found if isinstance(found, (str, int)) else str(found)
