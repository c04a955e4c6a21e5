"""An intruder in the box: attacks what was released the way a motivated insider would, and says how far it gets."""
