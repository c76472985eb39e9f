"""The table of marks: known programs are told apart, and parts of words are not mistaken for them."""

import pytest

from sixfaces.domain.facts import ToolKind
from sixfaces.observe.foreign_text import plain
from sixfaces.observe.tools import kind_of


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("encoder", "Lavf61.7.100", ToolKind.TRANSCODER),
        ("encoder", "Lavc60.31.102 libx264", ToolKind.TRANSCODER),
        ("encoder", "HandBrake 1.9.0 2024120100", ToolKind.TRANSCODER),
        ("encoder_string", "x264 - core 164 r3095", ToolKind.TRANSCODER),
        ("box", "beam (WhatsApp)", ToolKind.TRANSCODER),
        ("comment", "vid:v0300fg10000", ToolKind.TRANSCODER),
        ("handler_name", "\x1fMainconcept Video Media Handler", ToolKind.EDITOR),
        ("CreatorTool", "Adobe Premiere Pro 2025.0", ToolKind.EDITOR),
        ("software", "剪映专业版", ToolKind.EDITOR),
        ("Software", "美图秀秀", ToolKind.EDITOR),
        ("Software", "Snapseed 2.22", ToolKind.EDITOR),
        ("Software", "GIMP 2.10.36", ToolKind.EDITOR),
        ("comment", '{"data":{"product": "lv"}}', ToolKind.EDITOR),
        ("software", "InShot 2.0", ToolKind.EDITOR),
        ("software", "Filmora", ToolKind.EDITOR),
        ("com.android.version", "14", ToolKind.RECORDER),
        ("com.apple.quicktime.software", "18.1", ToolKind.RECORDER),
        ("handler_name", "VideoHandle", ToolKind.RECORDER),
        ("handler_name", "Core Media Video", ToolKind.RECORDER),
        ("handler_name", "GoPro H.265", ToolKind.RECORDER),
        ("encoder", "DJI OsmoAction4", ToolKind.RECORDER),
        ("encoder", "Chrome", ToolKind.RECORDER),
        ("AIGC", '{"Label":"1"}', ToolKind.GENERATOR),
        ("software", "可灵", ToolKind.GENERATOR),
        ("Model", "SHARP Premiere", ToolKind.RECORDER),
        ("software", "David's box", ToolKind.UNKNOWN),
        ("Software", "14.4.2", ToolKind.UNKNOWN),
    ],
)
def test_marks_are_told_apart(field: str, value: str, kind: ToolKind) -> None:
    assert kind_of(field, value) is kind


def test_foreign_words_are_made_harmless() -> None:
    assert plain("a\x00b\n\u202ec  d") == "a b c d"
    assert plain("here +31.2304+121.4737/ we are") == "here (place) we are"
    assert len(plain("x" * 5000)) == 200
