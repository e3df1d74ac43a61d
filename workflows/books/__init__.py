"""The books of the office: accounts, the vouchers that acts cause, and what is told from them."""
