"""Whole commands: templates, options, triggers, rules, history, through the doors that people use."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest


async def keep(bot: Any, command: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
    """Keep a whole command over REST."""
    answer = await bot.api.put(f"/api/v1/guilds/{bot.guild_id}/custom/{command['name']}", json={"command": command})
    assert answer.status == status, answer.json
    return dict(answer.json)


def saying(name: str, content: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "messages": [{"content": content}], **more}


async def run(bot: Any, name: str, arguments: str = "") -> Any:
    return await bot.api.post(f"/api/v1/guilds/{bot.guild_id}/custom/{name}/run", json={"arguments": arguments})


async def test_a_template_is_worked_out_alike_at_each_door(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="greet", content="Hi {{ args[0] | capitalize }}, I am {{ server.name }}.")
    said = f"Hi Bob, I am {bot.sandbox.world.guild(bot.guild_id).name}."
    assert (await alice.say("!greet bob and more")).text == said
    assert (await alice.say("!custom greet bob")).text == said
    assert (await alice.slash("custom run", name="greet", arguments="bob")).text == said
    assert (await run(bot, "greet", "bob")).json["content"] == said


async def test_a_template_that_cannot_be_right_is_refused_at_each_door(bot):
    alice = bot.member("alice")
    told = "There is no object `usr`. Did you mean `user`?"
    assert (await alice.slash("custom add", name="wrong", content="{{ usr.name }}")).text == told
    path = f"/api/v1/guilds/{bot.guild_id}/custom"
    answer = await bot.api.post(path, json={"name": "wrong", "content": "{{ usr.name }}"})
    assert (answer.status, answer.json["detail"]) == (422, told)
    answer = await bot.api.put(
        f"{path}/wrong", json={"command": saying("wrong", "x", triggers=[{"kind": "regex", "text": "("}])}
    )
    assert answer.status == 422
    assert "The regular expression `(` cannot be read" in answer.json["detail"]
    answer = await bot.api.put(f"{path}/wrong", json={"command": {**saying("wrong", "x"), "colour": 1}})
    assert (answer.status, answer.json["detail"]) == (422, "`command.colour`: extra inputs are not permitted.")
    assert (await bot.api.get(f"{path}/wrong")).status == 404


async def test_typed_options_are_read_and_refused_by_name(bot):
    options = [{"name": "sides", "kind": "integer"}, {"name": "whom", "kind": "user", "required": False}]
    content = "{{ options.whom.mention | default: 'You' }}: {{ 1 | random: options.sides }} of {{ options.sides }}"
    await keep(bot, saying("roll", content, options=options))
    alice, bob = bot.member("alice"), bot.member("bob")
    assert (await alice.say("!roll 1")).text == "You: 1 of 1"
    assert (await alice.say(f"!roll 1 {bob.mention}")).text == f"{bob.mention}: 1 of 1"
    assert "`sides` must be a whole number." in (await alice.say("!roll many")).text
    assert "`sides` is missing. Write: <sides> [whom]" in (await alice.say("!roll")).text


async def test_aliases_are_names_and_are_taken(bot):
    await keep(bot, saying("rules", "Be kind.", aliases=["law", "Gesetz"]))
    alice = bot.member("alice")
    assert [(await alice.say(f"!{name}")).text for name in ("rules", "law", "GESETZ")] == ["Be kind."] * 3
    assert "`law` exists already" in (await alice.slash("custom add", name="law", content="x")).text
    answer = await bot.api.put(
        f"/api/v1/guilds/{bot.guild_id}/custom/other", json={"command": saying("other", "x", aliases=["rules"])}
    )
    assert answer.status == 409


async def test_embeds_buttons_and_several_messages_reach_discord_as_they_were_written(bot):
    first = {
        "content": "One", "embeds": [{"title": "T {{ 1 | plus: 1 }}", "description": "D", "colour": "#ff8800", "footer": "F",
                                      "author": "A", "fields": [{"name": "n", "value": "{{ user.name }}"}]}],
        "buttons": [[{"label": "Look", "url": "https://example.org/{{ 5 }}"}, {"label": "Press", "press": "more"}]],
    }  # fmt: skip
    await keep(bot, {"name": "rich", "messages": [first, {"content": "Two"}]})
    alice = bot.member("alice")
    reply = await alice.say("!rich")
    message = bot.sandbox.world.message(reply.channel_id, reply.message_id)
    (embed,) = message.embeds
    assert (embed["title"], embed["color"], embed["footer"]["text"], embed["author"]["name"]) == (
        "T 2",
        0xFF8800,
        "F",
        "A",
    )
    assert embed["fields"][0]["value"].startswith("alice")
    (row,) = message.components
    assert [(one["label"], one.get("url")) for one in row["components"]] == [
        ("Look", "https://example.org/5"),
        ("Press", None),
    ]
    assert (await alice.next_message()).text == "Two"


async def test_one_of_several_is_drawn(bot):
    messages = [{"content": word, "weight": weight} for word, weight in (("a", 1), ("b", 1), ("c", 100))]
    await keep(bot, {"name": "coin", "messages": messages, "pick": "random"})
    drawn = [(await run(bot, "coin")).json["content"] for _ in range(30)]
    assert "c" in drawn
    assert set(drawn) <= {"a", "b", "c"}


@pytest.mark.parametrize(
    ("trigger", "message", "said"),
    [
        ({"kind": "exact", "text": "Good Morning"}, "good morning", "said"),
        ({"kind": "starts", "text": "dear bot"}, "Dear bot, help", "said"),
        ({"kind": "contains", "text": "(pizza*"}, "I want (PIZZA* now", "said"),
        ({"kind": "regex", "text": r"ticket #(\d+)(x)?"}, "see Ticket #42 please", "said 42"),
        ({"kind": "exact", "text": "Cased", "case_sensitive": True}, "cased", None),
        ({"kind": "contains", "text": "Cased", "case_sensitive": True}, "so Cased it is", "said"),
        ({"kind": "regex", "text": "^only$"}, "not only", None),
    ],
)
async def test_a_message_triggers(bot, trigger, message, said):
    content = "said{% if matches.size > 1 %} {{ matches[1] }}{% endif %}"
    await keep(bot, saying("heard", content, triggers=[trigger]))
    alice = bot.member("alice")
    if said is None:
        assert await alice.say(message, expect=False, timeout_s=0.7) is None
    else:
        assert (await alice.say(message)).text == said
    await bot.api.delete(f"/api/v1/guilds/{bot.guild_id}/custom/heard")


async def test_what_is_remembered_is_each_ones_own_and_lasts(bot):
    await keep(bot, saying("count", "{% save user.n = vars.user.n | plus: 1 %}{% save server.n = vars.server.n | plus: 1 %}"
                                    "{{ vars.user.n }}/{{ vars.server.n }}"))  # fmt: skip
    alice, bob = bot.member("alice"), bot.member("bob")
    assert [(await one.say("!count")).text for one in (alice, alice, bob)] == ["1/1", "2/2", "1/3"]


async def test_a_cooldown_is_kept_in_the_database_and_one_of_two_at_once_gets_it(bot):
    await keep(bot, saying("slow", "Done {{ uses }}", cooldowns={"user_s": 60}))
    alice, bob = bot.member("alice"), bot.member("bob")
    answers = await asyncio.gather(alice.slash("custom run", name="slow"), alice.slash("custom run", name="slow"))
    texts = sorted(answer.text for answer in answers)
    assert texts[0] == "Done 1"
    assert texts[1].startswith("`slow` rests: try again in ")
    assert (await bob.say("!slow")).text == "Done 2"
    rows = await bot.db.rows(f"SELECT scope FROM custom.pause WHERE guild_id = {bot.guild_id}")
    assert [row["scope"] for row in rows] == ["user", "user"]
    told = (await alice.slash("custom why", name="slow")).text
    assert "does not answer" in told and "It rests for" in told


async def test_rules_decide_by_role_channel_and_permission_and_why_tells(bot):
    world = bot.sandbox.world
    guild = world.guild(bot.guild_id)
    role = world.add_role(guild, "friends")
    bob = bot.member("bob")
    await keep(bot, saying("secret", "Psst.", allow={"roles": [str(role.id)]}))
    refused = await bob.say("!secret")
    assert refused.text == "It is for some members and roles only, and you are none of them."
    assert "❌ It is for some members" in (await bob.slash("custom why", name="secret")).text
    world.give_role(guild, guild.members[bob.id], role)
    assert (await bob.say("!secret")).text == "Psst."
    assert "`secret` answers." in (await bob.slash("custom why", name="secret")).text
    await keep(bot, saying("secret", "Psst.", deny={"users": [str(bob.id)]}))
    assert "may not use it" in (await bob.say("!secret")).text
    await keep(bot, saying("secret", "Psst.", allow={"permission": "ban_members"}))
    assert (await bob.say("!secret")).text == "It needs the permission Ban Members."
    assert (await bot.member("alice").say("!secret")).text == "Psst."


async def test_a_command_that_is_off_says_so_and_keeps_its_name(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    await alice.slash("custom add", name="lamp", content="Light.")
    assert (await alice.slash("custom disable", name="lamp")).text == "`lamp` is off now."
    assert await bob.say("!lamp", expect=False, timeout_s=0.7) is None
    assert "switched off" in (await bob.slash("custom run", name="lamp")).text
    assert "exists already" in (await alice.slash("custom add", name="lamp", content="x")).text
    assert (await alice.slash("custom enable", name="lamp")).text == "`lamp` is on now."
    assert (await bob.say("!lamp")).text == "Light."


async def test_every_edit_is_kept_with_its_author_and_any_version_comes_back(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="song", content="one")
    for words in ("two", "three"):
        await alice.slash("custom edit", name="song", content=words)
    path = f"/api/v1/guilds/{bot.guild_id}/custom/song"
    listed = (await bot.api.get(f"{path}/history")).json["items"]
    assert [(one["version"], one["action"], one["author_id"]) for one in listed] == [
        (3, "edited", str(alice.id)), (2, "edited", str(alice.id)), (1, "created", str(alice.id))
    ]  # fmt: skip
    assert listed[0]["difference"] == '-   "content": "two"\n+   "content": "three"'
    assert "**3** edited by" in (await alice.slash("custom history", name="song")).text
    pages = [
        (await bot.api.get(f"{path}/history", params={"cursor": cursor, "limit": "1"})).json
        for cursor in ("3", "2", "1")
    ]
    assert [([one["version"] for one in page["items"]], page["next"]) for page in pages] == [
        ([2], "2"),
        ([1], None),
        ([], None),
    ]
    shown = await alice.slash("custom history", name="song")
    assert [button.label for button in shown.buttons] == ["Restore 2", "Restore 1"]
    assert (await alice.click(shown, "Restore 2")).text == "`song` is again as it was; that is its version 4."
    assert (await alice.say("!song")).text == "two"
    assert "is again as it was" in (await alice.slash("custom restore", name="song", version=1)).text
    assert (await alice.say("!song")).text == "one"
    assert "is not deleted" in (await alice.slash("custom restore", name="song")).text


async def test_a_deleted_command_comes_back_with_its_history_and_not_over_another(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="phoenix", content="ash")
    await alice.say("!phoenix")
    await alice.slash("custom delete", name="phoenix")
    gone = (await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/all/deleted")).json
    assert "phoenix" in [one["name"] for one in gone]
    await alice.slash("custom add", name="phoenix", content="another")
    assert "is not deleted" in (await alice.slash("custom restore", name="phoenix")).text
    await alice.slash("custom delete", name="phoenix")
    assert (await alice.slash("custom restore", name="phoenix")).text.startswith("`phoenix` is again as it was")
    assert (await alice.say("!phoenix")).text == "another"


async def test_examples_are_run_before_an_edit_is_accepted(bot):
    examples = [{"arguments": "2 3", "expect": "5"}]
    command = saying("sum", "{{ args[0] | plus: args[1] }}", examples=examples)
    await keep(bot, command)
    command["messages"][0]["content"] = "{{ args[0] | minus: args[1] }}"
    refused = await keep(bot, command, status=422)
    assert refused["detail"] == "Example 1 (`2 3`) expects `5` and got: -1"
    assert "Example 1" in (await bot.member("alice").slash("custom edit", name="sum", content="no")).text
    assert (await run(bot, "sum", "2 3")).json["content"] == "5"


async def test_a_preview_says_what_would_be_said_and_keeps_nothing(bot):
    alice = bot.member("alice")
    reply = await alice.slash("custom preview", content="Hi {{ user.display_name }} {{ text }}", arguments="there")
    assert (reply.text, reply.ephemeral) == ("Hi Ada there", True)
    answer = await bot.api.post(
        f"/api/v1/guilds/{bot.guild_id}/custom/all/preview", json={"command": saying("x", "{{ uses }}")}
    )
    assert [one["content"] for one in answer.json["messages"]] == ["1"]
    assert (await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/x")).status == 404


async def test_nobody_is_pinged_unless_the_command_may(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    loud = f"@everyone {bob.mention} <@&1> " + "{{ text }}"
    await keep(bot, saying("quiet", loud))
    await keep(bot, saying("loud", loud, mentions=["users"]))
    world = bot.sandbox.world
    for text in ("!quiet @here", "!loud @here"):
        reply = await alice.say(text)
        message = world.message(reply.channel_id, reply.message_id)
        pinged = [user.id for user in message.mentions]
        assert (message.mention_everyone, pinged) == (False, [bob.id] if "loud" in text else []), text


async def test_a_command_that_pings_everybody_is_made_by_who_may_do_that_alone(bot):
    path = f"/api/v1/guilds/{bot.guild_id}/custom/shout"
    world = bot.sandbox.world
    guild = world.guild(bot.guild_id)
    carol = bot.member("carol")
    managers = world.add_role(guild, "managers", 1 << 5)  # MANAGE_GUILD
    world.give_role(guild, guild.members[carol.id], managers)
    acting = bot.api.acting_as(carol)
    body = {"command": saying("shout", "@everyone", mentions=["everyone"])}
    refused = await acting.put(path, json=body)
    assert (refused.status, "Mention Everyone" in refused.json["detail"]) == (403, True), refused.json
    assert (await bot.api.put(path, json=body)).status == 200


async def test_a_template_that_fails_says_why_and_it_is_kept(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="loop", content="{% for a in (1..9999) %}{{ a }}{% endfor %}")
    reply = await alice.say("!loop")
    assert (
        reply.text == "`loop` could not be worked out. The template was stopped: its loops turn more than 5000 times."
    )
    shown = (await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/loop")).json
    assert "its loops turn more than 5000 times" in shown["last_error"]
    assert shown["uses"] == 0, "what was rolled back is no use"


async def test_two_who_change_one_version_do_not_undo_each_other(bot):
    await keep(bot, saying("shared", "one"))
    path = f"/api/v1/guilds/{bot.guild_id}/custom/shared"
    tag = (await bot.api.get(path)).headers["ETag"]
    assert (await bot.api.put(path, json={"command": saying("shared", "two")}, headers={"If-Match": tag})).status == 200
    late = await bot.api.put(path, json={"command": saying("shared", "three")}, headers={"If-Match": tag})
    assert late.status == 412
    assert (await bot.api.get(path)).json["content"] == "two"


async def test_an_answer_may_be_plain_private_or_a_reaction(bot):
    alice = bot.member("alice")
    await keep(bot, saying("here", "Plainly.", answer="here", reactions=["👍"]))
    message = await alice.say("!here")
    sent = bot.sandbox.world.message(message.channel_id, message.message_id)
    assert (sent.content, sent.reference) == ("Plainly.", None)
    await keep(bot, saying("private", "For you alone.", answer="dm"))
    assert (await alice.slash("custom run", name="private")).text == "I have written to you."
    assert (await alice.next_message()).text == "For you alone."
    await keep(bot, saying("whisper", "Psst.", ephemeral=True))
    assert (await alice.slash("custom run", name="whisper")).ephemeral


async def test_a_button_runs_the_command_that_has_its_word(bot):
    alice, bob = bot.member("alice"), bot.member("bob")
    messages = [{"content": "Press.", "buttons": [[{"label": "More", "press": "tell-more"}]]}]
    await keep(bot, {"name": "menu", "messages": messages})
    await keep(
        bot, saying("more", "More for {{ user.display_name }}.", triggers=[{"kind": "component", "text": "tell-more"}])
    )
    reply = await alice.say("!menu")
    answer = await bob.click(reply, "More")
    assert answer.text.casefold().startswith("more for bob")
    await bot.api.delete(f"/api/v1/guilds/{bot.guild_id}/custom/more")
    assert (await bob.click(reply, "More")).text == "This button does nothing any more."


async def test_a_reaction_triggers(bot):
    alice = bot.member("alice")
    await keep(bot, saying("thanks", "Thank you.", triggers=[{"kind": "reaction", "text": "🎉"}]))
    await alice.slash("custom add", name="target", content="React to me.")
    reply = await alice.say("!target")
    alice.react(reply, "🎉")
    assert (await alice.next_message()).text == "Thank you."


async def test_comings_and_goings_trigger_where_the_command_says(bot):
    channel = str(bot.member("alice").channel.id)
    await keep(bot, saying("welcome", "Welcome {{ user.name }}!", triggers=[{"kind": "join", "channel_id": channel}]))
    world = bot.sandbox.world
    world.add_member(world.guild(bot.guild_id), world.add_user("dave-who-comes"))
    assert (await bot.member("alice").next_message()).text == "Welcome dave-who-comes!"


async def test_a_schedule_runs_when_it_is_due_and_once_for_all_that_was_missed(bot):
    alice = bot.member("alice")
    trigger = {"kind": "interval", "every_s": 600, "channel_id": str(alice.channel.id)}
    await keep(bot, saying("tick", "Tick {{ uses }}.", triggers=[trigger]))
    bot.clock.advance(61)
    sql = f"SELECT until FROM custom.pause WHERE scope = 'schedule' AND guild_id = {bot.guild_id}"
    async with asyncio.timeout(20):
        while not await bot.db.rows(sql):
            await asyncio.sleep(0.05)
    bot.clock.advance(2400)
    assert (await alice.next_message(timeout_s=20)).text == "Tick 1."
    assert (await bot.api.get(f"/api/v1/guilds/{bot.guild_id}/custom/tick")).json["uses"] == 1


@pytest.mark.parametrize(
    ("trigger", "sentence"),
    [
        ({"kind": "cron", "text": "every day", "channel_id": "5"}, "is no line of cron"),
        ({"kind": "cron", "text": "* * * * *", "channel_id": "5"}, "is due more often than every five minutes"),
        ({"kind": "cron", "text": "0 8 * * *", "zone": "Mars/Olympus", "channel_id": "5"}, "is no time zone"),
        ({"kind": "interval", "channel_id": "5"}, "needs `every_s`"),
        ({"kind": "join"}, "needs a `channel_id`"),
        ({"kind": "regex", "text": ".*"}, "matches every message"),
        ({"kind": "contains"}, "needs a `text`"),
        ({"kind": "regex", "text": "a\\C"}, "matches half a letter"),
        ({"kind": "contains", "text": "a\0b"}, "holds a NUL character"),
    ],
)
async def test_a_trigger_that_cannot_work_is_refused(bot, trigger, sentence):
    refused = await keep(bot, saying("odd", "x", triggers=[trigger]), status=422)
    assert sentence in refused["detail"]


async def test_a_long_text_is_written_in_a_form_that_begins_with_what_is_there(bot):
    alice = bot.member("alice")
    form = await alice.slash("custom add", name="poem")
    assert (form.modal.title, [one.custom_id for one in form.modal.inputs]) == ("/custom add", ["content"])
    assert (await alice.submit(form, content="one\ntwo")).text.startswith("Added `poem`.")
    assert (await alice.slash("c", name="poem")).text == "one\ntwo"
    form = await alice.slash("custom edit", name="poem")
    assert form.modal.inputs[0]["value"] == "one\ntwo"
    assert (await alice.submit(form, content="{{ nope }}")).text.startswith("There is no object `nope`.")
    form = await alice.slash("custom edit", name="poem")
    await alice.submit(form, content="three")
    assert (await alice.say("!poem")).text == "three"
    refused = await bot.member("bob").slash("custom edit", name="poem")
    assert "You need the permission Manage Guild" in refused.text, "who may not is told so before writing anything"


async def test_a_failure_is_kept_with_its_reference(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="fails", content="{{ 1 | divided_by: 0 }}")
    await alice.say("!fails")
    told = (await alice.slash("custom why", name="fails")).text
    assert "It failed last: `fails` could not be worked out." in told
    assert "(reference " in told


async def test_a_whole_command_is_written_in_discord_too(bot):
    alice = bot.member("alice")
    form = await alice.slash("custom whole", name="rich")
    assert '"name": "rich"' in form.modal.inputs[0]["value"]
    text = '{"name": "rich", "aliases": ["wealthy"], "messages": [{"content": "{{ 2 | plus: 2 }}"}]}'
    assert (await alice.submit(form, command=text)).text == "`rich` is kept, as version 1."
    assert (await alice.say("!wealthy")).text == "4"
    assert (await alice.say('!custom whole rich {"name": "rich", "messages": [{"content": "poor"}]}')).text.endswith(
        "version 2."
    )
    assert (await alice.say("!rich")).text == "poor"
    assert "is no JSON" in (await alice.slash("custom whole", name="rich", command="{")).text
    told = (await alice.slash("custom whole", name="rich", command='{"name": "rich", "messages": []}')).text
    assert told.startswith("`command.messages`: list should have at least 1 item")


async def test_a_draft_does_nothing_until_it_is_published(bot):
    alice = bot.member("alice")
    await alice.slash("custom add", name="plan", content="old")
    text = '{"name": "plan", "messages": [{"content": "new"}], "examples": [{"expect": "new"}]}'
    assert (await alice.slash("custom draft", name="plan", command=text)).text.startswith("The draft of `plan` is kept")
    assert (await alice.say("!plan")).text == "old"
    form = await alice.slash("custom draft", name="plan")
    assert '"new"' in form.modal.inputs[0]["value"]
    path = f"/api/v1/guilds/{bot.guild_id}/custom/plan"
    assert (await bot.api.get(f"{path}/draft")).json["command"]["messages"][0]["content"] == "new"
    assert (await alice.slash("custom publish", name="plan")).text == "`plan` is kept, as version 2."
    assert (await alice.say("!plan")).text == "new"
    assert "There is no draft of `plan`" in (await alice.slash("custom publish", name="plan")).text
    assert (await bot.api.get(f"{path}/draft")).status == 404
    refused = await alice.slash("custom draft", name="plan", command=text.replace('"content": "new"', '"content": "x"'))
    assert "Example 1" in refused.text
    assert (await bot.api.put(f"{path}/draft", json={"command": text})).status == 200
    assert (await alice.slash("custom undraft", name="plan")).text == "The draft of `plan` is dropped."
