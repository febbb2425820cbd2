"""The chat page with the real bot: what a newcomer does first."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from playwright.async_api import async_playwright, expect

from chandelier_sandbox.kit import Bot

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="the chat page needs Chromium")


async def test_a_reminder_asked_for_in_the_page_comes_when_its_clock_is_moved(bot: Bot) -> None:
    assert CHROMIUM is not None, "CI is set, and there is no Chromium here; install it"
    alice = bot.member("alice")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{bot.sandbox.port}/#{alice.name}/{bot.guild.id}/{alice.channel.id}")
        await page.get_by_label("Message", exact=True).fill("/remind me after:1h text:water the plants")
        await expect(page.locator(".chip")).to_have_text(["after", "text"])
        await page.keyboard.press("Enter")
        said = page.locator(".message .text")
        await expect(said).to_have_text(re.compile("I will remind you in (1 hour|59 minutes)"))
        await page.get_by_role("button", name="+1 hour").click()
        await expect(said.last).to_have_text(re.compile(r"@Alice.*, your reminder from .*water the plants", re.DOTALL))
        await browser.close()
