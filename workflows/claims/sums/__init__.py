"""To whom a right is paid, what was granted, paid and asked back, and what is still owed."""
