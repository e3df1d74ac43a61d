"""A claim's papers: read, kept as fields, and wanted."""
