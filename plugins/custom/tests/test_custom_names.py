"""Names and cursors of custom commands."""

import pytest

from chandelier import BadOption
from chandelier_custom.names import check_name, fits, fold_name, from_cursor, nearest, to_cursor


@pytest.mark.parametrize("name", ["hello", "Hello-World", "a", "x" * 32, "grüße", "日本", "नमस्ते", "42", "_-_"])
def test_letters_of_any_script_digits_and_dashes_may_be_a_name(name):
    assert check_name(name, ()) == fold_name(name)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "x" * 33, "!hello", "a/b", "<@1>", "a\0", "\u0301a", "ß" * 17, "a\u200bb", "🙂"]
)
def test_everything_else_is_refused_with_the_rule(name):
    with pytest.raises(BadOption, match="1 to 32 letters") as refusal:
        check_name(name, ())
    assert refusal.value.option == "name"


def test_a_reserved_word_is_refused_whatever_its_case():
    with pytest.raises(BadOption, match="pick another name"):
        check_name("LIST", {"list"})


@pytest.mark.parametrize(
    ("one", "other"), [("Hello", "hELLO"), ("STRASSE", "straße"), ("É", "e\u0301"), (" hi ", "hi")]
)
def test_spellings_that_people_take_for_one_are_one(one, other):
    assert fold_name(one) == fold_name(other)


def test_a_folded_name_stays_as_it_is():
    for name in ("İstanbul", "ǅ", "ŉ", "ﬁn"):
        assert fold_name(fold_name(name)) == fold_name(name)
        assert fits(fold_name(name))


def test_the_nearest_name_is_found_and_a_far_one_is_not():
    assert nearest("helo", ["hello", "bye"]) == "hello"
    assert nearest("zzz", ["hello", "bye"]) is None


def test_a_cursor_comes_back_as_the_name_it_was_made_of():
    assert from_cursor(to_cursor("grüße")) == "grüße"


@pytest.mark.parametrize("cursor", ["", "%", "é", "AAAA", "a", "YSBi", "=" * 9])
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(BadOption) as refusal:
        from_cursor(cursor)
    assert refusal.value.option == "cursor"
