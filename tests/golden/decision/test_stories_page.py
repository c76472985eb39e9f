"""The page of stories says what the shipped table recommends."""

from tests.golden.decision.stories import STORIES
from tests.golden.decision.stories_page import PAGE, page


def test_the_page_of_stories_is_what_its_command_writes() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.golden.decision.stories_page"


def test_every_story_has_a_reason_that_cites_a_rule_of_the_domain() -> None:
    assert len({story.code for story in STORIES}) == 9
    for story in STORIES:
        found = story.recommended()
        assert any(cite.startswith("D") for cite in found.reasons[0].cites), story.code
