"""Settlement files: rows of stays from the medical-insurance side, read as papers are."""
