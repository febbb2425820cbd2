"""What is printed passes on, and the secrets in it do not."""

from __future__ import annotations

import io

from chandelier_core.observe.log import Redactor
from chandelier_core.observe.printing import LONGEST_LINE, RedactedStream


def stream() -> tuple[RedactedStream, io.StringIO]:
    out = io.StringIO()
    return RedactedStream(out, Redactor(["s3cret-token"])), out


def test_a_secret_is_hidden_even_in_two_pieces():
    redacted, out = stream()
    print("the token is s3cret-", end="", file=redacted)
    print("token!", file=redacted)
    assert out.getvalue() == "the token is [secret]!\n"


def test_a_line_waits_for_its_end_and_is_not_lost_without_one():
    redacted, out = stream()
    redacted.write("first\nsecond")
    redacted.flush()
    assert out.getvalue() == "first\n"
    redacted.finish()
    assert out.getvalue() == "first\nsecond"


def test_what_has_no_end_is_passed_on_when_it_is_long():
    redacted, out = stream()
    redacted.write("." * (LONGEST_LINE + 1))
    assert len(out.getvalue()) == LONGEST_LINE + 1
