"""Why an upload cannot be started or go on, each with the way out."""

from sixfaces.domain.errors import StoreError, UploadError
from sixfaces.domain.exhibit import Role
from sixfaces.domain.filing import Quarantine
from sixfaces.domain.model import Say

MIB = 1 << 20


def gone() -> UploadError:
    """It has expired, was terminated or refused."""
    return UploadError(
        "upload.gone",
        Say(zh="该上传已过期、已终止或已被拒收。", en="This upload has expired, was terminated or was refused."),
        Say(zh="请重新创建上传。", en="Create a new upload."),
    )


def offset_differs() -> UploadError:
    """The bytes do not follow those that are here."""
    return UploadError(
        "upload.offset_differs",
        Say(zh="Upload-Offset 与已保存的字节数不符。", en="Upload-Offset is not where the kept bytes end."),
        Say(zh="请按响应头 Upload-Offset 从断点续传。", en="Go on from the Upload-Offset of this answer."),
    )


def taken_over() -> UploadError:
    """A newer request writes this upload."""
    return UploadError(
        "upload.taken_over",
        Say(zh="另一个请求已接管该上传。", en="A newer request has taken this upload over."),
        Say(zh="请用 HEAD 查询进度，再从该处继续。", en="Ask by HEAD how far it has come and go on from there."),
    )


def too_large(most: int) -> UploadError:
    """More bytes than a file of this role may have."""
    return UploadError(
        "upload.too_large",
        Say(zh=f"文件超过上限 {most // MIB} MiB。", en=f"The file is larger than the {most // MIB} MiB accepted."),
        Say(
            zh="请用较低的码率或分辨率录制，不要后期压缩原件。",
            en="Record at a lower bit rate or resolution; do not compress the original afterwards.",
        ),
    )


def beyond_length() -> UploadError:
    """More bytes than were announced."""
    return UploadError(
        "upload.beyond_length",
        Say(zh="收到的字节多于 Upload-Length 声明的长度。", en="More bytes came than Upload-Length announced."),
        Say(zh="请检查偏移量；长度有误时请重新创建上传。", en="Check the offset; if the length was wrong, start anew."),
    )


def length_differs() -> UploadError:
    """A length was stated that is not the one known, or none that can be."""
    return UploadError(
        "upload.length",
        Say(
            zh="文件长度缺失、无法读取或与先前声明的不同。",
            en="The length is absent, unreadable or not that stated before.",
        ),
        Say(
            zh="创建时请给出 Upload-Length，或以 Upload-Defer-Length: 1 推迟到之后的一次 PATCH。",
            en="Give Upload-Length at creation, or Upload-Defer-Length: 1 and the length with a later PATCH.",
        ),
    )


def checksum_differs() -> UploadError:
    """The bytes of one request are not what its checksum says."""
    return UploadError(
        "upload.checksum_differs",
        Say(zh="本次请求的内容与 Upload-Checksum 不符。", en="The bytes of this request do not match Upload-Checksum."),
        Say(zh="本次内容未保存，请重新发送。", en="Nothing of this request was kept; send it again."),
    )


def tenant_full() -> UploadError:
    """Too much of one tenant is on its way at once."""
    return UploadError(
        "upload.tenant_full",
        Say(zh="未完成的上传占用的空间已达上限。", en="Your unfinished uploads take all the room they may take."),
        Say(zh="请先完成或终止已有的上传。", en="Finish or terminate uploads that are under way."),
    )


def no_room() -> UploadError:
    """The spool has no room for what is announced."""
    return UploadError(
        "upload.no_room",
        Say(zh="服务器暂时没有足够空间接收该文件。", en="The server has no room for this file at present."),
        Say(zh="已接收的内容不会丢失，请稍后重试。", en="Nothing received is lost; try again later."),
    )


def too_slow(least: int) -> UploadError:
    """Its bytes come so slowly that they only hold a connection."""
    return UploadError(
        "upload.too_slow",
        Say(
            zh=f"上传过慢：平均每秒不足 {least} 字节，连接已断开。",
            en=f"The upload came too slowly: less than {least} bytes a second on average.",
        ),
        Say(
            zh="已收到的内容会保留；网络恢复后，请从 Upload-Offset 处继续。",
            en="What came is kept: go on from the Upload-Offset when the network is better.",
        ),
    )


def case_unnamed() -> UploadError:
    """Nothing says which case the file belongs to."""
    return UploadError(
        "upload.case",
        Say(zh="没有说明文件属于哪个售后单。", en="Nothing says which case the file belongs to."),
        Say(
            zh="请在 Upload-Metadata 的 case、请求头 Sixfaces-Case 或查询参数 case 中给出售后单编号。",
            en="Name it as `case` in Upload-Metadata, in the header Sixfaces-Case or in the query.",
        ),
    )


