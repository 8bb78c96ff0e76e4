"""Sheets and documents as officials know them: Excel by XlsxWriter, Word by python-docx. No user text becomes a formula."""
