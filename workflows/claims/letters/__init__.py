"""What the letters of claims say, and what gives cause to each."""
