"""The internal CA: what the documented command makes is what a browser and a phone accept, and nothing else is."""

from __future__ import annotations

import ipaddress
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from fastapi import FastAPI

from api.commands.web import open_port
from build_bundle import ROOT

NAME = "duongthu.buudien.lan"


def make(folder: Path, *names: str) -> Path:
    script = ROOT / "api/operations/make_ca.sh"
    subprocess.run([script, folder, *names], check=True, capture_output=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("ca"), NAME, "127.0.0.1")


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """An application behind TLS with the certificate of the server."""
    app = FastAPI()

    @app.get("/")
    def hello() -> str:
        return "xin chào"

    door = open_port(18_443)
    config = uvicorn.Config(
        app, ssl_certfile=folder / "server.crt", ssl_keyfile=folder / "server.key", log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"https://127.0.0.1:{door.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        door.close()


@pytest.mark.slow
def test_phone_that_trusts_the_ca_gets_in_and_another_does_not(made: Path, tmp_path: Path) -> None:
    stranger = make(tmp_path / "other", NAME)
    with served(made) as address:
        trusting = ssl.create_default_context(cafile=str(made / "ca.crt"))
        assert httpx.get(address, verify=trusting, trust_env=False).json() == "xin chào"
        for context in (ssl.create_default_context(), ssl.create_default_context(cafile=str(stranger / "ca.crt"))):
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                httpx.get(address, verify=context, trust_env=False)


def test_name_that_is_not_in_the_certificate_is_refused(made: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(made / "ca.crt"))
    with served(made) as address, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(address.replace("127.0.0.1", "localhost"), verify=trusting, trust_env=False)


def test_certificate_passes_the_rules_of_the_web(made: Path) -> None:
    """The verifier of `cryptography` holds to the CA/Browser Forum's profile of RFC 5280: the second opinion."""
    ca, server = certificate(made / "ca.crt"), certificate(made / "server.crt")
    policy = PolicyBuilder().store(Store([ca])).time(datetime.now(UTC) + timedelta(minutes=1))
    assert policy.build_server_verifier(x509.DNSName(NAME)).verify(server, []) == [server, ca]
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    assert policy.build_server_verifier(address).verify(server, []) == [server, ca]
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("mail.buudien.lan")).verify(server, [])


def test_server_may_only_serve_and_the_ca_may_only_sign(made: Path) -> None:
    ca, server = certificate(made / "ca.crt"), certificate(made / "server.crt")
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert server.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(False, None)
    uses = server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert server.not_valid_after_utc - server.not_valid_before_utc == timedelta(days=825)


def test_keys_are_for_their_owner_only(made: Path) -> None:
    assert {(made / name).stat().st_mode & 0o777 for name in ("ca.key", "server.key")} == {0o600}
    assert x509.load_der_x509_certificate((made / "ca-android.crt").read_bytes()) == certificate(made / "ca.crt")


def test_new_server_certificate_keeps_the_ca_that_phones_trust(tmp_path: Path) -> None:
    folder = make(tmp_path, NAME)
    ca, server = (folder / "ca.crt").read_bytes(), certificate(folder / "server.crt")
    make(folder, NAME, "moi.buudien.lan")
    again = certificate(folder / "server.crt")
    assert (folder / "ca.crt").read_bytes() == ca
    assert again.serial_number != server.serial_number
    again.verify_directly_issued_by(certificate(folder / "ca.crt"))
    names = again.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [NAME, "moi.buudien.lan"]
