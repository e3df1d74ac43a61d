"""Reads, checks and writes rosters (名册) as spreadsheets."""
