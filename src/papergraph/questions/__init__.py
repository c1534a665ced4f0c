"""The questions that papergraph answers over any store: the same answers on each."""

from papergraph.questions.catalogue import catalogue
from papergraph.questions.concepts import concept, named_together
from papergraph.questions.connected import connected
from papergraph.questions.lineage import lineage
from papergraph.questions.listings import listing, listings
from papergraph.questions.meaning import query_embedder
from papergraph.questions.names import Names, names
from papergraph.questions.neighbourhood import neighbourhood
from papergraph.questions.papers import explain
from papergraph.questions.paths import path
from papergraph.questions.search import search
from papergraph.questions.similar import similar
from papergraph.questions.stats import stats

__all__ = [
    "Names",
    "catalogue",
    "concept",
    "connected",
    "explain",
    "lineage",
    "listing",
    "listings",
    "named_together",
    "names",
    "neighbourhood",
    "path",
    "query_embedder",
    "search",
    "similar",
    "stats",
]
