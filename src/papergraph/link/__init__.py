"""Links between papers: SIMILAR_TO from text, vectors and shared concepts; ALIKE from what they say of their
problem and approach; BUILDS_ON from what they say they rest on."""

from papergraph.link.builds_on import builds_on
from papergraph.link.similar import similar
from papergraph.link.statistics import Statistics
from papergraph.link.views import Views

__all__ = ["Statistics", "Views", "builds_on", "similar"]
