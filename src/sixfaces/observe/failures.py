"""Why an exhibit was not measured, or only in part: how a child's end reads to people."""

from sixfaces.domain.model import Say
from sixfaces.domain.observation import MediaFailure
from sixfaces.media.formats import Format
from sixfaces.media.jail import EndReason

_ORIGINAL = Say(
    zh="请提交拍摄设备生成的原始文件；若已是原件，请交人工查看。",
    en="Hand in the original file from the recording device; if it is the original, have a person look at it.",
)
_SHORTER = Say(
    zh="请用较低的分辨率或帧率录制，或把一单的多个包裹分开录制。",
    en="Record at a lower resolution or frame rate, or record parcels one by one.",
)
_LATER = Say(
    zh="若机器当时繁忙，请稍后重试；仍然超时的，请用较低的分辨率录制。",
    en="If the machine was busy, try again later; if it is too slow even then, record at a lower resolution.",
)
_AGAIN = Say(
    zh="请再试一次；若仍然失败，请把文件交给维护人员。",
    en="Try once more; if it fails again, give the file to those who maintain this installation.",
)

_ENDS: dict[EndReason, MediaFailure] = {
    EndReason.WALL: MediaFailure(
        code="media.wall",
        text=Say(zh="在规定的时间内没有处理完。", en="It was not measured within the time a file may take."),
        fix=_LATER,
    ),
    EndReason.CPU: MediaFailure(
        code="media.cpu",
        text=Say(
            zh="解码用完了一份文件可用的计算时间。", en="Decoding used up the computing time that one file may take."
        ),
        fix=_SHORTER,
    ),
    EndReason.MEMORY: MediaFailure(
        code="media.memory",
        text=Say(zh="解码需要的内存超过上限。", en="Decoding needs more memory than one file may take."),
        fix=_SHORTER,
    ),
    EndReason.OUTPUT: MediaFailure(
        code="media.output",
        text=Say(zh="解码产生的数据超过上限。", en="Decoding produced more output than one file may."),
        fix=_ORIGINAL,
    ),
    EndReason.SIGNAL: MediaFailure(
        code="media.crashed",
        text=Say(zh="解码器在读取此文件时崩溃。", en="The decoder crashed on this file."),
        fix=_ORIGINAL,
    ),
    EndReason.WIRE: MediaFailure(
        code="media.protocol",
        text=Say(
            zh="解码进程的回复不符合约定，已被终止。", en="The decoding process broke its protocol and was stopped."
        ),
        fix=_ORIGINAL,
    ),
    EndReason.EXIT: MediaFailure(
        code="media.internal",
        text=Say(zh="测量程序自身出错。", en="The measuring program itself failed."),
        fix=_AGAIN,
    ),
}


def of_end(reason: EndReason) -> MediaFailure:
    """The failure that an untimely end amounts to. A child that leaves without its last word failed itself."""
    return _ENDS.get(reason, _ENDS[EndReason.EXIT])


def not_started(cause: str) -> MediaFailure:
    """No child could be started at all."""
    text = Say(zh=f"无法启动解码进程：{cause}。", en=f"No decoding process could be started: {cause}.")
    return MediaFailure(code="media.internal", text=text, fix=_AGAIN)


def gone() -> MediaFailure:
    """The sealed bytes are no longer where they were, or no longer the same."""
    return MediaFailure(
        code="media.changed",
        text=Say(zh="文件在接收之后被移走或改动。", en="The file was moved or changed after it was accepted."),
        fix=Say(zh="请重新提交原始文件。", en="Hand in the original file again."),
    )


def not_looked_into(form: Format) -> MediaFailure:
    """The form of the file is one that is never decoded."""
    why = form.why_not or Say(zh="不接受这种格式。", en="This format is not accepted.")
    code = "media.empty" if form.name == "empty" else "media.format"
    fix = Say(
        zh="请提交 MP4、MOV、MKV、WebM、AVI 或 TS 视频，或 JPEG、PNG、WebP、HEIC、AVIF 照片。",
        en="Hand in an MP4, MOV, MKV, WebM, AVI or TS video, or a JPEG, PNG, WebP, HEIC or AVIF photo.",
    )
    return MediaFailure(code=code, text=why, fix=fix)
