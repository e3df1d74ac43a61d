"""The same acts for programs: JSON under /api/v1, told by OpenAPI."""
