"""What a monitor asks of the office: read from the database and the broker when it asks."""
