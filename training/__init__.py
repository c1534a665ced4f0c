"""The recipe that makes the files in src/papergraph/data/models; not needed at run time."""
