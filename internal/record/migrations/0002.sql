-- Format 2: decisions of persons on merging that can be undone as one, and
-- families of near-identical texts.

-- One decision of a person on which claims tell of one event; the judgements
-- that it makes name it. Rows are never changed: an undo is a row that names
-- the one it undoes.
CREATE TABLE decision (
  n      INTEGER PRIMARY KEY,
  same   INTEGER,                            -- NULL for an undo
  note   TEXT    NOT NULL,
  author TEXT    NOT NULL,
  time   TEXT    NOT NULL,                   -- RFC 3339
  undoes INTEGER REFERENCES decision
) STRICT;
CREATE INDEX decision_undoes ON decision (undoes) WHERE undoes IS NOT NULL;
ALTER TABLE judgement ADD COLUMN decision INTEGER REFERENCES decision;
CREATE INDEX judgement_decision ON judgement (decision) WHERE decision IS NOT NULL;

-- Reports of nearly the same text share a family, the n of the first of them:
-- family.go. sketch is the 32 least hashes of the text's five-word strings, four
-- bytes each, big-endian, ascending; a strand is one of the four least.
ALTER TABLE report ADD COLUMN sketch BLOB;
CREATE TABLE strand (
  hash   INTEGER NOT NULL,
  report INTEGER NOT NULL,
  PRIMARY KEY (hash, report)
) WITHOUT ROWID, STRICT;

-- Full text of the current reports, in blobs that package fulltext reads and
-- writes. It takes the place of an FTS5 table: that ranked two words among
-- 200,000 reports in 25 ms and took half the time of keeping in bulk.
DROP TABLE search;
DROP VIEW searchable;
CREATE TABLE word_segment (
  n     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used again: readers keep docs in memory
  level INTEGER NOT NULL,
  docs  BLOB    NOT NULL                     -- reports by n, with their words
) STRICT;
CREATE INDEX word_segment_level ON word_segment (level);
CREATE TABLE word_chunk (
  n       INTEGER PRIMARY KEY,
  segment INTEGER NOT NULL REFERENCES word_segment,
  first   BLOB    NOT NULL,                  -- its first term
  data    BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX word_chunk_first ON word_chunk (segment, first);

-- Claims that wait to be merged: new ones, those that lost their event, and
-- those that a person decided on since. dyad.stale says the same of pairs.
CREATE TABLE unmerged (claim INTEGER PRIMARY KEY) STRICT;
INSERT INTO unmerged SELECT n FROM claim WHERE live = 1 AND n NOT IN (SELECT claim FROM event_claim);
INSERT OR IGNORE INTO unmerged SELECT c.n FROM judgement j CROSS JOIN claim c ON c.id IN (j.a, j.b) WHERE j.person = 1 AND c.live = 1;
