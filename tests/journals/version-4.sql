-- A journal as version 4 made it, with one open proposal.
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
CREATE TABLE blocks (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	dataset VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	sender VARCHAR, 
	contact VARCHAR, 
	reason TEXT, 
	"by" TEXT NOT NULL, 
	created_at VARCHAR NOT NULL, 
	until VARCHAR, 
	UNIQUE (dataset, id)
);
CREATE TABLE confirmations (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	dataset VARCHAR NOT NULL, 
	resource VARCHAR NOT NULL, 
	row_key TEXT NOT NULL, 
	time VARCHAR NOT NULL, 
	revision VARCHAR NOT NULL, 
	sender VARCHAR, 
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
	told BOOLEAN DEFAULT 1 NOT NULL, 
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
INSERT INTO "events" VALUES(1,1,'2024-08-01T12:00:00.123456+00:00','received',NULL,'{}',0);
CREATE TABLE idempotency (
	dataset VARCHAR NOT NULL, 
	"key" TEXT NOT NULL, 
	body_hash VARCHAR NOT NULL, 
	proposal INTEGER NOT NULL, 
	PRIMARY KEY (dataset, "key"), 
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
CREATE TABLE installation (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE journal_version (
	version_num VARCHAR(32) NOT NULL, 
	PRIMARY KEY (version_num)
);
INSERT INTO "journal_version" VALUES('0004');
CREATE TABLE notes (
	proposal INTEGER NOT NULL, 
	id BIGINT NOT NULL, 
	author TEXT NOT NULL, 
	body TEXT NOT NULL, 
	time VARCHAR NOT NULL, 
	PRIMARY KEY (proposal, id), 
	FOREIGN KEY(proposal) REFERENCES proposals (sequence) ON DELETE CASCADE
);
CREATE TABLE outbox (
	sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR NOT NULL, 
	dataset VARCHAR NOT NULL, 
	proposal INTEGER, 
	kind VARCHAR NOT NULL, 
	recipient TEXT NOT NULL, 
	locale VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	created_at VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	retry_at VARCHAR, 
	fault TEXT, 
	UNIQUE (id), 
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
	served VARCHAR, 
	held VARCHAR, 
	held_reason VARCHAR, 
	held_values TEXT NOT NULL, 
	PRIMARY KEY (dataset)
);
CREATE TABLE pauses (
	dataset VARCHAR NOT NULL, 
	message TEXT, 
	"by" TEXT NOT NULL, 
	since VARCHAR NOT NULL, 
	until VARCHAR, 
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
	sender VARCHAR, 
	contact VARCHAR, 
	signs TEXT, 
	erased BOOLEAN DEFAULT 0 NOT NULL, 
	UNIQUE (dataset, id)
);
INSERT INTO "proposals" VALUES(1,'centres','0000000000000001','open',0,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','[{"op":"update","resource":"desks","key":{"id":"1"},"old":{},"new":{"phone":"01"}}]','[]','2024-08-01T12:00:00.123456+00:00','2024-08-01T12:00:00.123456+00:00',0,'cccccccccccccccccccccccccccccccccccccccc',1,NULL,NULL,NULL,NULL,'fr',NULL,NULL,NULL,NULL,NULL,0);
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
	sender VARCHAR, 
	contact VARCHAR, 
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
INSERT INTO "schema_version" VALUES(4);
CREATE INDEX proposals_by_state ON proposals (dataset, state, sequence);
CREATE INDEX proposals_by_contact ON proposals (contact);
CREATE INDEX proposals_by_arrival ON proposals (dataset, sequence);
CREATE INDEX proposals_by_sender ON proposals (dataset, sender);
CREATE INDEX proposals_pending ON proposals (dataset, pending);
CREATE INDEX confirmations_by_row ON confirmations (dataset, resource, row_key, time);
CREATE INDEX remarks_by_state ON remarks (dataset, state, sequence);
CREATE INDEX deliveries_by_arrival ON deliveries (dataset, settled, sequence);
CREATE INDEX proposal_rows_by_key ON proposal_rows (dataset, resource, row_key);
CREATE INDEX events_untold ON events (told, sequence);
CREATE INDEX ix_events_proposal ON events (proposal);
CREATE INDEX outbox_by_due ON outbox (retry_at, sequence);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('proposals',1);
INSERT INTO "sqlite_sequence" VALUES('events',1);
COMMIT;
