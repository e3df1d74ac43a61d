"""Money goes out, the bank answers, and what was paid too much comes back."""
