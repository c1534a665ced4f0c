"""The explorer: Flask pages over a GraphStore, each with a .json twin."""

from papergraph.service.app import create_app

__all__ = ["create_app"]
