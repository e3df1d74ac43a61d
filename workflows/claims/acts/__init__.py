"""What people do to a claim: correct, tell, answer, join, name heirs, hold, deny, relieve."""
