"""Templates that nobody would write. As many as CHANDELIER_FUZZ says: 2,000 without it."""

from __future__ import annotations

import os
import time
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chandelier_custom.templates.language import FILTERS
from chandelier_custom.templates.limits import MOST_OUTPUT
from chandelier_custom.templates.objects import DOCUMENTED, sample
from chandelier_custom.templates.rendering import Rendering, TemplateFailed, check

MANY = int(os.environ.get("CHANDELIER_FUZZ", "2000"))
MARK = "{{ 7 | times: 191 }}"

VALUES = st.one_of(
    st.sampled_from([*DOCUMENTED, "x", "forloop.index", "(1..9)", "(1..99999999)", "args[0]",
                     "vars.user.x", "user.__class__", "text.size"]),
    st.integers(-(2**70), 2**70).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.text("abc{}%'|. \n\\", max_size=12).map(lambda text: '"' + text.replace('"', "") + '"'),
)  # fmt: skip
FILTERED = st.builds(
    lambda value, filters: " | ".join([value, *(f"{name}: {', '.join(given)}" if given else name for name, given in filters)]),
    VALUES, st.lists(st.tuples(st.sampled_from(FILTERS), st.lists(VALUES, max_size=2)), max_size=4),
)  # fmt: skip
LEAVES = st.one_of(
    st.text(max_size=20),
    FILTERED.map(lambda found: f"{{{{ {found} }}}}"),
    FILTERED.map(lambda found: f"{{% assign x = {found} %}}"),
    FILTERED.map(lambda found: f"{{% save user.x = {found} %}}"),
    st.sampled_from(["{% break %}", "{% continue %}", "{% cycle 'a','b' %}", "{% increment n %}", "{% else %}",
                     "{{", "%}", "{% raw %}"]),
)  # fmt: skip


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda value, body: f"{{% for x in {value} %}}{body}{{% endfor %}}", VALUES, inner),
        st.builds(lambda a, b, body: f"{{% if {a} == {b} %}}{body}{{% else %}}-{{% endif %}}", VALUES, VALUES, inner),
        st.builds(lambda body: f"{{% capture x %}}{body}{{% endcapture %}}{{{{ x }}}}", inner),
        st.builds(lambda one, two: one + two, inner, inner),
    )


TEMPLATES = st.one_of(st.recursive(LEAVES, _nested, max_leaves=12), st.text("{}%|. ifor'\"x1()", max_size=60))


@settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(TEMPLATES, st.text(max_size=30))
def test_no_template_does_harm(source: str, given_text: str):
    complaint = check(source)
    assert complaint is None or (
        complaint.endswith((".", "?")) and "Traceback" not in complaint and "\n" not in complaint
    )
    began = time.process_time()
    rendering = Rendering(sample(f"{MARK} {given_text}"), Random(1))
    try:
        said = rendering.render(source)
    except TemplateFailed as failed:
        assert failed.sentence.endswith((".", "?"))
        said = ""
    assert time.process_time() - began < 2, "the limit is 250 ms; the rest is for a busy machine"
    assert len(said) <= MOST_OUTPUT
    if "<class" not in source and "object at" not in source:
        assert "<class" not in said.replace(given_text, "") and " object at 0x" not in said
    assert "1337" not in said.replace(given_text, "") or "1337" in source or "7" in source, (
        "what people supply was worked out"
    )
