"""Backups: the database and the files it names, sealed into a folder elsewhere, and back again."""
