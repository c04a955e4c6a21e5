"""The revisions, in order; a released one is never changed."""
