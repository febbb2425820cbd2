"""The chat page in a real browser, beside a small bot: everything a person does there."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, FilePayload, Locator, Page, async_playwright, expect

from chandelier_sandbox import Sandbox
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Overwrite

from .chat_bot import PICTURE, ChatBot, running_chat_bot

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None and "CI" not in os.environ:
    pytest.skip("the chat page's tests need Chromium", allow_module_level=True)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=5_000)


@dataclass
class Stage:
    """A sandbox, its bot, a browser, and the pages of one test; each test has a channel of its own."""

    sandbox: Sandbox
    bot: ChatBot
    browser: Browser
    channel: Channel = field(init=False)
    complaints: list[str] = field(default_factory=list)
    kept: dict[str, Page] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.sandbox.port}/"

    @property
    def place(self) -> str:
        return f"{self.sandbox.guild.id}/{self.channel.id}"

    def _hear(self, said: ConsoleMessage) -> None:
        # Chromium notes every refusal of the sandbox; that the page shows it is what tests look at.
        if said.type in ("error", "warning") and not re.search("status of (422|504)", said.text):
            self.complaints.append(said.text)

    async def page(self, name: str = "alice") -> Page:
        """Give somebody's page, made when first asked for, in this test's channel."""
        if name not in self.kept:
            self.kept[name] = await self.new_page(name)
        page = self.kept[name]
        await page.locator("#servers").get_by_role("button", name=self.sandbox.guild.name).click()
        await page.locator(f'.channel[data-id="{self.channel.id}"]').click()
        await expect(page.locator("#header h2")).to_have_text(self.channel.name)
        return page

    async def new_page(self, name: str = "alice", *, width: int = 1280, dark: bool = False) -> Page:
        """Open a page of its own as somebody, in this test's channel."""
        self.sandbox.member(name)
        scheme = "dark" if dark else "light"
        context = await self.browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme)  # type: ignore[arg-type]
        context.set_default_timeout(5_000)
        page = await context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(f"{self.origin}#{name}/{self.place}")
        await expect(page.locator(".beginning h2")).to_be_visible()
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def theatre() -> AsyncIterator[Stage]:
    async with (
        Sandbox(rate_limits=False) as sandbox,
        running_chat_bot(sandbox) as bot,
        async_playwright() as playwright,
    ):
        assert CHROMIUM is not None, "CI is set, and there is no Chromium here; install it"
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Stage(sandbox, bot, browser)
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(theatre: Stage, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:60]
    theatre.channel = theatre.sandbox.world.add_channel(theatre.sandbox.guild, name)
    theatre.complaints.clear()
    theatre.bot.may_go_on.clear()
    yield theatre
    theatre.bot.may_go_on.set()
    kept = [page.context for page in theatre.kept.values()]
    for context in theatre.browser.contexts:
        if context not in kept:
            await context.close()
    assert theatre.complaints == [], "the browser complained"


def last(page: Page) -> Locator:
    """Return the newest message."""
    return page.locator(".message").last


def upload(name: str, kind: str, content: bytes) -> FilePayload:
    """Make a file to choose."""
    return {"name": name, "mimeType": kind, "buffer": content}


async def write(page: Page, text: str) -> None:
    """Type into the composer and send."""
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def use(page: Page, command: str) -> None:
    """Use a command that takes no options."""
    await page.get_by_label("Message", exact=True).press_sequentially(f"/{command} ")
    await expect(page.locator(".draft-name")).to_have_text(f"/{command}")
    await page.keyboard.press("Enter")


# Talking


async def test_a_message_is_sent_with_enter_and_seen_by_everybody(stage: Stage) -> None:
    alice, bob = await stage.page("alice"), await stage.page("bob")
    box = alice.get_by_label("Message", exact=True)
    await box.press_sequentially("first")
    await alice.keyboard.press("Shift+Enter")
    await box.press_sequentially("second")
    await expect(bob.locator(".typing")).to_have_text("Alice is typing…")
    await alice.keyboard.press("Enter")
    for page in (alice, bob):
        await expect(last(page).locator(".text")).to_have_text("first\nsecond", use_inner_text=True)
        await expect(last(page).locator(".heading .name")).to_have_text("Alice")
    await expect(bob.locator(".typing")).to_have_text("")
    await expect(box).to_have_value("")


