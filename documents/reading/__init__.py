"""Turns scanned papers into text and typed fields, each with its confidence and its place."""

from documents.reading.page import Line, PageReading
from documents.reading.scan import read_page

__all__ = ["Line", "PageReading", "read_page"]
