"""Seals and opens personal values; only these files name the columns that hold them."""
