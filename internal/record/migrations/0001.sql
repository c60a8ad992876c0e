-- Format 1. doc/record.md explains it.

-- Which program coded: "rapport 0.1 model 3".
CREATE TABLE coder (
  n    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A text somebody published, kept whole. A report whose text changed is a new
-- version of its id; only the newest has current = 1. Reports of the same text
-- share a family, the n of the first of them.
CREATE TABLE report (
  n              INTEGER PRIMARY KEY,
  id             TEXT    NOT NULL,
  version        INTEGER NOT NULL,           -- 1, 2, … within id
  current        INTEGER NOT NULL,
  family         INTEGER NOT NULL,
  hash           BLOB    NOT NULL,           -- SHA-256 of text
  coder          INTEGER NOT NULL REFERENCES coder,
  published      TEXT    NOT NULL,           -- EDTF, '' unknown
  basis          TEXT    NOT NULL,           -- what published rests on
  outlet         TEXT    NOT NULL,
  url            TEXT    NOT NULL,
  author         TEXT    NOT NULL,
  language       TEXT    NOT NULL,           -- BCP 47
  retrieved      TEXT    NOT NULL,           -- RFC 3339
  added          TEXT    NOT NULL,           -- RFC 3339
  dateline_start INTEGER NOT NULL,           -- bytes of text
  dateline_end   INTEGER NOT NULL,
  place          TEXT    NOT NULL,           -- the dateline's words
  title          TEXT    NOT NULL,
  text           TEXT    NOT NULL,           -- UTF-8, every offset points into it
  UNIQUE (id, version)
) STRICT;
CREATE INDEX report_hash ON report (hash);
CREATE INDEX report_family ON report (family);
CREATE INDEX report_outlet ON report (outlet, published, family, current);

-- One act as one report tells it. body is the claim's JSON as coded
-- (doc/claim.md); stands is the corrected JSON after a review. live = 0 when a
-- newer version of the report or a review took the claim out of the register.
-- day and until are its first and last possible day, yyyymmdd.
CREATE TABLE claim (
  n      INTEGER PRIMARY KEY,
  id     TEXT    NOT NULL UNIQUE,
  report INTEGER NOT NULL REFERENCES report,
  coder  INTEGER NOT NULL REFERENCES coder,
  live   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  start  INTEGER NOT NULL,                   -- its evidence in the report's text, bytes
  "end"  INTEGER NOT NULL,
  body   TEXT    NOT NULL,
  stands TEXT
) STRICT;
CREATE INDEX claim_report ON claim (report);
CREATE INDEX claim_out ON claim (n) WHERE live = 0;

-- Pairs of country codes, a <= b. a = b files the acts that have no pair:
-- those within one country and those of one party towards nobody named.
-- stale = 1 when its claims or judgements changed since events were derived.
CREATE TABLE dyad (
  n      INTEGER PRIMARY KEY,
  a      TEXT    NOT NULL,
  b      TEXT    NOT NULL,
  claims INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0,
  stale  INTEGER NOT NULL DEFAULT 0,
  UNIQUE (a, b)
) STRICT;

-- The register: the live claims of a pair by day. long = 1 for claims that may
-- span more than 366 days, so that a window's short claims are one key range.
CREATE TABLE claim_dyad (
  dyad   INTEGER NOT NULL REFERENCES dyad,
  long   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  claim  INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  event  TEXT    NOT NULL,
  status TEXT    NOT NULL,
  PRIMARY KEY (dyad, long, day, claim)
) WITHOUT ROWID, STRICT;

-- Whether two claims (ids, a < b) tell of one event, by rule or by a person.
CREATE TABLE judgement (
  n       INTEGER PRIMARY KEY,
  a       TEXT    NOT NULL,
  b       TEXT    NOT NULL,
  same    INTEGER NOT NULL,
  score   REAL    NOT NULL,
  reasons TEXT    NOT NULL,                  -- JSON list
  author  TEXT    NOT NULL,                  -- "rule:…" or a person
  person  INTEGER NOT NULL,                  -- 0 when author is a rule
  time    TEXT    NOT NULL,                  -- RFC 3339, '' for rules
  UNIQUE (a, b, author, time)
) STRICT;
CREATE INDEX judgement_b ON judgement (b);
CREATE INDEX judgement_person ON judgement (n) WHERE person = 1;

-- What a person says of a claim. Rows are never changed: an undo is a row that
-- names the one it undoes.
CREATE TABLE review (
  n       INTEGER PRIMARY KEY,
  claim   TEXT    NOT NULL,                  -- id; outlives a re-coding
  verdict TEXT    NOT NULL CHECK (verdict IN ('accept', 'correct', 'reject', 'undo')),
  old     TEXT    NOT NULL,                  -- the claim's JSON before
  new     TEXT    NOT NULL,                  -- and after; '' when taken out
  note    TEXT    NOT NULL,
  author  TEXT    NOT NULL,
  time    TEXT    NOT NULL,                  -- RFC 3339
  undoes  INTEGER REFERENCES review
) STRICT;
CREATE INDEX review_claim ON review (claim);

-- What happened, derived from claims and judgements; can be rebuilt.
CREATE TABLE event (
  n     INTEGER PRIMARY KEY,
  id    TEXT    NOT NULL UNIQUE,
  day   INTEGER NOT NULL,
  until INTEGER NOT NULL,
  body  TEXT    NOT NULL                     -- JSON
) STRICT;
CREATE TABLE event_claim (
  claim INTEGER PRIMARY KEY,
  event INTEGER NOT NULL
) STRICT;
CREATE INDEX event_claim_event ON event_claim (event);
CREATE TABLE event_dyad (
  dyad   INTEGER NOT NULL REFERENCES dyad,
  long   INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  event  INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  type   TEXT    NOT NULL,
  status TEXT    NOT NULL,
  PRIMARY KEY (dyad, long, day, event)
) WITHOUT ROWID, STRICT;

-- Full text of the current reports; the words themselves stand in report.
-- Evidence sentences are stretches of the text and need no index of their own.
CREATE VIEW searchable (n, title, text) AS SELECT n, title, text FROM report WHERE current = 1;
CREATE VIRTUAL TABLE search USING fts5 (
  title, text,
  content = 'searchable', content_rowid = 'n',
  tokenize = "porter unicode61 remove_diacritics 2"
);
