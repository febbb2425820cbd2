"""Who may use a command in a server: what is set, by whom, and what comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.scopes import COMMAND_PERMISSIONS

ROLE, USER, CHANNEL = 1, 2, 3


class Server:
    """A server with one command, and its owner alice who sets permissions."""

    def __init__(self, rest: Any, sandbox: Sandbox, command: dict[str, Any]) -> None:
        self.rest = rest
        self.sandbox = sandbox
        self.command = command
        self.guild = sandbox.guild.id
        self.prefix = f"/applications/{sandbox.application_id}/guilds/{self.guild}/commands"
        self.path = f"{self.prefix}/{command['id']}/permissions"

    def token(self, who: str, *scopes: str) -> str:
        user = self.sandbox.world.users[self.sandbox.member(who).id]
        return self.sandbox._discord.oauth2.issue(user, scopes).access

    async def put(self, *permissions: Any, who: str = "alice", path: str = "") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token(who, COMMAND_PERMISSIONS)}"}
        body = {"permissions": [one if isinstance(one, dict) else entry(*one) for one in permissions]}
        status, answer, _ = await self.rest("PUT", path or self.path, body, headers=headers)
        return status, answer

    async def set(self, *permissions: Any, path: str = "") -> None:
        status, answer = await self.put(*permissions, path=path)
        assert status == 200, answer

    def role(self, name: str, permissions: int = 0, *holders: str) -> int:
        role = self.sandbox.world.add_role(self.sandbox.guild, name)
        role.permissions = permissions
        for holder in holders:
            self.sandbox.guild.members[self.sandbox.member(holder).id].roles.append(role.id)
        return role.id

    def may_use(self, who: str, channel: str = "general") -> bool:
        """Tell whether a member's client offers the command."""
        offered = self.sandbox.member(who).in_channel(channel).offered()
        return any(one["id"] == self.command["id"] for one in offered)


def entry(number: int, kind: int, permission: bool) -> dict[str, Any]:
    return {"id": str(number), "type": kind, "permission": permission}


@pytest.fixture
async def server(rest: Any, sandbox: Sandbox) -> Server:
    path = f"/applications/{sandbox.application_id}/commands"
    _, command, _ = await rest("POST", path, {"name": "a", "description": "a"})
    return Server(rest, sandbox, command)


async def test_permissions_that_are_set_are_listed_described_and_taken_back(server: Server) -> None:
    bob, rest = server.sandbox.member("bob").id, server.rest
    status, body, _ = await rest("GET", server.path)
    assert (status, body["code"]) == (404, 10066)
    assert (await rest("GET", f"{server.prefix}/permissions"))[1] == []
    await server.set((bob, USER, False))
    described = {
        "id": server.command["id"],
        "application_id": str(server.sandbox.application_id),
        "guild_id": str(server.guild),
        "permissions": [entry(bob, USER, False)],
    }
    assert (await rest("GET", server.path))[1] == described
    assert (await rest("GET", f"{server.prefix}/permissions"))[1] == [described]
    headers = {"Authorization": f"Bearer {server.token('bob', COMMAND_PERMISSIONS)}"}
    assert (await rest("GET", server.path, headers=headers))[1] == described
    await server.set()
    assert (await rest("GET", server.path))[1]["code"] == 10066


async def test_a_change_is_told_to_the_gateway_and_to_the_audit_log(
    server: Server, open_socket: Callable[..., Awaitable[Any]]
) -> None:
    bob = server.sandbox.member("bob").id
    await server.set((bob, USER, False))
    socket = await open_socket()
    await socket.receive()
    await socket.identify()
    await server.set((bob, USER, True), (server.guild, ROLE, False))
    told = (await socket.until("APPLICATION_COMMAND_PERMISSIONS_UPDATE"))["d"]
    assert (told["id"], told["permissions"][0]["permission"]) == (server.command["id"], True)
    written = server.sandbox.guild.audit_log[-1]
    assert (written.action, written.user_id) == (121, server.sandbox.member("alice").id)
    assert written.target_id == int(server.command["id"])
    assert written.options == {"application_id": str(server.sandbox.application_id)}
    assert written.changes == [
        {"key": str(bob), "old_value": entry(bob, USER, False), "new_value": entry(bob, USER, True)},
        {"key": str(server.guild), "new_value": entry(server.guild, ROLE, False)},
    ]


async def test_a_bot_cannot_set_permissions(server: Server) -> None:
    status, body, _ = await server.rest("PUT", server.path, {"permissions": []})
    assert (status, body["code"]) == (403, 20001)


async def test_a_token_needs_the_scope_for_permissions(server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.token('alice', 'identify')}"}
    for method in ("GET", "PUT"):
        status, body, _ = await server.rest(method, server.path, {"permissions": []}, headers=headers)
        assert (status, body["code"]) == (403, 50026)


async def test_only_who_manages_the_server_and_its_roles_sets_permissions(server: Server) -> None:
    assert (await server.put(who="bob"))[1]["code"] == 50013
    server.role("Halfway", int(Permission.MANAGE_GUILD), "bob")
    assert (await server.put(who="bob"))[1]["code"] == 50013
    server.role("All the way", int(Permission.MANAGE_ROLES), "bob")
    assert (await server.put(who="bob"))[0] == 200
    stranger = server.sandbox.world.add_user("dave")
    token = server.sandbox._discord.oauth2.issue(stranger, (COMMAND_PERMISSIONS,)).access
    headers = {"Authorization": f"Bearer {token}"}
    status, body, _ = await server.rest("PUT", server.path, {"permissions": []}, headers=headers)
    assert (status, body["code"]) == (403, 50001)


