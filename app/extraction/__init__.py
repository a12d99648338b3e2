"""A file becomes text: `extractor` starts a worker in a sandbox, which reads one file of one format."""
