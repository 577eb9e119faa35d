"""Machine translation between applicants and staff, and what doubts it. Always a help, never the only text."""
