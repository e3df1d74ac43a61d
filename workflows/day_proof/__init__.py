"""The proof of a day (当日核对): what each station of the money says of it, side by side."""
