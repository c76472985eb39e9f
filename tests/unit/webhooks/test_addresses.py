"""Which addresses webhooks may go to, and that no other spelling of a refused one passes."""

from ipaddress import ip_address

import pytest

from sixfaces.domain.errors import WebhookError
from sixfaces.pipeline.webhooks.egress import Egress, networks_of

PRIVATE = (
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::10.0.0.1",
    "64:ff9b:1::1.1.1.1",
    "64:ff9b:1:a9fe:a9:fe00::",
    "64:ff9b:1:7f00:0:100:808:808",
    "2001:db8::1",
    "2001::1",
    "2002:a00:1::",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
)
PUBLIC = ("1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1")


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not Egress().allows(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_allowed(address: str) -> None:
    assert Egress().allows(ip_address(address))


def test_a_private_network_can_be_allowed_and_no_other_comes_with_it() -> None:
    egress = Egress(networks=networks_of("10.20.0.0/16, fd00::/8"))
    assert egress.allows(ip_address("10.20.1.2"))
    assert egress.allows(ip_address("::ffff:10.20.1.2"))
    assert egress.allows(ip_address("fd00::1"))
    assert not egress.allows(ip_address("10.21.0.1"))
    assert not egress.allows(ip_address("127.0.0.1"))


def test_local_translation_to_ipv4_is_used_where_its_network_is_named() -> None:
    egress = Egress(networks=networks_of("64:ff9b:1:7::/96"))
    assert egress.allows(ip_address("64:ff9b:1:7::1.1.1.1"))
    assert not egress.allows(ip_address("64:ff9b:1:8::1.1.1.1"))
    assert not Egress(networks=networks_of("10.0.0.0/8")).allows(ip_address("64:ff9b:1::10.0.0.1"))


def test_good_addresses_are_taken_as_they_are() -> None:
    for url in (
        "https://shop.example/hook?a=b",
        "https://shop.example:8443",
        "https://xn--fsqu00a.example/",
        "https://1.1.1.1/",
    ):
        Egress().check(url)
    Egress(allow_http=True).check("http://shop.example/")
    for url in ("http://shop.example/", "HTTPS://", "https://1.1.1/", "https://a:b@c/", "https://h:99999/", "x" * 2001):
        with pytest.raises(WebhookError, match=r"webhook\.url"):
            Egress().check(url)
