"""docs/stories.md, made of the stories and what the shipped table recommends for them:

python -m tests.golden.decision.stories_page
"""

import json
from collections.abc import Iterator
from pathlib import Path

from sixfaces.domain.answer import Answer
from sixfaces.domain.decision import Recommendation
from tests.golden.decision.stories import STORIES, Story

PAGE = Path(__file__).resolve().parents[3] / "docs" / "stories.md"
HEAD = """# Stories: what is recommended, and why 裁定示例

Nine claims as they happen, with what the [decision table](claims.md#the-recommendation) recommends for each. A test
puts each of them in by the API and compares the answer with this page, which
`python -m tests.golden.decision.stories_page` writes.
"""
_STANDS = {Answer.MET: "stands", Answer.NOT_MET: "fails", Answer.CANNOT_TELL: "not known"}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for story in STORIES for line in told(story, story.recommended()))])


def told(story: Story, found: Recommendation) -> Iterator[str]:
    """One story."""
    refund = f"{found.refund.amount} {found.refund.currency}" if found.refund else "none"
    who = found.liable.value if found.liable else "nobody"
    yield f"## {story.title.en} {story.title.zh}\n"
    yield f"{story.told.en}\n{story.told.zh}\n"
    yield f"**`{found.remedy.value}`**, refund {refund}, liable: {who}, freight: {found.freight.value};"
    yield f"row `{found.row}`, {'closes without a person' if found.automatic else 'a person signs'}.\n"
    yield "Why:\n"
    yield from (f"- {one.text.en} {one.text.zh} ({', '.join(one.cites)})" for one in found.reasons)
    if found.waits_for:
        yield "\nWhat next:\n"
        yield from (f"- {one.en} {one.zh}" for one in found.waits_for)
    if found.appeal:
        yield "\nIf the seller appeals:\n"
        yield from (f"- {_STANDS[one.answer]}: {one.text.en} {one.text.zh} (`{one.code}`)" for one in found.appeal)
    yield "\n<details><summary>Situation</summary>\n"
    yield "```json\n" + json.dumps(found.situation.model_dump(mode="json"), indent=1) + "\n```\n\n</details>\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
