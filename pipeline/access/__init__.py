"""A person's request to see what is held about them, answered with everybody else taken out (P25)."""

from pipeline.access.answer import Answered, answer, the_client

__all__ = ["Answered", "answer", "the_client"]
