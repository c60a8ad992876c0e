-- Format 4: what pages ask for: the latest events, those of a person, body or
-- place, and the claims of most doubt.

-- Who and where an event names: kind 'p' a person or body, 'l' a place. Kept by
-- the triggers below, so that whatever writes events keeps it too.
CREATE TABLE event_name (
  kind  TEXT    NOT NULL,
  name  TEXT    NOT NULL,
  day   INTEGER NOT NULL,
  event INTEGER NOT NULL,
  PRIMARY KEY (kind, name, day, event)
) WITHOUT ROWID, STRICT;

CREATE TRIGGER event_name_add AFTER INSERT ON event BEGIN
  INSERT OR IGNORE INTO event_name SELECT 'p', value ->> 'name', NEW.day, NEW.n FROM json_each(NEW.body, '$.actor') WHERE value ->> 'name' <> '';
  INSERT OR IGNORE INTO event_name SELECT 'p', value ->> 'name', NEW.day, NEW.n FROM json_each(NEW.body, '$.recipient') WHERE value ->> 'name' <> '';
  INSERT OR IGNORE INTO event_name SELECT 'l', NEW.body ->> '$.place.name', NEW.day, NEW.n WHERE NEW.body ->> '$.place.name' <> '';
END;
-- Not where all names are gone already: then every event goes.
CREATE TRIGGER event_name_drop AFTER DELETE ON event WHEN EXISTS (SELECT 1 FROM event_name) BEGIN
  DELETE FROM event_name WHERE kind = 'p' AND day = OLD.day AND event = OLD.n AND name IN (
    SELECT value ->> 'name' FROM json_each(iif(json_valid(OLD.body), OLD.body, '{}'), '$.actor')
    UNION SELECT value ->> 'name' FROM json_each(iif(json_valid(OLD.body), OLD.body, '{}'), '$.recipient'));
  DELETE FROM event_name WHERE kind = 'l' AND name = iif(json_valid(OLD.body), OLD.body, '{}') ->> '$.place.name' AND day = OLD.day AND event = OLD.n;
END;

-- In the order of the key: a large record would write its pages over and over.
INSERT INTO event_name
  SELECT 'p', value ->> 'name' AS name, e.day AS day, e.n FROM event e, json_each(iif(json_valid(e.body), e.body, '{}'), '$.actor') WHERE value ->> 'name' <> ''
  UNION SELECT 'p', value ->> 'name', e.day, e.n FROM event e, json_each(iif(json_valid(e.body), e.body, '{}'), '$.recipient') WHERE value ->> 'name' <> ''
  UNION SELECT 'l', body ->> '$.place.name', day, n FROM event WHERE json_valid(body) AND body ->> '$.place.name' <> ''
  ORDER BY 1, 2, 3, 4;

CREATE INDEX event_day ON event (day);

-- Live claims nobody corrected, the least certain first.
CREATE INDEX claim_doubt ON claim (iif(json_valid(body), body ->> '$.confidence', 0)) WHERE live = 1 AND stands IS NULL;
