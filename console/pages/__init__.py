"""The screens: each file is one area of the console."""
