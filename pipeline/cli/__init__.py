"""The command line: click, and nothing else that decides anything."""

from pipeline.cli.main import main

__all__ = ["main"]
