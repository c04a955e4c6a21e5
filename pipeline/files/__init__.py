"""Opening and cutting up files of every kind: what the formats share, below the rooms that read them."""
