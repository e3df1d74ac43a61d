"""How long what is of persons is kept (models/retention.toml), and what ends it or holds it up."""