def concatenation() -> UploadError:
    """Parts of a file are wanted to be joined here, which we do not do: each would become an exhibit of its own."""
    return UploadError(
        "upload.concatenation",
        Say(
            zh="不支持分段并行上传后再合并（tus 的 concatenation 扩展）。",
            en="Uploads in parallel parts that are joined afterwards (tus: concatenation) are not supported.",
        ),
        Say(
            zh="请把整个文件作为一个上传发送，例如 tus-js-client 设 parallelUploads: 1；多个文件可以同时上传。",
            en="Send the file as one upload, such as with parallelUploads: 1 of tus-js-client; several files may be "
            "sent at once.",
        ),
    )


def other_role(held: Role) -> UploadError:
    """The very same bytes are in the case already, as something else."""
    return UploadError(
        "upload.other_role",
        Say(
            zh=f"此售后单中已有内容完全相同的文件，其角色为 {held.value}。",
            en=f"The case holds the very same bytes already, in the role {held.value}.",
        ),
        Say(
            zh="同一文件在一张售后单中只有一个角色；请确认是否选错了文件或角色。",
            en="A file has one role in a case: check whether another file or another role was meant.",
        ),
    )


def case_closed() -> UploadError:
    """The case takes no more evidence."""
    return UploadError(
        "upload.case_closed",
        Say(zh="该售后单已关闭，不再接收证据。", en="This case is closed and takes no more evidence."),
        Say(zh="请先重新打开售后单。", en="Open the case again first."),
    )


def is_evidence() -> UploadError:
    """What is sealed is not taken back."""
    return UploadError(
        "upload.is_evidence",
        Say(zh="该上传已封存为证据，不能终止。", en="This upload is sealed as evidence and cannot be terminated."),
        Say(zh="无需处理；上传已经完成。", en="Nothing is left to do: the upload is complete."),
    )


def direct_unavailable() -> UploadError:
    """The store takes no bytes from clients."""
    return UploadError(
        "upload.direct_unavailable",
        Say(zh="当前部署未开启直传。", en="This installation's store takes no uploads straight from clients."),
        Say(zh="请用 /v1/uploads 的 tus 上传。", en="Upload by tus at /v1/uploads."),
    )


def parts_unfit() -> UploadError:
    """The parts named are not those of this upload."""
    return UploadError(
        "upload.parts",
        Say(zh="分片编号、摘要或 ETag 不符合要求。", en="Part numbers, digests or ETags are not as they must be."),
        Say(
            zh="分片从 1 起连续编号，最多 10000 片；除最后一片外每片至少 5 MiB。",
            en="Number parts from 1 without holes, at most 10,000; each but the last has 5 MiB or more.",
        ),
    )


def digest_differs(declared: str, found: str) -> Quarantine:
    """The whole file is not what was declared: why it is refused."""
    return Quarantine(
        code="upload.digest_differs",
        text=Say(
            zh=f"收到的文件 SHA-256 为 {found}，与声明的 {declared} 不符。",
            en=f"The file received has the SHA-256 {found}, not the declared {declared}.",
        ),
        fix=Say(
            zh="该文件未成为证据。请检查源文件后重新上传。",
            en="It did not become evidence. Check the source file and upload it again.",
        ),
    )


def spoiled() -> Quarantine:
    """Bytes changed on our disk between receiving and sealing: why they are refused."""
    return Quarantine(
        code="upload.spoiled",
        text=Say(
            zh="文件在接收之后、封存之前于服务器磁盘上发生改变。",
            en="The file changed on the server's disk after it was received and before it was sealed.",
        ),
        fix=Say(
            zh="该文件未成为证据。请重新上传，并检查服务器磁盘。",
            en="It did not become evidence. Upload it again, and have the server's disk checked.",
        ),
    )


def refused(why: Quarantine) -> UploadError:
    """The error that tells a refusal."""
    return UploadError(why.code if why.code.startswith("upload.") else "upload.refused", why.text, why.fix)


def erasing() -> StoreError:
    """The same bytes are being erased at this moment: they are stored anew once that has ended."""
    return StoreError(
        "store.erasing",
        Say(zh="同一文件正在删除中，完成后将自动重新封存。", en="The same bytes are being erased at this moment."),
        Say(zh="无需处理。", en="Nothing needs to be done: they are sealed once that has ended."),
    )
