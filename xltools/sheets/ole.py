"""What is inside an OLE container: an old workbook, an encrypted new one, or something else."""

from __future__ import annotations

import io
import re

from xltools.sheets import biff
from xltools.sheets.grid import Unreadable, Workbook
from xltools.sheets.limits import MAX_BIFF, MAX_SPIN

# Excel encrypts with this fixed word when a book is only protected against changes, and opens
# it without asking; so do we.
_NO_PASSWORD = "VelvetSweatshop"
_SPIN = re.compile(rb'spinCount="(\d+)"')


def read(data: bytes) -> Workbook | bytes:
    """The workbook, or the bytes of the package that was wrapped without a real password.

    Raises only Unreadable.
    """
    streams = _streams(data)
    if "encryptedpackage" in streams:
        return _decrypted(data, streams.get("encryptioninfo", b""))
    for name, code in (("worddocument", "word"), ("powerpoint document", "presentation")):
        if name in streams:
            raise Unreadable(code)
    if "\tdrmcontent" in streams or "drmcontent" in streams:
        raise Unreadable("rights")
    if "workbook" in streams or "book" in streams:
        return _book(data, streams.get("workbook") or streams.get("book") or b"")
    raise Unreadable("ole_other")


def _book(data: bytes, stream: bytes) -> Workbook:
    try:
        return biff.read(data, stream)
    except Unreadable as refusal:
        if refusal.code != "password":
            raise
    return biff.read(_decrypted(data, b""))


def _streams(data: bytes) -> dict[str, bytes]:
    """Names of the top-level streams in lower case; only EncryptionInfo and the workbook with content."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            found = {path[0].lower(): b"" for path in container.listdir(streams=True, storages=True)}
            if "encryptioninfo" in found:
                found["encryptioninfo"] = container.openstream("EncryptionInfo").read(65536)
            for name in ("Workbook", "Book"):
                if name.lower() in found and len(data) <= MAX_BIFF:
                    found[name.lower()] = container.openstream(name).read()
            return found
    except Exception:
        # As with the BIFF library: a damaged container raises whatever its bytes lead to.
        raise Unreadable("damaged") from None


def _decrypted(data: bytes, info: bytes) -> bytes:
    spin = _SPIN.search(info)
    if spin and int(spin[1][:12]) > MAX_SPIN:
        raise Unreadable("password")
    import msoffcrypto

    out = io.BytesIO()
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
        book.load_key(password=_NO_PASSWORD)
        book.decrypt(out)
    except Exception:
        # A wrong password, an unknown cipher and a damaged stream all end here; to the sender
        # they are one thing: remove the password and send again.
        raise Unreadable("password") from None
    if not out.getvalue():
        raise Unreadable("password")
    return out.getvalue()
