"""Pages in MyST Markdown, and the scaffold of a theory that checks one."""
