-- The numbers that stand for persistence ids. A row stays when its events are deleted: it keeps what is the highest number then.
CREATE TABLE persistence_ids (
    id             INTEGER PRIMARY KEY,
    persistence_id TEXT NOT NULL UNIQUE,
    deleted_to     INTEGER NOT NULL DEFAULT 0   -- events up to here are deleted; numbers up to here are taken
);

-- Every event, in the order of commits. New rows go to the end of the table, whatever actor they are of.
CREATE TABLE journal (
    ordering       INTEGER PRIMARY KEY,
    id             INTEGER NOT NULL,            -- persistence_ids.id
    sequence_nr    INTEGER NOT NULL,
    manifest       TEXT NOT NULL,
    version        INTEGER NOT NULL,
    timestamp      INTEGER NOT NULL,            -- 100 ns since the year 1, UTC
    tags           TEXT,                        -- JSON array of strings, or NULL
    payload        BLOB NOT NULL
);

-- Where the events of an actor are. A commit writes every page that it touches, so touching one page for each of a
-- thousand actors would cost 4 MiB for 1,000 small events: new entries gather in the small table, from where they are
-- moved to the large one, sorted, every 16,384 events. Both together hold each event once; the small one the later.
CREATE TABLE journal_index (
    id             INTEGER NOT NULL,
    sequence_nr    INTEGER NOT NULL,
    ordering       INTEGER NOT NULL,
    PRIMARY KEY (id, sequence_nr)
) WITHOUT ROWID;

CREATE TABLE journal_recent (
    id             INTEGER NOT NULL,
    sequence_nr    INTEGER NOT NULL,
    ordering       INTEGER NOT NULL,
    PRIMARY KEY (id, sequence_nr)
) WITHOUT ROWID;

CREATE TABLE tags (
    id             INTEGER PRIMARY KEY,
    tag            TEXT NOT NULL UNIQUE
);

CREATE TABLE journal_tags (
    tag_id         INTEGER NOT NULL,
    ordering       INTEGER NOT NULL,
    PRIMARY KEY (tag_id, ordering)
) WITHOUT ROWID;

-- One row: the highest ordering whose event may be deleted, so that no number is given twice.
CREATE TABLE journal_state (
    singleton      INTEGER PRIMARY KEY CHECK (singleton = 1),
    last_ordering  INTEGER NOT NULL
);
INSERT INTO journal_state VALUES (1, 0);

CREATE TABLE fences (
    name           TEXT PRIMARY KEY,
    epoch          INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE snapshots (
    id             INTEGER NOT NULL,            -- persistence_ids.id
    sequence_nr    INTEGER NOT NULL,
    timestamp      INTEGER NOT NULL,            -- 100 ns since the year 1, UTC
    manifest       TEXT NOT NULL,
    version        INTEGER NOT NULL,
    payload        BLOB NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
