"""What is said in Discord for an outcome."""

import hikari
import pytest

from chandelier import Outcome, Reply, Status
from chandelier_core.surfaces.rendering import cut, render


def answered(value, *, ephemeral=False):
    return render(Outcome(status=Status.ANSWERED, value=value, ephemeral=ephemeral))


@pytest.mark.parametrize(("length", "left"), [(1999, 1999), (2000, 2000), (2001, 2000), (50_000, 2000)])
def test_a_text_is_cut_to_what_one_message_takes(length, left):
    text = cut("x" * length)
    assert len(text) == left
    assert text.endswith("…") is (length > 2000)


@pytest.mark.parametrize("value", ["x" * 3000, Reply(text="x" * 3000)])
def test_an_answer_is_cut_too(value):
    assert len(answered(value).text) == 2000


def test_nothing_to_say_is_done_for_the_caller_only():
    assert (answered(None).text, answered(None).ephemeral) == ("Done.", True)


@pytest.mark.parametrize("value", ["", "  \n", Reply(), Reply(text=" ")])
def test_an_answer_without_a_visible_character_is_done(value):
    assert answered(value).text == "Done."


@pytest.mark.parametrize(("value", "text"), [("Hello.", "Hello."), (3, "3"), (False, "False"), (["a"], "['a']")])
def test_a_value_is_said_in_its_own_words(value, text):
    assert answered(value).text == text


@pytest.mark.parametrize("ephemeral", [True, False])
def test_an_answer_is_as_private_as_its_outcome(ephemeral):
    assert answered("x", ephemeral=ephemeral).ephemeral is ephemeral
    assert answered(Reply(text="x"), ephemeral=ephemeral).ephemeral is ephemeral


def test_embeds_need_no_text_and_number_ten_at_the_most():
    embeds = [hikari.Embed(title=str(number)) for number in range(12)]
    said = answered(Reply(embeds=[*embeds, "no embed"]))
    assert said.text == ""
    assert said.embeds == tuple(embeds[:10])
    assert said.fields()["content"] is hikari.UNDEFINED


def test_what_is_no_embed_is_left_out():
    assert answered(Reply(text="x", embeds=[{"title": "x"}])).embeds == ()


@pytest.mark.parametrize("status", [Status.REFUSED, Status.FAILED, Status.TIMED_OUT])
def test_whatever_is_no_answer_is_told_to_the_caller_only(status):
    said = render(Outcome(status=status, sentence="No.", ephemeral=False))
    assert (said.text, said.ephemeral) == ("No.", True)
    assert render(Outcome(status=status)).text == "That did not work."
    assert len(render(Outcome(status=status, sentence="x" * 3000)).text) == 2000


def test_nobody_is_pinged_unless_the_reply_names_them():
    assert answered("@everyone <@1>").fields() == {
        "content": "@everyone <@1>", "embeds": hikari.UNDEFINED, "components": hikari.UNDEFINED, "user_mentions": False,
        "role_mentions": False, "mentions_everyone": False,
    }  # fmt: skip
    assert answered(Reply(text="<@1>", mentions=[1])).fields()["user_mentions"] == [1]
