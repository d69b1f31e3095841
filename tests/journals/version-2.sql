-- A journal as version 2 made it, with one open proposal.
BEGIN TRANSACTION;
CREATE TABLE accounts (
	session_hash VARCHAR NOT NULL,
	dataset VARCHAR NOT NULL,
	name TEXT NOT NULL,
	tokens TEXT NOT NULL,
	expires_at VARCHAR,
	kept_at VARCHAR NOT NULL,
	PRIMARY KEY (session_hash, dataset)
);
CREATE TABLE confirmations (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	dataset VARCHAR NOT NULL,
	resource VARCHAR NOT NULL,
	row_key TEXT NOT NULL,
	time VARCHAR NOT NULL,
	revision VARCHAR NOT NULL,
	idempotency_key TEXT,
	body_hash VARCHAR NOT NULL,
	UNIQUE (dataset, idempotency_key)
);
CREATE TABLE deliveries (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	dataset VARCHAR NOT NULL,
	id TEXT NOT NULL,
	kind VARCHAR NOT NULL,
	number BIGINT,
	time VARCHAR NOT NULL,
	settled BOOLEAN NOT NULL,
	UNIQUE (dataset, id)
);
CREATE TABLE events (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	proposal INTEGER NOT NULL,
	time VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	actor TEXT,
	detail TEXT NOT NULL,
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
INSERT INTO "events" VALUES(1,1,'2024-08-01T12:00:00+00:00','received',NULL,'{}');
CREATE TABLE idempotency (
	dataset VARCHAR NOT NULL,
	"key" TEXT NOT NULL,
	body_hash VARCHAR NOT NULL,
	proposal INTEGER NOT NULL,
	PRIMARY KEY (dataset, "key"),
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
CREATE TABLE notes (
	proposal INTEGER NOT NULL,
	id BIGINT NOT NULL,
	author TEXT NOT NULL,
	body TEXT NOT NULL,
	time VARCHAR NOT NULL,
	PRIMARY KEY (proposal, id),
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
CREATE TABLE outlooks (
	dataset VARCHAR NOT NULL,
	fault VARCHAR,
	fault_values TEXT NOT NULL,
	since VARCHAR,
	failures INTEGER NOT NULL,
	retry_at VARCHAR,
	polled_at VARCHAR,
	swept_at VARCHAR,
	token_ends VARCHAR,
	held VARCHAR,
	held_reason VARCHAR,
	held_values TEXT NOT NULL,
	PRIMARY KEY (dataset)
);
CREATE TABLE proposal_rows (
	proposal INTEGER NOT NULL,
	position INTEGER NOT NULL,
	dataset VARCHAR NOT NULL,
	resource VARCHAR NOT NULL,
	row_key TEXT,
	PRIMARY KEY (proposal, position),
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
INSERT INTO "proposal_rows" VALUES(1,0,'centres','desks','["1"]');
CREATE TABLE proposals (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	dataset VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	pending BOOLEAN NOT NULL,
	base_revision VARCHAR NOT NULL,
	parent VARCHAR NOT NULL,
	operations TEXT NOT NULL,
	warnings TEXT NOT NULL,
	created_at VARCHAR NOT NULL,
	updated_at VARCHAR NOT NULL,
	conflicted BOOLEAN NOT NULL,
	head VARCHAR,
	number INTEGER,
	merge_request_url TEXT,
	comment TEXT,
	source TEXT,
	contributor TEXT,
	locale VARCHAR NOT NULL,
	decision TEXT,
	upstream TEXT,
	UNIQUE (dataset, id)
);
INSERT INTO "proposals" VALUES(1,'centres','0000000000000001','open',0,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','[{"op":"update","resource":"desks","key":{"id":"1"},"old":{},"new":{"phone":"01"}}]','[]','2024-08-01T12:00:00+00:00','2024-08-01T12:00:00+00:00',0,'cccccccccccccccccccccccccccccccccccccccc',1,NULL,NULL,NULL,NULL,'fr',NULL,NULL);
CREATE TABLE remarks (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	dataset VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	resource VARCHAR NOT NULL,
	row_key TEXT NOT NULL,
	state VARCHAR NOT NULL,
	time VARCHAR NOT NULL,
	comment TEXT NOT NULL,
	contributor TEXT,
	closed_at VARCHAR,
	closed_by TEXT,
	idempotency_key TEXT,
	body_hash VARCHAR NOT NULL,
	UNIQUE (dataset, id),
	UNIQUE (dataset, idempotency_key)
);
CREATE TABLE reviewers (
	name TEXT NOT NULL,
	token_hash VARCHAR NOT NULL,
	created_at VARCHAR NOT NULL,
	PRIMARY KEY (name),
	UNIQUE (token_hash)
);
CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(2);
CREATE INDEX proposals_by_arrival ON proposals (dataset, sequence);
CREATE INDEX proposals_by_state ON proposals (dataset, state, sequence);
CREATE INDEX proposals_pending ON proposals (dataset, pending);
CREATE INDEX confirmations_by_row ON confirmations (dataset, resource, row_key, time);
CREATE INDEX remarks_by_state ON remarks (dataset, state, sequence);
CREATE INDEX deliveries_by_arrival ON deliveries (dataset, settled, sequence);
CREATE INDEX proposal_rows_by_key ON proposal_rows (dataset, resource, row_key);
CREATE INDEX ix_events_proposal ON events (proposal);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('proposals',1);
INSERT INTO "sqlite_sequence" VALUES('events',1);
COMMIT;
