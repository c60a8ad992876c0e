-- Format 3: the register of events by day over all pairs, with all that a
-- filter asks of it, so that a page of a list is one short range of its keys for
-- each class of event: 0 of one day, 1 of up to 366 days, 2 of more. Events of
-- one day are most; those of a window are then its days and no others.
CREATE INDEX event_dyad_day ON event_dyad (long + (until > day), day, event, until, type, status);
