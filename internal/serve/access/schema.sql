-- What a server keeps beside its record; package access explains it.
PRAGMA user_version = 1;
CREATE TABLE IF NOT EXISTS account (
  name    TEXT PRIMARY KEY,
  hash    TEXT NOT NULL,                      -- argon2id, PHC string format
  roles   TEXT NOT NULL,                      -- "read review"
  created TEXT NOT NULL                       -- RFC 3339, as all times
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS token (
  id      TEXT PRIMARY KEY,                   -- public half of the token
  hash    BLOB NOT NULL,                      -- SHA-256 of the secret half
  account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
  label   TEXT NOT NULL,
  scopes  TEXT NOT NULL,
  created TEXT NOT NULL,
  expires TEXT NOT NULL,
  used    TEXT NOT NULL                       -- to the hour, '' never
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  hash    BLOB PRIMARY KEY,                   -- SHA-256 of the id
  account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
  created TEXT NOT NULL,
  seen    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail (
  n       INTEGER PRIMARY KEY,
  time    TEXT NOT NULL,
  account TEXT NOT NULL,
  token   TEXT NOT NULL,
  remote  TEXT NOT NULL,                      -- the client's address
  action  TEXT NOT NULL,                      -- "POST /api/v1/reviews", "login"
  what    TEXT NOT NULL,
  status  INTEGER NOT NULL                    -- HTTP's
) STRICT;
CREATE INDEX IF NOT EXISTS trail_time ON trail (time);
CREATE TABLE IF NOT EXISTS answer (
  account TEXT NOT NULL,
  key     TEXT NOT NULL,                      -- Idempotency-Key
  time    TEXT NOT NULL,
  request BLOB NOT NULL,                      -- SHA-256 of method, path and body
  status  INTEGER NOT NULL,
  type    TEXT NOT NULL,
  place   TEXT NOT NULL,                      -- Location
  body    BLOB NOT NULL,
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answer_time ON answer (time);
