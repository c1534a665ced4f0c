// Waits until the indexes are filled.
CALL db.awaitIndexes($seconds);
