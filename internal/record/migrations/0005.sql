-- Format 5: what else a page told of a report.

-- Not columns of report: those would stand behind its text, and to read past a
-- long text costs pages. A row is only there where one of the three is told.
CREATE TABLE report_more (
  report   INTEGER PRIMARY KEY REFERENCES report,
  modified TEXT NOT NULL,                    -- EDTF, '' unknown
  captions TEXT NOT NULL,                    -- JSON list of [start, end], bytes of text
  origin   TEXT NOT NULL                     -- JSON list of [start, end, source start, source end]
) STRICT;
