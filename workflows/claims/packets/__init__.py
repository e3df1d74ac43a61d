"""Packets: noticed in the drop folder or uploaded, taken in, and put away."""
