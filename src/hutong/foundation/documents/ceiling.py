"""No upload fills the disk: what comes beyond the largest file any page takes is thrown away unread (TM-10)."""

from __future__ import annotations

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler

A_FILE: Final = 51 * 2**20
"""A little above the largest limit of a page, so that the page itself says how big is too big."""
A_REQUEST: Final = 160 * 2**20


class Ceiling(FileUploadHandler):
    """First of the upload handlers: those behind it get the beginning of a file that is too large."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._taken += len(raw_data)
        return raw_data if start < A_FILE and self._taken <= A_REQUEST else None

    def file_complete(self, file_size: int) -> None:
        return None
