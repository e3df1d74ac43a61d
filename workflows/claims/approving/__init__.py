"""What a supervisor sees of a claim that waits for him, and what he may do."""
