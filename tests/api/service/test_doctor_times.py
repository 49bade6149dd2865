"""`duongthu doctor` on the end of the certificate and on time zones."""

from __future__ import annotations

import ssl
import threading
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.doctor.certificate import SOON, check_certificate
from api.doctor.clock import check_zone
from api.doctor.findings import State
from api.service.settings import ServiceSettings

ENDS = datetime(2027, 3, 1, 12, tzinfo=UTC)


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """A server with a certificate that ends at `ENDS`."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, ENDS - timedelta(days=90), ENDS).sign(
        key, hashes.SHA256()
    )
    file = folder / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_ends_is_told_in_time(tmp_path: Path) -> None:
    moments = [ENDS - SOON, ENDS - SOON + timedelta(seconds=1), ENDS - timedelta(seconds=1), ENDS]
    with shown(tmp_path) as address:
        settings = ServiceSettings(public_url=address)
        found = [check_certificate(settings, moment) for moment in moments]
    assert [one.state for one in found] == [State.OK, State.WARN, State.WARN, State.FAIL]
    assert "2027-03-01" in found[0].message_en
    assert check_certificate(settings, ENDS).state is State.WARN  # nobody answers now
    assert check_certificate(ServiceSettings(), ENDS).state is State.OK


@pytest.mark.parametrize(
    ("zone", "state"), [("Asia/Ho_Chi_Minh", State.OK), ("Asia/Bangkok", State.OK), ("UTC", State.WARN)]
)
def test_the_machine_keeps_the_time_of_the_post(monkeypatch: pytest.MonkeyPatch, zone: str, state: State) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", zone)
        time.tzset()
        found = check_zone(ENDS)
    time.tzset()
    assert found.state is state


def test_a_machine_without_time_zones_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(key: str) -> zoneinfo.ZoneInfo:
        raise zoneinfo.ZoneInfoNotFoundError(key)

    monkeypatch.setattr("api.doctor.clock.ZoneInfo", absent)
    assert check_zone(ENDS).state is State.FAIL
