"""A claim's way (案件), from its papers to the bank's reply and its letters."""
