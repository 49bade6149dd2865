"""The certificate that phones are shown: still good for some weeks."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509

from api.doctor.findings import Finding, failure, warning, well
from api.service.settings import ServiceSettings

SECONDS = 3.0
"""How long the proxy may take to answer."""
SOON = timedelta(days=21)
_RENEW = "Cấp lại bằng make_ca.sh: xem docs/van-hanh.md.", "Renew it with make_ca.sh: see docs/operations.md."


def check_certificate(settings: ServiceSettings, now: datetime) -> Finding:
    """The certificate behind `public_url` does not end soon; whether phones trust it, only phones can tell."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" or parts.hostname is None:
        return well("certificate", "Không dùng https, không có chứng chỉ.", "No https, no certificate.")
    try:
        ends = certificate_end(parts.hostname, parts.port or 443)
    except (OSError, ValueError) as error:
        said = f"Không đọc được chứng chỉ của {parts.netloc}: {error}", f"{parts.netloc} shows no certificate: {error}"
        return warning("certificate", said, ("Khởi động máy chủ chuyển tiếp.", "Start the proxy."))
    if ends <= now:
        said = f"Chứng chỉ hết hạn ngày {ends:%d/%m/%Y}.", f"The certificate ended on {ends:%Y-%m-%d}."
        return failure("certificate", said, _RENEW)
    said = f"Chứng chỉ còn hạn đến {ends:%d/%m/%Y}.", f"The certificate is good until {ends:%Y-%m-%d}."
    return warning("certificate", said, _RENEW) if ends - now < SOON else well("certificate", *said)


def certificate_end(host: str, port: int) -> datetime:
    """
    Ask a server for its certificate.

    Raises
    ------
    OSError
        When it does not answer, or not with TLS.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # an ended one has to be read too; nothing is said to the other side
    with (
        socket.create_connection((host, port), SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as shown,
    ):
        found = shown.getpeercert(binary_form=True)
    if found is None:
        raise ConnectionError("no certificate")
    return x509.load_der_x509_certificate(found).not_valid_after_utc
