"""The queries behind the screens; they only read."""
