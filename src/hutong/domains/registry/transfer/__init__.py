"""The registry as a folder of tables (data-contract.md §1), out and in.

``export_folder`` and ``import_folder`` are what ``hutong registry export|import`` calls; ``snapshot`` is the folder a
comparison reads: whole ID numbers, in a directory only this system user can open, removed afterwards.
"""

from hutong.domains.registry.transfer import permits
from hutong.domains.registry.transfer.loading import Rejected, Report, import_folder
from hutong.domains.registry.transfer.writing import STATES, export_folder, snapshot, snapshot_tables

__all__ = [
    "STATES",
    "Rejected",
    "Report",
    "export_folder",
    "import_folder",
    "permits",
    "snapshot",
    "snapshot_tables",
]