async def test_who_may_not_use_the_command_does_not_set_its_permissions(server: Server) -> None:
    held = Permission.MANAGE_GUILD | Permission.MANAGE_ROLES
    server.role("Managers", int(held), "bob")
    await server.set((server.sandbox.member("bob").id, USER, False))
    assert (await server.put(who="bob"))[1]["code"] == 50013


async def test_a_role_above_the_caller_is_out_of_reach(server: Server) -> None:
    low = server.role("Low", int(Permission.MANAGE_GUILD | Permission.MANAGE_ROLES), "bob")
    high = server.role("High")
    server.sandbox.guild.roles[high].position, server.sandbox.guild.roles[low].position = 9, 5
    assert (await server.put((high, ROLE, True), who="bob"))[1]["code"] == 50013
    assert (await server.put((low, ROLE, True), who="bob"))[1]["code"] == 50013
    assert (await server.put((server.guild, ROLE, True), who="bob"))[0] == 200


async def test_what_is_not_there_cannot_be_allowed(server: Server) -> None:
    assert (await server.put((5, ROLE, True)))[1]["code"] == 10011
    assert (await server.put((5, USER, True)))[1]["code"] == 10013
    assert (await server.put((5, CHANNEL, True)))[1]["code"] == 10003
    assert (await server.put(path=f"{server.prefix}/5/permissions"))[1]["code"] == 10063
    assert (await server.rest("GET", f"{server.prefix}/5/permissions"))[1]["code"] == 10063
    assert (await server.rest("GET", server.path))[1]["code"] == 10066


async def test_a_body_that_is_no_list_of_permissions_is_50035(server: Server) -> None:
    good = entry(server.guild, ROLE, True)
    for bad, place in (
        ({"type": 1, "permission": True}, "id"),
        (good | {"type": 4}, "type"),
        (good | {"permission": "perhaps"}, "permission"),
    ):
        _, body = await server.put(bad)
        assert list(body["errors"]["permissions"]["0"]) == [place]
    _, body = await server.put(good, good)
    assert body["errors"]["permissions"]["1"]["_errors"][0]["code"] == "SET_TYPE_ALREADY_CONTAINS_VALUE"
    _, body = await server.put(*(entry(number, USER, True) for number in range(1, 102)))
    assert body["errors"]["permissions"]["_errors"][0]["message"] == "Must be 100 or fewer in length."


async def test_a_command_takes_its_permissions_with_it(server: Server) -> None:
    await server.set((server.sandbox.member("bob").id, USER, False))
    path = f"/applications/{server.sandbox.application_id}/commands"
    assert (await server.rest("PUT", path, []))[0] == 200
    assert (await server.rest("GET", f"{server.prefix}/permissions"))[1] == []


async def test_a_denied_person_role_or_channel_cannot_use_the_command(server: Server) -> None:
    bob = server.sandbox.member("bob").id
    assert server.may_use("bob")
    await server.set((bob, USER, False))
    assert not server.may_use("bob")
    assert server.may_use("carol")
    await server.set((server.guild, ROLE, False))
    assert not server.may_use("carol")
    await server.set((server.sandbox.guild.channel("general").id, CHANNEL, False))
    assert (server.may_use("carol"), server.may_use("carol", "random")) == (False, True)
    assert server.may_use("alice")


async def test_a_role_or_person_outdoes_everyone_and_a_channel_all_channels(server: Server) -> None:
    helpers = server.role("Helpers", 0, "bob")
    await server.set((server.guild, ROLE, False), (helpers, ROLE, True))
    assert (server.may_use("bob"), server.may_use("carol")) == (True, False)
    await server.set((helpers, ROLE, False), (server.sandbox.member("bob").id, USER, True))
    assert server.may_use("bob")
    await server.set((server.guild - 1, CHANNEL, False), (server.sandbox.guild.channel("random").id, CHANNEL, True))
    assert (server.may_use("bob"), server.may_use("bob", "random")) == (False, True)


async def test_permissions_of_the_application_hold_for_commands_without_their_own(server: Server) -> None:
    bob = server.sandbox.member("bob").id
    whole = f"{server.prefix}/{server.sandbox.application_id}/permissions"
    await server.set((bob, USER, False), path=whole)
    assert not server.may_use("bob")
    await server.set((bob, USER, True))
    assert server.may_use("bob")


async def test_default_permissions_hold_until_a_permission_says_otherwise(server: Server) -> None:
    path = f"/applications/{server.sandbox.application_id}/commands/{server.command['id']}"
    await server.rest("PATCH", path, {"default_member_permissions": str(int(Permission.KICK_MEMBERS))})
    assert not server.may_use("bob")
    server.role("Kickers", int(Permission.KICK_MEMBERS), "bob")
    assert server.may_use("bob")
    await server.rest("PATCH", path, {"default_member_permissions": "0"})
    assert (server.may_use("bob"), server.may_use("alice")) == (False, True)
    await server.set((server.sandbox.member("bob").id, USER, True))
    assert server.may_use("bob")


async def test_an_age_restricted_command_needs_such_a_channel_even_of_the_owner(server: Server) -> None:
    path = f"/applications/{server.sandbox.application_id}/commands/{server.command['id']}"
    await server.rest("PATCH", path, {"nsfw": True})
    server.sandbox.guild.channel("random").nsfw = True
    assert (server.may_use("bob"), server.may_use("bob", "random")) == (False, True)
    assert not server.may_use("alice")


async def test_without_use_application_commands_there_is_no_command(server: Server) -> None:
    everyone = server.sandbox.guild.roles[server.guild]
    everyone.permissions &= ~int(Permission.USE_APPLICATION_COMMANDS)
    assert (server.may_use("bob"), server.may_use("alice")) == (False, True)
