"""Tables of PDFs: how many of their values one line of the extracted text binds to the names of row and column."""
