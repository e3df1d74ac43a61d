"""Turns scanned papers into text and typed fields, each with its confidence and its place."""

from documents.reading.fields import extract
from documents.reading.page import Line, PageReading
from documents.reading.scan import read_page
from documents.reading.summary import plain_value, report

__all__ = ["Line", "PageReading", "extract", "plain_value", "read_page", "report"]
