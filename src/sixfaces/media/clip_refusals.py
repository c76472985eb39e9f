"""Why a clip cannot be cut as asked: stable codes, texts and ways out."""

from sixfaces.domain.errors import ClipError
from sixfaces.domain.model import Say


def no_groups(detail: str) -> ClipError:
    """The file's packets depend on who takes it apart, or carry no times: nothing can be proven of them."""
    return ClipError(
        "clip.groups",
        Say(
            zh=f"这份视频（{detail}）的画面组无法逐字节核对，片段不能附带证明。",
            en=f"Groups of pictures of this video ({detail}) cannot be told byte by byte: no clip is proven.",
        ),
        Say(
            zh="请录制为 MP4、MOV、MKV 或 WebM；现有视频可用重新编码的片段，并附上原件。",
            en="Record as MP4, MOV, MKV or WebM; of this one use a re-encoded clip, and give the original with it.",
        ),
    )


def nothing_there() -> ClipError:
    """No frame of the take lies in the stretches that were asked for."""
    return ClipError(
        "clip.nothing",
        Say(zh="所要的时间段内没有任何画面。", en="No picture of the take lies in the stretches asked for."),
        Say(zh="请核对起止时间。", en="Check their beginning and end."),
    )


def over_budget(detail: str) -> ClipError:
    """Not even the smallest picture worth looking at fits."""
    return ClipError(
        "clip.budget",
        Say(zh=f"片段无法压缩到限额之内（{detail}）。", en=f"The clip cannot be made to fit its budget ({detail})."),
        Say(zh="请缩短时间段，或放宽字节数。", en="Ask for shorter stretches, or allow more bytes."),
    )


def no_container(names: str) -> ClipError:
    """Clips are MP4, and that is not among what is accepted."""
    return ClipError(
        "clip.container",
        Say(zh=f"片段只能是 MP4，而接收方只收：{names}。", en=f"Clips are MP4; what is accepted is: {names}."),
        Say(zh="请改用截图。", en="Use pictures of moments instead."),
    )


def failed(reason: str) -> ClipError:
    """The process that cuts did not come to its end."""
    return ClipError(
        "clip.failed",
        Say(
            zh=f"剪取片段的进程未能完成（{reason}）。",
            en=f"The process that cuts the clip did not end well ({reason}).",
        ),
        Say(
            zh="请重试；若仍如此，请改用截图并保留原件。",
            en="Try again; if it stays so, use pictures of moments, and keep the original.",
        ),
    )


def no_codec(names: str) -> ClipError:
    """Clips that are made anew are H.264, and that is not among what is accepted."""
    return ClipError(
        "clip.codec",
        Say(
            zh=f"重新编码的片段只能是 H.264，而接收方只收：{names}。",
            en=f"Clips are made as H.264; what is accepted is: {names}.",
        ),
        Say(zh="请改用截图。", en="Use pictures of moments instead."),
    )
