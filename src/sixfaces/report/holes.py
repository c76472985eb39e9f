"""What was not measured, in words: holes with one and the same reason are said once."""

from collections.abc import Iterable

from sixfaces.domain.model import Say
from sixfaces.domain.naming import HOLES, TECHNICAL, kind_name
from sixfaces.domain.report import HoleView
from sixfaces.report.visible import visible

LONGEST = 400
"""Characters of an observer's own words that are shown; report.json has them all."""


def holes(views: Iterable[HoleView]) -> tuple[Say, ...]:
    """One line for each reason, with everything it kept from being measured."""
    grouped: dict[Say, list[str]] = {}
    for view in views:
        grouped.setdefault(_why(view), []).extend(view.of)
    lines = []
    for why, kinds in grouped.items():
        named = [kind_name(kind) for kind in dict.fromkeys(kinds)]
        lines.append(
            Say(
                zh=f"{why.zh}：{'、'.join(name.zh for name in named)}",
                en=f"{why.en}: {', '.join(name.en for name in named)}",
            )
        )
    return tuple(lines)


def _why(view: HoleView) -> Say:
    """The reason in words; what the observer said itself stands behind it where that tells an engineer more."""
    told, own = HOLES.get(view.code), visible(view.detail, longest=LONGEST)
    if told is None:
        code = visible(view.code)
        return Say(zh=f"{code}（{own}）", en=f"{code} ({own})") if own else Say(zh=code, en=code)
    if view.code not in TECHNICAL or not own:
        return told
    return Say(zh=f"{told.zh}（{own}）", en=f"{told.en} ({own})")
