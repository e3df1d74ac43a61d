"""Rosters (名册): read, checked, and handed out as spreadsheets."""
