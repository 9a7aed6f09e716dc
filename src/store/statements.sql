-- Every statement of the program, by name. tools/gen-statements makes C of them; both engines
-- prepare all of them when a connection is made. One text for both with $1, $2, …; where the engines
-- differ, "[sqlite]" and "[postgres]" follow the name (at most twelve: tests/store counts them).
--
-- Numbers and times are 64 bits wide on both; a sum or a count must be cast where PostgreSQL would
-- make another type of it: CAST(sum(x) AS BIGINT).

-- ---- migrations ----

-- name: migration_list
SELECT number, name, digest FROM migration ORDER BY number;

-- name: migration_add
INSERT INTO migration (number, name, digest, applied) VALUES ($1, $2, $3, $4);

-- ---- settings ----

-- name: setting_get
SELECT value FROM setting WHERE name = $1;

-- name: setting_put
INSERT INTO setting (name, value) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- ---- the ledger ----

-- name: ledger_head
SELECT n, hash FROM ledger_head WHERE one = 1;

-- The two steps of SQLite, whose one writer computes the hash itself.
-- name: ledger_move_head
UPDATE ledger_head SET n = $1, hash = $2 WHERE one = 1;

-- name: ledger_add
INSERT INTO ledger (n, at, actor, action, subject, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- PostgreSQL does both at once, after the lock, so that it is held for one round trip.
-- name: ledger_append [postgres only]
WITH head AS (
	UPDATE ledger_head SET n = n + 1, hash = sha256(hash || int8send(n + 1) || int8send($1) || $6)
	WHERE one = 1 RETURNING n, hash)
INSERT INTO ledger (n, at, actor, action, subject, body, hash)
	SELECT head.n, $1, $2, $3, $4, $5, head.hash FROM head;

-- name: ledger_from
SELECT n, at, actor, action, subject, body, hash FROM ledger WHERE n >= $1 ORDER BY n LIMIT $2;

-- name: change_add
INSERT INTO change (n, item, kind, key) SELECT n, $1, $2, $3 FROM ledger_head WHERE one = 1;

-- name: change_after
SELECT n, kind, key FROM change WHERE n > $1 ORDER BY n, item;

-- ---- documents ----

-- name: document_add
INSERT INTO document (digest, kind, bytes, encoding, content, received) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (digest) DO NOTHING;

-- name: document_id
SELECT id FROM document WHERE digest = $1;

-- name: document_get
SELECT kind, bytes, encoding, content, received, digest FROM document WHERE id = $1;
