"""Reminders as people and programs ask for them. Limits and lists are a person's own: those tests name people of theirs."""

import re


def number_in(reply):
    """Read the reminder's number from the answer."""
    return int(re.search(r"reminder (\d+)", reply.text)[1])


async def test_a_reminder_comes_where_it_was_asked_for_and_mentions_its_owner(bot):
    alice = bot.member("alice")
    reply = await alice.slash("remind me", after="10s", text="stretch")
    assert re.match(r"I will remind you <t:\d+:R> \(<t:\d+:f>\): stretch", reply.text)
    bot.clock.advance(10)
    said = await alice.next_message(timeout_s=10)
    assert said.text.endswith(">>> stretch")
    assert said.channel_id == alice.channel.id
    message = bot.sandbox.world.message(said.channel_id, said.message_id)
    assert [user.id for user in message.mentions] == [alice.id]


async def test_text_takes_the_rest_of_the_line(bot):
    alice = bot.member("alice")
    reply = await alice.say("!remind me 10s stretch your legs")
    assert ": stretch your legs" in reply.text
    bot.clock.advance(10)
    assert (await alice.next_message(timeout_s=10)).text.endswith("stretch your legs")


async def test_a_reminder_asked_for_in_direct_messages_comes_there(bot):
    alice = bot.member("alice").in_direct_messages()
    await alice.slash("remind me", after="10s", text="in private")
    bot.clock.advance(10)
    said = await alice.next_message(timeout_s=10)
    assert said.text.endswith("in private")
    assert said.channel_id == alice.channel.id


async def test_a_reminder_asked_for_over_rest_comes_as_a_direct_message(bot):
    dana = bot.member("dana")
    asked = await bot.api.acting_as(dana).post("/api/v1/reminders", json={"after": "10s", "text": "over rest"})
    assert asked.status == 201
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", asked.json["due_at"])
    bot.clock.advance(10)
    said = await dana.next_message(timeout_s=10)
    assert said.text.endswith("over rest")
    assert said.channel_id == dana.in_direct_messages().channel.id


async def test_a_reminder_needs_somebody_to_remind(bot):
    response = await bot.api.post("/api/v1/reminders", json={"after": "10s", "text": "nobody"})
    assert response.status == 422


async def test_a_reminder_whose_answer_was_lost_is_said_once(bot):
    alice = bot.member("alice")
    await alice.slash("remind me", after="10s", text="once only")
    bot.sandbox.faults.fail(path_contains=f"/channels/{alice.channel.id}/messages", status=502, after_work=True)
    bot.clock.advance(10)
    assert (await alice.next_message(timeout_s=10)).text.endswith("once only")
    bot.clock.advance(60)
    await alice.slash("ping")
    assert [reply.text for reply in alice.unseen() if "once only" in reply.text] == []


async def test_a_late_reminder_says_so(bot):
    alice = bot.member("alice")
    await alice.slash("remind me", after="10s", text="late")
    bot.clock.advance(3 * 3600 + 20)
    assert "(this was due 3 h ago)" in (await alice.next_message(timeout_s=10)).text


async def test_a_reminder_pings_nobody_but_its_owner(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    await alice.slash("remind me", after="10s", text=f"@everyone {bob.mention}")
    bot.clock.advance(10)
    said = await alice.next_message(timeout_s=10)
    message = bot.sandbox.world.message(said.channel_id, said.message_id)
    assert not message.mention_everyone
    assert [user.id for user in message.mentions] == [alice.id]


async def test_a_cancelled_reminder_does_not_come(bot):
    erin = bot.member("erin")
    number = number_in(await erin.slash("remind me", after="10s", text="never"))
    reply = await erin.slash("remind cancel", reminder=number)
    assert reply.ephemeral
    assert reply.text == f"Cancelled reminder {number}: never"
    bot.clock.advance(20)
    await erin.slash("ping")
    assert [said.text for said in erin.unseen() if "never" in said.text] == []


async def test_somebody_elses_reminder_is_as_unknown_as_none(bot):
    number = number_in(await bot.member("alice").slash("remind me", after="1h", text="mine"))
    bob = bot.member("bob")
    theirs = await bob.slash("remind cancel", reminder=number)
    none = await bob.slash("remind cancel", reminder=999_999_999)
    assert theirs.text.replace(str(number), "N") == none.text.replace("999999999", "N")
    assert theirs.ephemeral


async def test_the_list_has_ones_own_soonest_first(bot):
    frank = bot.member("frank")
    await frank.slash("remind me", after="2h", text="second")
    await frank.slash("remind me", after="1h", text="first")
    reply = await frank.slash("remind list")
    assert reply.ephemeral
    assert re.findall(r": (first|second)", reply.text) == ["first", "second"]
    page = (await bot.api.acting_as(frank).get("/api/v1/reminders", params={"limit": "1"})).json
    assert [item["text"] for item in page["items"]] == ["first"]
    assert page["next"] is not None


async def test_ones_own_reminders_complete_themselves(bot):
    gina = bot.member("gina")
    number = number_in(await gina.slash("remind me", after="1h", text="water the plants"))
    choices = await gina.autocomplete("remind cancel", "reminder", "plants")
    assert [choice["value"] for choice in choices] == [number]


async def test_there_is_a_limit_for_each_person(bot):
    asking = bot.api.acting_as(bot.member("hugo"))
    answers = [await asking.post("/api/v1/reminders", json={"after": "1h", "text": str(n)}) for n in range(26)]
    assert [answer.status for answer in answers] == [201] * 25 + [409]


async def test_a_duration_that_cannot_be_read_is_explained(bot):
    reply = await bot.member("alice").say("!remind me soon stretch")
    assert "2h30m" in reply.text
