"""What happens when a place is closed, a server is left, or a person wants to be forgotten."""

import asyncio

from chandelier_reminders import plugin


async def test_a_closed_channel_is_made_up_for_by_a_direct_message(bot):
    alice = bot.member("alice")
    await alice.slash("remind me", after="10s", text="through the back door")
    bot.sandbox.faults.fail(path_contains=f"/channels/{alice.channel.id}/messages", status=403)
    bot.clock.advance(10)
    said = await alice.next_message(timeout_s=10)
    assert said.text.endswith("through the back door")
    assert said.channel_id == alice.in_direct_messages().channel.id


async def test_a_reminder_that_can_go_nowhere_stays_in_the_list_with_the_reason(bot):
    liam = bot.member("liam")
    await liam.slash("remind me", after="10s", text="nowhere")
    direct = liam.in_direct_messages()
    for channel in (liam.channel, direct.channel):
        bot.sandbox.faults.fail(path_contains=f"/channels/{channel.id}/messages", status=403)
    bot.clock.advance(10)
    text = await shown_when(liam, "not delivered")
    assert "I may not write there, nor to you directly" in text


async def test_leaving_a_server_turns_its_reminders_into_direct_messages(bot):
    mona = bot.member("mona")
    await mona.slash("remind me", after="10s", text="still wanted")
    await plugin.guild_left(bot.guild_id)
    bot.clock.advance(10)
    said = await mona.next_message(timeout_s=10)
    assert said.text.endswith("still wanted")
    assert said.channel_id == mona.in_direct_messages().channel.id


async def test_an_erased_person_is_reminded_of_nothing(bot):
    nina = bot.member("nina")
    await nina.slash("remind me", after="1h", text="forget me")
    (exported,) = (await plugin.user_exported(nina.id))["reminders"]
    assert exported["text"] == "forget me"
    await plugin.user_erased(nina.id)
    assert await plugin.user_exported(nina.id) is None
    assert "no reminders" in (await nina.slash("remind list")).text


async def shown_when(member, words):
    """Ask for the list until it says so."""
    for _ in range(80):
        text = (await member.slash("remind list")).text
        if words in text:
            return text
        await asyncio.sleep(0.1)
    raise AssertionError(f"the list never said {words!r}: {text}")
