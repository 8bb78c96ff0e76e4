"""The public self-check: plain questions, likely benefits, nothing kept (ADR 0037)."""
