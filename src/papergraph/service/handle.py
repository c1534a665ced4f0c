"""The store that the pages read: opened when first needed, replaced when a new generation is swapped in."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

from papergraph import questions
from papergraph.questions.meaning import QueryEmbedder
from papergraph.settings import Settings
from papergraph.store import GraphStore, open_store
from papergraph.tables import open_graph

_LOOK_EVERY = 2.0  # seconds between looks for a new generation


class StoreHandle:
    """Gives the store of one location; safe to use from several threads.

    A store that a request may still read is closed only when the one after it is replaced.
    """

    def __init__(self, location: str, settings: Settings) -> None:
        self.location = location
        self._settings = settings
        self._lock = threading.Lock()
        self._store: GraphStore | None = None
        self._generation = ""
        self._retired: GraphStore | None = None
        self._looked = 0.0
        self._embedder: tuple[GraphStore, Future[QueryEmbedder | None]] | None = None

    def get(self) -> GraphStore:
        """The store of the generation in force. Raises StoreUnavailableError or GraphError."""
        with self._lock:
            now = time.monotonic()
            if self._store is None:
                self._open()
            elif now - self._looked >= _LOOK_EVERY:
                if self._current_generation() != self._generation:
                    self._replace()
                self._looked = now
            assert self._store is not None
            return self._store

    def look(self) -> None:
        """Makes the next `get` look for a new generation."""
        with self._lock:
            self._looked = -_LOOK_EVERY

    def _open(self) -> None:
        store = open_store(self.location, self._settings)
        try:
            self._generation = store.info().generation
        except BaseException:
            store.close()
            raise
        self._store = store
        self._looked = time.monotonic()

    def _current_generation(self) -> str:
        if "://" not in self.location:
            return open_graph(self.location).name
        assert self._store is not None
        return self._store.info().generation

    def _replace(self) -> None:
        if self._retired is not None:
            self._retired.close()
        self._retired, self._store = self._store, None
        self._open()

    def embedder(self, *, wait: bool = True) -> QueryEmbedder | None:
        """What embeds a free text as the papers were embedded; None where nothing can.

        It is loaded in a thread of its own when first asked for, once a store. Without `wait`, None until it
        is there (see `embedder_loads`), and where it cannot be loaded.
        """
        store = self.get()
        with self._lock:
            if self._embedder is None or self._embedder[0] is not store:
                self._embedder = store, self._load_embedder(store)
            loading = self._embedder[1]
        if wait or (loading.done() and loading.exception() is None):
            return loading.result()
        return None

    def embedder_loads(self) -> bool:
        """Whether an embedder was asked for and is not there yet."""
        with self._lock:
            return self._embedder is not None and not self._embedder[1].done()

    def _load_embedder(self, store: GraphStore) -> Future[QueryEmbedder | None]:
        loading: Future[QueryEmbedder | None] = Future()

        def load() -> None:
            try:
                loading.set_result(questions.query_embedder(store, self._settings)[0])
            except BaseException as error:
                loading.set_exception(error)

        threading.Thread(target=load, daemon=True, name="embedder").start()
        return loading

    def close(self) -> None:
        with self._lock:
            for store in (self._store, self._retired):
                if store is not None:
                    store.close()
            self._store = self._retired = None
