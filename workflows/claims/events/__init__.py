"""The events that a claim is about: what papers show of them and what people told."""
