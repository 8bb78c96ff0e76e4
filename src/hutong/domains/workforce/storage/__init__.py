"""The uploaded list as rows of text, read in the sandbox (ADR 0026)."""
