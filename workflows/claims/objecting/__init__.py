"""Objections: registered, heard, answered, or taken back."""
