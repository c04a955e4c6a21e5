"""Papers for people, in versions that people with an impairment can use."""

from pipeline.accessible.paper import Paper, joined
from pipeline.accessible.template import read_paper
from pipeline.accessible.versions import Version, version_for, write_versions

__all__ = ["Paper", "Version", "joined", "read_paper", "version_for", "write_versions"]
