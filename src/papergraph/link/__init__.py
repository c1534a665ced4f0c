"""Links between papers: SIMILAR_TO from text, vectors and shared concepts; BUILDS_ON from what papers say."""

from papergraph.link.builds_on import builds_on
from papergraph.link.similar import similar
from papergraph.link.statistics import Statistics

__all__ = ["Statistics", "builds_on", "similar"]
