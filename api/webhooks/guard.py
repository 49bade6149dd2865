"""
Where a webhook may go: to the internet by https; into our own network only where the settings say so.

An address typed into a form must not reach a database, a router or a cloud's metadata (CWE-918). The name is resolved
once, and the connection goes to the address that was looked at, so that a name cannot change in between.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from api.errors import RefusedError

_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart."""

    host: str
    port: int
    path: str
    """With its query."""
    https: bool
    inside: bool
    """The settings let it lie in our own network."""


def target_of(url: str, inside: Collection[str]) -> Target:
    """
    Take an address apart.

    Parameters
    ----------
    inside
        Hosts of our own network that may be told things, also without https.

    Raises
    ------
    RefusedError
        When it is none, or leads where it may not.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused("không đọc được", "it cannot be read") from None
    if not host or parts.username is not None or parts.fragment:
        raise _refused("chỉ gồm máy, cổng và đường dẫn", "it has a host, a port and a path, nothing else")
    allowed = host in inside
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise _refused("phải bắt đầu bằng https://", "it has to begin with https://")
    https = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(host, port or (443 if https else 80), path, https, allowed)
    if not allowed and _is_address(host):
        _require_public(host)
    return target


def address_of(target: Target) -> str:
    """
    Find the one address to connect to.

    Raises
    ------
    RefusedError
        When any of the name's addresses lies inside a private network, and the settings do not allow it.
    OSError
        When the name is not known.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not target.inside:
        for address in addresses:
            _require_public(address)
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet, also when it wraps an older one."""
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    return all(one.is_global and not one.is_multicast for one in (parsed, *_wrapped(parsed)))


def _wrapped(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in inner if one is not None)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _require_public(address: str) -> None:
    if not is_public(address):
        raise _refused("trỏ vào mạng riêng", "it leads into a private network")


def _refused(vi: str, en: str) -> RefusedError:
    return RefusedError(f"Địa chỉ nhận thông báo không dùng được: {vi}.", f"The webhook address will not do: {en}.")
