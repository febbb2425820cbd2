"""The tag ``{% save user.points = points | plus: 1 %}``: what a command remembers, collected while it runs."""

from __future__ import annotations

import re
from typing import Any, TextIO

from liquid import RenderContext
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression
from liquid.exceptions import LiquidSyntaxError
from liquid.stream import TokenStream
from liquid.tag import Tag
from liquid.token import TOKEN_ASSIGN, TOKEN_DOT, TOKEN_TAG, TOKEN_WORD, Token

from chandelier_custom.templates.limits import LimitReached

OWNERS = ("user", "server", "channel")
MOST_SAVED = 10
LONGEST_VALUE = 500
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")


class SaveNode(Node):
    """Evaluates, and remembers for whoever has asked for the rendering."""

    __slots__ = ("expression", "name", "owner")

    def __init__(self, token: Token, owner: str, name: str, expression: FilteredExpression) -> None:
        super().__init__(token)
        self.owner, self.name, self.expression = owner, name, expression

    def __str__(self) -> str:
        return f"{{% save {self.owner}.{self.name} = {self.expression} %}}"

    def render_to_output(self, context: RenderContext, _buffer: TextIO) -> int:
        """Keep the value."""
        value = self.expression.evaluate(context)
        if not isinstance(value, bool | int | float):
            value = "" if value is None else str(value)
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise LimitReached(f"what it saves has more than {LONGEST_VALUE} characters")
        context.tag_namespace["chandelier"].save(self.owner, self.name, value)
        return 0

    def expressions(self) -> list[Any]:
        """Give what is evaluated, for the analysis."""
        return [self.expression]


class SaveTag(Tag):
    """Reads the tag."""

    name = "save"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Read ``owner.name = expression``."""
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token, eat=False)
        owner, name = self._target(tokens, token)
        tokens.eat(TOKEN_ASSIGN)
        return SaveNode(token, owner, name, FilteredExpression.parse(self.env, tokens))  # type: ignore[arg-type]

    def _target(self, tokens: TokenStream, token: Token) -> tuple[str, str]:
        words = []
        for kind in (TOKEN_WORD, TOKEN_DOT, TOKEN_WORD):
            if tokens.current.kind == kind:
                words.append(str(tokens.current.value))
                next(tokens)
        owner, name = (words[0], words[-1]) if len(words) == 3 else ("", "")
        if owner not in OWNERS or not _NAME.fullmatch(name):
            raise LiquidSyntaxError(
                "save takes user., server. or channel. and a name, such as {% save user.points = 1 %}", token=token
            )
        return owner, name
