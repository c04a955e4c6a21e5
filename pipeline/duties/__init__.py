"""The duties of the policy around the stories: asking for permission, the policy's own papers, its review."""
