"""Addresses: https for phones, and a port that is ours."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from api.doctor.findings import Finding, failure, warning, well
from api.service.settings import ServiceSettings

SECONDS = 3.0
"""How long the service may take to answer."""


def check_address(settings: ServiceSettings) -> Finding:
    """Phones reach the service by https, under a name that it answers to."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https":
        said = f"public_url không phải https: {settings.public_url}", f"public_url is not https: {settings.public_url}"
        return warning("address", said, ("Đặt máy chủ chuyển tiếp có https.", "Put a proxy with https before it."))
    if parts.hostname not in settings.allowed_hosts and "*" not in settings.allowed_hosts:
        said = f"allowed_hosts thiếu {parts.hostname}.", f"allowed_hosts lacks {parts.hostname}."
        return failure("address", said, ("Thêm vào allowed_hosts.", "Add it to allowed_hosts."))
    return well("address", settings.public_url, settings.public_url)


def check_listening(settings: ServiceSettings) -> Finding:
    """The service answers that it is ready, or its port is free."""
    where = f"{settings.host}:{settings.port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as door:
        door.settimeout(SECONDS)
        if door.connect_ex((_local(settings.host), settings.port)) != 0:
            return well("port", f"{where} còn trống: dịch vụ chưa chạy.", f"{where} is free: the service does not run.")
    if _is_ready(settings):
        return well("port", f"Dịch vụ sẵn sàng ở {where}.", f"The service is ready at {where}.")
    said = (
        f"{where} có chương trình khác, hoặc dịch vụ chưa sẵn sàng.",
        f"{where} is taken, or the service is not ready.",
    )
    return failure("port", said, ("journalctl -u duongthu", "journalctl -u duongthu"))


def _is_ready(settings: ServiceSettings) -> bool:
    host = _local(settings.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/readyz"
    named = next(iter(settings.allowed_hosts), host)
    asked = urllib.request.Request(address, headers={"Host": named})
    # Without any proxy of the environment: it is this machine that is asked.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(asked, timeout=SECONDS) as answer:
            return b'"ready"' in answer.read(10_000)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _local(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
