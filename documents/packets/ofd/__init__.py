"""OFD (GB/T 33190), what state e-receipts come as: opened, drawn, its digests checked."""
