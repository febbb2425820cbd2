"""Custom commands as people and programs use them."""

import asyncio


async def test_a_command_that_was_added_answers_in_every_way(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="Hello", content="Hi there")
    assert (await alice.slash("custom run", name="hello")).text == "Hi there"
    assert (await alice.say("!hello")).text == "Hi there"
    assert (await alice.say("!custom HELLO")).text == "Hi there"
    response = await bot.api.post(f"/api/v1/guilds/{bot.guild_id}/custom/hello/run")
    assert response.json["content"] == "Hi there"
    assert response.json["uses"] == 4


async def test_a_name_can_be_added_once(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="one")
    reply = await alice.slash("custom add", name="HELLO", content="two")
    assert "exists already" in reply.text
    assert reply.ephemeral
    assert (await alice.say("!hello")).text == "one"


async def test_of_many_who_add_one_name_at_once_one_succeeds(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/custom"
    added = await asyncio.gather(*(bot.api.post(path, json={"name": "race", "content": str(n)}) for n in range(8)))
    assert sorted(response.status for response in added) == [201] + [409] * 7


async def test_uses_that_happen_at_once_are_all_counted(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/custom"
    await bot.api.post(path, json={"name": "hello", "content": "Hi"})
    await asyncio.gather(*(bot.api.post(f"{path}/hello/run") for _ in range(20)))
    assert (await bot.api.get(f"{path}/hello")).json["uses"] == 20


async def test_a_member_without_the_permission_may_run_and_not_add(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    await alice.slash("custom add", name="hello", content="Hi")
    assert (await bob.say("!hello")).text == "Hi"
    refused = await bob.slash("custom add", name="mine", content="no")
    assert refused.ephemeral
    response = await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/mine")
    assert response.status == 404


async def test_an_unknown_name_is_answered_with_the_nearest(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="Hi")
    reply = await alice.slash("custom run", name="helo")
    assert "Did you mean `hello`?" in reply.text
    assert reply.ephemeral


async def test_an_unknown_text_command_is_left_to_other_bots(bot):
    assert await bot.member("alice").say("!nothing-of-ours", expect=False, timeout_s=1) is None


async def test_a_word_of_its_own_is_no_name(bot):
    reply = await bot.member("alice").slash("custom add", name="list", content="Hi")
    assert "pick another name" in reply.text


async def test_edit_and_delete_do_what_they_say(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="Hi")
    await alice.slash("custom edit", name="Hello", content="Hi again")
    assert (await alice.say("!hello")).text == "Hi again"
    await alice.slash("custom delete", name="hello")
    assert "no custom command" in (await alice.slash("custom run", name="hello")).text


async def test_the_list_is_for_the_caller_alone_and_counts_uses(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="hello", content="Hi")
    await alice.say("!hello")
    reply = await alice.slash("custom list")
    assert reply.text == "Custom commands: `hello` (1 use)."
    assert reply.ephemeral


async def test_names_complete_themselves(bot):
    alice = bot.member("alice")
    for name in ("hello", "help-me", "bye"):
        await alice.slash("custom add", name=name, content="Hi")
    choices = await alice.autocomplete("custom run", "name", "HE")
    assert [choice["value"] for choice in choices] == ["hello", "help-me"]


async def test_a_custom_command_pings_nobody(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="loud", content="@everyone look")
    reply = await alice.say("!loud")
    message = bot.sandbox.world.message(reply.channel_id, reply.message_id)
    assert not message.mention_everyone


async def test_pages_over_rest_hold_every_command_once_in_order(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/custom"
    for number in range(7):
        await bot.api.post(path, json={"name": f"n{number}", "content": "Hi"})
    seen, cursor = [], None
    while True:
        page = (await bot.api.get(path, params={"limit": "3", **({"cursor": cursor} if cursor else {})})).json
        seen += [item["name"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [f"n{number}" for number in range(7)]


async def test_the_short_path_adds_and_lists(bot):
    added = await bot.api.post("/commands", json={"guild_id": str(bot.guild_id), "name": "hello", "content": "Hi"})
    assert added.status == 201
    listed = await bot.api.get("/commands", params={"guild_id": str(bot.guild_id)})
    assert [item["name"] for item in listed.json["items"]] == ["hello"]


async def test_what_does_not_fit_is_a_problem_that_names_the_option(bot):
    response = await bot.api.post(f"/api/v1/guilds/{bot.guild_id}/custom", json={"name": "a b", "content": "Hi"})
    assert response.status == 422
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert "1 to 32 letters" in response.text


async def test_one_server_does_not_see_what_another_has(bot):
    other = await bot.join("the other one of the front door")
    await bot.member("alice").slash("custom add", name="hello", content="Hi")
    stranger = bot.sandbox.member("carol", guild=other)
    assert await stranger.say("!hello", expect=False, timeout_s=1) is None
