"""The policy as data: read whole, or refused with its line."""
