"""Signed statements of what the log holds, and whether it still does."""
