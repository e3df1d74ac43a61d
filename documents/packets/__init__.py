"""What was handed in: files opened, judged by content and turned into pages."""
