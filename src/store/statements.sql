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

-- name: setting_names
SELECT name FROM setting ORDER BY name;

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

-- ---- jobs (src/job) ----

-- name: job_add
INSERT INTO job (public, kind, key, state, run_at, attempts, attempts_max, progress, cancel, payload, created)
	VALUES ($1, $2, $3, 'queued', $4, 0, $5, 0, 0, $6, $4)
	ON CONFLICT (kind, key) WHERE state IN ('queued', 'running') DO NOTHING;

-- name: job_open
SELECT public FROM job WHERE kind = $1 AND key = $2 AND state IN ('queued', 'running');

-- Its worker died each time.
-- name: job_bury
UPDATE job SET state = 'quarantined', finished = $1, lease_owner = NULL,
	error = COALESCE(error, 'its worker ended each time before it was done')
	WHERE state = 'running' AND lease_until < $1 AND attempts >= attempts_max;

-- name: job_claim [sqlite]
UPDATE job SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM job WHERE (state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3)
		ORDER BY run_at, id LIMIT 1)
	RETURNING id, public, kind, key, payload, attempts, attempts_max;

-- name: job_claim [postgres]
UPDATE job SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM job WHERE (state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3)
		ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
	RETURNING id, public, kind, key, payload, attempts, attempts_max;

-- name: job_renew
UPDATE job SET lease_until = $3, progress = $4 WHERE id = $1 AND lease_owner = $2 AND state = 'running'
	RETURNING cancel;

-- name: job_finish
UPDATE job SET state = 'done', result = $3, finished = $4, progress = 1000, error = NULL, lease_owner = NULL
	WHERE id = $1 AND lease_owner = $2 AND state = 'running';

-- name: job_fail
UPDATE job SET error = $3, run_at = $4, lease_owner = NULL,
	state = CASE WHEN cancel = 1 THEN 'cancelled' WHEN attempts >= attempts_max THEN 'quarantined' ELSE 'queued' END,
	finished = CASE WHEN cancel = 1 OR attempts >= attempts_max THEN CAST($5 AS BIGINT) END
	WHERE id = $1 AND lease_owner = $2 AND state = 'running';

-- name: job_cancel
UPDATE job SET cancel = 1, state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
	finished = CASE state WHEN 'queued' THEN CAST($2 AS BIGINT) END
	WHERE public = $1 AND state IN ('queued', 'running');

-- name: job_release
UPDATE job SET state = 'queued', attempts = 0, run_at = $2, finished = NULL WHERE public = $1 AND state = 'quarantined';

-- name: job_get
SELECT id, public, kind, key, state, attempts, progress, result, error FROM job WHERE public = $1;

-- name: job_counts
SELECT state, CAST(COUNT(*) AS BIGINT) FROM job GROUP BY state ORDER BY state;

-- ---- the outbox (src/job) ----

-- name: outbox_add
INSERT INTO outbox (public, kind, target, payload, state, attempts, attempts_max, next_at, created)
	VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $6);

-- name: outbox_bury
UPDATE outbox SET state = 'quarantined', lease_owner = NULL,
	error = COALESCE(error, 'its sender ended each time before it was done')
	WHERE state = 'waiting' AND lease_until < $1 AND attempts >= attempts_max;

-- name: outbox_claim [sqlite]
UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= $3
		AND (lease_until IS NULL OR lease_until < $3) ORDER BY next_at, id LIMIT 1)
	RETURNING id, public, kind, target, payload, attempts, attempts_max;

-- name: outbox_claim [postgres]
UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= $3
		AND (lease_until IS NULL OR lease_until < $3) ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
	RETURNING id, public, kind, target, payload, attempts, attempts_max;

-- name: outbox_delivered
UPDATE outbox SET state = 'delivered', delivered = $3, lease_owner = NULL, error = NULL
	WHERE id = $1 AND lease_owner = $2 AND state = 'waiting';

-- name: outbox_failed
UPDATE outbox SET error = $3, next_at = $4, lease_owner = NULL, lease_until = NULL,
	state = CASE WHEN attempts >= attempts_max THEN 'quarantined' ELSE 'waiting' END
	WHERE id = $1 AND lease_owner = $2 AND state = 'waiting';

-- name: outbox_counts
SELECT state, CAST(COUNT(*) AS BIGINT) FROM outbox GROUP BY state ORDER BY state;
