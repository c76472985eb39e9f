"""Where webhooks may go: whoever names an address must not reach through us what only we can reach.

The address that is connected to is what counts, and it is looked at when it is connected to: a name may mean something
else a moment later.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from sixfaces.domain.errors import WebhookError
from sixfaces.domain.model import Say

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 2000
_TEXT = re.compile(r"[\x21-\x7e]+")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
_SPECIAL = tuple(
    map(
        ip_network,
        (
            *("100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24"),
            *("203.0.113.0/24", "168.63.129.16/32", "64:ff9b:1::/48"),
            *("100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10"),
        ),
    )
)
"""Beside what every Python calls private: special ones by IANA's registries, of which older Pythons know fewer, and one
that is public by its number and answered inside a cloud by what gives machines their secrets. Where in an address of
64:ff9b:1::/48 the IPv4 address lies is known to the network alone that translates it (RFC 6052, 2.2: after 48, 56, 64
or 96 bits), so none of them is public."""
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Egress:
    """`networks`: private ones that are allowed all the same."""

    allow_http: bool = False
    networks: tuple[Network, ...] = ()

    def check(self, url: str) -> None:
        """Raises WebhookError `webhook.url` for an address that nothing is ever sent to."""
        if len(url) > LONGEST or not _TEXT.fullmatch(url):
            raise _bad(Say(zh="须为不含空格的 ASCII 字符", en="it must be ASCII without spaces"))
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise _bad(Say(zh="无法解析", en="it cannot be read")) from None
        if not self.takes(parts.scheme):
            raise _bad(Say(zh="须以 https:// 开头", en="it must begin with https://"))
        if not host or port == 0 or "@" in parts.netloc or parts.fragment:
            raise _bad(Say(zh="须有主机名，且不含用户名、密码与 #", en="it needs a host, and no user, password or #"))
        address = _literal(host)
        if address is not None and not self.allows(address):
            raise _bad(Say(zh="指向内部网络", en="it leads into a private network"))

    def takes(self, scheme: str) -> bool:
        """Whether requests may go by this scheme."""
        return scheme == "https" or (self.allow_http and scheme == "http")

    def allows(self, address: Address) -> bool:
        """Whether a connection to this address may be made."""
        return all(self._allows(one) for one in _meanings(address))

    def _allows(self, address: Address) -> bool:
        if any(address in network for network in self.networks):
            return True
        if address.is_multicast or address.is_reserved or any(address in network for network in _SPECIAL):
            return False
        return address.is_global


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks with commas between. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _meanings(address: Address) -> tuple[Address, ...]:
    """The address, or what it stands for: IPv4 has several disguises in IPv6."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (IPv4Address(address.packed[-4:]),)
    if address.sixtofour is not None:
        return (address, address.sixtofour)
    return (address,)


def _literal(host: str) -> Address | None:
    """The address that the host is spelt as; None for a name. Raises WebhookError for half of an address."""
    try:
        return ip_address(host)
    except ValueError:
        if "%" in host or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
            raise _bad(Say(zh="主机不是完整的 IP 地址", en="its host is no whole IP address")) from None
        return None


def _bad(why: Say) -> WebhookError:
    return WebhookError(
        "webhook.url",
        Say(zh=f"该地址不能接收 Webhook：{why.zh}。", en=f"No webhook can go to this address: {why.en}."),
        Say(
            zh="请填写可从公网访问的 https 地址；如确需内网地址，由管理员设置 SIXFACES_WEBHOOK_ALLOWED_NETWORKS。",
            en="Give an https address on the public network; private ones need SIXFACES_WEBHOOK_ALLOWED_NETWORKS.",
        ),
    )
