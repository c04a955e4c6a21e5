"""Resolve: findings become people and other entities, each with a role, a gender and a place in the story."""

from pipeline.resolve.register import ClientIndex
from pipeline.resolve.stage import resolve

__all__ = ["ClientIndex", "resolve"]
