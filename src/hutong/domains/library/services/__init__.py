"""The front door of ``library`` for whoever changes something."""

from hutong.domains.library.services.editing import (
    add_after,
    edit_clause,
    edit_head,
    merge_up,
    relate,
    remove,
    unrelate,
)
from hutong.domains.library.services.errors import LibraryRefused
from hutong.domains.library.services.importing import begin, import_file
from hutong.domains.library.services.loading import Loaded, load
from hutong.domains.library.services.publishing import publish, reopen, repeal, send_back, submit, withdraw
from hutong.domains.library.services.reviewing import finish_review, open_review

__all__ = [
    "LibraryRefused",
    "Loaded",
    "add_after",
    "begin",
    "edit_clause",
    "edit_head",
    "finish_review",
    "import_file",
    "load",
    "merge_up",
    "open_review",
    "publish",
    "relate",
    "remove",
    "reopen",
    "repeal",
    "send_back",
    "submit",
    "unrelate",
    "withdraw",
]
