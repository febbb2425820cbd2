"""People click buttons and choose from menus, as Discord's client lets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chandelier_sandbox import CannotSend, Member, Overwrite, Permission, Sandbox
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.threads import start_thread
from chandelier_sandbox.records import Channel, ChannelKind, ThreadFacts

from .answering import V2, Answering, button, menu, row

LINK = {"type": 2, "style": 5, "label": "Docs", "url": "https://example.com/docs"}
SHOP = {"type": 2, "style": 6, "sku_id": "1234567890123456789"}
UPDATE = {"type": 7, "data": {"content": "Changed."}}


@pytest.fixture
def alice(sandbox: Sandbox) -> Member:
    return sandbox.member("alice")


@pytest.fixture
def bob(sandbox: Sandbox) -> Member:
    return sandbox.member("bob")


async def test_a_button_is_clicked_by_its_id_and_by_what_is_written_on_it(answering: Answering, bob: Member) -> None:
    shown = await answering.shows(row(button("go", "Go on"), button("stop", "Stop")))
    assert (await bob.click(shown, "go")).text == "ok"
    assert answering.data == {"custom_id": "go", "component_type": 2}
    await bob.click(shown, "Stop")
    assert answering.data["custom_id"] == "stop"
    assert answering.last["type"] == 3
    assert answering.last["message"]["id"] == str(shown)
    assert answering.last["member"]["user"]["id"] == str(bob.id)
    assert answering.last["channel_id"] == str(bob.channel.id)


async def test_buttons_inside_containers_and_sections_are_found(answering: Answering, alice: Member) -> None:
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "First"}],
        "accessory": button("inner", "Inner"),
    }
    container = {"type": 17, "components": [section, {"type": 14}, row(button("deep", "Deep"))]}
    shown = await answering.shows({"type": 10, "content": "Top"}, container, flags=V2)
    for wanted, custom_id in (("inner", "inner"), ("Deep", "deep")):
        await alice.click(shown, wanted)
        assert answering.data["custom_id"] == custom_id
    seen = alice.see(shown)
    assert seen.text == "Top\nFirst"
    assert [one.label for one in seen.buttons] == ["Inner", "Deep"]
    assert seen.custom_ids == ["inner", "deep"]


async def test_what_cannot_be_clicked_is_refused_with_a_sentence(answering: Answering, alice: Member) -> None:
    twins = row(button("a", "Same"), button("b", "Same"), button("off", disabled=True), LINK, SHOP)
    shown = await answering.shows(twins, row(menu("colour", "red", "blue")))
    for wanted, sentence in (
        ("off", "The button 'off' is disabled"),
        ("Docs", "https://example.com/docs"),
        ("Same", "by its custom id|by its id"),
        ("nothing", "no button 'nothing'.*a.*b.*off"),
        ("colour", "no button 'colour'|is a menu"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await alice.click(shown, wanted)
    with pytest.raises(CannotSend, match=r"no menu 'a'|is a button"):
        await alice.select(shown, "a", "red")
    assert answering.asked == []


async def test_a_button_with_nothing_but_an_emoji_is_clicked_by_it(answering: Answering, alice: Member) -> None:
    shown = await answering.shows(row(button("up", emoji={"id": None, "name": "👍"})))
    await alice.click(shown, "👍")
    assert answering.data["custom_id"] == "up"


async def test_an_answer_that_updates_the_message_is_seen_and_a_deleted_one_is_not(
    answering: Answering, rest: Any, alice: Member
) -> None:
    shown = await answering.shows(row(button("go")))
    answering.answers.append(UPDATE)
    assert (await alice.click(shown, "go")).message_id == shown
    assert alice.see(shown).text == "Changed."
    assert (await rest("DELETE", f"/channels/{alice.channel.id}/messages/{shown}"))[0] == 204
    with pytest.raises(LookupError, match=r"no.*message"):
        alice.see(shown)
    with pytest.raises(CannotSend, match=r"no.*message"):
        await alice.click(shown, "go")


async def test_a_message_for_one_person_is_out_of_reach_for_others(
    answering: Answering, alice: Member, bob: Member
) -> None:
    await answering.knows({"name": "secret", "description": "For you"})
    data = {"content": "psst", "flags": 64, "components": [row(button("mine"))]}
    answering.answers.append({"type": 4, "data": data})
    reply = await alice.slash("secret")
    assert reply.ephemeral
    with pytest.raises(CannotSend, match="bob does not see this message"):
        await bob.click(reply, "mine")
    with pytest.raises(LookupError, match="bob does not see this message"):
        bob.see(reply)
    assert (await alice.click(reply, "mine")).text == "ok"


async def test_who_does_not_see_the_channel_clicks_nothing_in_it(
    answering: Answering, sandbox: Sandbox, bob: Member
) -> None:
    shown = await answering.shows(row(button("go")))
    hidden = Overwrite(id=bob.id, kind=1, deny=int(Permission.VIEW_CHANNEL))
    bob.channel.overwrites.append(hidden)
    with pytest.raises(CannotSend, match="bob does not see #general"):
        await bob.click(shown, "go")


async def test_an_administrator_cannot_be_timed_out(answering: Answering, sandbox: Sandbox) -> None:
    dora = sandbox.member("dora", permissions=["ADMINISTRATOR"])
    sandbox.guild.members[dora.id].muted_until = sandbox.clock.now() + timedelta(hours=1)
    shown = await answering.shows(row(button("go")))
    assert (await dora.click(shown, "go")).text == "ok"


async def test_a_menu_takes_values_and_labels_and_keeps_its_defaults(answering: Answering, alice: Member) -> None:
    colour = menu("colour", "red", "blue", "green", min_values=1, max_values=2)
    colour["options"][1]["default"] = True
    shown = await answering.shows(row(colour))
    for given, sent in (("red", ["red"]), (["Red", "green"], ["red", "green"]), (None, ["blue"])):
        await alice.select(shown, "colour", given)
        assert answering.data == {"custom_id": "colour", "component_type": 3, "values": sent}


async def test_what_a_menu_does_not_take_is_refused_with_a_sentence(answering: Answering, alice: Member) -> None:
    shown = await answering.shows(
        row(menu("colour", "red", "blue", "green", min_values=1, max_values=2)),
        row(menu("off", "red", disabled=True)),
    )
    for wanted, values, sentence in (
        ("colour", ["red", "blue", "green"], "takes 1 to 2.*not 3"),
        ("colour", [], "takes 1 to 2.*not 0"),
        ("colour", None, "takes 1 to 2.*not 0"),
        ("colour", ["red", "Red"], "each (choice|value) once"),
        ("colour", "pink", "does not offer 'pink'; it offers Red, Blue, Green"),
        ("off", "red", "'off' is disabled"),
        ("none", "red", "no (button or )?menu 'none'"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await alice.select(shown, wanted, values)
    assert answering.asked == []


async def test_members_roles_and_channels_are_chosen_by_name_and_as_objects(
    answering: Answering, sandbox: Sandbox, alice: Member, bob: Member
) -> None:
    role, general = sandbox.world.add_role(sandbox.guild, "crew"), sandbox.guild.channel("general")
    more = {"max_values": 3, "min_values": 0}
    shown = await answering.shows(
        row({"type": 5, "custom_id": "who"} | more),
        row({"type": 6, "custom_id": "roles"} | more),
        row({"type": 7, "custom_id": "any"} | more),
        row({"type": 8, "custom_id": "where", "channel_types": [0]} | more),
    )
    people = {str(bob.id), str(alice.id)}
    await alice.select(shown, "who", [bob, "alice"])
    assert set(answering.data["resolved"]["users"]) == set(answering.data["resolved"]["members"]) == people
    await alice.select(shown, "roles", ["crew"])
    assert set(answering.data["resolved"]["roles"]) == {str(role.id)}
    await alice.select(shown, "any", [role, bob])
    assert set(answering.data["resolved"]) == {"roles", "users", "members"}
    assert answering.data["values"] == [str(role.id), str(bob.id)]
    await alice.select(shown, "where", ["#random", general])
    assert str(general.id) in answering.data["resolved"]["channels"]
    for wanted, section in (("who", None), ("roles", "roles"), ("any", None), ("where", "channels")):
        await alice.select(shown, wanted, [])
        assert answering.data["values"] == []
        assert section is None or answering.data["resolved"][section] == {}


async def test_what_cannot_be_chosen_is_refused_with_a_sentence(
    answering: Answering, sandbox: Sandbox, bob: Member
) -> None:
    sandbox.world.add_channel(sandbox.guild, "talk", ChannelKind.VOICE)
    hidden = sandbox.world.add_channel(sandbox.guild, "hidden")
    hidden.overwrites.append(Overwrite(id=sandbox.guild.id, kind=0, deny=int(Permission.VIEW_CHANNEL)))
    shown = await answering.shows(
        row({"type": 5, "custom_id": "who"}),
        row({"type": 6, "custom_id": "role"}),
        row({"type": 8, "custom_id": "where", "channel_types": [0]}),
    )
    for wanted, value, sentence in (
        ("who", "nobody", "none called 'nobody'"),
        ("role", "captain", "no role 'captain'"),
        ("where", "nowhere", "no channel 'nowhere'"),
        ("where", "talk", "another kind of channel than #talk"),
        ("where", "hidden", "bob does not see"),
    ):
        with pytest.raises(CannotSend, match=sentence):
            await bob.select(shown, wanted, value)
    assert answering.asked == []


async def test_what_is_chosen_from_the_start_is_sent_with_what_it_refers_to(
    answering: Answering, alice: Member, bob: Member
) -> None:
    preset = {"type": 5, "custom_id": "who", "default_values": [{"id": str(bob.id), "type": "user"}]}
    shown = await answering.shows(row(preset))
    await alice.select(shown, "who")
    assert answering.data["values"] == [str(bob.id)]
    assert str(bob.id) in answering.data["resolved"]["members"]


async def test_a_press_is_a_click_or_a_choice(answering: Answering, alice: Member) -> None:
    shown = alice.see(await answering.shows(row(button("go")), row(menu("colour", "red", "blue"))))
    assert (await alice.press(shown, "go")).text == "ok"
    await alice.press(shown, "colour", values=["red"])
    assert answering.data == {"custom_id": "colour", "component_type": 3, "values": ["red"]}
    with pytest.raises(CannotSend, match="no button or menu 'stop'"):
        await alice.press(shown, "stop")


async def test_components_work_in_direct_messages(answering: Answering, alice: Member) -> None:
    direct = alice.in_direct_messages()
    roles = {"type": 6, "custom_id": "role"}
    components = (row(button("go")), row({"type": 5, "custom_id": "who"}), row(roles))
    shown = await answering.shows(*components, channel=direct.channel)
    await direct.click(shown, "go")
    assert answering.last["context"] == 1
    assert answering.last["user"]["id"] == str(alice.id)
    assert "member" not in answering.last
    await direct.select(shown, "who", alice)
    assert set(answering.data["resolved"]) == {"users"}
    with pytest.raises(CannotSend, match="only be filled in a server"):
        await direct.select(shown, "role", "crew")
    news = await alice.next_message()
    await alice.click(news, "go")  # from the server, one still clicks where the message is
    assert answering.last["channel_id"] == str(direct.channel.id)


async def test_components_work_in_threads(answering: Answering, sandbox: Sandbox, alice: Member) -> None:
    now = sandbox.clock.now()
    facts = ThreadFacts(owner_id=alice.id, created_at=now, archive_moved_at=now)
    thread = Channel(sandbox.world.snowflakes.make(), "side", ChannelKind.PUBLIC_THREAD, thread=facts)
    start_thread(sandbox.world, alice.channel, thread, By(sandbox.world.users[alice.id]))
    shown = await answering.shows(row(button("go")), row({"type": 8, "custom_id": "where"}), channel=thread)
    there = alice.in_channel("side")
    await there.click(shown, "go")
    assert answering.last["channel"]["type"] == 11
    await there.select(shown, "where", "side")
    resolved = answering.data["resolved"]["channels"][str(thread.id)]
    assert resolved["parent_id"] == str(alice.channel.id)
    assert resolved["thread_metadata"]["archived"] is False
