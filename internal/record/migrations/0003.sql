-- Format 3: the register of events by day over all pairs, with all that a
-- filter asks of it, so that a page of a list is one short range of its keys.
CREATE INDEX event_dyad_day ON event_dyad (long, day, event, until, type, status);
