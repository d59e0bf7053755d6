"""What is kept: the OCFL store, which is the truth, the catalogue, which is an index, and fixity."""
