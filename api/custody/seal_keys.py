"""
The key pair that PINs are sealed to: files of the data folder, made at the first start.

Phones seal with the public key of `seal.key`. To change it, rename the file to `seal-DAY.key` and start again: a new
one is made, and what was sealed to the old one, on phones that have not been online since, is still opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from api.custody.key_file import save_new_key
from api.custody.signing import CURVE, public_key_text
from api.errors import RefusedError

PRESENT: Final = "seal.key"
RETIRED: Final = "seal-*.key"


@dataclass(frozen=True, slots=True)
class SealKeys:
    """The present key, then retired ones."""

    keys: tuple[ec.EllipticCurvePrivateKey, ...]

    @property
    def public_key(self) -> str:
        """That phones seal with: the uncompressed point in base64url."""
        return public_key_text(self.keys[0].public_key())


def seal_keys(folder: Path) -> SealKeys:
    """
    Load the keys, and make the first.

    Parameters
    ----------
    folder
        `keys` of the data folder.

    Raises
    ------
    RefusedError
        When a file holds no such key.
    """
    path = folder / PRESENT
    if not path.exists():
        new = ec.generate_private_key(CURVE)
        save_new_key(path, new.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return SealKeys(tuple(load_seal_key(one) for one in (path, *sorted(folder.glob(RETIRED)))))


def load_seal_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """
    Load one.

    Raises
    ------
    RefusedError
        When the file holds none.
    """
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _broken(path) from error
    if not isinstance(found, ec.EllipticCurvePrivateKey) or found.curve.name != CURVE.name:
        raise _broken(path)
    return found


def _broken(path: Path) -> RefusedError:
    return RefusedError(
        f"{path.name} không phải là khóa niêm mã PIN; hãy phục hồi từ bản sao lưu.",
        f"{path.name} is no key that PINs are sealed to: restore it from a backup.",
    )
