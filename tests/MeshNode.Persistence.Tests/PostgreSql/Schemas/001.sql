-- What a store of schema version 1 had written, in the schema meshnode. Never changed: later versions must take it over.
CREATE SCHEMA meshnode;
SET search_path = meshnode;
CREATE TABLE schema_version (version integer NOT NULL);
CREATE TABLE persistence_ids (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash           bytea NOT NULL UNIQUE,
    persistence_id text COLLATE "C" NOT NULL,
    deleted_to     bigint NOT NULL DEFAULT 0
);
CREATE INDEX persistence_ids_order ON persistence_ids (left(persistence_id, 600));

CREATE TABLE journal (
    id             bigint NOT NULL,
    sequence_nr    bigint NOT NULL,
    manifest       text NOT NULL,
    version        integer NOT NULL,
    timestamp      bigint NOT NULL,
    tags           jsonb,
    payload        bytea NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
ALTER TABLE journal ALTER COLUMN payload SET STORAGE EXTERNAL;

CREATE TABLE journal_tags (
    tag            text COLLATE "C" NOT NULL,
    transaction    bigint NOT NULL,
    ordinal        integer NOT NULL,
    id             bigint NOT NULL,
    sequence_nr    bigint NOT NULL,
    PRIMARY KEY (tag, transaction, ordinal)
);
CREATE INDEX journal_tags_order ON journal_tags (transaction, ordinal);
CREATE INDEX journal_tags_event ON journal_tags (id, sequence_nr);

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
    id             bigint NOT NULL,
    sequence_nr    bigint NOT NULL,
    timestamp      bigint NOT NULL,
    manifest       text NOT NULL,
    version        integer NOT NULL,
    payload        bytea NOT NULL,
    PRIMARY KEY (id, sequence_nr)
);
ALTER TABLE snapshots ALTER COLUMN payload SET STORAGE EXTERNAL;
INSERT INTO persistence_ids (id, hash, persistence_id, deleted_to) OVERRIDING SYSTEM VALUE VALUES
    (1, sha256('account-1'), 'account-1', 1), (2, sha256('account-2'), 'account-2', 5);
SELECT setval(pg_get_serial_sequence('persistence_ids', 'id'), 2);
INSERT INTO journal VALUES
    (1, 2, 'deposited', 1, 639000000000000000, NULL, '{"amount":2}'),
    (1, 3, 'deposited', 1, 639000000000000001, '["red"]', '{"amount":3}');
INSERT INTO journal_tags VALUES ('red', 500, 1, 1, 3);
INSERT INTO fences VALUES ('shard-1', 4);
INSERT INTO snapshots VALUES (1, 2, 639000000000000002, 'balance', 1, '{"sum":2}');
INSERT INTO schema_version VALUES (1);
