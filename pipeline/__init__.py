"""storysafe: case notes in, documents out, and nobody in them recognised without written permission."""

__version__ = "0.1.0"
