"""Keys, photos, pages and backups: there, whole, and not too old."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

from api.backup.files import hash_of
from api.backup.making import latest_backup
from api.custody.seal_keys import PRESENT, RETIRED, load_seal_key
from api.doctor.findings import Finding, failure, warning, well
from api.errors import ApiError
from api.tracking.pin_key import pin_key

SAMPLE = 50
"""Photos read each time."""
OLDEST_BACKUP = timedelta(hours=26)


def check_settings(path: Path) -> Finding:
    """The settings may hold a password: they are not for everybody on the machine."""
    if path.stat().st_mode & 0o007:
        said = f"Mọi người trên máy đọc được {path}.", f"Everybody on the machine can read {path}."
        return warning("settings", said, (f"chmod o-rwx {path}", f"chmod o-rwx {path}"))
    return well("settings", f"{path}: đọc được, không cho người ngoài.", f"{path}: readable, not for others.")


def check_keys(folder: Path) -> Finding:
    """The signing keys are there, and the service's alone."""
    keys = [path for path in sorted(folder.glob("*")) if path.is_file()] if folder.is_dir() else []
    if not keys:
        said = f"Chưa có khóa ký trong {folder}.", f"There is no key in {folder}."
        return warning(
            "keys", said, ("Có sau khi dịch vụ chạy lần đầu; nếu không, phục hồi.", "Start once; or restore.")
        )
    for path in keys:
        if path.stat().st_mode & 0o077 and path.suffix != ".pub":
            said = f"Người khác đọc được {path}.", f"Others can read {path}."
            return failure("keys", said, (f"chmod 0600 {path}", f"chmod 0600 {path}"))
    return well("keys", f"{len(keys)} tệp khóa.", f"{len(keys)} key files.")


def check_pin_keys(folder: Path, *, has_pins: bool) -> Finding:
    """PINs that were issued, and those that come sealed, can be checked."""
    todo = "Phục hồi thư mục keys từ bản sao lưu.", "Restore the folder keys from a backup."
    try:
        if has_pins:
            pin_key(folder, may_make=False)
        sealed = [load_seal_key(path) for path in (*folder.glob(PRESENT), *folder.glob(RETIRED))]
    except ApiError as error:
        return failure("pin_keys", (error.message_vi, error.message_en), todo)
    if not sealed and has_pins:
        said = (
            f"Chưa có {PRESENT}; PIN đã niêm sẽ không mở được.",
            f"There is no {PRESENT}: no sealed PIN can be opened.",
        )
        return failure("pin_keys", said, todo)
    return well("pin_keys", f"{len(sealed)} khóa niêm mã PIN.", f"{len(sealed)} keys that PINs are sealed to.")


def check_photos(folder: Path, kept: dict[str, str], *, seed: int) -> Finding:
    """
    A sample of the photos is as it was stored.

    Parameters
    ----------
    kept
        SHA-256 in events -> SHA-256 on disk, of `api.backup.store.kept_evidence`.
    """
    names = random.Random(seed).sample(sorted(kept), min(SAMPLE, len(kept)))
    bad = [name for name in names if not _is_whole(folder / name[:2] / name[2:], kept[name])]
    if bad:
        said = f"Ảnh thiếu hoặc hỏng: {', '.join(bad)}", f"Photos missing or damaged: {', '.join(bad)}"
        return failure(
            "photos", said, ("Lấy lại từ bản sao lưu; kiểm tra đĩa.", "Take them from a backup; check the disk.")
        )
    return well("photos", f"{len(names)} ảnh đọc thử đều đúng.", f"{len(names)} photos read, all right.")


def check_pages(static: Path) -> Finding:
    """The pages are built."""
    if not (static / "index.html").is_file():
        return failure("pages", ("Thiếu trang web.", "The pages are missing."), ("Cài lại gói.", "Install again."))
    return well("pages", "Trang web có đủ.", "The pages are there.")


def check_backup(folder: Path, now: datetime) -> Finding:
    """There is a backup of this day."""
    found = latest_backup(folder) if folder.is_dir() else None
    todo = f"duongthu backup {folder}/…", f"duongthu backup {folder}/…"
    if found is None:
        return warning("backup", (f"Chưa có bản sao lưu trong {folder}.", f"No backup in {folder}."), todo)
    hours = (now - found[1]) / timedelta(hours=1)
    said = f"Bản sao lưu mới nhất: {hours:.0f} giờ trước.", f"The newest backup is {hours:.0f} hours old."
    return warning("backup", said, todo) if now - found[1] > OLDEST_BACKUP else well("backup", *said)


def _is_whole(path: Path, stored: str) -> bool:
    return path.is_file() and hash_of(path) == stored
