"""What a person allowed in writing, and the limits of confidentiality."""
