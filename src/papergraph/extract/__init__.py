"""From title and abstract to entities with roles and evidence, and to what a paper is."""

from papergraph.extract.base import Extraction, Extractor
from papergraph.extract.file import FileExtractor
from papergraph.extract.trained import TrainedExtractor

__all__ = ["Extraction", "Extractor", "FileExtractor", "TrainedExtractor"]
