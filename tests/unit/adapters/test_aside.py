"""What fsck remembers aside."""

from sixfaces.adapters.fsck.aside import Aside


def test_what_was_added_is_there_and_new_only_once() -> None:
    seen = Aside()
    assert [seen.add("a"), seen.add("a"), seen.add("b")] == [True, False, True]
    assert "a" in seen
    assert "c" not in seen


def test_what_stands_beside_a_text_is_what_was_put_there_last() -> None:
    seen = Aside()
    seen.put("a", "1")
    seen.put("a", "2")
    assert (seen.get("a"), seen.get("b")) == ("2", None)


def test_texts_that_no_encoding_has_are_remembered_too() -> None:
    seen = Aside()
    assert seen.add("\ud800")
    assert "\ud800" in seen
    assert "\udc00" not in seen
