"""plugins.toml: what it says, and where it is wrong."""

from textwrap import dedent

import pytest

from chandelier import Need
from chandelier_core.loading.plugins_file import line_of, nearest, read_plugins_file, resolve_secrets


@pytest.fixture
def read(tmp_path):
    """Write plugins.toml and read it."""

    def reader(text):
        path = tmp_path / "plugins.toml"
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return read_plugins_file(path)

    return reader


def told(findings):
    return [(finding.place.rpartition("plugins.toml")[2], finding.sentence, finding.remedy) for finding in findings]


def test_a_whole_file_is_read(read):
    file = read("""
        [host]
        text_prefix = "?"

        [plugins.ping]

        [plugins.custom]
        grants = ["message_content", "members"]
        rename = { custom = "tag" }

        [plugins.custom.config]
        most = 5
    """)
    assert (file.findings, file.plugin_findings) == ((), {})
    assert file.host.text_prefix == "?"
    custom = file.tables["custom"]
    assert custom.grants == [Need.MESSAGE_CONTENT, Need.MEMBERS]
    assert (custom.rename, custom.config) == ({"custom": "tag"}, {"most": 5})


def test_the_order_of_the_file_is_kept(read):
    text = "[plugins.zebra]\n[plugins.ant]\n[plugins.zebra.config]\n[plugins.mole]\n"
    assert list(read(text).tables) == ["zebra", "ant", "mole"]


def test_an_empty_file_lists_nothing(read):
    file = read("")
    assert (file.tables, file.findings, file.host.text_prefix) == ({}, (), "!")


def test_a_missing_file_is_told_with_what_to_write(tmp_path):
    file = read_plugins_file(tmp_path / "plugins.toml")
    (finding,) = file.findings
    assert finding.sentence == "there is no such file."
    assert "[plugins.ping]" in finding.remedy
    assert "CHANDELIER_PLUGINS" in finding.remedy


def test_a_folder_in_its_place_is_told(tmp_path):
    (finding,) = read_plugins_file(tmp_path).findings
    assert finding.sentence.startswith("it cannot be read: ")


def test_a_file_that_is_not_text_is_told(read):
    (finding,) = read(b"[host]\ntext_prefix = '\xff'\n").findings
    assert finding.sentence.startswith("it cannot be read: ")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[host]\ntext_prefix = \n", "line 2"),
        ("[plugins.ping\n", "line 1"),
        ("[host]\n\n[host]\n", "line 3"),
        ("[host]\na = 1\na = 2\n", "line 3"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(read, text, line):
    file = read(text)
    (finding,) = file.findings
    assert finding.sentence.startswith("it is not TOML: ")
    assert line in finding.sentence
    assert file.tables == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[host]\n\ntext_prefx = '?'\n",
         (", line 3", "[host] text_prefx: there is no such setting.", "Did you mean text_prefix?")),
        ("[host]\nzzz = 1\n", (", line 2", "[host] zzz: there is no such setting.", "There is: text_prefix.")),
        ("[host]\ntext_prefix = 'much too long'\n",
         (", line 2", "[host] text_prefix: a prefix has 1 to 8 characters without spaces, such as ! or ?.", "")),
        ("[host]\ntext_prefix = '/'\n",
         (", line 2", "[host] text_prefix: a prefix cannot begin with / @ # or <, nor end with a letter or digit.", "")),
        ("[hosts]\n", (", line 1", "there is no table hosts.", "Did you mean host?")),
        ("\n[plugin.ping]\n", (", line 2", "there is no table plugin.", "Did you mean plugins?")),
        ("stray = 1\n", (", line 1", "there is no table stray.", "There is: host, plugins.")),
        ("plugins = 3\n", (", line 1", "it must be a table.", "Write [plugins.ping].")),
    ],
)  # fmt: skip
def test_an_unknown_key_is_told_with_its_line_and_the_nearest_name(read, text, expected):
    assert told(read(text).findings) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[plugins.ping]\ngrant = []\n",
         (", line 2", "[plugins.ping] grant: there is no such setting.", "Did you mean grants?")),
        ('[plugins."ping"]\n"rename" = 3\n',
         (", line 2", "[plugins.ping] rename: input should be a valid dictionary.", "")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_one_plugin_stands_under_its_name(read, text, expected):
    file = read(text + "[plugins.custom]\n")
    assert file.findings == ()
    assert {name: told(findings) for name, findings in file.plugin_findings.items()} == {"ping": [expected]}
    assert list(file.tables) == ["ping", "custom"]


def test_a_grant_that_there_is_not_is_told_with_all_there_are(read):
    (finding,) = read("[plugins.ping]\n\ngrants = ['members', 'everything']\n").plugin_findings["ping"]
    assert finding.place.endswith("line 3")
    assert finding.sentence.startswith("[plugins.ping] grants: input should be 'message_content', 'members'")


def test_everything_that_is_wrong_is_told_at_once(read):
    file = read("[host]\nx = 1\n[plugins.a]\ny = 1\nrename = 1\n[plugins.b]\nz = 1\n[more]\n")
    assert len(file.findings) == 2
    assert {name: len(findings) for name, findings in file.plugin_findings.items()} == {"a": 2, "b": 1}


TEXT = """\
# [plugins.ping] is a comment
[plugins.ping]
most = 1
"quoted" = 2
config.deep = 3

[ plugins . 'ping' . config ]
  most= 4
[plugins.other]
most = 5
"""


@pytest.mark.parametrize(
    ("table", "key", "line"),
    [
        ("plugins.ping", "most", 3),
        ("plugins.ping", "quoted", 4),
        ("plugins.ping", "config", 5),
        ("plugins.ping.config", "most", 8),
        ("plugins.other", "most", 10),
        ("plugins.ping", "absent", 2),
        ("plugins.absent", "most", None),
        ("", "plugins", 2),
    ],
)
def test_a_key_is_found_in_its_own_table_and_else_the_tables_line(table, key, line):
    assert line_of(TEXT, table, key) == line


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("grnts", ["grants", "guilds"], "Did you mean grants?"),
        ("x", ["b", "a"], "There is: a, b."),
        ("x", [], "There is none."),
    ],
)
def test_the_nearest_word_is_guessed_and_else_all_are_listed(word, known, said):
    assert nearest(word, known) == said


def test_secrets_are_taken_from_the_environment_and_from_files_at_any_depth(tmp_path):
    file = tmp_path / "key"
    file.write_text("from-file\n")
    content = {"a": {"env": "A"}, "deep": {"b": {"file": str(file)}}, "plain": 1, "both": {"env": "A", "file": "x"}}
    resolved, secrets = resolve_secrets(content, "[plugins.x.config]", {"A": "from-environment"})
    assert resolved == {
        "a": "from-environment", "deep": {"b": "from-file"}, "plain": 1, "both": {"env": "A", "file": "x"},
    }  # fmt: skip
    assert sorted(secrets) == ["from-environment", "from-file"]


def test_a_secret_that_is_not_set_is_told_with_its_place():
    with pytest.raises(ValueError, match=r"^here\.key wants the environment variable NOPE, which is not set\.$"):
        resolve_secrets({"key": {"env": "NOPE"}}, "here", {})


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_secrets_file_that_cannot_be_read_is_told_with_its_place(tmp_path, content):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^here\.key wants the file .*key, which cannot be read\.$"):
        resolve_secrets({"key": {"file": str(file)}}, "here", {})
