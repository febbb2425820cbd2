"""What a server may choose as the prefix of its text commands."""

import pytest

from chandelier import BadOption
from chandelier_core.guilds.settings import check_prefix


@pytest.mark.parametrize("prefix", ["!", "?", "$$", "bot!", "hey,", "!" * 8, "§", "🕯", "~>", "1.", "_", "!/"])
def test_a_prefix_that_people_can_type_is_taken(prefix):
    check_prefix(prefix)


@pytest.mark.parametrize("prefix", ["", " ", "! ", "a !", "!" * 9, "!\n", "\u200b", "\x00", "!\t!", "\u00a0"])
def test_a_prefix_that_is_too_long_or_cannot_be_seen_is_refused(prefix):
    with pytest.raises(BadOption, match="has 1 to 8 characters without spaces") as caught:
        check_prefix(prefix)
    assert caught.value.option == "prefix"


@pytest.mark.parametrize("prefix", ["/", "@bot!", "#!", "<!", "bot", "!a", "b2", "!é", "!٣"])
def test_a_prefix_that_discord_or_words_would_take_is_refused(prefix):
    with pytest.raises(BadOption, match="cannot begin with / @ # or <, nor end with a letter or digit") as caught:
        check_prefix(prefix)
    assert caught.value.option == "prefix"
