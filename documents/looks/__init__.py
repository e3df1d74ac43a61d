"""What the pixels of a page show before any letter of it is read."""
