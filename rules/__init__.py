"""What is owed and by which article: pure arithmetic, and its figures in TOML files."""
