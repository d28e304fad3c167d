import pytest

from gantry_edge.accounts.names import clean_name, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ada"),
        (" ada ", "ada"),
        ("straße", "STRASSE"),
        ("ﬁona", "Fiona"),
        ("Ａｄａ", "ada"),
        ("Ame\u0301lie", "amélie"),
        ("a\u200dda", "ada"),
    ],
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "name", ["", "   ", "a\x00b", "a\nb", "a\u202eb", "a\ufeffb", "\u200d", "x" * 65, "a\u2028b", "a\ud800"]
)
def test_such_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        clean_name(name)


@pytest.mark.parametrize("name", ["Ada Lovelace", "李小龍", "مریم\u200cها", "ada@example.org", "x" * 64])
def test_such_names_are_taken(name: str) -> None:
    assert clean_name(f" {name} ") == name
