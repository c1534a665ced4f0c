"""papergraph."""
