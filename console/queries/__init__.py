"""The queries behind the screens; nothing here changes anything."""
