"""The screens of the console, one file for each area."""
