"""The log as people and programs read it."""

import asyncio


async def read_log(bot, **filters):
    """Read the log of this server; what was just used is written within moments."""
    await asyncio.sleep(0.3)
    response = await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/logging", params=filters)
    assert response.status == 200
    return response.json


async def test_every_use_is_one_row_from_every_surface(bot):
    alice = bot.member("alice")
    await alice.slash("ping")
    await alice.say("!ping")
    page = await read_log(bot, command="ping")
    assert [item["surface"] for item in page["items"]] == ["text", "slash"]
    assert {item["user_id"] for item in page["items"]} == {str(alice.id)}
    assert {item["status"] for item in page["items"]} == {"answered"}


async def test_a_refusal_is_logged_with_its_code(bot):
    await bot.member("alice").slash("custom run", name="nothing")
    (item,) = (await read_log(bot, outcome="refused"))["items"]
    assert (item["command"], item["code"], item["metadata"]) == ("custom run", "not_found", {"name": "nothing"})


async def test_the_log_is_read_page_by_page_without_a_row_twice(bot):
    alice = bot.member("alice")
    for _ in range(5):
        await alice.slash("ping")
    first = await read_log(bot, command="ping", limit="3")
    second = await read_log(bot, command="ping", limit="3", cursor=first["next"])
    assert len({item["id"] for item in first["items"] + second["items"]}) == 5
    assert second["next"] is None


async def test_a_foreign_cursor_is_refused(bot):
    response = await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/logging", params={"cursor": "nonsense"})
    assert response.status == 422


async def test_the_log_shows_one_person_on_request(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    await alice.slash("ping")
    await bob.slash("ping")
    page = await read_log(bot, user=str(bob.id))
    assert [item["user_id"] for item in page["items"]] == [str(bob.id)]


async def test_slash_log_answers_the_caller_alone(bot):
    alice = bot.member("alice")
    await alice.slash("ping")
    await asyncio.sleep(0.3)
    reply = await alice.slash("log")
    assert reply.ephemeral
    assert "`ping`, answered" in reply.text


async def test_the_operator_reads_what_happened_everywhere(bot):
    await bot.member("alice").in_direct_messages().slash("ping")
    await bot.api.get("/api/v1/ping")
    await asyncio.sleep(0.3)
    page = (await bot.api.get("/api/v1/logging/uses", params={"command": "ping", "limit": "2"})).json
    assert {(item["surface"], item["guild_id"]) for item in page["items"]} == {("slash", None), ("rest", None)}


async def test_a_member_does_not_read_what_happened_everywhere(bot):
    response = await bot.api.acting_as(bot.member("alice")).get("/api/v1/logging/uses")
    assert response.status == 403
