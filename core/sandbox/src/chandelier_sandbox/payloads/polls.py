"""Polls as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.records import Poll


def poll_json(poll: Poll, viewer_id: int) -> JsonObject:
    """Describe a poll as somebody sees it (Discord: Poll, Poll Object)."""
    counts = [
        {"id": answer_id, "count": len(voters), "me_voted": viewer_id in voters}
        for answer_id, voters in sorted(poll.votes.items())
        if voters
    ]
    return {
        "question": {"text": poll.question},
        "answers": poll.answers,
        "expiry": timestamp(poll.expires_at),
        "allow_multiselect": poll.multiselect,
        "layout_type": poll.layout,
        "results": {"answer_counts": counts, "is_finalized": poll.finalized},
    }