async def test_markup_in_a_message_stays_text(stage: Stage) -> None:
    page = await stage.page()
    text = "<img src=x onerror=alert(1)> <b>no</b> [x](javascript:alert(2)) &amp;"
    await write(page, text)
    await expect(last(page).locator(".text")).to_have_text(text)
    assert await last(page).locator(".text").evaluate("node => node.children.length") == 0


async def test_marks_are_drawn_as_discord_draws_them(stage: Stage) -> None:
    page = await stage.page()
    bob = stage.sandbox.member("bob")
    await write(
        page,
        f"# Title\n**bold** *italic* __under__ ~~gone~~ `code` ||secret|| {bob.mention} <#{stage.channel.id}>\n"
        "> quoted\n- one\n  - two\n```py\nx < 1\n```https://example.org/a_b <t:0:R> <:smile:123456789012345678>",
    )
    text = last(page).locator(".text")
    for selector, shown in {
        "h3": "Title",
        "strong": "bold",
        "em": "italic",
        "u": "under",
        "s": "gone",
        "blockquote": "quoted",
        "li li": "two",
        "pre code": "x < 1",
        "a": "https://example.org/a_b",
        ".mention >> nth=0": "@Bob",
        ".mention >> nth=1": f"#{stage.channel.name}",
        ".emoji": ":smile:",
    }.items():
        await expect(text.locator(selector)).to_have_text(shown)
    await expect(text.locator("a")).to_have_attribute("rel", re.compile("noopener"))
    await expect(text.locator("time")).to_have_text(re.compile("years ago"))
    await expect(text.get_by_text("secret")).to_be_hidden()
    await text.locator(".spoiler").click()
    await expect(text.get_by_text("secret")).to_be_visible()


async def test_the_up_arrow_edits_the_last_own_message(stage: Stage) -> None:
    alice, bob = await stage.page("alice"), await stage.page("bob")
    await write(alice, "teh cat")
    await expect(last(alice).locator(".text")).to_have_text("teh cat")
    await alice.keyboard.press("ArrowUp")
    editor = alice.get_by_role("textbox", name="Edit message")
    await expect(editor).to_be_focused()
    await editor.fill("the cat")
    await alice.keyboard.press("Enter")
    await expect(last(bob).locator(".text")).to_have_text("the cat(edited)")
    await expect(alice.get_by_label("Message", exact=True)).to_be_focused()


async def test_a_reply_names_what_it_answers(stage: Stage) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("Who comes?")
    page = await stage.page()
    await last(page).hover()
    await page.locator(".tools").get_by_label("Reply").click()
    await expect(page.locator(".reply-bar")).to_have_text("Replying to Bob")
    await page.keyboard.type("I do")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".above")).to_contain_text("Bob")
    await expect(last(page).locator(".above-text")).to_have_text("Who comes?")
    await expect(page.locator(".reply-bar")).to_be_hidden()


async def test_a_reaction_is_added_and_taken_back_by_a_click(stage: Stage) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("Cake?")
    alice, bob = await stage.page("alice"), await stage.page("bob")
    await last(alice).hover()
    await alice.locator(".tools").get_by_label("Add reaction").click()
    await alice.get_by_role("menuitem", name="🎉").click()
    reaction = last(alice).locator(".reaction")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await expect(last(bob).locator(".reaction")).to_have_attribute("aria-pressed", "false")
    await alice.reload()
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await reaction.click()
    await expect(reaction).to_have_count(0)
    await expect(last(bob).locator(".reaction")).to_have_count(0)


