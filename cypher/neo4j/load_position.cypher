// How many rows are in, so that a load that was cut off resumes there; runs in the transaction of its batch.
MATCH (m:PapergraphMeta {uid: 'meta'})
SET m.position = $position;
