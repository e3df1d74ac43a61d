"""From papers that were read to a decision with its rights, and how a decision is taken back."""