async def test_files_are_sent_pictures_are_shown_and_others_are_cards(stage: Stage) -> None:
    page = await stage.page()
    picture = upload("dot.png", "image/png", PICTURE)
    notes = upload("notes.txt", "text/plain", b"12345")
    await page.locator("#composer input[type=file]").set_input_files([picture, notes])
    await expect(page.locator(".file-list .file-card")).to_have_count(2)
    await page.keyboard.press("Enter")
    image = last(page).locator(".attachments img")
    await expect(image).to_have_attribute("alt", "dot.png")
    await expect(image).to_have_js_property("naturalWidth", 1)
    await expect(last(page).locator(".file-card")).to_have_text("notes.txt5 bytes")
    await expect(page.locator(".file-list")).to_be_hidden()


async def test_a_page_sent_as_a_file_cannot_run_in_the_name_of_the_chat_page(stage: Stage) -> None:
    page = await stage.new_page()
    harmful = upload("x.html", "text/html", b"<p>here</p><script>document.title = 'ran'</script>")
    await page.locator("#composer input[type=file]").set_input_files([harmful])
    await page.keyboard.press("Enter")
    address = await last(page).locator(".file-card a").get_attribute("href")
    other = await page.context.new_page()
    await other.goto(f"{stage.origin.rstrip('/')}{address}")
    await expect(other.locator("p")).to_have_text("here")
    assert await other.title() != "ran"


async def test_a_deleted_message_goes_from_every_page(stage: Stage) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("Oops")
    alice, bob = await stage.page("alice"), await stage.page("bob")
    await expect(last(alice).locator(".text")).to_have_text("Oops")
    await last(bob).click(button="right")
    await bob.get_by_role("menuitem", name="Delete message").click()
    for page in (alice, bob):
        await expect(page.locator(".message")).to_have_count(0)


async def test_older_messages_are_loaded_on_the_way_up(stage: Stage) -> None:
    bob = stage.sandbox.member("bob", channel=stage.channel)
    for number in range(120):
        bob.post(f"line {number}")
    context = await stage.browser.new_context()
    page = await context.new_page()
    await page.goto(f"{stage.origin}#alice/{stage.place}")
    await expect(page.locator(".message")).to_have_count(50)
    await expect(last(page).locator(".text")).to_be_in_viewport()
    for most in (100, 120):
        await page.locator("#messages").evaluate("node => node.scrollTo(0, 0)")
        await expect(page.locator(".message")).to_have_count(most)
    await page.get_by_role("button", name="Jump to the present").click()
    await expect(last(page).locator(".text")).to_be_in_viewport()


# The bot


async def test_a_command_with_options_is_typed_with_the_keyboard_alone(stage: Stage) -> None:
    page = await stage.page()
    await page.keyboard.type("/ec")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.type("hello there")
    await page.keyboard.press("Tab")
    await page.keyboard.type("colour")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option")).to_have_text(["Red", "Green", "Blue"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.type("loud:fa")
    await page.keyboard.press("Tab")
    await page.keyboard.type("who:bo")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    bob = stage.sandbox.member("bob")
    await expect(last(page).locator(".text")).to_have_text(
        re.compile(rf"text='hello there' loud=False who=.*{bob.id}.* colour='G'")
    )
    await expect(last(page).locator(".above")).to_have_text("AAlice used /echo")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()


