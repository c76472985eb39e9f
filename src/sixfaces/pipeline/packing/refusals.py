"""Why no pack is made."""

from sixfaces.domain.errors import PackError
from sixfaces.domain.model import Say
from sixfaces.report.clocks import size

_OTHER = Say(zh="请换用其他渠道。", en="Choose another channel.")


def impossible(least: int, limit: int, *, pages: int) -> PackError:
    """Whatever is left out, it stays over a limit."""
    return PackError(
        "pack.impossible",
        Say(
            zh=f"即使只放一张图片，也需要 {size(least)}、{pages} 页，超出该渠道的上限（{size(limit)}）。",
            en=f"With a single picture it takes {size(least)} and {pages} pages: over the channel's {size(limit)}.",
        ),
        _OTHER,
    )


def too_many_pages(most: int) -> PackError:
    """The channel takes fewer pictures than the summary has pages."""
    return PackError(
        "pack.impossible",
        Say(
            zh=f"该渠道最多 {most} 张图片，仅摘要与展开图就超出。",
            en=f"The channel takes {most} pictures: fewer than summary and face net need.",
        ),
        _OTHER,
    )


def nothing() -> PackError:
    """A case without a single picture."""
    return PackError(
        "pack.nothing",
        Say(zh="该售后单没有可以展示的图片。", en="The case has no picture that could be shown."),
        Say(zh="请先提交并核验录像或照片。", en="Hand in and verify footage or photos first."),
    )


def no_report(place: str) -> PackError:
    """Neither a folder of results nor a case of this installation."""
    return PackError(
        "pack.no_case",
        Say(
            zh=f"{place} 既不是核验结果文件夹，也不是本系统中已核验的售后单。",
            en=f"{place} is neither a folder of results nor a verified case of this installation.",
        ),
        Say(
            zh="请指定 sixfaces verify 的输出文件夹，或售后单编号。",
            en="Name the folder that sixfaces verify has written, or the number of a case.",
        ),
    )


def changed(name: str) -> PackError:
    """A file of the results is not what was recorded."""
    return PackError(
        "pack.changed",
        Say(zh=f"{name} 与核验时的记录不符。", en=f"{name} is not what it was when the case was verified."),
        Say(zh="请重新核验该售后单。", en="Verify the case again."),
    )


def other_case(report: str, file: str) -> PackError:
    """The case file is of another case than the results."""
    return PackError(
        "pack.other_case",
        Say(
            zh=f"核验结果属于 {report}，case.json 却是 {file}。",
            en=f"The results are of {report}, case.json is of {file}.",
        ),
        Say(zh="请指定核验时使用的 case.json。", en="Name the case.json that was verified with."),
    )


def not_the_original(name: str) -> PackError:
    """A file was named as an original that is none of this case."""
    return PackError(
        "pack.not_original",
        Say(zh=f"{name} 不是该售后单核验过的原件。", en=f"{name} is none of the originals that were verified."),
        Say(zh="请指定核验时使用的原始文件。", en="Name the very file that was verified."),
    )


def original_in_masked() -> PackError:
    """An original is to lie in a pack that masks personal data."""
    return PackError(
        "pack.masked_original",
        Say(
            zh="遮盖个人信息的证据包不能附带原件：原件未经遮盖。",
            en="A masked pack can hold no original: originals hide nothing.",
        ),
        Say(
            zh="请加 --personal（包内个人信息将可见），或不要附带原件。",
            en="Ask with --personal, so that the pack shows personal data, or enclose no original.",
        ),
    )


def superseded() -> PackError:
    """The pack was planned on a verdict that is not the present one any more."""
    return PackError(
        "pack.superseded",
        Say(zh="证据包规划之后，该售后单已有新的判定。", en="The case was judged anew since the pack was planned."),
        Say(zh="请重新规划后再下载。", en="Plan it again, then take it."),
    )


def busy() -> PackError:
    """As many packs as may be are being made."""
    return PackError(
        "pack.busy",
        Say(zh="正在生成的证据包过多。", en="Too many packs are being made."),
        Say(zh="请稍后再试。", en="Try again in a moment."),
    )


def not_for_this(option: str) -> PackError:
    """An option was named that has no meaning for what the pack is made of."""
    return PackError(
        "pack.option",
        Say(zh=f"此处不能使用 {option}。", en=f"{option} has no meaning here."),
        Say(
            zh="--original、--case、--sign 用于核验结果文件夹；本系统的售后单自带原件与数据，并以存证密钥签名。"
            "对文件夹使用 --enclose 时须指定 --original；文件夹不能用存证密钥签名。",
            en="--original, --case and --sign are for a folder of results: a case of this installation has its own "
            "originals and case file, and is signed by the custody key. --enclose of a folder needs --original, and a "
            "folder is never signed with the custody key.",
        ),
    )
