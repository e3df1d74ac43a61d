"""Opening the books of the office: what the bank holds, and what was there before the books."""