async def test_a_whole_line_is_read_into_options(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_label("Message", exact=True).fill("/echo text:two words count:3")
    await expect(page.locator(".chip")).to_have_count(2)
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_have_text("text='two words' count=3")


async def test_what_discords_client_would_not_send_is_refused_in_place(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_label("Message", exact=True).fill("/echo count:12")
    await expect(page.locator(".chip")).to_have_count(2)
    trouble = page.locator(".draft .trouble")
    await page.keyboard.press("Enter")
    await expect(trouble).to_have_text("text: This option is required.")
    await page.get_by_label("text: A text").fill("x")
    await page.keyboard.press("Enter")
    await expect(trouble).to_have_text("count: Takes 1 to 9; 12 does not fit.")
    await page.get_by_label("count: How often").fill("2")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_have_text("text='x' count=2")


async def test_an_option_is_completed_while_it_is_typed(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_label("Message", exact=True).press_sequentially("/town be")
    await expect(page.get_by_role("option")).to_have_text(["Bergen", "Bern"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("name: Where to")).to_have_value("Bern")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_have_text("Off to bern!")


async def test_a_command_of_moderators_is_offered_to_them_alone(stage: Stage) -> None:
    alice, bob = await stage.page("alice"), await stage.page("bob")
    for page, count in ((alice, 1), (bob, 0)):
        await page.keyboard.type("/ban")
        await expect(page.get_by_role("option", name="/ban")).to_have_count(count)
    await expect(bob.locator(".row-empty")).to_have_text("No command fits.")


async def test_a_file_is_given_to_a_command(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_label("Message", exact=True).press_sequentially("/keep ")
    notes = upload("notes.txt", "text/plain", b"12345")
    await page.locator(".chip input[type=file]").set_input_files([notes])
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_contain_text("notes.txt (5 bytes)")


async def test_a_button_is_pressed_with_the_keyboard(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "shop")
    await expect(last(page).locator(".button")).to_have_text(["Primary", "Secondary", "Success", "Danger", "Site"])
    await last(page).get_by_role("button", name="Success").focus()
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_have_text(re.compile("Chosen: buy-success"))
    await expect(last(page).locator(".button")).to_have_count(0)


async def test_several_values_of_a_menu_are_chosen_with_the_keyboard(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "shop")
    await last(page).get_by_role("combobox", name="Fruit").focus()
    await page.keyboard.press("Enter")
    for key in ("Enter", "ArrowDown", "ArrowDown", "Enter", "Escape"):
        await page.keyboard.press(key)
    await expect(last(page).locator(".text")).to_have_text(re.compile("Chosen: apple, cherry"))


async def test_a_member_is_chosen_from_a_menu(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "shop")
    await last(page).get_by_role("combobox", name="For whom?").click()
    await page.keyboard.type("bob")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".text")).to_have_text(re.compile(f"Chosen: {stage.sandbox.member('bob').id}"))


async def test_a_form_says_what_is_wrong_and_is_submitted(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "form")
    form = page.get_by_role("dialog", name="Introduce yourself")
    name = form.get_by_label("Your name")
    await expect(name).to_be_focused()
    await page.keyboard.type("A")
    await page.keyboard.press("Enter")
    await expect(form.get_by_text("Must be 2 or more in length.")).to_be_visible()
    await page.keyboard.type("da")
    await page.keyboard.press("Enter")
    await expect(form).to_have_count(0)
    await expect(last(page).locator(".text")).to_have_text("name: Ada / about: I like tea.")


async def test_a_private_answer_is_seen_by_one_person_and_can_be_dismissed(stage: Stage) -> None:
    alice, bob = await stage.page("alice"), await stage.page("bob")
    await use(alice, "hush")
    await expect(last(alice).locator(".text")).to_have_text("Just between us.")
    await write(alice, "Did you see that?")
    await expect(bob.locator(".message .text")).to_have_text(["Did you see that?"])
    await alice.reload()
    await alice.get_by_role("button", name="Dismiss message").click()
    await expect(alice.locator(".message .text")).to_have_text(["Did you see that?"])


async def test_a_slow_answer_is_announced_and_arrives(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "slow")
    await expect(last(page).locator(".thinking")).to_have_text("Chandelier is thinking…")
    stage.bot.may_go_on.set()
    await expect(last(page).locator(".text")).to_have_text("Here at last.")
    await expect(page.locator(".message")).to_have_count(1)


async def test_no_answer_is_said_with_its_reason(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "silent")
    await expect(last(page).locator(".thinking")).to_have_text("Sending /silent…")
    await page.get_by_role("button", name="+1 min").click()
    await expect(last(page).locator(".text")).to_contain_text("The application did not respond")
    await expect(last(page)).to_contain_text("It was asked: /silent")


async def test_an_embed_is_drawn_with_all_its_parts(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "card")
    embed = last(page).locator(".embed")
    for part, shown in {
        "author": "Met Office",
        "title": "The weather",
        "description": "Rain, mostly. Ask @Alice.",
        "field-name": ["Aarhus", "Bergen", "Cork", "Outlook"],
        "footer": re.compile(r"Measured twice • .*26"),
    }.items():
        await expect(embed.locator(f".embed-{part}")).to_have_text(shown)  # type: ignore[arg-type]
    await expect(embed.locator(".embed-image img")).to_have_js_property("naturalWidth", 1)
    await expect(embed).to_have_css("border-left-color", "rgb(46, 134, 222)")
    rows = [await one.bounding_box() for one in await embed.locator(".embed-field").all()]
    assert [row["y"] == rows[0]["y"] for row in rows if row and rows[0]] == [True, True, True, False]


async def test_a_layout_of_components_v2_is_drawn_and_its_button_works(stage: Stage) -> None:
    page = await stage.page()
    await use(page, "layout")
    box = last(page).locator(".container")
    await expect(box.locator("h4")).to_have_text("Order 12")
    await expect(box.locator(".section")).to_contain_text("Ready by January 15, 2027.")
    await expect(box.get_by_role("button", name="Accept")).to_be_enabled()


async def test_commands_of_menus_are_used_on_messages_and_members(stage: Stage) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("Well said")
    page = await stage.page()
    await last(page).click(button="right")
    await page.get_by_role("menuitem", name="Quote").click()
    await expect(last(page).locator(".text")).to_have_text("On: Well said")
    await page.locator("#members .member", has_text="Bob").click()
    await page.get_by_role("menuitem", name="Wave at").click()
    await expect(last(page).locator(".text")).to_have_text("On: bob")


async def test_typing_edits_and_deletions_of_the_bot_are_live(stage: Stage) -> None:
    page = await stage.page()
    await write(page, "!type")
    await expect(page.locator(".typing")).to_have_text("Chandelier is typing…")
    await write(page, "!change")
    await expect(last(page).locator(".text")).to_have_text("second words(edited)")
    await expect(page.locator(".typing")).to_have_text("")
    await write(page, "!vanish")
    await expect(page.locator(".message .text", has_text="gone soon")).to_have_count(1)
    stage.bot.may_go_on.set()
    await expect(page.locator(".message .text", has_text="gone soon")).to_have_count(0)


# Who and where


async def test_reload_keeps_person_and_place(stage: Stage) -> None:
    page = await stage.new_page("bob")
    await write(page, "I am here")
    await page.reload()
    await expect(page.locator(".self-names small")).to_have_text("bob")
    await expect(last(page).locator(".text")).to_have_text("I am here")
    await expect(page).to_have_title(f"#{stage.channel.name} · Sandbox")
    assert page.url.endswith(f"#bob/{stage.place}")


async def test_somebody_else_is_chosen_or_joins(stage: Stage) -> None:
    page = await stage.new_page("alice")
    await page.locator(".self").click()
    await page.get_by_role("dialog", name="Who are you?").get_by_role("button", name="Bob").click()
    await expect(page.locator(".self-names small")).to_have_text("bob")
    await page.locator(".self").click()
    await page.get_by_label("Name of a new person").fill("No Name")
    await page.keyboard.press("Enter")
    await expect(page.locator(".switcher .trouble")).to_contain_text("2 to 32")
    await page.get_by_label("Name of a new person").fill("newcomer")
    await page.keyboard.press("Enter")
    await expect(page.locator(".self-names small")).to_have_text("newcomer")
    await write(page, "Hello, I am new")
    await expect(last(page).locator(".heading .name")).to_have_text("Newcomer")
    await expect(page.locator("#members .member", has_text="Newcomer")).to_have_count(1)


async def test_a_new_channel_appears_and_is_gone_to(stage: Stage) -> None:
    page = await stage.new_page()
    added = stage.sandbox.world.add_channel(stage.sandbox.guild, "brand-new")
    await page.locator(".channel", has_text="brand-new").click()
    await expect(page.locator("#header h2")).to_have_text("brand-new")
    stage.sandbox.member("bob", channel=stage.channel).post("Come back")
    await expect(page.locator(".channel.unread")).to_have_text(stage.channel.name)
    await page.go_back()
    await expect(last(page).locator(".text")).to_have_text("Come back")
    stage.sandbox.world.remove_channel(stage.sandbox.guild, added)
    await expect(page.locator(".channel", has_text="brand-new")).to_have_count(0)


async def test_what_was_begun_in_a_channel_is_found_there_again(stage: Stage) -> None:
    page = await stage.page()
    await page.keyboard.type("half a sen")
    await page.locator(".channel", has_text="random").click()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("")
    await page.go_back()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("half a sen")


async def test_what_happens_elsewhere_closes_nothing_that_is_open(stage: Stage) -> None:
    page = await stage.new_page(width=360)
    await page.get_by_role("button", name="Servers and channels").click()
    stage.sandbox.world.add_channel(stage.sandbox.guild, "meanwhile")
    await expect(page.locator(".channel", has_text="meanwhile")).to_be_in_viewport()


async def test_a_channel_that_a_person_may_not_see_is_not_there(stage: Stage) -> None:
    hidden = stage.sandbox.world.add_channel(stage.sandbox.guild, "back-room")
    everyone = Overwrite(stage.sandbox.guild.id, 0, allow=0, deny=int(Permission.VIEW_CHANNEL))
    hidden.overwrites = [everyone]
    alice, bob = await stage.new_page("alice"), await stage.new_page("bob")
    await expect(alice.locator(".channel", has_text="back-room")).to_have_count(1)
    await expect(bob.locator(".channel", has_text="back-room")).to_have_count(0)
    await bob.goto(f"{stage.origin}#bob/{stage.sandbox.guild.id}/{hidden.id}")
    await expect(bob.locator("#header h2")).to_have_text("general")


async def test_a_message_that_is_refused_stays_in_the_composer_with_the_reason(stage: Stage) -> None:
    page = await stage.page("bob")
    silenced = Overwrite(stage.sandbox.guild.id, 0, allow=0, deny=int(Permission.SEND_MESSAGES))
    stage.channel.overwrites = [silenced]
    await write(page, "May I?")
    await expect(page.locator(".box > .trouble")).to_contain_text("bob")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("May I?")


async def test_direct_messages_with_the_bot_are_a_place_of_their_own(stage: Stage) -> None:
    page = await stage.page()
    await page.get_by_role("button", name="Direct messages").click()
    await expect(page).to_have_title("@Chandelier · Sandbox")
    await use(page, "hush")
    await expect(last(page).locator(".text")).to_have_text("Just between us.")


# Transcript, clock, connection


async def test_the_transcript_is_filtered_and_opened(stage: Stage) -> None:
    page = await stage.new_page()
    await page.get_by_role("button", name="Transcript", exact=True).click()
    await write(page, "!change")
    await expect(last(page).locator(".text")).to_contain_text("second words")
    await page.get_by_label("Filter the transcript").fill("patch")
    entry = page.locator(".entry").last
    await expect(entry.locator("summary")).to_contain_text("PATCH")
    await entry.locator("summary").click()
    await expect(entry.locator("pre")).to_contain_text('"content": "second words"')
    await expect(page.locator("#transcript")).not_to_contain_text(stage.sandbox.token)
    await page.get_by_label("Filter the transcript").fill("nothing like it")
    await expect(page.locator("#transcript .quiet")).to_have_text("Nothing fits the filter.")


async def test_a_button_moves_the_clock(stage: Stage) -> None:
    page = await stage.page()
    before = stage.sandbox.clock.offset_s
    minutes = round(before / 60) + 60
    await page.get_by_role("button", name="+1 hour").click()
    ahead = f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    await expect(page.locator(".clock-time small")).to_contain_text(f"{ahead} ahead")
    assert stage.sandbox.clock.offset_s - before == pytest.approx(3600)


async def test_the_page_says_that_the_bot_is_away_and_comes_back(stage: Stage) -> None:
    page = await stage.page()
    bar = page.locator("#bar")
    await expect(bar).to_be_hidden()
    stage.sandbox.drop_gateway()
    await expect(bar).to_have_text("The bot is not connected. Start it, and it will answer here.")
    await asyncio.wait_for(stage.sandbox.connected.wait(), 10)
    await expect(bar).to_be_hidden()


async def test_the_page_says_that_the_sandbox_is_away_and_comes_back_with_it(stage: Stage) -> None:
    context = await stage.browser.new_context()
    page = await context.new_page()  # what the browser says about broken lines is no complaint here
    bar = page.locator("#bar")
    async with Sandbox(rate_limits=False) as first:
        await page.goto(f"http://127.0.0.1:{first.port}/#alice")
        await write(page, "lost with this world")
        await expect(last(page).locator(".text")).to_have_text("lost with this world")
    await expect(bar).to_have_text("The sandbox is away. Trying to reach it again…")
    async with Sandbox(first.port, rate_limits=False):
        await expect(bar).to_have_text("The bot is not connected. Start it, and it will answer here.", timeout=10_000)
        await expect(page.locator(".message")).to_have_count(0)
        await write(page, "found again")
        await expect(last(page).locator(".text")).to_have_text("found again")


# To look at


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_text_can_be_read_in_light_and_dark(stage: Stage, dark: bool) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("See `this` and **that**")
    page = await stage.new_page(dark=dark)
    for selector in (
        ".message .text",
        ".message .sent",
        ".message .heading .name",
        ".channel >> nth=0",
        "#clock small",
    ):
        assert await contrast(page.locator(selector).first) >= 4.5, selector
    await page.get_by_role("button", name="Light colours" if dark else "Dark colours").click()
    assert await contrast(page.locator(".message .text")) >= 4.5
    await page.reload()
    await expect(page.get_by_role("button", name="Dark colours" if dark else "Light colours")).to_be_visible()


async def contrast(element: Locator) -> float:
    """Return the contrast of an element's text with what lies behind it."""
    colours: list[list[float]] = await element.evaluate(
        """node => {
            const rgb = (colour) => {
                const canvas = document.createElement("canvas").getContext("2d");
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            let behind = node;
            while (behind.parentElement && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
            return [rgb(getComputedStyle(node).color), rgb(getComputedStyle(behind).backgroundColor)];
        }"""
    )
    light, dim = sorted((luminance(one) for one in colours), reverse=True)
    return (light + 0.05) / (dim + 0.05)


def luminance(colour: list[float]) -> float:
    linear = [one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


async def test_nothing_runs_over_at_360_pixels(stage: Stage) -> None:
    stage.sandbox.member("bob", channel=stage.channel).post("a" * 300 + "\n```\n" + "b" * 300 + "\n```")
    page = await stage.new_page(width=360)

    async def fits() -> bool:
        return bool(await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))

    for command in ("card", "shop", "layout", "hush"):
        await use(page, command)
        await expect(last(page).locator(".above")).to_contain_text(command)
        assert await fits(), command
        wide = await page.locator("#messages").evaluate("node => node.scrollWidth > node.clientWidth")
        assert not wide, command
    await page.keyboard.type("/")
    await expect(page.get_by_role("option").first).to_be_in_viewport()
    assert await fits()
    await page.keyboard.press("Backspace")
    await page.get_by_role("button", name="Servers and channels").click()
    await expect(page.locator(".channel[aria-current]")).to_be_focused()
    await expect(page.get_by_role("button", name="+1 hour")).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await expect(page.locator("#sidebar")).to_be_hidden()
    await page.locator("#header").get_by_role("button", name="Members").click()
    await expect(page.locator("#members .member", has_text="Bob")).to_be_in_viewport()
    assert await fits()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Transcript", exact=True).click()
    assert await fits()
    await page.keyboard.press("Escape")
    await expect(page.locator("#transcript")).to_be_hidden()


async def test_the_page_may_load_nothing_from_elsewhere(stage: Stage) -> None:
    page = await stage.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await use(page, "card")
    await expect(last(page).locator(".embed-thumbnail a")).to_have_text("example.org")
    assert asked
    assert all(url.startswith(stage.origin) for url in asked), asked


def test_every_module_of_the_page_is_short() -> None:
    folder = Path(__import__("chandelier_sandbox").__file__ or "").parent / "page"
    lengths = {file.name: len(file.read_text().splitlines()) for file in folder.glob("*.js")}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 210} == {}
