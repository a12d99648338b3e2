"""PDFs: runs of text with their places -> rows and tables -> Markdown."""
