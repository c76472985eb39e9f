"""From an address to what carries hints: `memory://` in this process, a Redis or RabbitMQ server between machines."""

from urllib.parse import urlsplit

from sixfaces.adapters.wakeups import Wakeups
from sixfaces.domain.errors import SettingsError
from sixfaces.domain.model import Say
from sixfaces.domain.ports import Hints

SCHEMES = ("memory", "redis", "rediss", "amqp", "amqps")


def hints_by(address: str) -> Hints:
    """What carries hints. Opens nothing yet: a broker that is away is no error, the sweep does without.

    Raises SettingsError `settings.queue` for an address of another kind.
    """
    scheme = urlsplit(address).scheme
    if scheme not in SCHEMES:
        raise _unknown()
    if scheme == "memory":
        return Wakeups()
    from sixfaces.adapters.hints_broker import BrokerHints

    return BrokerHints(address)


def _unknown() -> SettingsError:
    return SettingsError(
        "settings.queue",
        Say(zh="SIXFACES_QUEUE 不是可用的队列地址。", en="SIXFACES_QUEUE is no address of a queue."),
        Say(
            zh="请写成 memory://、redis://主机:端口/编号 或 amqp://用户:密码@主机:端口/。",
            en="Write memory://, redis://host:port/number or amqp://user:password@host:port/.",
        ),
    )
