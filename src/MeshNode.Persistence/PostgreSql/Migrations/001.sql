-- The numbers that stand for persistence ids. A row stays when its events are deleted: it keeps what is the highest number
-- then. A writer locks the rows of its ids, so that two incarnations of one actor write one after the other.
CREATE TABLE persistence_ids (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- SHA-256 of the id's UTF-8: an index entry has at most 2,704 bytes, an id of 1,000 characters up to 3,000.
    hash           bytea NOT NULL UNIQUE,
    persistence_id text COLLATE "C" NOT NULL,
    deleted_to     bigint NOT NULL DEFAULT 0    -- events up to here are deleted; numbers up to here are taken
);
-- Pages through the ids in the order of their bytes.
CREATE INDEX persistence_ids_order ON persistence_ids (left(persistence_id, 600));

CREATE TABLE journal (
    id             bigint NOT NULL,             -- persistence_ids.id
    sequence_nr    bigint NOT NULL,
    manifest       text NOT NULL,
    version        integer NOT NULL,
    timestamp      bigint NOT NULL,             -- 100 ns since the year 1, UTC
    tags           jsonb,                       -- array of strings, or NULL
    payload        bytea NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
-- Payloads are read whole and are often compressed or sealed already.
ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;

-- One row for each tag of an event. Transactions commit in another order than they begin, so a reader goes by the
-- number of the transaction and only up to the oldest one that is still running.
CREATE TABLE journal_tags (
    tag            text COLLATE "C" NOT NULL,
    transaction    bigint NOT NULL,             -- of pg_current_xact_id(), plus journal_state.transaction_base
    ordinal        integer NOT NULL,            -- of the event in its transaction, from 1
    id             bigint NOT NULL,
    sequence_nr    bigint NOT NULL,
    PRIMARY KEY (tag, transaction, ordinal)
);
CREATE INDEX journal_tags_order ON journal_tags (transaction, ordinal);
CREATE INDEX journal_tags_event ON journal_tags (id, sequence_nr);

-- One row. A dump that is restored elsewhere meets a server whose transactions count from another start: the base, set
-- at start, keeps later ones above those that are stored.
CREATE TABLE journal_state (
    singleton        boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    transaction_base bigint NOT NULL
);
INSERT INTO journal_state (transaction_base) VALUES (0);

CREATE TABLE fences (
    name           text COLLATE "C" PRIMARY KEY,
    epoch          bigint NOT NULL
);

CREATE TABLE snapshots (
    id             bigint NOT NULL,             -- persistence_ids.id
    sequence_nr    bigint NOT NULL,
    timestamp      bigint NOT NULL,             -- 100 ns since the year 1, UTC
    manifest       text NOT NULL,
    version        integer NOT NULL,
    payload        bytea NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
ALTER TABLE snapshots ALTER COLUMN payload SET STORAGE EXTERNAL;
