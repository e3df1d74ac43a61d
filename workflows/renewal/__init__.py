"""Renewal (续保): reminders, their notices and mails."""
