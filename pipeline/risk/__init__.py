"""What is left in a telling, how many people it fits, and what to tell more broadly when those are too few."""
