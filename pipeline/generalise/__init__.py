"""What a detail becomes when it is made broader: one file a family of details, the words in ``generalise.toml``."""
