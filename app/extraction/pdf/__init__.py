"""PDFs: spans of text with their places -> rows and tables -> Markdown."""
