"""Opens handed-in files, judges them by content and turns them into pages."""
