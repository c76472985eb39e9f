"""The errors of this package, each with its stable code, a text and a way out."""

from sixfaces.domain.errors import MediaError
from sixfaces.domain.model import Say

_ORIGINAL = Say(
    zh="请上传拍摄设备生成的原始文件，不要经聊天软件转发、转码或截取。",
    en="Hand in the original file from the recording device, not a forwarded, converted or trimmed copy.",
)

_SMALLER = Say(
    zh="请用较低的分辨率重新拍摄，或提交另一份原始文件。",
    en="Record at a lower resolution, or hand in another original file.",
)

_CHINESE = {
    "Invalid data found when processing input": "内容无效或已损坏",
    "End of file": "文件提前结束",
    "no frame": "没有一帧画面",
    "audio": "音频",
    "data": "数据",
    "subtitle": "字幕",
    "attachment": "附件",
    "pixels": "像素数",
    "bytes": "字节数",
}
"""What decoders say most, for people who read Chinese; the rest stands as it was said."""


def _in_chinese(detail: str) -> str:
    return "，".join(_CHINESE.get(part, part) for part in detail.split(", "))


def undecodable(detail: str) -> MediaError:
    """The bytes are not what they claim to be, or too damaged to yield a single picture."""
    text = Say(
        zh=f"文件无法解码：{_in_chinese(detail)}。",
        en=f"The file could not be decoded: {detail}.",
    )
    return MediaError("media.undecodable", text, _ORIGINAL)


def no_picture(detail: str) -> MediaError:
    """A container without a stream of moving pictures that we decode."""
    text = Say(
        zh=f"文件里没有可用的视频画面：{_in_chinese(detail)}。",
        en=f"The file has no usable moving pictures: {detail}.",
    )
    return MediaError("media.no_picture", text, _ORIGINAL)


def refused_format(name: str) -> MediaError:
    """A container format that we do not open: playlists and the like can point at other files."""
    text = Say(
        zh=f"不接受这种文件格式：{name}。",
        en=f"This file format is not accepted: {name}.",
    )
    fix = Say(
        zh="请提交 MP4、MOV、MKV、WebM、AVI 或 TS 视频，或 JPEG、PNG、WebP、HEIC、AVIF 照片。",
        en="Hand in an MP4, MOV, MKV, WebM, AVI or TS video, or a JPEG, PNG, WebP, HEIC or AVIF photo.",
    )
    return MediaError("media.format", text, fix)


def over_memory(width: int, height: int) -> MediaError:
    """Not one picture could be decoded within the memory that one file may take."""
    text = Say(
        zh=f"解码 {width}×{height} 的画面需要的内存超过上限。",
        en=f"Decoding pictures of {width}x{height} needs more memory than one file may take.",
    )
    return MediaError("media.memory", text, _SMALLER)


def over_limits(what: str, claimed: int, allowed: int) -> MediaError:
    """The file would cost more than one file may. `what` is an English noun phrase such as `pixels`."""
    text = Say(
        zh=f"文件超出处理上限（{_in_chinese(what)} {claimed}，上限 {allowed}）。",
        en=f"The file is over the limit of {what}: {claimed} against {allowed}.",
    )
    return MediaError("media.limits", text, _SMALLER)
