"""A file that a person sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from mimetypes import guess_type

from chandelier_sandbox.drafts.files import FILE_MOST_BYTES, safe_name
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.records import Attachment


@dataclass(frozen=True, slots=True)
class Upload:
    """A file: its name, what is in it, and what it is; the name tells where content_type is left out."""

    filename: str
    content: bytes = field(repr=False)
    content_type: str | None = None
    description: str | None = None

    def attachment(self, number: int) -> Attachment:
        """Make the attachment of this id; CannotSend for a file that is too large."""
        if len(self.content) > FILE_MOST_BYTES:
            most = FILE_MOST_BYTES // 1024 // 1024
            raise CannotSend(f"{self.filename} is too large: Discord takes files of at most {most} MiB here.")
        kind = self.content_type or guess_type(self.filename)[0] or "application/octet-stream"
        return Attachment(number, safe_name(self.filename), self.content, kind, self.description)
