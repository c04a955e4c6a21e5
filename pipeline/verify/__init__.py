"""Verification of written bytes, by code that shares nothing with the readers and writers."""
