"""What is answered to requests that are wrong as HTTP, before any use case sees them."""

from sixfaces.domain.errors import RequestError
from sixfaces.domain.model import Say


def key_needed() -> RequestError:
    """No key, or none that is good: unknown, revoked, expired and misspelt ones are told alike."""
    return RequestError(
        "request.key_needed",
        Say(zh="缺少有效的密钥。", en="A valid key is needed."),
        Say(zh="请发送 Authorization: Bearer sf_… 请求头。", en="Send the header Authorization: Bearer sf_…"),
    )


def cross_site() -> RequestError:
    """A signed-in browser was made to send it by another site's page, or by a form."""
    return RequestError(
        "request.cross_site",
        Say(zh="该请求并非由本站页面发出。", en="The request does not come from a page of this site."),
        Say(
            zh="请在本站页面内操作；程序请使用 Authorization 请求头，不要使用 Cookie。",
            en="Use the pages here; programs send the header Authorization, and no cookie.",
        ),
    )


def no_route() -> RequestError:
    """No operation has this address."""
    return RequestError(
        "request.missing",
        Say(zh="接口地址不存在。", en="There is no such address."),
        Say(zh="所有地址见 /docs。", en="All addresses are listed at /docs."),
    )


def wrong_method() -> RequestError:
    """The address has no such method."""
    return RequestError(
        "request.method",
        Say(zh="该地址不支持此请求方法。", en="This address does not know the method."),
        Say(zh="可用的方法见响应头 Allow 和 /docs。", en="The header Allow and /docs list those that it knows."),
    )


def too_large(limit: int) -> RequestError:
    """More bytes in the body than the route takes."""
    return RequestError(
        "request.too_large",
        Say(zh=f"请求体超过 {limit} 字节。", en=f"The body has more than {limit} bytes."),
        Say(zh="请缩短内容；媒体文件请走上传接口。", en="Send less; media go by uploads."),
    )


def head_too_large(limit: int) -> RequestError:
    """More bytes in the request line and headers than are read."""
    return RequestError(
        "request.head_too_large",
        Say(zh=f"请求头超过 {limit} 字节。", en=f"The request's head has more than {limit} bytes."),
        Say(zh="请缩短地址、Cookie 或自定义请求头。", en="Shorten the address, cookies or headers of your own."),
    )


def too_slow() -> RequestError:
    """The body does not arrive."""
    return RequestError(
        "request.too_slow",
        Say(zh="请求体未在时限内到达。", en="The body did not arrive in time."),
        Say(zh="请检查网络后重试。", en="Check the network and try again."),
    )


def not_json(where: Say) -> RequestError:
    """The body is not the JSON that is read here."""
    return RequestError(
        "request.json",
        Say(zh=f"请求体不是可接受的 JSON：{where.zh}。", en=f"The body is not JSON as it is read here: {where.en}."),
        Say(zh="请发送 UTF-8 编码的标准 JSON。", en="Send plain JSON in UTF-8."),
    )


def media_type(wanted: str) -> RequestError:
    """The body is said to be something else."""
    return RequestError(
        "request.media_type",
        Say(zh=f"请求体的类型应为 {wanted}。", en=f"The body must be {wanted}."),
        Say(zh=f"请设置 Content-Type: {wanted}。", en=f"Set Content-Type: {wanted}."),
    )


def invalid(errors: Say) -> RequestError:
    """Fields that are missing, unknown or impossible."""
    return RequestError(
        "request.invalid",
        Say(zh=f"请求有误：{errors.zh}。", en=f"The request is wrong: {errors.en}."),
        Say(zh="请对照 /docs 修改后重试。", en="Correct it by /docs and try again."),
    )


def malformed(why: Say) -> RequestError:
    """A header that cannot be read."""
    return RequestError(
        "request.malformed",
        Say(zh=f"请求无法读取：{why.zh}。", en=f"The request cannot be read: {why.en}."),
        Say(zh="请更正后重试。", en="Correct it and try again."),
    )


def bad_cursor() -> RequestError:
    """A cursor that this list did not give."""
    return RequestError(
        "request.cursor",
        Say(zh="该游标不属于这个列表。", en="The cursor is not of this list."),
        Say(zh="请从第一页开始，并保持筛选条件不变。", en="Start at the first page and keep the filters as they are."),
    )


def bad_idempotency_key() -> RequestError:
    """Not a key that can be kept."""
    return RequestError(
        "request.idempotency_key",
        Say(zh="Idempotency-Key 须为 1–255 个可见字符。", en="Idempotency-Key is 1 to 255 visible characters."),
        Say(zh="建议使用随机 UUID。", en="A random UUID serves well."),
    )


def another_file() -> RequestError:
    """The key came with other bytes before."""
    return RequestError(
        "request.key_reused",
        Say(
            zh="该 Idempotency-Key 已用于另一个文件。", en="The Idempotency-Key has been used for another file before."
        ),
        Say(zh="每个文件请使用新的 Idempotency-Key。", en="Use a new Idempotency-Key for each file."),
    )


def bad_range() -> RequestError:
    """No byte of the range is there."""
    return RequestError(
        "request.range",
        Say(zh="所请求的字节范围不存在。", en="The range lies outside the bytes."),
        Say(zh="总长见响应头 Content-Range。", en="The header Content-Range tells how many there are."),
    )


def too_many(seconds: int) -> RequestError:
    """More requests than the key may send."""
    return RequestError(
        "request.rate",
        Say(zh="请求过于频繁。", en="Too many requests."),
        Say(zh=f"请在 {seconds} 秒后重试。", en=f"Try again in {seconds} s."),
    )


def internal() -> RequestError:
    """A fault of ours."""
    return RequestError(
        "request.internal",
        Say(zh="服务出错，已记录。", en="The service failed; it has been noted."),
        Say(zh="请稍后用同一 Idempotency-Key 重试。", en="Try again later with the same Idempotency-Key."),
    )


def invalid_body() -> RequestError:
    """A body that the framework could not take apart."""
    return malformed(Say(zh="请求体无法解析", en="the body cannot be parsed"))
