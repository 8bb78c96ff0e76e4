"""The front door of ``audit``."""

from hutong.foundation.audit.services.bundling import export_proof
from hutong.foundation.audit.services.checking import verify
from hutong.foundation.audit.services.folding import fold
from hutong.foundation.audit.services.forgetting import NotErased, erase
from hutong.foundation.audit.services.reading import record_reads
from hutong.foundation.audit.services.witnessing import export, export_all, proof_since
from hutong.foundation.audit.witnesses import WitnessRefused

__all__ = [
    "NotErased",
    "WitnessRefused",
    "erase",
    "export",
    "export_all",
    "export_proof",
    "fold",
    "proof_since",
    "record_reads",
    "verify",
]
