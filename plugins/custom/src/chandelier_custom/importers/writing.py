"""Writing Liquid: words that say themselves, code, and values that are needed twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: What would end or begin a tag inside a text in quotes.
_UNQUOTABLE = re.compile(r"\{\{|\}\}|\{%|%\}")
#: What keeps a value and says nothing.
_KEPT = re.compile(
    r"\{% assign .*?%\}|\{% capture (\w+) %\}.*?\{% endcapture %\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL
)
#: Liquid says nothing where a block holds nothing but blanks; there they have to be values.
_OPENING = ("{% if ", "{% else ", "{% for ", "{% when ", "{% capture ")
_LAST_BRACE = "{{ '{' }}"


@dataclass(slots=True)
class Writing:
    """A template that is being written, from the left to the right."""

    parts: list[str] = field(default_factory=list)
    names: int = 0
    _words: str = ""

    def say(self, words: str) -> None:
        """Write words that say themselves."""
        self._words += words

    def put(self, code: str) -> None:
        """Write Liquid."""
        self._flush(before_code=True)
        self.parts.append(code)

    def value(self, expression: str) -> None:
        """Write what says a value."""
        self.put("{{ " + expression + " }}")

    def fresh(self) -> str:
        """Give a name that no other value has."""
        self.names += 1
        return f"t{self.names}"

    def assign(self, expression: str) -> str:
        """Keep a value; give its name."""
        name = self.fresh()
        self.put(f"{{% assign {name} = {expression} %}}")
        return name

    def text(self, words: str) -> str:
        """Give the expression of a text, keeping it first where quotes cannot hold it."""
        for mark in "'\"":
            if mark not in words and not _UNQUOTABLE.search(words):
                return f"{mark}{words}{mark}"
        name = self.fresh()
        self.put(f"{{% capture {name} %}}")
        self.say(words)
        self.put("{% endcapture %}")
        return name

    def mark(self) -> tuple[int, int, str]:
        """Give where the writing stands."""
        return len(self.parts), self.names, self._words

    def back_to(self, mark: tuple[int, int, str]) -> None:
        """Take back what was written since."""
        count, self.names, self._words = mark
        del self.parts[count:]

    def spoken(self) -> list[str]:
        """Give what has been written so far that may say something: all but what keeps values."""
        return [*(part for part in _KEPT.sub("", "".join(self.parts)).split("\n")), self._words]

    def finish(self) -> str:
        """Give the template."""
        self._flush(before_code=False)
        return "".join(self.parts)

    def _flush(self, *, before_code: bool) -> None:
        if self._words:
            blanks = self._words.isspace() and "\n" not in self._words
            if blanks and self.parts and self.parts[-1].startswith(_OPENING):
                self.parts.append(f"{{{{ '{self._words}' }}}}")
            else:
                self.parts.append(literally(self._words, before_code=before_code))
            self._words = ""


def literally(words: str, *, before_code: bool = False) -> str:
    """Write words so that they say themselves, whatever braces are in them."""
    opening = r"\{(?=[{%])" if not before_code else r"\{(?=[{%]|$(?!\n))"
    found = len(re.findall(opening, words))
    if found > 2 and "endraw" not in words:
        return f"{{% raw %}}{words}{{% endraw %}}"
    return re.sub(opening, lambda _: _LAST_BRACE, words) if found else words
