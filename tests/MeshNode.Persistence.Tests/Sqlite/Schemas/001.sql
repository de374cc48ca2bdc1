-- What a store of schema version 1 had written. Never changed: later versions must take it over.
CREATE TABLE persistence_ids (
    id             INTEGER PRIMARY KEY,
    persistence_id TEXT NOT NULL UNIQUE,
    deleted_to     INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE journal (
    ordering       INTEGER PRIMARY KEY,
    id             INTEGER NOT NULL,
    sequence_nr    INTEGER NOT NULL,
    manifest       TEXT NOT NULL,
    version        INTEGER NOT NULL,
    timestamp      INTEGER NOT NULL,
    tags           TEXT,
    payload        BLOB NOT NULL
);

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
    id             INTEGER NOT NULL,
    sequence_nr    INTEGER NOT NULL,
    timestamp      INTEGER NOT NULL,
    manifest       TEXT NOT NULL,
    version        INTEGER NOT NULL,
    payload        BLOB NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
INSERT INTO persistence_ids (id, persistence_id, deleted_to) VALUES (1, 'account-1', 1), (2, 'account-2', 5);
INSERT INTO journal (ordering, id, sequence_nr, manifest, version, timestamp, tags, payload) VALUES
    (2, 1, 2, 'deposited', 1, 639000000000000000, NULL, CAST('{"amount":2}' AS BLOB)),
    (9, 1, 3, 'deposited', 1, 639000000000000001, '["red"]', CAST('{"amount":3}' AS BLOB));
INSERT INTO journal_index VALUES (1, 2, 2);
INSERT INTO journal_recent VALUES (1, 3, 9);
INSERT INTO tags VALUES (1, 'red');
INSERT INTO journal_tags VALUES (1, 9);
UPDATE journal_state SET last_ordering = 8;
INSERT INTO fences VALUES ('shard-1', 4);
INSERT INTO snapshots VALUES (1, 2, 639000000000000002, 'balance', 1, CAST('{"sum":2}' AS BLOB));
PRAGMA application_id = 1296976433;
PRAGMA user_version = 1;
