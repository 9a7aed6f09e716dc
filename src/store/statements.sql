-- Every statement of the program, by name. tools/gen-statements makes C of them; both engines
-- prepare all of them when a connection is made. One text for both with $1, $2, …; where the engines
-- differ, "[sqlite]" and "[postgres]" follow the name (at most twelve: tests/store counts them).
--
-- Numbers and times are 64 bits wide on both; a sum or a count must be cast where PostgreSQL would
-- make another type of it: CAST(sum(x) AS BIGINT).
--
-- A text for PostgreSQL with $1::text[], $2::bigint[], … takes any number of rows in one command, the
-- text for SQLite one row after the other. Rows are written in the order in which they are given, so
-- that two writers wait for each other and ids rise in that order.

-- ---- migrations ----

-- name: migration_list
SELECT number, name, digest FROM migration ORDER BY number;

-- name: migration_newest
SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM migration;

-- name: migration_add
INSERT INTO migration (number, name, digest, applied) VALUES ($1, $2, $3, $4);

-- ---- settings ----

-- name: setting_get
SELECT value FROM setting WHERE name = $1;

-- Nobody else changes it before this transaction ends. SQLite has one writer.
-- name: setting_hold [sqlite]
SELECT value FROM setting WHERE name = $1;

-- name: setting_hold [postgres]
SELECT value FROM setting WHERE name = $1 FOR SHARE;

-- name: setting_names
SELECT name FROM setting ORDER BY name;

-- name: setting_add
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;

-- name: setting_put
INSERT INTO setting (name, value) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- ---- the data folder (src/datadir) ----

-- name: secret_put
INSERT INTO secret (name, key_id, nonce, box, changed) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (name) DO UPDATE SET key_id = excluded.key_id, nonce = excluded.nonce,
		box = excluded.box, changed = excluded.changed;

-- name: secret_get
SELECT key_id, nonce, box FROM secret WHERE name = $1;

-- name: secret_other_keys
SELECT CAST(COUNT(*) AS BIGINT) FROM secret WHERE key_id <> $1;

-- name: ledger_newest
SELECT at FROM ledger ORDER BY n DESC LIMIT 1;

-- name: knowledge_newest
SELECT newest, added FROM knowledge ORDER BY id DESC LIMIT 1;

-- Rows that refer to what is not there, where the database itself does not look.
-- name: dangling_decisions
SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE NOT EXISTS (SELECT 1 FROM release_component r
	WHERE r.release_id = d.release_id AND r.component_id = d.component_id);

-- name: dangling_signatures
SELECT CAST(COUNT(*) AS BIGINT) FROM signature s WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.id = s.person_id);

-- name: dangling_changes
SELECT CAST(COUNT(*) AS BIGINT) FROM change c WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.n = c.n);

-- name: dangling_knowledge
SELECT CAST(COUNT(*) AS BIGINT) FROM knowledge k
	WHERE k.chunks <> (SELECT COUNT(*) FROM knowledge_chunk c WHERE c.knowledge_id = k.id);

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

-- name: ledger_of_subject
SELECT actor, body FROM ledger WHERE subject = $1 ORDER BY n;

-- Newest first. An empty text, and the ends of time, are every record.
-- name: ledger_page
SELECT n, at, actor, action, subject, body, hash FROM ledger WHERE n < $1 AND ($3 = '' OR actor = $3)
	AND ($4 = '' OR action = $4) AND at >= $5 AND at < $6 AND $7 = '' ORDER BY n DESC LIMIT $2;

-- name: ledger_page_subject
SELECT n, at, actor, action, subject, body, hash FROM ledger WHERE subject = $7 AND n < $1 AND ($3 = '' OR actor = $3)
	AND ($4 = '' OR action = $4) AND at >= $5 AND at < $6 ORDER BY n DESC LIMIT $2;

-- name: ledger_count
SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM ledger WHERE ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3)
	AND at >= $4 AND at < $5 AND $6 = '' LIMIT $1) AS found;

-- name: ledger_count_subject
SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM ledger WHERE subject = $6 AND ($2 = '' OR actor = $2)
	AND ($3 = '' OR action = $3) AND at >= $4 AND at < $5 LIMIT $1) AS found;

-- What is about one device: itself, its files, decisions on it with their signatures, its releases. A
-- device that is gone may have had the name before it.
-- name: ledger_of_device
WITH about AS (
	SELECT 'device:' || d.name AS subject FROM device d WHERE d.id = $1
	UNION SELECT 'device:' || d.name || '/' || f.path FROM device d JOIN device_file f ON f.device_id = d.id WHERE d.id = $1
	UNION SELECT 'decision:' || d.name || '/' || a.name FROM device d JOIN assessment a ON a.device_id = d.id WHERE d.id = $1
	UNION SELECT 'release:' || r.public FROM release r WHERE r.device_id = $1
	UNION SELECT 'signature:' || s.public FROM assessment a JOIN signature s ON s.subject = 'assessment:' || a.public
		WHERE a.device_id = $1
	UNION SELECT 'baseline:' || b.public FROM design_baseline b WHERE b.device_id = $1
	UNION SELECT 'safety:' || r.public FROM safety_record r WHERE r.device_id = $1
	UNION SELECT 'signature:' || s.public FROM design_baseline b JOIN signature s ON s.id = b.signature_id WHERE b.device_id = $1)
SELECT l.n, l.hash FROM about b JOIN ledger l ON l.subject = b.subject
	WHERE ($2 = '' OR l.subject = $2) AND ($3 = '' OR l.actor = $3) AND ($4 = '' OR l.action = $4)
	AND l.at >= $5 AND l.at < $6
	AND l.n >= (SELECT MAX(c.n) FROM ledger c JOIN device d ON c.subject = 'device:' || d.name
		WHERE d.id = $1 AND c.action = 'device.create');

-- What an id in the subject of a record means to a reader, and for what is part of something the subject
-- that it is about; empty: itself.
-- name: ledger_subject
SELECT d.name || ' ' || r.version, '' FROM release r JOIN device d ON d.id = r.device_id WHERE $1 = 'release' AND r.public = $2
UNION ALL SELECT CASE WHEN COALESCE(v.title, '') = '' THEN '' ELSE v.name || ': ' || v.title END, '' FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE $1 = 'case' AND v.name = $2
UNION ALL SELECT g.title, '' FROM signal g WHERE $1 = 'signal' AND g.public = $2
UNION ALL SELECT d.name || CASE WHEN t.release = '' THEN '' ELSE ' ' || t.release END
		|| CASE WHEN t.vulns = '' THEN '' ELSE ': ' || REPLACE(t.vulns, ',', ', ') END, ''
	FROM statement t JOIN device d ON d.id = t.device_id WHERE $1 = 'statement' AND t.public = $2
UNION ALL SELECT s.printed_name || ': ' || d.name || '/' || a.name, 'decision:' || d.name || '/' || a.name
	FROM signature s JOIN assessment a ON s.subject = 'assessment:' || a.public JOIN device d ON d.id = a.device_id
	WHERE $1 = 'signature' AND s.public = $2
UNION ALL SELECT s.printed_name || ': ' || d.name || ' ' || b.name, 'device:' || d.name
	FROM signature s JOIN design_baseline b ON b.signature_id = s.id JOIN device d ON d.id = b.device_id
	WHERE $1 = 'signature' AND s.public = $2
UNION ALL SELECT s.printed_name || ': ' || d.name || CASE WHEN t.release = '' THEN '' ELSE ' ' || t.release END, 'statement:' || t.public
	FROM signature s JOIN statement t ON s.subject = 'statement:' || t.public JOIN device d ON d.id = t.device_id
	WHERE $1 = 'signature' AND s.public = $2
UNION ALL SELECT d.name || ' ' || b.name, 'device:' || d.name FROM design_baseline b JOIN device d ON d.id = b.device_id
	WHERE $1 = 'baseline' AND b.public = $2
UNION ALL SELECT d.name || ': ' || r.subject, 'device:' || d.name FROM safety_record r JOIN device d ON d.id = r.device_id
	WHERE $1 = 'safety' AND r.public = $2
UNION ALL SELECT x.value, '' FROM person p JOIN personal x ON x.id = p.name_id
	WHERE $1 = 'person' AND p.public = $2 AND x.value IS NOT NULL
UNION ALL SELECT m.name, '' FROM team m WHERE $1 = 'team' AND m.public = $2
UNION ALL SELECT k.label, '' FROM api_key k WHERE $1 = 'key' AND k.public = $2
UNION ALL SELECT w.name, '' FROM saved_view w WHERE $1 = 'view' AND w.public = $2
UNION ALL SELECT n.name, '' FROM notify_channel n WHERE $1 = 'channel' AND n.public = $2
UNION ALL SELECT u.name, '' FROM notify_rule u WHERE $1 = 'rule' AND u.public = $2;

-- name: checkpoint_list
SELECT n, at, hash, key_id, exported FROM checkpoint ORDER BY n DESC;

-- With the device that a decision is about; 0: it is about something else.
-- name: signatures_of
SELECT s.public, p.public, s.printed_name, s.meaning, s.subject, s.zone, s.signed_at, s.content, COALESCE(a.device_id, b.device_id, 0),
	COALESCE(s.resets, '[]')
	FROM signature s JOIN person p ON p.id = s.person_id LEFT JOIN assessment a ON s.subject = 'assessment:' || a.public
	LEFT JOIN design_baseline b ON s.subject = 'baseline:' || b.public
	WHERE s.subject = $1 ORDER BY s.id;

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
INSERT INTO job (public, kind, key, state, run_at, attempts, attempts_max, progress, cancel, again, payload, created)
	VALUES ($1, $2, $3, 'queued', $4, 0, $5, 0, 0, 0, $6, $4)
	ON CONFLICT (kind, key) WHERE state IN ('queued', 'running') DO UPDATE SET payload = excluded.payload,
		again = CASE job.state WHEN 'running' THEN 1 ELSE 0 END;

-- name: job_open
SELECT public FROM job WHERE kind = $1 AND key = $2 AND state IN ('queued', 'running');

-- What the open job is to do, which nobody changes before this transaction ends: a row that was
-- written is held on both engines.
-- name: job_payload_hold
UPDATE job SET key = key WHERE kind = $1 AND key = $2 AND state IN ('queued', 'running') RETURNING payload;

-- Its worker died each time, or after a person asked it to stop.
-- name: job_bury
UPDATE job SET finished = $1, lease_owner = NULL,
	state = CASE WHEN cancel = 1 THEN 'cancelled' ELSE 'quarantined' END,
	error = CASE WHEN cancel = 1 THEN error ELSE COALESCE(error, 'its worker ended each time before it was done') END
	WHERE state = 'running' AND lease_until < $1 AND (attempts >= attempts_max OR cancel = 1);

-- name: job_claim [sqlite]
UPDATE job SET state = 'running', again = 0, lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM job WHERE (state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3)
		ORDER BY run_at, id LIMIT 1)
	RETURNING id, public, kind, key, payload, attempts, attempts_max;

-- name: job_claim [postgres]
UPDATE job SET state = 'running', again = 0, lease_owner = $1, lease_until = $2, attempts = attempts + 1
	WHERE id = (SELECT id FROM job WHERE (state = 'queued' AND run_at <= $3) OR (state = 'running' AND lease_until < $3)
		ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
	RETURNING id, public, kind, key, payload, attempts, attempts_max;

-- name: job_renew
UPDATE job SET lease_until = $3, progress = $4 WHERE id = $1 AND lease_owner = $2 AND state = 'running'
	RETURNING cancel;

-- What was asked for once more begins again.
-- name: job_finish
UPDATE job SET state = CASE again WHEN 1 THEN 'queued' ELSE 'done' END,
	attempts = CASE again WHEN 1 THEN 0 ELSE attempts END, run_at = CASE again WHEN 1 THEN CAST($4 AS BIGINT) ELSE run_at END,
	progress = CASE again WHEN 1 THEN 0 ELSE 1000 END, finished = CASE again WHEN 1 THEN NULL ELSE CAST($4 AS BIGINT) END,
	again = 0, result = $3, error = NULL, lease_owner = NULL
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
UPDATE job SET state = 'queued', attempts = 0, cancel = 0, run_at = $2, finished = NULL WHERE public = $1 AND state = 'quarantined';

-- name: job_get
SELECT id, public, kind, key, state, attempts, progress, result, error, created, finished FROM job WHERE public = $1;

-- The newest first, from a place on; an empty word asks nothing.
-- name: job_page
SELECT id, public, kind, key, state, attempts, progress, result, error, created, finished FROM job
	WHERE ($1 = CAST(0 AS BIGINT) OR id < $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3) ORDER BY id DESC LIMIT $4;

-- name: job_page_count
SELECT CAST(COUNT(*) AS BIGINT) FROM job WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2);

-- name: job_counts
SELECT state, CAST(COUNT(*) AS BIGINT) FROM job GROUP BY state ORDER BY state;

-- ---- the outbox (src/job) ----

-- name: outbox_add
INSERT INTO outbox (public, kind, target, payload, state, attempts, attempts_max, next_at, created)
	VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6, $6);

-- name: outbox_bury
UPDATE outbox SET state = 'quarantined', quarantined = $1, lease_owner = NULL,
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
	state = CASE WHEN attempts >= attempts_max THEN 'quarantined' ELSE 'waiting' END,
	quarantined = CASE WHEN attempts >= attempts_max THEN CAST($5 AS BIGINT) END
	WHERE id = $1 AND lease_owner = $2 AND state = 'waiting';

-- name: outbox_counts
SELECT state, CAST(COUNT(*) AS BIGINT) FROM outbox GROUP BY state ORDER BY state;

-- name: document_digest
SELECT digest FROM document WHERE id = $1;

-- ---- what the API lists (src/portfolio) ----

-- name: device_rows
SELECT d.id, d.public, d.name, d.title, d.document_id, d.version, d.created,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM release r WHERE r.device_id = d.id),
	(SELECT CAST(COUNT(*) AS BIGINT) FROM intake i WHERE i.device_id = d.id) FROM device d ORDER BY d.name;

-- name: release_by_public
SELECT id, device_id, public, version, state, released, support_end, sbom_id, locked, due, row_version
	FROM release WHERE public = $1;

-- ---- products (src/portfolio) ----

-- name: release_vulns
SELECT DISTINCT f.vuln_id FROM release_component r JOIN fact f ON f.component_id = r.component_id
	WHERE r.release_id = $1 ORDER BY f.vuln_id;

-- name: posture_releases
SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE state WHEN 'draft' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE state WHEN 'withdrawn' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NULL AND state <> 'draft' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN due = 1 AND state <> 'draft' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NOT NULL AND state <> 'draft'
		AND NOT EXISTS (SELECT 1 FROM release_component c WHERE c.release_id = release.id) THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NULL AND state = 'draft' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN due = 1 AND state = 'draft' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NOT NULL AND state = 'draft'
		AND NOT EXISTS (SELECT 1 FROM release_component c WHERE c.release_id = release.id) THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NOT NULL AND state <> 'draft'
		AND NOT EXISTS (SELECT 1 FROM release_component c JOIN component k ON k.id = c.component_id
			WHERE c.release_id = release.id AND k.known = 1) THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN sbom_id IS NOT NULL AND state = 'draft'
		AND NOT EXISTS (SELECT 1 FROM release_component c JOIN component k ON k.id = c.component_id
			WHERE c.release_id = release.id AND k.known = 1) THEN 1 END) AS BIGINT)
	FROM release WHERE device_id = $1;

-- name: posture_components
SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE version WHEN '' THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN purl IS NULL THEN 1 END) AS BIGINT), CAST(COUNT(CASE known WHEN 0 THEN 1 END) AS BIGINT)
	FROM component WHERE id IN (SELECT c.component_id FROM release r JOIN release_component c ON c.release_id = r.id
		WHERE r.device_id = $1 AND r.state <> 'draft');

-- Of a device that is removed meanwhile nothing is kept.
-- name: trend_put
INSERT INTO trend (device_id, day, releases, unknown, components_unknown, findings, undecided, not_assessed, not_assessed_30, reopened,
		proposed, uncontrolled, controlled, closed, newest)
	SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT),
		CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT), CAST($12 AS BIGINT),
		CAST($13 AS BIGINT), CAST($14 AS BIGINT), CAST($15 AS BIGINT)
	WHERE EXISTS (SELECT 1 FROM device WHERE id = $1)
	ON CONFLICT (device_id, day) DO UPDATE SET releases = excluded.releases, unknown = excluded.unknown,
		components_unknown = excluded.components_unknown, findings = excluded.findings, undecided = excluded.undecided,
		not_assessed = excluded.not_assessed, not_assessed_30 = excluded.not_assessed_30, reopened = excluded.reopened,
		proposed = excluded.proposed, uncontrolled = excluded.uncontrolled, controlled = excluded.controlled,
		closed = excluded.closed, newest = excluded.newest;

-- name: trend_rows
SELECT device_id, day, releases, unknown, components_unknown, findings, undecided, not_assessed, not_assessed_30, reopened, proposed,
	uncontrolled, controlled, closed, newest FROM trend WHERE day >= $1 AND day <= $2;

-- name: posture_draft_components
SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE known WHEN 0 THEN 1 END) AS BIGINT)
	FROM component WHERE id IN (SELECT c.component_id FROM release r JOIN release_component c ON c.release_id = r.id
		WHERE r.device_id = $1 AND r.state = 'draft');

-- Components by a pattern of their name or package (in lower case), or by a key under which they are known, with
-- each release that has them.
-- name: where_components
SELECT c.name, c.version, c.purl, p.name, c.known, r.public, r.version, r.state, r.released, d.id, d.name, u.uses
	FROM component c JOIN package p ON p.id = c.package_id JOIN release_component u ON u.component_id = c.id
	JOIN release r ON r.id = u.release_id JOIN device d ON d.id = r.device_id
	WHERE lower(c.name) LIKE $1 ESCAPE '!' OR lower(p.name) LIKE $1 ESCAPE '!'
		OR lower(p.name) LIKE $2 ESCAPE '!'
		OR c.id IN (SELECT k.component_id FROM component_key k WHERE k.key IN ($3, $4))
	ORDER BY d.name, r.id, c.name, c.version, c.id;

-- name: releases_without_sbom
SELECT device_id, CAST(COUNT(*) - COUNT(sbom_id) AS BIGINT), CAST(COUNT(CASE WHEN sbom_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM release_component c WHERE c.release_id = release.id) THEN 1 END) AS BIGINT),
	CAST(COUNT(sbom_id) AS BIGINT) FROM release
	WHERE sbom_id IS NULL OR NOT EXISTS (SELECT 1 FROM release_component c JOIN component k ON k.id = c.component_id
		WHERE c.release_id = release.id AND k.known = 1)
	GROUP BY device_id;

-- name: where_hash
SELECT h.algorithm, h.name, h.version, r.public, r.version, r.state, r.released, d.id, d.name
	FROM document_hash h JOIN release r ON r.sbom_id = h.document_id JOIN device d ON d.id = r.device_id
	WHERE h.value = $1 ORDER BY d.name, r.id, h.name, h.version;

-- name: document_hash_any
SELECT document_id FROM document_hash WHERE document_id = $1 LIMIT 1;

-- name: document_hash_put
INSERT INTO document_hash (document_id, value, algorithm, name, version) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (value, document_id, name, version) DO NOTHING;

-- name: release_components
SELECT c.name, c.version, c.purl, p.name, c.known, u.uses, u.harm,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM fact f WHERE f.component_id = c.id), c.key
	FROM release_component u JOIN component c ON c.id = u.component_id JOIN package p ON p.id = c.package_id
	WHERE u.release_id = $1 ORDER BY c.name, c.version, c.id;

-- Findings of a device by what a decision that stands says of them.
-- name: device_findings
SELECT d.status, CAST(COUNT(*) AS BIGINT) FROM release r JOIN release_component c ON c.release_id = r.id
	JOIN fact f ON f.component_id = c.component_id
	LEFT JOIN decision d ON d.component_id = f.component_id AND d.vuln_id = f.vuln_id AND d.release_id = r.id
		AND d.state IN ('decided', 'carried')
	WHERE r.device_id = $1 GROUP BY d.status;

-- name: device_released
SELECT CAST(COUNT(*) AS BIGINT) FROM release WHERE device_id = $1 AND (state <> 'draft' OR locked = 1);

-- name: device_signed
SELECT CAST(COUNT(*) AS BIGINT) FROM assessment
	WHERE device_id = $1 AND (state = 'approved' OR signature_id IS NOT NULL);

-- name: device_cases
SELECT CAST(COUNT(*) AS BIGINT) FROM case_device WHERE device_id = $1;

-- name: device_remove_decisions
DELETE FROM decision WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_assessments
DELETE FROM assessment WHERE device_id = $1;

-- name: device_remove_references
DELETE FROM release_component WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_corrections
DELETE FROM release_correction WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_releases
DELETE FROM release WHERE device_id = $1;

-- name: device_remove_variants
DELETE FROM variant WHERE device_id = $1;

-- name: device_remove_files
DELETE FROM device_file WHERE device_id = $1;

-- name: device_remove_trend
DELETE FROM trend WHERE device_id = $1;

-- name: device_remove_teams
DELETE FROM team_device WHERE device_id = $1;

-- name: device_remove
DELETE FROM device WHERE id = $1 AND version = $2;

-- ---- requests that are done once (src/job) ----

-- name: once_expire
DELETE FROM idempotency WHERE created < $1;

-- name: once_take
INSERT INTO idempotency (owner, key, digest, created) VALUES ($1, $2, $3, $4) ON CONFLICT (owner, key) DO NOTHING;

-- name: once_find
SELECT digest, status, type, etag, location, body FROM idempotency WHERE owner = $1 AND key = $2;

-- name: once_end
UPDATE idempotency SET status = $3, type = $4, etag = $5, location = $6, body = $7
	WHERE owner = $1 AND key = $2 AND status IS NULL;

-- name: once_forget
DELETE FROM idempotency WHERE owner = $1 AND key = $2 AND status IS NULL;

-- ---- portfolio: devices ----

-- name: device_by_name
SELECT id, public, title, document_id, version, created FROM device WHERE name = $1;

-- name: device_by_id
SELECT name FROM device WHERE id = $1;

-- Whoever settles releases of a device waits for the one who does.
-- name: device_hold [sqlite]
SELECT version FROM device WHERE id = $1;

-- name: device_hold [postgres]
SELECT version FROM device WHERE id = $1 FOR NO KEY UPDATE;

-- name: device_add
INSERT INTO device (public, name, title, document_id, version, created) VALUES ($1, $2, $3, $4, 1, $5);

-- name: device_change
UPDATE device SET title = $3, document_id = $4, version = version + 1 WHERE id = $1 AND version = $2;

-- name: variant_names
SELECT name FROM variant WHERE device_id = $1;

-- name: device_of_udi
SELECT d.name FROM variant v JOIN device d ON d.id = v.device_id WHERE v.udi_di = $1 AND d.name <> $2
	ORDER BY d.id LIMIT 1;

-- name: device_of_release
SELECT d.name FROM document x JOIN release r ON r.sbom_id = x.id JOIN device d ON d.id = r.device_id
	WHERE x.digest = $1 AND r.version = $2 AND d.name <> $3 ORDER BY d.id LIMIT 1;

-- name: variant_put
INSERT INTO variant (device_id, name, udi_di, model, markets) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (device_id, name) DO UPDATE
	SET udi_di = excluded.udi_di, model = excluded.model, markets = excluded.markets;

-- name: variant_remove
DELETE FROM variant WHERE device_id = $1 AND name = $2;

-- name: hazard_clear
DELETE FROM hazard WHERE device_id = $1;

-- name: hazard_add
INSERT INTO hazard (device_id, name, title, harm, reference) VALUES ($1, $2, $3, $4, $5);

-- name: asset_clear
DELETE FROM asset WHERE device_id = $1;

-- name: asset_add
INSERT INTO asset (device_id, name, title, function, privacy, harmless, rationale)
	VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: asset_hazard_clear
DELETE FROM asset_hazard WHERE device_id = $1;

-- name: asset_hazard_add
INSERT INTO asset_hazard (device_id, asset, hazard, loss) VALUES ($1, $2, $3, $4);

-- name: interface_clear
DELETE FROM interface WHERE device_id = $1;

-- name: interface_add
INSERT INTO interface (device_id, name, title, kind) VALUES ($1, $2, $3, $4);

-- name: control_clear
DELETE FROM control WHERE device_id = $1;

-- name: control_add
INSERT INTO control (device_id, name, title) VALUES ($1, $2, $3);

-- name: device_file_list
SELECT f.path, f.document_id, d.digest FROM device_file f JOIN document d ON d.id = f.document_id
	WHERE f.device_id = $1 ORDER BY f.path;

-- name: device_file_put
INSERT INTO device_file (device_id, path, document_id) VALUES ($1, $2, $3)
	ON CONFLICT (device_id, path) DO UPDATE SET document_id = excluded.document_id;

-- name: device_file_remove
UPDATE device_file SET document_id = NULL WHERE device_id = $1 AND path = $2;

-- ---- portfolio: the design ----

-- name: threat_approval_list
SELECT threat, digest FROM threat_approval WHERE device_id = $1 ORDER BY threat;

-- name: threat_approval_put
INSERT INTO threat_approval (device_id, threat, digest) VALUES ($1, $2, $3)
	ON CONFLICT (device_id, threat) DO UPDATE SET digest = excluded.digest;

-- name: threat_approval_remove
DELETE FROM threat_approval WHERE device_id = $1 AND threat = $2;

-- name: device_remove_threat_approvals
DELETE FROM threat_approval WHERE device_id = $1;

-- name: baseline_add
INSERT INTO design_baseline (public, device_id, name, at, document_id, signature_id)
	VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;

-- name: baseline_named
SELECT CAST(COUNT(*) AS BIGINT) FROM design_baseline WHERE device_id = $1 AND name = $2;

-- name: baseline_file_add
INSERT INTO design_baseline_file (baseline_id, path, document_id) VALUES ($1, $2, $3);

-- name: baseline_list
SELECT b.id, b.public, b.name, b.at, b.document_id, x.digest, s.public, s.printed_name, s.zone
	FROM design_baseline b JOIN document x ON x.id = b.document_id JOIN signature s ON s.id = b.signature_id
	WHERE b.device_id = $1 ORDER BY b.id DESC;

-- name: baseline_files
SELECT f.path, f.document_id, x.digest FROM design_baseline_file f JOIN document x ON x.id = f.document_id
	WHERE f.baseline_id = $1 ORDER BY f.path;

-- name: device_baselines
SELECT CAST(COUNT(*) AS BIGINT) FROM design_baseline WHERE device_id = $1;

-- name: safety_record_add
INSERT INTO safety_record (public, device_id, kind, subject, body, owner_id, state, opened, version)
	VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, 1);

-- name: safety_record_change
UPDATE safety_record SET body = $3, owner_id = $4, state = $5, outcome = $6, version = version + 1 WHERE id = $1 AND version = $2;

-- name: safety_record_list
SELECT r.id, r.public, r.kind, r.subject, r.body, r.owner_id, p.login, r.state, r.outcome, r.opened, r.version
	FROM safety_record r LEFT JOIN person p ON p.id = r.owner_id WHERE r.device_id = $1 ORDER BY r.id;

-- name: device_remove_safety_records
DELETE FROM safety_record WHERE device_id = $1;

-- ---- portfolio: releases ----

-- name: release_by_version
SELECT id, device_id, public, version, state, released, support_end, sbom_id, locked, due, row_version
	FROM release WHERE device_id = $1 AND version = $2;

-- name: release_by_id
SELECT id, device_id, public, version, state, released, support_end, sbom_id, locked, due, row_version
	FROM release WHERE id = $1;

-- name: releases_of_device
SELECT id, device_id, public, version, state, released, support_end, sbom_id, locked, due, row_version
	FROM release WHERE device_id = $1 ORDER BY id;

-- name: release_add
INSERT INTO release (public, device_id, version, state, released, support_end, configuration, locked, due,
	row_version, created) VALUES ($1, $2, $3, 'draft', $4, $5, $6, 0, 0, 1, $7);

-- name: release_describe
UPDATE release SET released = $2, support_end = $3, configuration = $4, row_version = row_version + 1
	WHERE id = $1;

-- name: release_move
UPDATE release SET state = $3, locked = $4, row_version = row_version + 1 WHERE id = $1 AND row_version = $2;

-- name: release_set_sbom
UPDATE release SET sbom_id = $3, row_version = row_version + 1 WHERE id = $1 AND row_version = $2;

-- name: release_correct
INSERT INTO release_correction (release_id, before_id, after_id, reason, at) VALUES ($1, $2, $3, $4, $5);

-- name: release_settle
UPDATE release SET due = 0 WHERE id = $1 AND due = 1;

-- name: release_due_next
SELECT id FROM release WHERE due = 1 AND id > $1 ORDER BY id LIMIT $2;

-- Drafts with an SBOM whose date of release has come.
-- name: release_out_next
SELECT id FROM release WHERE state = 'draft' AND sbom_id IS NOT NULL AND released <= $1 ORDER BY id LIMIT $2;

-- The same, unless their job is there, or waits for a person.
-- name: release_out_any
SELECT id FROM release WHERE state = 'draft' AND sbom_id IS NOT NULL AND released <= $1
	AND NOT EXISTS (SELECT 1 FROM job WHERE kind = 'release.out' AND state IN ('queued', 'running', 'quarantined'))
	ORDER BY id LIMIT 1;

-- name: release_due_device
UPDATE release SET due = 1 WHERE device_id = $1 AND due = 0 AND sbom_id IS NOT NULL;

-- name: release_due_component
UPDATE release SET due = 1 WHERE due = 0
	AND id IN (SELECT release_id FROM release_component WHERE component_id = $1);

-- name: release_due_vuln
UPDATE release SET due = 1 WHERE due = 0
	AND id IN (SELECT release_id FROM decision WHERE vuln_id = $1);

-- ---- portfolio: assessments ----

-- name: assessments_of_device
SELECT a.id, a.public, a.name, a.state, a.author, a.document_id, a.version, d.bytes, d.encoding, d.content, d.digest,
	a.created
	FROM assessment a JOIN document d ON d.id = a.document_id
	WHERE a.device_id = $1 AND a.state IN ('proposed', 'approved') ORDER BY a.name;

-- name: assessment_by_public
SELECT a.id, a.document_id, a.name, a.state, a.author, v.name, v.id, a.version
	FROM assessment a JOIN device v ON v.id = a.device_id WHERE a.public = $1;

-- Who is behind a text that was recorded as an actor: a person, by id or login, or the person of a key.
-- name: actor_person
SELECT p.public, p.login, p.state, COALESCE(n.value, '')
	FROM person p LEFT JOIN personal n ON n.id = p.name_id
	WHERE p.public = $1 OR p.login = $1 OR p.id = (SELECT k.person_id FROM api_key k WHERE k.public = $1);

-- name: actor_key
SELECT expires, revoked FROM api_key WHERE public = $1;

-- name: devices_with_proposals
SELECT DISTINCT v.id, v.name FROM assessment a JOIN device v ON v.id = a.device_id
	WHERE a.state = 'proposed' ORDER BY v.name;

-- name: assessment_rejected
SELECT CAST(COUNT(*) AS BIGINT) FROM assessment a JOIN document d ON d.id = a.document_id
	WHERE a.device_id = $1 AND a.name = $2 AND d.digest = $3 AND a.state = 'rejected';

-- To what a decision applies.
-- name: assessment_effect
SELECT CAST(COUNT(CASE WHEN d.state IN ('decided', 'carried') THEN 1 END) AS BIGINT),
	CAST(COUNT(DISTINCT CASE WHEN d.state IN ('decided', 'carried') THEN d.release_id END) AS BIGINT),
	CAST(COUNT(CASE WHEN d.state = 're-opened' THEN 1 END) AS BIGINT)
	FROM decision d JOIN assessment a ON a.id = d.assessment_id WHERE a.public = $1;

-- name: approvals_of
SELECT s.printed_name, s.signed_at, s.zone FROM signature s
	WHERE s.subject = $1 AND s.content = $2 AND s.meaning = 'approval' ORDER BY s.id;

-- name: assessment_add
INSERT INTO assessment (public, device_id, name, vuln, status, risk, harm, document_id, state, author, supersedes,
	version, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10, 1, $11);

-- name: assessment_move
UPDATE assessment SET state = $3, signature_id = COALESCE($4, signature_id), version = version + 1
	WHERE id = $1 AND version = $2;

-- ---- portfolio: saved views and drafts ----

-- name: views_of
SELECT v.id, v.public, COALESCE(t.name, ''), v.name, v.list, v.filter, v.sort, v.columns, v.version, v.created
	FROM saved_view v LEFT JOIN team t ON t.id = v.team_id
	WHERE v.person_id = $1 OR v.team_id IN (SELECT m.team_id FROM team_member m WHERE m.person_id = $1)
	ORDER BY v.name, v.public;

-- name: team_of_member
SELECT t.id FROM team t JOIN team_member m ON m.team_id = t.id WHERE m.person_id = $1 AND t.name = $2;

-- name: view_add
INSERT INTO saved_view (public, person_id, team_id, name, list, filter, sort, columns, version, created)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9);

-- name: view_change
UPDATE saved_view SET name = $3, filter = $4, sort = $5, columns = $6, version = version + 1 WHERE id = $1 AND version = $2;

-- name: view_remove
DELETE FROM saved_view WHERE id = $1 AND version = $2;

-- name: views_forget_person
DELETE FROM saved_view WHERE person_id = $1;

-- name: form_get
SELECT content, version, changed FROM form_draft WHERE person_id = $1 AND subject = $2;

-- name: form_others
SELECT COALESCE(n.value, p.login), f.seen, CAST(CASE WHEN f.content = '' THEN 0 ELSE 1 END AS BIGINT)
	FROM form_draft f JOIN person p ON p.id = f.person_id LEFT JOIN personal n ON n.id = p.name_id
	WHERE f.person_id <> $1 AND f.subject = $2 AND f.seen > $3 ORDER BY 1;

-- name: form_open
INSERT INTO form_draft (person_id, subject, content, version, changed, seen) VALUES ($1, $2, '', 0, 0, $3)
	ON CONFLICT (person_id, subject) DO UPDATE SET seen = excluded.seen;

-- name: form_keep
UPDATE form_draft SET content = $4, version = version + 1, changed = $5, seen = $5
	WHERE person_id = $1 AND subject = $2 AND version = $3;

-- name: form_drop
DELETE FROM form_draft WHERE person_id = $1 AND subject = $2;

-- name: forms_of
SELECT subject, version, changed FROM form_draft WHERE person_id = $1 AND content <> '' ORDER BY changed DESC, subject;

-- name: forms_forget_person
DELETE FROM form_draft WHERE person_id = $1;

-- ---- portfolio: what is not known ----

-- name: release_count_unknown
UPDATE release SET unknown = (SELECT CAST(COUNT(*) AS BIGINT) FROM release_component r
	JOIN component c ON c.id = r.component_id WHERE r.release_id = $1 AND c.known = 0) WHERE id = $1;

-- name: release_data
SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(CASE c.known WHEN 0 THEN 1 END) AS BIGINT)
	FROM release_component r JOIN component c ON c.id = r.component_id WHERE r.release_id = $1;

-- What those rows are made of: what changes them is recorded, but that a release is settled.
-- name: gap_state
SELECT h.n, (SELECT COUNT(*) FROM release WHERE due = 1) FROM ledger_head h WHERE h.one = 1;

-- name: gap_rows
SELECT device_id, CAST(COUNT(*) AS BIGINT), CAST(SUM(CASE WHEN sbom_id IS NULL THEN 1 ELSE 0 END) AS BIGINT),
	CAST(SUM(due) AS BIGINT), CAST(SUM(unknown) AS BIGINT),
	CAST(SUM(CASE WHEN sbom_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM release_component c WHERE c.release_id = release.id) THEN 1 ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE WHEN sbom_id IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM release_component c JOIN component k ON k.id = c.component_id
			WHERE c.release_id = release.id AND k.known = 1) THEN 1 ELSE 0 END) AS BIGINT),
	CAST(CASE WHEN EXISTS (SELECT 1 FROM intake i WHERE i.device_id = release.device_id) THEN 1 ELSE 0 END AS BIGINT)
	FROM release GROUP BY device_id;

-- ---- what build servers send (src/portfolio/project.c, intake.c, build.c) ----

-- Releases as their clients name them. An empty text is any.
-- name: project_rows
SELECT r.id, r.device_id, r.public, COALESCE(i.name, d.name), r.version, r.state, r.created, r.locked, d.name,
	d.title, CAST(CASE WHEN h.device_id IS NULL THEN 0 ELSE 1 END AS BIGINT), COALESCE(p.latest, 0), COALESCE(p.parent_id, 0),
	CAST(CASE WHEN r.sbom_id IS NULL THEN 0 ELSE COALESCE((SELECT MAX(b.seen) FROM build b WHERE b.release_id = r.id),
		x.received) END AS BIGINT), COALESCE(q.public, ''), COALESCE(q.device_id, 0),
	COALESCE(qi.name, qd.name, ''), COALESCE(q.version, ''), COALESCE(qx.received, 0)
	FROM release r JOIN device d ON d.id = r.device_id
	LEFT JOIN project p ON p.release_id = r.id
	LEFT JOIN release q ON q.id = p.parent_id
	LEFT JOIN device qd ON qd.id = q.device_id
	LEFT JOIN project qp ON qp.release_id = q.id
	LEFT JOIN intake qi ON qi.device_id = COALESCE(qp.intake_id, q.device_id)
	LEFT JOIN document qx ON qx.id = q.sbom_id
	LEFT JOIN intake i ON i.device_id = COALESCE(p.intake_id, r.device_id)
	LEFT JOIN intake h ON h.device_id = r.device_id
	LEFT JOIN document x ON x.id = r.sbom_id
	WHERE ($1 = '' OR r.public = $1) AND ($2 = '' OR i.name = $2 OR d.name = $2)
	ORDER BY COALESCE(i.name, d.name), r.id;

-- name: project_put
INSERT INTO project (release_id, intake_id, parent_id, latest) VALUES ($1, $2, $3, 0)
	ON CONFLICT (release_id) DO UPDATE SET intake_id = COALESCE(project.intake_id, excluded.intake_id),
		parent_id = COALESCE(excluded.parent_id, project.parent_id);

-- name: project_parent
SELECT COALESCE(parent_id, 0) FROM project WHERE release_id = $1;

-- name: project_latest
UPDATE project SET latest = $2 WHERE release_id = $1 AND latest <> $2;

-- name: project_tags
SELECT t.release_id, t.name FROM release_tag t WHERE CAST($1 AS BIGINT) = 0 OR t.release_id = $1
	ORDER BY t.release_id, t.name;

-- name: project_tag_add
INSERT INTO release_tag (release_id, name) VALUES ($1, $2) ON CONFLICT (release_id, name) DO NOTHING;

-- name: project_tags_clear
DELETE FROM release_tag WHERE release_id = $1;

-- name: intake_find
SELECT d.name FROM intake i JOIN device d ON d.id = i.device_id WHERE i.name = $1 AND i.team_id = $2;

-- name: intake_of_device
SELECT name, team_id FROM intake WHERE device_id = $1;

-- name: intake_add
INSERT INTO intake (device_id, name, team_id) VALUES ($1, $2, $3);

-- name: intake_devices
SELECT device_id FROM intake ORDER BY device_id;

-- name: intake_teams
SELECT team_id FROM team_member WHERE person_id = $1 ORDER BY team_id LIMIT 2;

-- name: release_bare
SELECT CAST(COUNT(*) AS BIGINT) FROM release r WHERE r.id = $1 AND r.state = 'draft' AND r.locked = 0
	AND r.sbom_id IS NULL AND NOT EXISTS (SELECT 1 FROM case_release c WHERE c.release_id = r.id)
	AND NOT EXISTS (SELECT 1 FROM case_release c WHERE c.fix_release_id = r.id)
	AND NOT EXISTS (SELECT 1 FROM publication p WHERE p.release_id = r.id);

-- name: release_published
SELECT CAST(COUNT(*) AS BIGINT) FROM publication WHERE release_id = $1;

-- name: release_remove
DELETE FROM release WHERE id = $1;

-- name: release_decisions_remove
DELETE FROM decision WHERE release_id = $1;

-- name: release_corrections_remove
DELETE FROM release_correction WHERE release_id = $1;

-- name: release_references_remove
DELETE FROM release_component WHERE release_id = $1;

-- name: release_take
UPDATE release SET device_id = $3, released = $4, support_end = $5, due = 1, row_version = row_version + 1
	WHERE id = $1 AND row_version = $2;

-- name: release_configure
UPDATE release SET configuration = (SELECT o.configuration FROM release o WHERE o.id = $2) WHERE id = $1;

-- name: project_remove
DELETE FROM project WHERE release_id = $1;

-- name: project_orphan
UPDATE project SET parent_id = NULL WHERE parent_id = $1;

-- name: build_newest
SELECT id, n, public, document_id FROM build WHERE release_id = $1 ORDER BY n DESC LIMIT 1;

-- name: build_document
SELECT bytes FROM document WHERE id = $1;

-- name: build_add
INSERT INTO build (public, release_id, n, document_id, digest, bytes, at, actor, seen)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7);

-- name: build_again
UPDATE build SET seen = $2 WHERE id = $1 AND seen < $2;

-- name: build_end
UPDATE build SET until = $2 WHERE id = $1 AND until IS NULL;

-- name: build_rows
SELECT b.public, b.n, b.digest, b.bytes, b.at, b.actor, b.dropped,
	CAST(CASE WHEN b.document_id = r.sbom_id THEN 1 ELSE 0 END AS BIGINT), CAST(COALESCE(length(x.content), 0) AS BIGINT)
	FROM build b JOIN release r ON r.id = b.release_id LEFT JOIN document x ON x.id = b.document_id
	WHERE b.release_id = $1 ORDER BY b.n;

-- Builds of drafts that have $1 or more after them, and on which nothing was decided, said or opened.
-- name: build_old
SELECT b.id, b.release_id, b.document_id, r.public, b.n, b.digest FROM build b JOIN release r ON r.id = b.release_id
	WHERE b.dropped IS NULL AND b.until IS NOT NULL AND r.state = 'draft' AND r.locked = 0
	AND b.document_id <> COALESCE(r.sbom_id, 0)
	AND (SELECT COUNT(*) FROM build l WHERE l.release_id = b.release_id AND l.n > b.n) >= $1
	AND NOT EXISTS (SELECT 1 FROM assessment a
		WHERE a.device_id = r.device_id AND a.created >= b.at AND a.created < b.until)
	AND NOT EXISTS (SELECT 1 FROM statement s JOIN statement_revision v ON v.statement_id = s.id
		WHERE s.device_id = r.device_id AND v.created >= b.at AND v.created < b.until)
	AND NOT EXISTS (SELECT 1 FROM case_device c
		WHERE c.device_id = r.device_id AND c.opened >= b.at AND c.opened < b.until)
	AND NOT EXISTS (SELECT 1 FROM case_event e
		WHERE e.device_id = r.device_id AND e.recorded >= b.at AND e.recorded < b.until)
	ORDER BY b.release_id, b.n LIMIT $2;

-- name: build_drop
UPDATE build SET dropped = $2, document_id = NULL WHERE id = $1 AND dropped IS NULL;

-- name: builds_remove
DELETE FROM build WHERE release_id = $1;

-- An SBOM that nothing names any more.
-- name: document_hash_unused
DELETE FROM document_hash WHERE document_id = $1 AND NOT EXISTS (SELECT 1 FROM build WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM release WHERE sbom_id = $1)
	AND NOT EXISTS (SELECT 1 FROM release_correction WHERE before_id = $1 OR after_id = $1);

-- name: document_unused
DELETE FROM document WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM build WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM release WHERE sbom_id = $1)
	AND NOT EXISTS (SELECT 1 FROM release_correction WHERE before_id = $1 OR after_id = $1)
	AND NOT EXISTS (SELECT 1 FROM device WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM device_file WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM assessment WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM case_item WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM signal WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM signal_document WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM statement_document WHERE document_id = $1 OR approved_id = $1)
	AND NOT EXISTS (SELECT 1 FROM publication WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM csaf_file WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM design_baseline WHERE document_id = $1)
	AND NOT EXISTS (SELECT 1 FROM design_baseline_file WHERE document_id = $1);

-- name: device_remove_builds
DELETE FROM build WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_tags
DELETE FROM release_tag WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_parents
UPDATE project SET parent_id = NULL WHERE parent_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_projects
DELETE FROM project WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- name: device_remove_names
UPDATE project SET intake_id = NULL WHERE intake_id = $1;

-- name: device_remove_intake
DELETE FROM intake WHERE device_id = $1;

-- ---- portfolio: decisions as rows ----

-- Of one device.
-- name: decision_rows
SELECT a.public, v.id, v.name, a.name, a.vuln, a.status, a.risk, a.harm, a.state, a.author, a.created, a.version,
	s.printed_name, s.signed_at, s.zone,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state <> 're-opened'),
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state = 're-opened')
	FROM assessment a JOIN device v ON v.id = a.device_id LEFT JOIN signature s ON s.id = a.signature_id
	WHERE v.name = $1 ORDER BY a.created DESC, a.public DESC;

-- After the row of $1 and $2, in the scope $3 (portfolio/page.h).
-- name: decision_page
SELECT a.public, v.id, v.name, a.name, a.vuln, a.status, a.risk, a.harm, a.state, a.author, a.created, a.version,
	s.printed_name, s.signed_at, s.zone,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state <> 're-opened'),
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state = 're-opened')
	FROM assessment a JOIN device v ON v.id = a.device_id LEFT JOIN signature s ON s.id = a.signature_id
	WHERE (a.created, a.public) < (CAST($1 AS BIGINT), $2) AND ($3 = '' OR $3 LIKE '%,' || CAST(a.device_id AS TEXT) || ',%')
	AND ($4 = '' OR v.name = $4) AND ($5 = '' OR a.state = $5) AND ($6 = '' OR UPPER(a.vuln) = UPPER($6))
	ORDER BY a.created DESC, a.public DESC LIMIT $7;

-- name: decision_page_count
SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM assessment a
	WHERE ($1 = '' OR $1 LIKE '%,' || CAST(a.device_id AS TEXT) || ',%')
	AND ($2 = '' OR a.device_id = (SELECT v.id FROM device v WHERE v.name = $2)) AND ($3 = '' OR a.state = $3) AND ($4 = '' OR UPPER(a.vuln) = UPPER($4)) LIMIT 10001) t;

-- name: decision_row
SELECT a.public, v.id, v.name, a.name, a.vuln, a.status, a.risk, a.harm, a.state, a.author, a.created, a.version,
	s.printed_name, s.signed_at, s.zone,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state <> 're-opened'),
	(SELECT CAST(COUNT(*) AS BIGINT) FROM decision d WHERE d.assessment_id = a.id AND d.state = 're-opened'),
	a.document_id
	FROM assessment a JOIN device v ON v.id = a.device_id LEFT JOIN signature s ON s.id = a.signature_id
	WHERE a.public = $1;

-- ---- portfolio: components, facts, references ----

-- name: component_newest
SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM component;

-- name: package_put [sqlite]
INSERT INTO package (name) VALUES ($1) ON CONFLICT (name) DO NOTHING;

-- name: package_put [postgres]
INSERT INTO package (name)
	SELECT r.name FROM unnest($1::text[]) WITH ORDINALITY AS r (name, n) ORDER BY r.n
	ON CONFLICT (name) DO NOTHING;

-- name: component_put [sqlite]
INSERT INTO component (key, package_id, name, version, purl, context, identity, known, first_seen)
	SELECT $1, id, $3, $4, $5, $6, $7, $8, $9 FROM package WHERE name = $2 ON CONFLICT (key) DO NOTHING;

-- name: component_put [postgres]
INSERT INTO component (key, package_id, name, version, purl, context, identity, known, first_seen)
	SELECT r.key, p.id, r.name, r.version, r.purl, r.context, r.identity, r.known, r.first_seen
	FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[],
		$8::bigint[], $9::bigint[]) WITH ORDINALITY
		AS r (key, package, name, version, purl, context, identity, known, first_seen, n)
	JOIN package p ON p.name = r.package ORDER BY r.n
	ON CONFLICT (key) DO NOTHING;

-- name: component_key_put [sqlite]
INSERT INTO component_key (key, component_id) VALUES ($1, $2) ON CONFLICT (key, component_id) DO NOTHING;

-- name: component_key_put [postgres]
INSERT INTO component_key (key, component_id)
	SELECT r.key, r.id FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS r (key, id, n) ORDER BY r.n
	ON CONFLICT (key, component_id) DO NOTHING;

-- name: release_component_keys
SELECT c.id, c.key FROM release_component r JOIN component c ON c.id = r.component_id WHERE r.release_id = $1;

-- name: release_component_remove
DELETE FROM release_component WHERE release_id = $1 AND component_id = $2;

-- name: release_component_put [sqlite]
INSERT INTO release_component (release_id, component_id, harm, uses, added)
	SELECT $1, id, $3, $4, $5 FROM component WHERE key = $2
	ON CONFLICT (release_id, component_id) DO UPDATE SET harm = excluded.harm, uses = excluded.uses;

-- name: release_component_put [postgres]
INSERT INTO release_component (release_id, component_id, harm, uses, added)
	SELECT r.release_id, c.id, r.harm, r.uses, r.added
	FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY
		AS r (release_id, key, harm, uses, added, n)
	JOIN component c ON c.key = r.key ORDER BY r.n
	ON CONFLICT (release_id, component_id) DO UPDATE SET harm = excluded.harm, uses = excluded.uses;

-- name: vuln_put [sqlite]
INSERT INTO vuln (name, title, severity, score, kev, epss, modified, withdrawn, exploited_by)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING;

-- name: vuln_put [postgres]
INSERT INTO vuln (name, title, severity, score, kev, epss, modified, withdrawn, exploited_by)
	SELECT r.name, r.title, r.severity, r.score, r.kev, r.epss, r.modified, r.withdrawn, r.exploited_by
	FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
		$8::bigint[], $9::text[]) WITH ORDINALITY
		AS r (name, title, severity, score, kev, epss, modified, withdrawn, exploited_by, n)
	ORDER BY r.n
	ON CONFLICT (name) DO NOTHING;

-- name: fact_put [sqlite]
INSERT INTO fact (component_id, vuln_id, verdict, reason, fixed, first_seen)
	SELECT $1, id, $3, $4, $5, $6 FROM vuln WHERE name = $2 ON CONFLICT (component_id, vuln_id) DO NOTHING;

-- name: fact_put [postgres]
INSERT INTO fact (component_id, vuln_id, verdict, reason, fixed, first_seen)
	SELECT r.component_id, v.id, r.verdict, r.reason, r.fixed, r.first_seen
	FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) WITH ORDINALITY
		AS r (component_id, name, verdict, reason, fixed, first_seen, n)
	JOIN vuln v ON v.name = r.name ORDER BY r.n
	ON CONFLICT (component_id, vuln_id) DO NOTHING;

-- name: decision_clear
DELETE FROM decision WHERE release_id = $1;

-- name: decision_put
INSERT INTO decision (component_id, vuln_id, release_id, assessment_id, state, status, risk, harm, reopen, at)
	SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10 FROM vuln WHERE name = $2;

-- name: touched_clear
DELETE FROM component_touched;

-- name: touched_add_key
INSERT INTO component_touched (component_id) SELECT component_id FROM component_key WHERE key = $1
	ON CONFLICT (component_id) DO NOTHING;

-- name: touched_add_all
INSERT INTO component_touched (component_id) SELECT id FROM component WHERE id > $1 ON CONFLICT (component_id) DO NOTHING;

-- name: touched_list
SELECT c.id, c.identity, c.known FROM component_touched t JOIN component c ON c.id = t.component_id ORDER BY c.id;

-- name: touched_facts
SELECT f.component_id, f.vuln_id, v.name, f.verdict, f.reason, f.fixed
	FROM component_touched t JOIN fact f ON f.component_id = t.component_id JOIN vuln v ON v.id = f.vuln_id
	ORDER BY f.component_id, v.name;

-- name: fact_remove
DELETE FROM fact WHERE component_id = $1 AND vuln_id = $2;

-- name: fact_change
UPDATE fact SET verdict = $3, reason = $4, fixed = $5 WHERE component_id = $1 AND vuln_id = $2;

-- name: component_known
UPDATE component SET known = $2 WHERE id = $1;

-- name: component_releases
SELECT release_id, harm FROM release_component WHERE component_id = $1;

-- name: vuln_names
SELECT id, name FROM vuln;

-- name: vuln_change
UPDATE vuln SET title = $2, severity = $3, score = $4, kev = $5, epss = $6, modified = $7, withdrawn = $8, exploited_by = $10,
	exploited_at = CASE WHEN kev = 0 AND CAST($5 AS BIGINT) = 1 THEN $9 ELSE exploited_at END WHERE id = $1;

-- ---- portfolio: knowledge bases ----

-- name: knowledge_by_digest
SELECT id, digest, bytes, chunks, newest FROM knowledge WHERE digest = $1;

-- name: knowledge_add
INSERT INTO knowledge (digest, bytes, chunks, vulnerabilities, newest, added) VALUES ($1, $2, $3, $4, $5, $6);

-- name: knowledge_chunk_add
INSERT INTO knowledge_chunk (knowledge_id, n, content) VALUES ($1, $2, $3);

-- name: knowledge_chunk_get
SELECT content FROM knowledge_chunk WHERE knowledge_id = $1 AND n = $2;

-- ---- checkpoints (src/audit) ----

-- name: checkpoint_add
INSERT INTO checkpoint (n, at, hash, key_id, signature) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (n) DO NOTHING;

-- name: checkpoint_from
SELECT n, at, hash, key_id, signature FROM checkpoint WHERE n >= $1 ORDER BY n LIMIT $2;

-- name: checkpoint_mark
UPDATE checkpoint SET exported = $1 WHERE n <= $2 AND exported IS NULL;

-- name: checkpoint_exported
SELECT max(exported) FROM checkpoint;

-- ---- persons, personal data (src/audit) ----

-- name: person_add
INSERT INTO person (public, login, role, state, password, once_until, version, created)
	VALUES ($1, $2, $3, 'active', $4, $6, 1, $5) RETURNING id;

-- name: person_names
UPDATE person SET name_id = $2, mail_id = $3 WHERE id = $1;

-- name: person_find
SELECT p.id, p.public, p.login, p.role, p.state, p.password, p.version, n.value, m.value, COALESCE(p.once_until, 0)
	FROM person p LEFT JOIN personal n ON n.id = p.name_id LEFT JOIN personal m ON m.id = p.mail_id
	WHERE p.public = $1 OR p.login = $1;

-- name: person_list
SELECT p.public, p.login, p.role, p.state, COALESCE(n.value, ''), COALESCE(m.value, ''),
	CAST(CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS BIGINT)
	FROM person p LEFT JOIN personal n ON n.id = p.name_id LEFT JOIN personal m ON m.id = p.mail_id ORDER BY p.id;

-- name: account_list
SELECT p.public, p.login, p.role, p.state, COALESCE(n.value, ''), COALESCE(m.value, ''),
	CAST(CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS BIGINT),
	CAST(CASE WHEN t.confirmed IS NULL THEN 0 ELSE 1 END AS BIGINT), p.version, p.created
	FROM person p LEFT JOIN personal n ON n.id = p.name_id LEFT JOIN personal m ON m.id = p.mail_id
	LEFT JOIN totp t ON t.person_id = p.id ORDER BY p.id;

-- name: account_find
SELECT p.public, p.login, p.role, p.state, COALESCE(n.value, ''), COALESCE(m.value, ''),
	CAST(CASE WHEN p.password IS NULL THEN 0 ELSE 1 END AS BIGINT),
	CAST(CASE WHEN t.confirmed IS NULL THEN 0 ELSE 1 END AS BIGINT), p.version, p.created
	FROM person p LEFT JOIN personal n ON n.id = p.name_id LEFT JOIN personal m ON m.id = p.mail_id
	LEFT JOIN totp t ON t.person_id = p.id WHERE p.public = $1;

-- name: person_role
UPDATE person SET role = $2, version = version + 1 WHERE id = $1 AND version = $3 AND state = 'active';

-- name: person_password
UPDATE person SET password = $2, once_until = $3, version = version + 1 WHERE id = $1;

-- name: credential_reset_put
INSERT INTO credential_reset (person_id, kind, actor, at) VALUES ($1, $2, $3, $4)
	ON CONFLICT (person_id, kind) DO UPDATE SET actor = excluded.actor, at = excluded.at;

-- name: credential_resets
SELECT kind, actor, at FROM credential_reset WHERE person_id = $1 AND at > $2 ORDER BY at, kind;

-- name: person_remove
UPDATE person SET state = 'removed', password = NULL, version = version + 1 WHERE id = $1 AND state = 'active';

-- name: person_erase
UPDATE person SET login = 'erased:' || public, password = NULL, state = 'erased', version = version + 1
	WHERE id = $1;

-- The person of a mail address.
-- name: person_of_value
SELECT p.public FROM personal v JOIN person p ON p.id = v.person_id WHERE v.value = $1 AND v.kind = 'mail'
	ORDER BY p.id LIMIT 1;

-- name: team_member_leave
DELETE FROM team_member WHERE person_id = $1;

-- name: api_key_revoke_person
UPDATE api_key SET revoked = $2 WHERE person_id = $1 AND revoked IS NULL;

-- name: personal_add
INSERT INTO personal (digest, kind, person_id, salt, value) VALUES ($1, $2, $3, $4, $5) RETURNING id;

-- name: personal_get
SELECT value FROM personal WHERE id = $1;

-- name: personal_of
SELECT id, digest, kind, value FROM personal WHERE person_id = $1 AND erased IS NULL ORDER BY id;

-- Values of somebody without an account; whom a reporter wanted to be thanked goes with the reporter.
-- name: personal_by_value
SELECT id, digest, kind, value FROM personal WHERE person_id IS NULL AND erased IS NULL AND (value = $1 OR id IN (
	SELECT s.credit_id FROM signal s JOIN personal r ON r.id = s.reporter_id WHERE r.value = $1)) ORDER BY id;

-- name: personal_erase_value
UPDATE personal SET value = NULL, salt = NULL, erased = $2 WHERE value = $1 AND person_id IS NULL;

-- Before the statement above, which takes away by what they are found.
-- name: personal_erase_credit
UPDATE personal SET value = NULL, salt = NULL, erased = $2 WHERE person_id IS NULL AND erased IS NULL AND id IN (
	SELECT s.credit_id FROM signal s JOIN personal r ON r.id = s.reporter_id WHERE r.value = $1);

-- name: personal_erase_person
UPDATE personal SET value = NULL, salt = NULL, erased = $2 WHERE person_id = $1 AND erased IS NULL;

-- ---- teams, keys (src/audit) ----

-- name: team_add
INSERT INTO team (public, name, version) VALUES ($1, $2, 1);

-- name: team_find
SELECT id, public, name, version FROM team WHERE public = $1 OR name = $1;

-- name: team_list
SELECT t.public, t.name, CAST(0 AS BIGINT) AS kind, '' AS who,
	CAST((SELECT COUNT(*) FROM team o WHERE o.name < t.name) AS BIGINT) AS place FROM team t
UNION ALL SELECT t.public, t.name, CAST(1 AS BIGINT), p.login, CAST(0 AS BIGINT)
	FROM team t JOIN team_member m ON m.team_id = t.id JOIN person p ON p.id = m.person_id
UNION ALL SELECT t.public, t.name, CAST(2 AS BIGINT), d.name, CAST(0 AS BIGINT)
	FROM team t JOIN team_device x ON x.team_id = t.id JOIN device d ON d.id = x.device_id
	ORDER BY 2, 3, 4;

-- name: team_rename
UPDATE team SET name = $3, version = version + 1 WHERE id = $1 AND name = $2;

-- name: team_member_add
INSERT INTO team_member (team_id, person_id) VALUES ($1, $2) ON CONFLICT (team_id, person_id) DO NOTHING;

-- name: team_member_remove
DELETE FROM team_member WHERE team_id = $1 AND person_id = $2;

-- name: team_device_add
INSERT INTO team_device (team_id, device_id) VALUES ($1, $2) ON CONFLICT (team_id, device_id) DO NOTHING;

-- name: team_device_remove
DELETE FROM team_device WHERE team_id = $1 AND device_id = $2;

-- name: team_rows
SELECT t.public, t.name, t.version, CAST(0 AS BIGINT) AS kind, '' AS who, '' AS id FROM team t
UNION ALL SELECT t.public, t.name, t.version, CAST(1 AS BIGINT), p.login, p.public
	FROM team t JOIN team_member m ON m.team_id = t.id JOIN person p ON p.id = m.person_id
UNION ALL SELECT t.public, t.name, t.version, CAST(2 AS BIGINT), d.name, ''
	FROM team t JOIN team_device x ON x.team_id = t.id JOIN device d ON d.id = x.device_id
	ORDER BY 2, 4, 5;

-- name: teams_of_person
SELECT t.public, t.name FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.person_id = $1 ORDER BY t.name;

-- name: api_key_add
INSERT INTO api_key (public, person_id, team_id, label, hash, scope, created, expires)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: api_key_list
SELECT k.public, k.label, k.scope, COALESCE(p.login, ''), COALESCE(t.name, ''), k.created, k.expires, k.revoked
	FROM api_key k LEFT JOIN person p ON p.id = k.person_id LEFT JOIN team t ON t.id = k.team_id ORDER BY k.id;

-- name: api_key_by_hash
SELECT k.id, k.public, k.hash, k.scope, k.expires, k.revoked, k.person_id, k.team_id, p.public, p.state
	FROM api_key k LEFT JOIN person p ON p.id = k.person_id WHERE k.hash = $1;

-- name: api_key_by_public
SELECT id, revoked FROM api_key WHERE public = $1;

-- name: api_key_revoke
UPDATE api_key SET revoked = $2 WHERE id = $1 AND revoked IS NULL;

-- name: api_keys_of_person
SELECT public, label, scope, created, expires, revoked FROM api_key WHERE person_id = $1 ORDER BY id;

-- A label is text that a person chose.
-- name: api_key_forget_person
UPDATE api_key SET label = '' WHERE person_id = $1;

-- ---- signing in (src/access) ----

-- The row is held until the transaction ends.
-- name: signin_failure_hold
INSERT INTO signin_failure (name, failures, last_at) VALUES ($1, 0, $2)
	ON CONFLICT (name) DO UPDATE SET failures = signin_failure.failures RETURNING failures, last_at;

-- name: signin_failure_set
UPDATE signin_failure SET failures = $2, last_at = $3 WHERE name = $1;

-- name: signin_failure_undo
UPDATE signin_failure SET failures = failures - 1 WHERE name = $1 AND failures > 0;

-- name: signin_failure_forget
DELETE FROM signin_failure WHERE name = $1;

-- name: signin_failure_sweep
DELETE FROM signin_failure WHERE last_at < $1;

-- name: session_add
INSERT INTO session (public, hash, person_id, host, agent, strength, issuer, subject, created, used, proven, expires)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $11, $10) RETURNING id;

-- name: session_by_hash
SELECT s.id, s.public, s.person_id, s.host, s.strength, s.used, s.proven, s.expires, p.public, p.role, p.state,
	COALESCE(p.once_until, 0) FROM session s JOIN person p ON p.id = s.person_id WHERE s.hash = $1;

-- name: session_use
UPDATE session SET used = $2 WHERE id = $1 AND used < $2;

-- name: session_prove
UPDATE session SET proven = $2 WHERE id = $1 AND person_id = $3;

-- name: session_account
SELECT COALESCE(issuer, ''), COALESCE(subject, '') FROM session WHERE id = $1 AND person_id = $2;

-- name: sessions_of_person
SELECT id, public, agent, strength, created, used, expires FROM session WHERE person_id = $1 ORDER BY created, id;

-- name: session_end
DELETE FROM session WHERE public = $1 AND person_id = $2;

-- All of a person but one; 0: all.
-- name: session_end_person
DELETE FROM session WHERE person_id = $1 AND id <> $2;

-- name: sessions_forget_person
DELETE FROM session WHERE person_id = $1;

-- name: session_sweep
DELETE FROM session WHERE expires <= $1 OR used <= $2;

-- name: totp_get
SELECT t.confirmed, t.step, p.public FROM totp t JOIN person p ON p.id = t.person_id WHERE t.person_id = $1;

-- name: totp_start
INSERT INTO totp (person_id, confirmed, step) VALUES ($1, NULL, 0)
	ON CONFLICT (person_id) DO UPDATE SET step = 0 WHERE totp.confirmed IS NULL;

-- name: totp_confirm
UPDATE totp SET confirmed = $2, step = $3 WHERE person_id = $1 AND confirmed IS NULL;

-- A step counts once: nothing changes when it, or a later one, was used.
-- name: totp_use
UPDATE totp SET step = $2 WHERE person_id = $1 AND step < $2 AND confirmed IS NOT NULL;

-- name: totp_remove
DELETE FROM totp WHERE person_id = $1;

-- name: totp_forget_person
DELETE FROM secret WHERE name = (SELECT 'totp/' || public FROM person WHERE id = $1);

-- name: recovery_code_add
INSERT INTO recovery_code (hash, person_id) VALUES ($1, $2);

-- name: recovery_code_use
DELETE FROM recovery_code WHERE hash = $1 AND person_id = $2;

-- name: recovery_code_forget_person
DELETE FROM recovery_code WHERE person_id = $1;

-- name: recovery_code_count
SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_code WHERE person_id = $1;

-- name: identity_add
INSERT INTO identity (issuer, subject, person_id, created) VALUES ($1, $2, $3, $4);

-- name: identity_person
SELECT p.public FROM identity i JOIN person p ON p.id = i.person_id WHERE i.issuer = $1 AND i.subject = $2;

-- name: identities_of_person
SELECT issuer, subject, created FROM identity WHERE person_id = $1 ORDER BY created, issuer, subject;

-- name: identity_remove
DELETE FROM identity WHERE person_id = $1 AND ($2 = '' OR issuer = $2) AND ($3 = '' OR subject = $3);

-- name: identity_forget_person
DELETE FROM identity WHERE person_id = $1;

-- name: oidc_flow_add
INSERT INTO oidc_flow (state, browser, issuer, nonce, verifier, session_id, created)
	VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Taking it is using it.
-- name: oidc_flow_take
DELETE FROM oidc_flow WHERE state = $1 RETURNING browser, issuer, nonce, verifier, session_id, created;

-- name: oidc_flow_sweep
DELETE FROM oidc_flow WHERE created < $1 OR created > $2;

-- name: setup_token_put
INSERT INTO setup_token (one, hash, expires) VALUES (1, $1, $2)
	ON CONFLICT (one) DO UPDATE SET hash = excluded.hash, expires = excluded.expires;

-- name: setup_token_take
DELETE FROM setup_token WHERE hash = $1 RETURNING expires;

-- name: setup_token_drop
DELETE FROM setup_token;

-- name: administrator_count
SELECT CAST(COUNT(*) AS BIGINT) FROM person WHERE role = 'administrator' AND state = 'active';

-- Those who administrate, so that nobody else changes them until the transaction ends.
-- name: administrators_hold [sqlite]
SELECT id FROM person WHERE role = 'administrator' AND state = 'active';

-- name: administrators_hold [postgres]
SELECT id FROM person WHERE role = 'administrator' AND state = 'active' ORDER BY id FOR NO KEY UPDATE;

-- ---- what a person may see (src/portfolio) ----

-- name: scope_of_person
SELECT DISTINCT d.device_id FROM team_member m JOIN team_device d ON d.team_id = m.team_id
	WHERE m.person_id = $1 ORDER BY d.device_id;

-- name: scope_of_team
SELECT device_id FROM team_device WHERE team_id = $1 ORDER BY device_id;

-- name: releases_of_version
SELECT id, device_id FROM release WHERE version = $1 ORDER BY id;

-- ---- signatures of persons (src/audit) ----

-- name: signature_add
INSERT INTO signature (public, person_id, printed_name, meaning, subject, content, signed_at, zone, resets)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id;

-- name: signature_same
SELECT count(*) FROM signature WHERE person_id = $1 AND subject = $2 AND content = $3 AND meaning = $4;

-- name: signature_count
SELECT count(DISTINCT s.person_id) FROM signature s JOIN person p ON p.id = s.person_id
	WHERE s.subject = $1 AND s.content = $2 AND s.meaning = $3 AND p.public <> $4 AND p.login <> $4
	AND p.id <> COALESCE((SELECT k.person_id FROM api_key k WHERE k.public = $4), 0);

-- name: signature_by
SELECT public, printed_name, meaning, subject, signed_at, COALESCE(resets, '[]') FROM signature WHERE person_id = $1 ORDER BY id;

-- ---- portfolio: cases and signals ----

-- name: vuln_id
SELECT id FROM vuln WHERE name = $1;

-- name: case_by_vuln
SELECT c.id, c.vuln_id, c.public, v.name, c.own FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE v.name = $1;

-- name: case_by_public
SELECT c.id, c.vuln_id, c.public, v.name, c.own FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE c.public = $1;

-- name: case_add
INSERT INTO cases (public, vuln_id, everywhere, created, own) VALUES ($1, $2, $3, $4, $5);

-- name: case_make_own
UPDATE cases SET own = 1 WHERE id = $1;

-- What the cases of our own of a device are called.
-- name: case_own_titles
SELECT v.name, COALESCE(v.title, '') FROM case_device p JOIN cases c ON c.id = p.case_id JOIN vuln v ON v.id = c.vuln_id
	WHERE p.device_id = $1 AND c.own = 1 ORDER BY v.name;

-- Components of this name in releases of a device; releases of it that have an SBOM.
-- name: device_components_named
SELECT CAST(COUNT(*) AS BIGINT), (SELECT CAST(COUNT(*) AS BIGINT) FROM release s WHERE s.device_id = $1 AND s.sbom_id IS NOT NULL)
	FROM release r JOIN release_component x ON x.release_id = r.id JOIN component c ON c.id = x.component_id
	WHERE r.device_id = $1 AND c.name = $2;

-- How many components have it, by any knowledge base.
-- name: vuln_facts
SELECT CAST(COUNT(*) AS BIGINT) FROM fact WHERE vuln_id = $1;

-- name: case_widen
UPDATE cases SET everywhere = 1 WHERE id = $1;

-- name: case_parts
SELECT p.device_id, d.name, p.owner_id, p.state, p.learned_at, p.opened, p.closed_at, p.version, o.public, o.login
	FROM case_device p JOIN device d ON d.id = p.device_id LEFT JOIN person o ON o.id = p.owner_id
	WHERE p.case_id = $1 ORDER BY d.name;

-- name: case_part_add
INSERT INTO case_device (case_id, device_id, state, learned_at, opened, version) VALUES ($1, $2, 'open', $3, $4, 1);

-- name: case_part_change
UPDATE case_device SET owner_id = $4, state = $5, closed_at = $6, version = version + 1
	WHERE case_id = $1 AND device_id = $2 AND version = $3;

-- Devices that have the vulnerability and are no part yet; whether the case is about them as well: it is about all, or
-- a team has this one and one of the case.
-- name: case_part_new
SELECT x.device_id, CAST(CASE WHEN EXISTS (SELECT 1 FROM cases c WHERE c.id = $1 AND c.everywhere = 1)
		OR EXISTS (SELECT 1 FROM team_device a JOIN team_device b ON b.team_id = a.team_id
			JOIN case_device p ON p.device_id = b.device_id WHERE p.case_id = $1 AND a.device_id = x.device_id)
		THEN 1 ELSE 0 END AS BIGINT)
	FROM (SELECT DISTINCT r.device_id FROM fact f JOIN release_component y ON y.component_id = f.component_id
		JOIN release r ON r.id = y.release_id WHERE f.vuln_id = $2) x
	WHERE NOT EXISTS (SELECT 1 FROM case_device p WHERE p.case_id = $1 AND p.device_id = x.device_id)
	ORDER BY x.device_id;

-- name: case_item_add
INSERT INTO case_item (public, case_id, device_id, kind, name, text, document_id, at, actor)
	VALUES ($1, $2, $9, $3, $4, $5, $6, $7, $8);

-- name: case_findings
SELECT r.release_id, f.verdict, d.state, d.status
	FROM fact f JOIN release_component r ON r.component_id = f.component_id
	JOIN release s ON s.id = r.release_id JOIN case_device p ON p.device_id = s.device_id AND p.case_id = $2
	LEFT JOIN decision d ON d.component_id = f.component_id AND d.vuln_id = f.vuln_id AND d.release_id = r.release_id
	WHERE f.vuln_id = $1 ORDER BY r.release_id;

-- What has no finding any more is not affected if the data know anything of what its SBOM lists; else nobody knows.
-- name: case_releases_clear
UPDATE case_release SET state = CASE WHEN EXISTS (SELECT 1 FROM release_component x JOIN component c ON c.id = x.component_id
	WHERE x.release_id = case_release.release_id AND c.known = 1) THEN 'not affected' ELSE 'undecided' END WHERE case_id = $1;

-- name: case_release_put
INSERT INTO case_release (case_id, release_id, state) VALUES ($1, $2, $3)
	ON CONFLICT (case_id, release_id) DO UPDATE SET state = excluded.state;

-- The first later release of the device that was released and has no finding of it that needs anything; the data know
-- what it has of the packages that had one.
-- name: case_fix_put
UPDATE case_release SET fix_release_id = CASE state WHEN 'affected' THEN (SELECT f.id
	FROM release f JOIN release r ON r.id = case_release.release_id
	WHERE f.device_id = r.device_id AND f.state = 'released' AND f.due = 0
	AND (f.released > r.released OR (f.released = r.released AND f.id > r.id)
		OR ((f.released IS NULL OR r.released IS NULL) AND f.id > r.id))
	AND EXISTS (SELECT 1 FROM release_component x JOIN component c ON c.id = x.component_id
		WHERE x.release_id = f.id AND c.known = 1)
	AND NOT EXISTS (SELECT 1 FROM case_release s WHERE s.case_id = case_release.case_id AND s.release_id = f.id
		AND s.state IN ('affected', 'undecided'))
	AND NOT EXISTS (SELECT 1 FROM release_component x JOIN component c ON c.id = x.component_id
		WHERE x.release_id = f.id AND c.known = 0 AND c.package_id IN (SELECT o.package_id
			FROM release_component y JOIN component o ON o.id = y.component_id
			JOIN fact k ON k.component_id = o.id WHERE y.release_id = r.id AND k.vuln_id = $2))
	ORDER BY COALESCE(f.released, 0), f.id LIMIT 1) END
	WHERE case_id = $1;

-- Of a case of our own.
-- name: case_release_own_put
INSERT INTO case_release (case_id, release_id, state, uncontrolled) VALUES ($1, $2, $3, $4)
	ON CONFLICT (case_id, release_id) DO UPDATE SET state = excluded.state, uncontrolled = excluded.uncontrolled;

-- The first later release of the device that was released and of which is decided that it needs nothing.
-- name: case_fix_own_put
UPDATE case_release SET fix_release_id = CASE state WHEN 'affected' THEN (SELECT f.id
	FROM release f JOIN release r ON r.id = case_release.release_id
	JOIN case_release s ON s.case_id = case_release.case_id AND s.release_id = f.id AND s.state IN ('fixed', 'not affected')
	WHERE f.device_id = r.device_id AND f.state = 'released'
	AND (f.released > r.released OR (f.released = r.released AND f.id > r.id)
		OR ((f.released IS NULL OR r.released IS NULL) AND f.id > r.id))
	ORDER BY COALESCE(f.released, 0), f.id LIMIT 1) END
	WHERE case_id = $1;

-- A release's name, its state, whether a decision that applies says that the risk is controlled (0) or not (1).
-- name: case_releases
SELECT v.name || ' ' || r.version, s.state,
	COALESCE(s.uncontrolled, CAST((SELECT COUNT(*) FROM decision d JOIN cases c ON c.vuln_id = d.vuln_id
		WHERE c.id = s.case_id AND d.release_id = s.release_id AND d.state IN ('decided', 'carried')
		AND d.risk <> 'controlled') AS BIGINT)),
	s.fix_release_id, s.units_open, r.device_id, v.name, r.version, r.public, x.public, x.version
	FROM case_release s JOIN release r ON r.id = s.release_id JOIN device v ON v.id = r.device_id
	LEFT JOIN release x ON x.id = s.fix_release_id
	WHERE s.case_id = $1 ORDER BY v.name, r.id;

-- name: case_event_add
INSERT INTO case_event (public, case_id, device_id, name, at, evidence, contents, recorded, actor, replaces_id, reason,
	taken_back) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: case_events
SELECT v.name, e.name, e.at, e.evidence, e.contents, e.public, e.recorded, COALESCE(p.login, e.actor), e.id,
	COALESCE(e.replaces_id, 0), e.reason, e.taken_back
	FROM case_event e JOIN cases c ON c.id = e.case_id JOIN vuln v ON v.id = c.vuln_id
	LEFT JOIN person p ON p.public = e.actor WHERE e.device_id = $1 ORDER BY e.id;

-- Its start was another, or it has none: what the rule says now is put after it.
-- name: case_deadline_forget
DELETE FROM case_deadline WHERE case_id = $1 AND device_id = $2 AND rule = $3;

-- What the deadlines of all devices are made of: the ledger, and what cases follow without a record.
-- name: deadlines_state
SELECT h.n, (SELECT COUNT(*) FROM case_device), (SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM case_device),
	(SELECT COUNT(*) FROM case_deadline),
	(SELECT CAST(COALESCE(SUM(started / 1000000 + due / 500000 + COALESCE(met, 0) / 1000000), 0) AS BIGINT) FROM case_deadline)
	FROM ledger_head h WHERE h.one = 1;

-- name: kept_deadline_forget
DELETE FROM kept_deadline WHERE device_id = $1 AND vuln = $2 AND rule = $3;

-- name: kept_deadline_put
INSERT INTO kept_deadline (device_id, vuln, rule, started, due, met, title, stop) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (device_id, vuln, rule, started) DO UPDATE SET due = excluded.due, met = excluded.met,
		title = excluded.title, stop = excluded.stop;

-- Of a device, with the vulnerability and the case of each; '' and 0 where they are kept without one.
-- name: device_deadlines
SELECT v.name, c.public, l.rule, l.started, l.due, l.met, l.title, l.stop, c.id FROM case_deadline l
	JOIN cases c ON c.id = l.case_id JOIN vuln v ON v.id = c.vuln_id WHERE l.device_id = $1
	UNION ALL SELECT k.vuln, '', k.rule, k.started, k.due, k.met, k.title, k.stop, 0 FROM kept_deadline k WHERE k.device_id = $1
		AND NOT EXISTS (SELECT 1 FROM case_deadline l JOIN cases c ON c.id = l.case_id JOIN vuln v ON v.id = c.vuln_id
			WHERE l.device_id = k.device_id AND v.name = k.vuln AND l.rule = k.rule)
	ORDER BY 1, 3, 4;

-- name: case_names_of_device
SELECT v.name, c.public FROM case_device p JOIN cases c ON c.id = p.case_id JOIN vuln v ON v.id = c.vuln_id
	WHERE p.device_id = $1 ORDER BY v.name;

-- When the maker learned of it, by the case of the device.
-- name: case_learned
SELECT p.learned_at FROM case_device p JOIN cases c ON c.id = p.case_id JOIN vuln v ON v.id = c.vuln_id
	WHERE p.device_id = $1 AND v.name = $2 ORDER BY p.learned_at LIMIT 1;

-- When the maker learned of what the cases of a device are about, the earliest first.
-- name: case_learned_of_device
SELECT v.name, p.learned_at FROM case_device p JOIN cases c ON c.id = p.case_id JOIN vuln v ON v.id = c.vuln_id
	WHERE p.device_id = $1 ORDER BY p.learned_at, v.name;

-- name: case_deadline_put
INSERT INTO case_deadline (case_id, device_id, rule, started, due, met, title, stop) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (case_id, device_id, rule, started) DO UPDATE SET due = excluded.due, met = excluded.met,
		title = excluded.title, stop = excluded.stop;

-- Of one that no rule computes any more.
-- name: case_deadline_met
UPDATE case_deadline SET met = $5 WHERE case_id = $1 AND device_id = $2 AND rule = $3 AND started = $4;

-- name: case_deadlines
SELECT l.rule, l.met, l.started, l.due, l.device_id, d.name FROM case_deadline l JOIN device d ON d.id = l.device_id
	WHERE l.case_id = $1 ORDER BY l.due, d.name, l.rule, l.started;

-- Each part of each case between two; with the deadlines that are not met and how its releases stand.
-- name: case_overview
SELECT c.id, c.vuln_id, c.public, v.name, v.title, v.severity, v.score, v.kev, p.device_id, d.name, p.owner_id, o.public,
	o.login, p.state, p.learned_at, p.opened, p.closed_at, p.version, l.due, l.number, s.affected, s.undecided, s.fixed, s.free,
	c.own
	FROM cases c JOIN vuln v ON v.id = c.vuln_id JOIN case_device p ON p.case_id = c.id
	JOIN device d ON d.id = p.device_id LEFT JOIN person o ON o.id = p.owner_id
	LEFT JOIN (SELECT x.case_id, x.device_id, MIN(x.due) AS due, CAST(COUNT(*) AS BIGINT) AS number
		FROM case_deadline x WHERE x.met IS NULL AND x.case_id BETWEEN $1 AND $2 GROUP BY x.case_id, x.device_id) l
		ON l.case_id = c.id AND l.device_id = p.device_id
	LEFT JOIN (SELECT y.case_id, r.device_id,
		CAST(SUM(CASE y.state WHEN 'affected' THEN 1 ELSE 0 END) AS BIGINT) AS affected,
		CAST(SUM(CASE y.state WHEN 'undecided' THEN 1 ELSE 0 END) AS BIGINT) AS undecided,
		CAST(SUM(CASE y.state WHEN 'fixed' THEN 1 ELSE 0 END) AS BIGINT) AS fixed,
		CAST(SUM(CASE y.state WHEN 'not affected' THEN 1 ELSE 0 END) AS BIGINT) AS free
		FROM case_release y JOIN release r ON r.id = y.release_id WHERE y.case_id BETWEEN $1 AND $2
		GROUP BY y.case_id, r.device_id) s
		ON s.case_id = c.id AND s.device_id = p.device_id
	WHERE c.id BETWEEN $1 AND $2 AND (CAST($3 AS BIGINT) = 0
		OR EXISTS (SELECT 1 FROM case_device e WHERE e.case_id = c.id AND e.state = 'open')) ORDER BY c.id, d.name;

-- What the index of cases (portfolio/case_index.h) is of: the ledger's head, and the last transaction that wrote of cases.
-- name: case_index_state
SELECT h.n, COALESCE((SELECT s.due FROM schedule s WHERE s.kind = 'case.touched'), 0) FROM ledger_head h WHERE h.one = 1;

-- The row is held until the transaction ends, so that numbers are committed in their order.
-- name: case_touch
INSERT INTO schedule (kind, due) VALUES ('case.touched', 1) ON CONFLICT (kind) DO UPDATE SET due = schedule.due + 1;

-- name: case_touched
UPDATE cases SET touched = (SELECT s.due FROM schedule s WHERE s.kind = 'case.touched') WHERE id = $1;

-- CROSS JOIN and + 0: SQLite begins with the cases that were touched then, of which there are few most of the time.
-- name: case_index_parts
SELECT c.id, c.vuln_id, c.public, v.name, v.title, v.severity, v.score, v.kev, p.device_id, d.name, p.owner_id, p.state,
	p.learned_at, p.opened, p.closed_at, p.version, c.own FROM cases c CROSS JOIN vuln v CROSS JOIN case_device p CROSS JOIN device d
	WHERE c.touched > $1 AND v.id = c.vuln_id AND p.case_id = c.id AND d.id = p.device_id ORDER BY c.id + 0, d.name;

-- name: case_index_deadlines
SELECT x.case_id, x.device_id, MIN(x.due), CAST(COUNT(*) AS BIGINT) FROM cases c CROSS JOIN case_deadline x
	WHERE c.touched > $1 AND x.case_id = c.id AND x.met IS NULL GROUP BY x.case_id, x.device_id;

-- name: case_index_releases
SELECT y.case_id, r.device_id, CAST(SUM(CASE y.state WHEN 'affected' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE y.state WHEN 'undecided' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE y.state WHEN 'fixed' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(SUM(CASE y.state WHEN 'not affected' THEN 1 ELSE 0 END) AS BIGINT)
	FROM cases c CROSS JOIN case_release y CROSS JOIN release r
	WHERE c.touched > $1 AND y.case_id = c.id AND r.id = y.release_id GROUP BY y.case_id, r.device_id;

-- name: case_index_vulns
SELECT c.id, v.title, v.severity, v.score, v.kev FROM cases c JOIN vuln v ON v.id = c.vuln_id
	WHERE v.id IN (SELECT x.key FROM change x WHERE x.n > $1 AND x.kind = 'vulnerability');

-- name: case_index_devices
SELECT d.id, d.document_id, d.version FROM device d;

-- Neither read above nor followed by cases, which have numbers.
-- name: case_index_others
SELECT CAST(COUNT(*) AS BIGINT) FROM change x
	WHERE x.n > $1 AND x.kind NOT IN ('vulnerability', 'release', 'component', 'device', 'case', 'signal', 'statement');

-- name: case_owners
SELECT p.id, p.public, p.login FROM person p;

-- name: case_items
SELECT i.public, i.kind, i.name, i.text, i.document_id, i.at, COALESCE(p.login, i.actor), i.device_id, d.name, o.digest, o.bytes
	FROM case_item i LEFT JOIN device d ON d.id = i.device_id LEFT JOIN document o ON o.id = i.document_id
	LEFT JOIN person p ON p.public = i.actor WHERE i.case_id = $1 ORDER BY i.id;

-- By the name that a decision gives it, or because it applies to a finding of it.
-- name: case_decisions
SELECT a.public, a.name, a.state, a.status, a.risk, a.harm, COALESCE(p.login, a.author), a.created, d.id, d.name
	FROM assessment a JOIN device d ON d.id = a.device_id LEFT JOIN person p ON p.public = a.author
	WHERE a.vuln = $1 OR a.id IN (SELECT x.assessment_id FROM decision x WHERE x.vuln_id = $2) ORDER BY d.name, a.id;

-- name: signal_add
INSERT INTO signal (public, source, kind, title, document_id, reporter_id, credit_id, state, device_id, received, learned,
	acknowledge_by, embargo, receipt, version)
	VALUES ($1, $2, $3, $4, $5, $6, $7, 'received', $8, $9, $10, $11, $12, $13, 1);

-- name: signal_by_public
SELECT id, state, version, device_id, learned, embargo, duplicate_id FROM signal WHERE public = $1;

-- name: signal_by_receipt
SELECT public FROM signal WHERE receipt = $1;

-- How many came by a way since a time.
-- name: signal_count_since
SELECT CAST(COUNT(*) AS BIGINT) FROM signal WHERE source = $1 AND received > $2;

-- name: signal_triage
UPDATE signal SET kind = $3, severity = $4, embargo = $5, device_id = $6, learned = $7, acknowledge_by = $8,
	duplicate_id = $9, version = version + 1 WHERE id = $1 AND version = $2;

-- name: signal_case
SELECT COALESCE(case_id, 0) FROM signal WHERE id = $1;

-- name: signal_duplicate_of
SELECT duplicate_id FROM signal WHERE id = $1;

-- name: signal_entry_add
INSERT INTO signal_entry (public, signal_id, kind, text, author, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: signal_entries
SELECT e.public, e.kind, e.text, e.author, e.at FROM signal_entry e WHERE e.signal_id = $1 ORDER BY e.id;

-- The case was learned of when its signal was: the part of the device that the signal is about, or all.
-- name: signal_case_learned
UPDATE case_device SET learned_at = $2, version = version + 1 WHERE learned_at > $2
	AND case_id = (SELECT s.case_id FROM signal s WHERE s.id = $1)
	AND device_id = COALESCE((SELECT s.device_id FROM signal s WHERE s.id = $1), device_id);

-- name: mailbox_last
SELECT uidvalidity, uid FROM mailbox_message ORDER BY id DESC LIMIT 1;

-- name: mailbox_has
SELECT CAST(COUNT(*) AS BIGINT) FROM mailbox_message WHERE digest = $1;

-- name: mailbox_add
INSERT INTO mailbox_message (uidvalidity, uid, digest, at) VALUES ($1, $2, $3, $4);

-- name: signal_rows
SELECT s.id, s.public, s.source, s.title, s.state, s.version, s.device_id, d.name, c.public, v.name, s.received, s.acknowledged,
	o.bytes, r.value, (SELECT CAST(COUNT(*) AS BIGINT) FROM signal_document x WHERE x.signal_id = s.id), s.document_id, s.reason,
	s.kind, s.severity, s.learned, s.acknowledge_by, s.embargo, t.value, u.public
	FROM signal s LEFT JOIN device d ON d.id = s.device_id LEFT JOIN cases c ON c.id = s.case_id
	LEFT JOIN vuln v ON v.id = c.vuln_id LEFT JOIN document o ON o.id = s.document_id
	LEFT JOIN personal r ON r.id = s.reporter_id LEFT JOIN personal t ON t.id = s.credit_id
	LEFT JOIN signal u ON u.id = s.duplicate_id
	WHERE s.id = $1;

-- What is about no device is seen by who sees everything.
-- name: signal_page
SELECT s.id, s.public, s.source, s.title, s.state, s.version, s.device_id, d.name, c.public, v.name, s.received, s.acknowledged,
	o.bytes, r.value, (SELECT CAST(COUNT(*) AS BIGINT) FROM signal_document x WHERE x.signal_id = s.id), s.document_id, s.reason,
	s.kind, s.severity, s.learned, s.acknowledge_by, s.embargo, t.value, u.public
	FROM signal s LEFT JOIN device d ON d.id = s.device_id LEFT JOIN cases c ON c.id = s.case_id
	LEFT JOIN vuln v ON v.id = c.vuln_id LEFT JOIN document o ON o.id = s.document_id
	LEFT JOIN personal r ON r.id = s.reporter_id LEFT JOIN personal t ON t.id = s.credit_id
	LEFT JOIN signal u ON u.id = s.duplicate_id
	WHERE (s.received, s.public) < (CAST($1 AS BIGINT), $2) AND ($3 = '' OR $3 LIKE '%,' || CAST(s.device_id AS TEXT) || ',%')
	AND ($4 = '' OR s.state = $4) ORDER BY s.received DESC, s.public DESC LIMIT $5;

-- name: signal_page_count
SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM signal s
	WHERE ($1 = '' OR $1 LIKE '%,' || CAST(s.device_id AS TEXT) || ',%') AND ($2 = '' OR s.state = $2) LIMIT 10001) t;

-- name: signal_deadlines
SELECT s.public, s.device_id, v.name, c.public, s.learned, s.acknowledge_by, s.acknowledged
	FROM signal s LEFT JOIN cases c ON c.id = s.case_id LEFT JOIN vuln v ON v.id = c.vuln_id ORDER BY s.id;

-- Those that nobody has acknowledged: in time, and too late at a time.
-- name: signal_unacknowledged
SELECT CAST(COUNT(CASE WHEN s.acknowledge_by >= $1 THEN 1 END) AS BIGINT),
	CAST(COUNT(CASE WHEN s.acknowledge_by < $1 THEN 1 END) AS BIGINT) FROM signal s WHERE s.acknowledged IS NULL;

-- name: signal_document_add
INSERT INTO signal_document (public, signal_id, name, document_id, at) VALUES ($1, $2, $3, $4, $5);

-- name: signal_documents
SELECT x.public, x.name, x.document_id, o.bytes, o.digest, x.at FROM signal_document x
	JOIN document o ON o.id = x.document_id WHERE x.signal_id = $1 ORDER BY x.id;

-- name: signal_move
UPDATE signal SET state = $3, case_id = COALESCE($4, case_id), version = version + 1,
	acknowledged = COALESCE(acknowledged, $5), reason = $6 WHERE id = $1 AND version = $2;

-- Of which vulnerabilities nothing is published at a time, and until when; the longest first.
-- name: signal_embargoes
SELECT v.name, s.embargo FROM signal s LEFT JOIN signal u ON u.id = s.duplicate_id
	JOIN cases c ON c.id = COALESCE(s.case_id, u.case_id) JOIN vuln v ON v.id = c.vuln_id
	WHERE s.embargo > $1 ORDER BY s.embargo DESC, s.id;

-- ---- portfolio: statements ----

-- name: statement_add
INSERT INTO statement (public, device_id, release, vulns, tlp, revision, version, created, serial, embargo)
	VALUES ($1, $2, $3, $4, $5, 0, 1, $6, $7, $8);

-- name: statement_by_public
SELECT id FROM statement WHERE public = $1;

-- name: statement_rows
SELECT s.id, s.public, s.device_id, d.name, s.release, s.vulns, s.tlp, s.revision, s.version, s.created, r.id, r.state, r.digest,
	r.author, r.created, r.previous_id, r.summary, (SELECT MAX(x.n) FROM statement_revision x
		WHERE x.statement_id = s.id AND x.state = 'published'), s.serial, s.embargo, r.basis
	FROM statement s JOIN device d ON d.id = s.device_id
	LEFT JOIN statement_revision r ON r.statement_id = s.id AND r.n = s.revision
	WHERE s.id = $1;

-- name: statement_page
SELECT s.id, s.public, s.device_id, d.name, s.release, s.vulns, s.tlp, s.revision, s.version, s.created, r.id, r.state, r.digest,
	r.author, r.created, r.previous_id, r.summary, (SELECT MAX(x.n) FROM statement_revision x
		WHERE x.statement_id = s.id AND x.state = 'published'), s.serial, s.embargo, r.basis
	FROM statement s JOIN device d ON d.id = s.device_id
	LEFT JOIN statement_revision r ON r.statement_id = s.id AND r.n = s.revision
	WHERE (s.created, s.public) < (CAST($1 AS BIGINT), $2) AND ($3 = '' OR $3 LIKE '%,' || CAST(s.device_id AS TEXT) || ',%')
	AND ($4 = '' OR d.name = $4) AND ($5 = '' OR r.state = $5) ORDER BY s.created DESC, s.public DESC LIMIT $6;

-- name: statement_page_count
SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM statement s
	WHERE ($1 = '' OR $1 LIKE '%,' || CAST(s.device_id AS TEXT) || ',%') AND ($2 = '' OR s.device_id = (SELECT d.id FROM device d WHERE d.name = $2)) AND ($3 = '' OR EXISTS (SELECT 1
	FROM statement_revision r WHERE r.statement_id = s.id AND r.n = s.revision AND r.state = $3)) LIMIT 10001) t;

-- name: statement_change
UPDATE statement SET revision = $3, version = version + 1 WHERE id = $1 AND version = $2;

-- name: statement_embargo
UPDATE statement SET embargo = $3, version = version + 1 WHERE id = $1 AND version = $2;

-- name: statement_revision_add
INSERT INTO statement_revision (statement_id, n, state, digest, previous_id, summary, author, created, basis)
	VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8);

-- name: statement_revision_id
SELECT id FROM statement_revision WHERE statement_id = $1 AND n = $2;

-- What was never published and will not be, or what another one takes the place of.
-- name: statement_revision_replace
UPDATE statement_revision SET state = 'replaced' WHERE statement_id = $1 AND n < $2 AND (state IN ('draft', 'approved', 'scheduled')
	OR (state = 'published' AND CAST($3 AS BIGINT) = 1));

-- name: statement_revision_move
UPDATE statement_revision SET state = $2, approved = COALESCE($3, approved), published = COALESCE($4, published),
	withdrawn = COALESCE($5, withdrawn), reason = COALESCE($6, reason) WHERE id = $1;

-- name: statement_revisions
SELECT r.id, r.n, r.state, r.digest, COALESCE(p.login, r.author), r.created, r.summary, r.approved, r.published, r.withdrawn,
	r.reason FROM statement_revision r LEFT JOIN person p ON p.public = r.author WHERE r.statement_id = $1 ORDER BY r.n;

-- name: statement_published
SELECT id FROM statement_revision WHERE statement_id = $1 AND state = 'published';

-- What was published last, also when it was withdrawn: versions of its documents go on from there.
-- name: statement_last
SELECT id FROM statement_revision WHERE statement_id = $1 AND published IS NOT NULL ORDER BY n DESC LIMIT 1;

-- Versions up to a revision's that a customer was not sent.
-- name: statement_withheld
SELECT f.version FROM statement_revision p JOIN statement_revision r ON r.statement_id = p.statement_id AND r.n <= p.n
	JOIN csaf_file f ON f.revision_id = r.id WHERE p.id = $1
	AND NOT EXISTS (SELECT 1 FROM statement_customer c WHERE c.revision_id = r.id AND c.person_id = $2) ORDER BY f.id;

-- name: statement_document_add
INSERT INTO statement_document (revision_id, format, document_id, approved_id) VALUES ($1, $2, $3, $3);

-- name: statement_document_release
UPDATE statement_document SET document_id = $3 WHERE revision_id = $1 AND format = $2;

-- name: statement_customer_add
INSERT INTO statement_customer (revision_id, person_id) VALUES ($1, $2) ON CONFLICT (revision_id, person_id) DO NOTHING;

-- name: statement_customers
SELECT p.id, p.public, p.login FROM statement_customer c JOIN person p ON p.id = c.person_id WHERE c.revision_id = $1
	ORDER BY p.public;

-- name: statement_documents
SELECT x.format, x.document_id, o.digest, o.bytes, a.digest FROM statement_document x JOIN document o ON o.id = x.document_id
	JOIN document a ON a.id = x.approved_id WHERE x.revision_id = $1 ORDER BY x.format;

-- ---- portfolio: the provider of CSAF documents ----

-- name: csaf_name_of
SELECT statement_id FROM csaf_name WHERE name = $1;

-- name: csaf_name_add
INSERT INTO csaf_name (name, statement_id) VALUES ($1, $2);

-- name: csaf_file_add
INSERT INTO csaf_file (revision_id, format, name, tracking, title, version, initial, released, document_id, sha512, signature,
	fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- WHITE is for anybody, GREEN for who is known (and has the device in their scope, which the caller looks at), the rest for
-- customers who are named.
-- name: csaf_files
SELECT f.id, f.name, f.tracking, f.title, f.version, s.tlp, f.initial, f.released, o.digest, f.sha512, f.fingerprint,
	f.document_id, o.bytes, d.name, d.id
	FROM csaf_file f JOIN statement_revision r ON r.id = f.revision_id JOIN statement s ON s.id = r.statement_id
	JOIN device d ON d.id = s.device_id JOIN document o ON o.id = f.document_id
	WHERE r.state = 'published' AND ($1 = '' OR s.tlp = $1) AND (s.tlp = 'WHITE'
		OR (s.tlp = 'GREEN' AND CAST($2 AS BIGINT) = 1)
		OR (s.tlp IN ('AMBER', 'RED') AND EXISTS (SELECT 1 FROM statement_customer c
			WHERE c.revision_id = r.id AND c.person_id = $3)))
	ORDER BY f.released DESC, f.id DESC;

-- The same of one name, by its index.
-- name: csaf_files_named
SELECT f.id, f.name, f.tracking, f.title, f.version, s.tlp, f.initial, f.released, o.digest, f.sha512, f.fingerprint,
	f.document_id, o.bytes, d.name, d.id
	FROM csaf_file f JOIN statement_revision r ON r.id = f.revision_id JOIN statement s ON s.id = r.statement_id
	JOIN device d ON d.id = s.device_id JOIN document o ON o.id = f.document_id
	WHERE r.state = 'published' AND s.tlp = $1 AND f.name = $4 AND (s.tlp = 'WHITE'
		OR (s.tlp = 'GREEN' AND CAST($2 AS BIGINT) = 1)
		OR (s.tlp IN ('AMBER', 'RED') AND EXISTS (SELECT 1 FROM statement_customer c
			WHERE c.revision_id = r.id AND c.person_id = $3)))
	ORDER BY f.released DESC, f.id DESC;

-- name: csaf_signature
SELECT signature FROM csaf_file WHERE id = $1;

-- name: csaf_unsigned
SELECT f.id, f.name, f.document_id FROM csaf_file f JOIN statement_revision r ON r.id = f.revision_id
	WHERE r.state = 'published' AND f.fingerprint IS NULL ORDER BY f.id;

-- name: csaf_sign
UPDATE csaf_file SET signature = $2, fingerprint = $3 WHERE id = $1 AND fingerprint IS NULL;

-- name: openpgp_key_add
INSERT INTO openpgp_key (fingerprint, armored, seen) VALUES ($1, $2, $3) ON CONFLICT (fingerprint) DO NOTHING;

-- name: openpgp_keys
SELECT fingerprint, armored, seen FROM openpgp_key WHERE revoked IS NULL ORDER BY seen, fingerprint;

-- name: openpgp_key_stands
SELECT CAST(COUNT(*) AS BIGINT) FROM openpgp_key WHERE fingerprint = $1 AND revoked IS NULL;

-- name: openpgp_key_revoke
UPDATE openpgp_key SET revoked = $2 WHERE fingerprint = $1 AND revoked IS NULL;

-- name: csaf_unsign
UPDATE csaf_file SET signature = NULL, fingerprint = NULL WHERE fingerprint = $1;

-- ---- portfolio: what others may have ----

-- name: publication_rows
SELECT p.id, p.release_id, p.artifact, p.kind, p.path, p.type, p.level, p.revision, p.document_id, p.media, p.since, p.until,
	o.digest, o.bytes, r.device_id FROM publication p JOIN release r ON r.id = p.release_id LEFT JOIN document o ON o.id = p.document_id
	WHERE CAST($1 AS BIGINT) = 0 OR r.device_id = $1 ORDER BY p.release_id, p.id;

-- name: publication_add
INSERT INTO publication (release_id, artifact, kind, path, type, level, revision, document_id, media, since)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: publication_end
UPDATE publication SET until = $2 WHERE id = $1 AND until IS NULL;

-- Each document of each revision of a statement that was ever published; whether it is for a customer by name.
-- name: offer_statements
SELECT s.id, s.public, s.device_id, s.release, s.tlp, r.n, r.published, r.withdrawn, x.format, x.document_id, o.digest, o.bytes,
	(SELECT CAST(COUNT(*) AS BIGINT) FROM statement_customer c WHERE c.revision_id = r.id AND c.person_id = $2)
	FROM statement s JOIN statement_revision r ON r.statement_id = s.id JOIN statement_document x ON x.revision_id = r.id
	JOIN document o ON o.id = x.document_id
	WHERE r.published IS NOT NULL AND (CAST($1 AS BIGINT) = 0 OR s.device_id = $1) ORDER BY s.id, r.n, x.format;

-- The device of a device's, a release's, a publication's or a statement's public id.
-- name: offer_device
SELECT id FROM device WHERE public = $1 UNION SELECT device_id FROM release WHERE public = $1
	UNION SELECT r.device_id FROM publication p JOIN release r ON r.id = p.release_id WHERE p.artifact = $1
	UNION SELECT device_id FROM statement WHERE public = $1;

-- name: offer_udis
SELECT device_id, name, udi_di FROM variant WHERE udi_di IS NOT NULL ORDER BY device_id, name;

-- name: device_published
SELECT CAST(COUNT(*) AS BIGINT) FROM publication p JOIN release r ON r.id = p.release_id
	WHERE r.device_id = $1 AND p.until IS NULL;

-- name: device_remove_publications
DELETE FROM publication WHERE release_id IN (SELECT id FROM release WHERE device_id = $1);

-- ---- portfolio: the index of findings ----

-- name: change_newest
SELECT CAST(COALESCE(MAX(n), 0) AS BIGINT) FROM change;

-- name: list_vulns
SELECT v.id, v.name, v.severity, v.score, v.kev, v.epss, v.modified,
	(SELECT MIN(d.due) FROM cases c JOIN case_deadline d ON d.case_id = c.id WHERE c.vuln_id = v.id AND d.met IS NULL), v.exploited_by
	FROM vuln v;

-- name: list_vuln
SELECT v.id, v.name, v.severity, v.score, v.kev, v.epss, v.modified,
	(SELECT MIN(d.due) FROM cases c JOIN case_deadline d ON d.case_id = c.id WHERE c.vuln_id = v.id AND d.met IS NULL), v.exploited_by
	FROM vuln v WHERE v.id = $1;

-- name: list_vulns_changed
SELECT v.id, v.name, v.severity, v.score, v.kev, v.epss, v.modified,
	(SELECT MIN(d.due) FROM cases c JOIN case_deadline d ON d.case_id = c.id WHERE c.vuln_id = v.id AND d.met IS NULL), v.exploited_by
	FROM vuln v WHERE v.id IN (SELECT x.key FROM change x WHERE x.n > $1 AND x.kind = 'vulnerability');

-- name: list_components
SELECT c.id, c.name, p.name, c.version, c.purl, c.key FROM component c JOIN package p ON p.id = c.package_id;

-- name: list_devices
SELECT id, name FROM device;

-- name: list_device
SELECT id, name FROM device WHERE id = $1;

-- name: list_releases
SELECT id, device_id, version, state, released, public FROM release;

-- name: list_release
SELECT id, device_id, version, state, released, public FROM release WHERE id = $1;

-- name: list_device_releases
SELECT id, device_id, version, state, released, public FROM release WHERE device_id = $1;

-- name: list_facts
SELECT component_id, vuln_id, verdict, fixed, first_seen FROM fact;

-- name: list_component_facts
SELECT component_id, vuln_id, verdict, fixed, first_seen FROM fact WHERE component_id = $1;

-- name: list_references
SELECT release_id, component_id, harm, added FROM release_component;

-- name: list_release_references
SELECT release_id, component_id, harm, added FROM release_component WHERE release_id = $1;

-- name: list_release_components
SELECT c.id, c.name, p.name, c.version, c.purl, c.key FROM release_component r JOIN component c ON c.id = r.component_id
	JOIN package p ON p.id = c.package_id WHERE r.release_id = $1;

-- name: list_decisions
SELECT component_id, vuln_id, release_id, state, status, risk, harm FROM decision;

-- name: list_release_decisions
SELECT component_id, vuln_id, release_id, state, status, risk, harm FROM decision WHERE release_id = $1;

-- ---- the service (src/service) ----

-- name: job_due
SELECT id FROM job WHERE (state = 'queued' AND run_at <= $1) OR (state = 'running' AND lease_until < $1) LIMIT 1;

-- name: outbox_due
SELECT id FROM outbox WHERE state = 'waiting' AND next_at <= $1 AND (lease_until IS NULL OR lease_until < $1) LIMIT 1;

-- Given back unfinished by a worker that ends: it does not count as an attempt.
-- name: job_return
UPDATE job SET state = CASE WHEN cancel = 1 THEN 'cancelled' ELSE 'queued' END, attempts = attempts - 1,
	run_at = CAST($3 AS BIGINT), finished = CASE WHEN cancel = 1 THEN CAST($3 AS BIGINT) END, lease_owner = NULL, lease_until = NULL
	WHERE id = $1 AND lease_owner = $2 AND state = 'running';

-- One process has the database for itself: whoever had a lease is gone.
-- name: job_orphans
UPDATE job SET lease_until = 0 WHERE state = 'running';

-- name: outbox_orphans
UPDATE outbox SET lease_until = 0 WHERE state = 'waiting' AND lease_owner IS NOT NULL;

-- name: job_list
SELECT public, kind, key, state, attempts, attempts_max, progress, created, finished, result, error
	FROM job ORDER BY id DESC LIMIT $1;

-- name: job_sweep
DELETE FROM job WHERE state IN ('done', 'cancelled') AND finished < $1;

-- name: outbox_sweep
DELETE FROM outbox WHERE state = 'delivered' AND delivered < $1;

-- Those before the current one, which nobody fetches any more.
-- name: knowledge_chunk_sweep
DELETE FROM knowledge_chunk WHERE knowledge_id IN (SELECT id FROM knowledge WHERE id < $1 AND added < $2);

-- name: knowledge_sweep
DELETE FROM knowledge WHERE id < $1 AND added < $2;

-- The database of somebody who is away for a day is left with nothing that is over.
-- name: session_expire
DELETE FROM session WHERE expires <= $1;

-- name: setup_token_expire
DELETE FROM setup_token WHERE expires <= $1;

-- name: oidc_flow_expire
DELETE FROM oidc_flow WHERE created < $1;

-- name: schedule_add
INSERT INTO schedule (kind, due) VALUES ($1, $2) ON CONFLICT (kind) DO NOTHING;

-- name: schedule_get
SELECT due FROM schedule WHERE kind = $1;

-- name: schedule_move
UPDATE schedule SET due = $3 WHERE kind = $1 AND due = $2;

-- Changes between two that are about something by which a case cannot be found.
-- name: change_others
SELECT CAST(COUNT(*) AS BIGINT) FROM change WHERE n > $1 AND n <= $2 AND kind NOT IN ('vulnerability', 'release', 'device', 'case',
	'signal', 'statement');

-- name: change_count
SELECT CAST(COUNT(*) AS BIGINT) FROM change WHERE n > $1 AND n <= $2;

-- The soonest that is not met; 0: none.
-- name: case_due
SELECT CAST(COALESCE(MIN(due), 0) AS BIGINT) FROM case_deadline WHERE case_id = $1 AND met IS NULL;

-- Those whose vulnerability, devices or releases changed, or a release that has it.
-- name: case_names_changed
SELECT c.id, v.name FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE c.id > $1 AND (
	EXISTS (SELECT 1 FROM change x WHERE x.n > $3 AND x.n <= $4 AND x.kind = 'vulnerability' AND x.key = c.vuln_id)
	OR EXISTS (SELECT 1 FROM change x JOIN case_device p ON p.device_id = x.key
		WHERE x.n > $3 AND x.n <= $4 AND x.kind = 'device' AND p.case_id = c.id)
	OR EXISTS (SELECT 1 FROM change x JOIN release r ON r.id = x.key JOIN case_device p ON p.device_id = r.device_id
		WHERE x.n > $3 AND x.n <= $4 AND x.kind = 'release' AND p.case_id = c.id)
	OR EXISTS (SELECT 1 FROM change x JOIN release_component u ON u.release_id = x.key
		JOIN fact f ON f.component_id = u.component_id
		WHERE x.n > $3 AND x.n <= $4 AND x.kind = 'release' AND f.vuln_id = c.vuln_id))
	ORDER BY c.id LIMIT $2;

-- name: case_names
SELECT c.id, v.name FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE c.id > $1 ORDER BY c.id LIMIT $2;

-- ---- events (src/portfolio/changes.c, src/access/still.c) ----

-- name: change_entries
SELECT l.n, l.at, l.actor, l.action, l.body FROM ledger l
	WHERE l.n > $1 AND EXISTS (SELECT 1 FROM change c WHERE c.n = l.n) ORDER BY l.n LIMIT $2;

-- With the device that one is about or of; 0: there is none, or not any more, or there are several.
-- name: change_items
SELECT c.kind, c.key, COALESCE(CASE c.kind WHEN 'device' THEN c.key
		WHEN 'release' THEN (SELECT r.device_id FROM release r WHERE r.id = c.key)
		WHEN 'signal' THEN (SELECT s.device_id FROM signal s WHERE s.id = c.key)
		WHEN 'statement' THEN (SELECT t.device_id FROM statement t WHERE t.id = c.key) END, 0)
	FROM change c WHERE c.n = $1 ORDER BY c.item;

-- name: changed_device
SELECT public, id, name, name FROM device WHERE id = $1;

-- name: changed_release
SELECT r.public, r.device_id, d.name, r.version FROM release r JOIN device d ON d.id = r.device_id WHERE r.id = $1;

-- name: changed_vulnerability
SELECT name, CAST(0 AS BIGINT), '', name FROM vuln WHERE id = $1;

-- name: changed_component
SELECT COALESCE(purl, ''), CAST(0 AS BIGINT), '', name FROM component WHERE id = $1;

-- name: changed_case
SELECT c.public, CAST(0 AS BIGINT), '', v.name FROM cases c JOIN vuln v ON v.id = c.vuln_id WHERE c.id = $1;

-- The devices that a case is about.
-- name: changed_case_devices
SELECT d.id, d.name FROM case_device p JOIN device d ON d.id = p.device_id WHERE p.case_id = $1 ORDER BY d.id;

-- name: changed_signal
SELECT s.public, COALESCE(s.device_id, 0), COALESCE(d.name, ''), '' FROM signal s LEFT JOIN device d ON d.id = s.device_id
	WHERE s.id = $1;

-- name: changed_statement
SELECT t.public, t.device_id, d.name, '' FROM statement t JOIN device d ON d.id = t.device_id WHERE t.id = $1;

-- Records by which somebody may see less.
-- name: change_of_access
SELECT CAST(COALESCE(MAX(n), 0) AS BIGINT) FROM ledger WHERE n > $1
	AND (action LIKE 'person.%' OR action LIKE 'team.%' OR action IN ('key.revoke', 'session.end'));

-- name: session_still
SELECT used, expires FROM session WHERE id = $1;

-- name: key_still
SELECT expires, COALESCE(revoked, 0) FROM api_key WHERE id = $1;

-- What the last other knowledge base brought.
-- name: rematch_last
SELECT at, body FROM ledger WHERE subject = 'knowledge' AND action = 'rematch' ORDER BY n DESC LIMIT 1;

-- ---- notices (src/notify) ----

-- name: notify_channels
SELECT c.id, c.public, c.name, c.kind, c.host, COALESCE(c.person_id, 0), COALESCE(p.public, ''), COALESCE(p.login, ''),
	COALESCE(c.team_id, 0), COALESCE(t.name, ''), c.state, c.version, c.created
	FROM notify_channel c LEFT JOIN person p ON p.id = c.person_id LEFT JOIN team t ON t.id = c.team_id
	WHERE c.state <> 'removed' ORDER BY c.id;

-- name: notify_channel_add
INSERT INTO notify_channel (public, name, kind, host, person_id, team_id, state, version, created)
	VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8);

-- name: notify_channel_change
UPDATE notify_channel SET name = $3, host = $4, state = $5, version = version + 1 WHERE id = $1 AND version = $2;

-- name: notify_channel_rules_off
UPDATE notify_rule SET state = 'removed', version = version + 1 WHERE channel_id = $1 AND state <> 'removed';

-- name: notify_rules
SELECT r.id, r.public, r.name, r.channel_id, c.public, r.events, r.device, r.severity, r.harm, r.within, r.delivery,
	r.minute, r.weekday, r.zone, r.quiet_from, r.quiet_to, r.urgent, r.gap, r.state, r.left_at, r.dropped, r.version, r.created
	FROM notify_rule r JOIN notify_channel c ON c.id = r.channel_id
	WHERE r.state <> 'removed' AND c.state <> 'removed' ORDER BY r.id;

-- name: notify_rule_add
INSERT INTO notify_rule (public, name, channel_id, events, device, severity, harm, within, delivery, minute, weekday, zone,
	quiet_from, quiet_to, urgent, gap, state, left_at, dropped, version, created)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, 1, $18);

-- name: notify_rule_change
UPDATE notify_rule SET name = $3, events = $4, device = $5, severity = $6, harm = $7, within = $8, delivery = $9,
	minute = $10, weekday = $11, zone = $12, quiet_from = $13, quiet_to = $14, urgent = $15, gap = $16, state = $17,
	version = version + 1 WHERE id = $1 AND version = $2;

-- name: notify_records
SELECT n, at, actor, action, subject FROM ledger WHERE n > $1 ORDER BY n LIMIT $2;

-- What a record is about: the device's id and name, the subject, severity and harm.
-- name: notify_of_decision
SELECT d.id, d.name, a.vuln, COALESCE(v.severity, 0), a.harm FROM device d JOIN assessment a ON a.device_id = d.id AND a.name = $2
	LEFT JOIN vuln v ON v.name = a.vuln WHERE d.name = $1 ORDER BY a.id DESC LIMIT 1;

-- name: notify_of_case
SELECT d.id, d.name, v.name, v.severity, CAST(0 AS BIGINT) FROM vuln v JOIN cases c ON c.vuln_id = v.id
	JOIN case_device x ON x.case_id = c.id JOIN device d ON d.id = x.device_id
	WHERE v.name = $1 AND CAST($2 AS TEXT) IS NOT NULL ORDER BY d.id;

-- name: notify_of_signal
SELECT COALESCE(s.device_id, 0), COALESCE(d.name, ''), s.public, CAST(0 AS BIGINT), CAST(0 AS BIGINT)
	FROM signal s LEFT JOIN device d ON d.id = s.device_id WHERE s.public = $1 AND CAST($2 AS TEXT) IS NOT NULL;

-- name: notify_of_statement
SELECT d.id, d.name, s.public, CAST(0 AS BIGINT), CAST(0 AS BIGINT)
	FROM statement s JOIN device d ON d.id = s.device_id WHERE s.public = $1 AND CAST($2 AS TEXT) IS NOT NULL;

-- name: notify_of_release
SELECT d.id, d.name, r.version, CAST(0 AS BIGINT), CAST(0 AS BIGINT)
	FROM release r JOIN device d ON d.id = r.device_id WHERE r.public = $1 AND CAST($2 AS TEXT) IS NOT NULL;

-- Findings that a re-match brought: facts of its time, of components that it changed; the worst first.
-- name: notify_new_of_rematch
SELECT d.id, d.name, v.name, v.severity, MAX(rc.harm) FROM change c JOIN fact f ON f.component_id = c.key AND f.first_seen = $2
	JOIN vuln v ON v.id = f.vuln_id JOIN release_component rc ON rc.component_id = f.component_id
	JOIN release r ON r.id = rc.release_id JOIN device d ON d.id = r.device_id
	WHERE c.n = $1 AND c.kind = 'component' AND f.verdict <> 'not affected' AND r.state <> 'withdrawn'
	GROUP BY d.id, d.name, v.name, v.severity, v.score ORDER BY v.severity DESC, v.score DESC, v.name, d.id;

-- Vulnerabilities that a re-match found to be exploited: those that nobody said it of before, and those that came with it.
-- name: notify_exploited_of_rematch
SELECT d.id, d.name, v.name, v.severity, MAX(rc.harm) FROM change c
	JOIN vuln v ON v.id = c.key AND v.exploited_at = $2 JOIN fact f ON f.vuln_id = v.id
	JOIN release_component rc ON rc.component_id = f.component_id
	JOIN release r ON r.id = rc.release_id JOIN device d ON d.id = r.device_id
	WHERE c.n = $1 AND c.kind = 'vulnerability' AND f.verdict <> 'not affected' AND r.state <> 'withdrawn'
	GROUP BY d.id, d.name, v.name, v.severity
UNION SELECT d.id, d.name, v.name, v.severity, MAX(rc.harm) FROM change c
	JOIN fact f ON f.component_id = c.key AND f.first_seen = $2 JOIN vuln v ON v.id = f.vuln_id AND v.kev = 1
	JOIN release_component rc ON rc.component_id = f.component_id
	JOIN release r ON r.id = rc.release_id JOIN device d ON d.id = r.device_id
	WHERE c.n = $1 AND c.kind = 'component' AND f.verdict <> 'not affected' AND r.state <> 'withdrawn'
	GROUP BY d.id, d.name, v.name, v.severity ORDER BY 4 DESC, 3, 1;

-- Findings that an SBOM brought: of components that came with it, where no other release of the device had the vulnerability
-- before; of those that came at once, the first one brings it.
-- name: notify_new_of_release
SELECT d.id, d.name, v.name, v.severity, MAX(rc.harm) FROM change c JOIN release_component rc ON rc.release_id = c.key AND rc.added = $2
	JOIN fact f ON f.component_id = rc.component_id JOIN vuln v ON v.id = f.vuln_id
	JOIN release r ON r.id = rc.release_id JOIN device d ON d.id = r.device_id
	WHERE c.n = $1 AND c.kind = 'release' AND f.verdict <> 'not affected'
	AND NOT EXISTS (SELECT 1 FROM fact f2 JOIN release_component rc2 ON rc2.component_id = f2.component_id
		JOIN release r2 ON r2.id = rc2.release_id WHERE f2.vuln_id = f.vuln_id AND f2.verdict <> 'not affected'
		AND r2.device_id = r.device_id AND r2.id <> r.id
		AND (rc2.added < $2 OR (rc2.added = $2 AND r2.id < r.id)))
	GROUP BY d.id, d.name, v.name, v.severity, v.score ORDER BY v.severity DESC, v.score DESC, v.name, d.id;

-- name: notify_person
SELECT id, public FROM person WHERE public = $1 AND state = 'active';

-- name: notify_person_of_key
SELECT p.id, p.public FROM api_key k JOIN person p ON p.id = k.person_id WHERE k.public = $1 AND p.state = 'active';

-- name: notify_quarantined
SELECT kind, public, finished FROM job WHERE state = 'quarantined' AND finished > $1 ORDER BY id DESC LIMIT $2;

-- What could not be delivered, by which channel; not what says nothing but that.
-- name: notify_undelivered
SELECT o.kind, o.public, o.quarantined, COALESCE(c.name, ''), COALESCE(c.id, 0)
	FROM outbox o LEFT JOIN notify_sent s ON s.public = o.target LEFT JOIN notify_channel c ON c.id = s.channel_id
	WHERE o.state = 'quarantined' AND o.quarantined > $1 AND (s.batch_id IS NULL OR EXISTS (SELECT 1 FROM notify_item i
		WHERE i.batch_id = s.batch_id AND i.kind <> 'message.quarantined')) ORDER BY o.id DESC LIMIT $2;

-- name: notify_item_add
INSERT INTO notify_item (rule_id, name, kind, device_id, device, subject, severity, harm, due, at, leave_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (rule_id, name) DO NOTHING;

-- name: notify_item_has
SELECT id FROM notify_item WHERE rule_id = $1 AND name = $2;

-- name: notify_item_open
SELECT CAST(COUNT(*) AS BIGINT) FROM notify_item WHERE rule_id = $1 AND batch_id IS NULL;

-- name: notify_rule_drop
UPDATE notify_rule SET dropped = dropped + $2 WHERE id = $1;

-- Rules of which something may leave now.
-- name: notify_due
SELECT r.id FROM notify_rule r JOIN notify_channel c ON c.id = r.channel_id WHERE r.state = 'on' AND c.state = 'on'
	AND (r.left_at + r.gap * 1000000 <= $1 OR r.left_at > $1)
	AND EXISTS (SELECT 1 FROM notify_item i WHERE i.rule_id = r.id AND i.batch_id IS NULL AND i.leave_at <= $1) ORDER BY r.id;

-- name: notify_batch_add
INSERT INTO notify_batch (rule_id, at, dropped) VALUES ($1, $2, $3) RETURNING id;

-- name: notify_batch_fill
UPDATE notify_item SET batch_id = $1 WHERE rule_id = $2 AND batch_id IS NULL AND leave_at <= $3;

-- name: notify_rule_left
UPDATE notify_rule SET left_at = $2, dropped = 0 WHERE id = $1;

-- Who gets a batch by mail: who is active, has an address and has not had enough.
-- name: notify_people
SELECT p.id, p.public FROM person p JOIN personal m ON m.id = p.mail_id
	WHERE p.state = 'active' AND m.value IS NOT NULL
	AND (p.id = $1 OR EXISTS (SELECT 1 FROM team_member t WHERE t.team_id = $2 AND t.person_id = p.id))
	AND NOT EXISTS (SELECT 1 FROM notify_mute x WHERE x.rule_id = $3 AND x.person_id = p.id) ORDER BY p.id;

-- name: notify_sent_add
INSERT INTO notify_sent (public, kind, channel_id, rule_id, batch_id, person_id, token, state, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8);

-- name: notify_sent_get
SELECT s.kind, COALESCE(s.channel_id, 0), COALESCE(s.rule_id, 0), COALESCE(s.batch_id, 0), COALESCE(s.person_id, 0),
	COALESCE(p.public, ''), COALESCE(b.dropped, 0), s.at, s.state, COALESCE(p.state, ''),
	COALESCE((SELECT x.rule_id FROM notify_mute x WHERE x.rule_id = s.rule_id AND x.person_id = s.person_id), 0),
	COALESCE((SELECT t.team_id FROM team_member t JOIN notify_channel c ON c.team_id = t.team_id
		WHERE c.id = s.channel_id AND t.person_id = s.person_id), 0)
	FROM notify_sent s LEFT JOIN person p ON p.id = s.person_id LEFT JOIN notify_batch b ON b.id = s.batch_id WHERE s.public = $1;

-- name: notify_items_of_batch
SELECT kind, COALESCE(device_id, 0), device, subject, severity, harm, due, at FROM notify_item WHERE batch_id = $1
	ORDER BY severity DESC, id;

-- name: notify_items_open_of
SELECT kind, COALESCE(device_id, 0), device, subject, severity, harm, due, at FROM notify_item WHERE rule_id = $1 AND batch_id IS NULL
	ORDER BY severity DESC, id;

-- name: notify_sent_end
UPDATE notify_sent SET state = $2, done = $3 WHERE public = $1 AND state = 'waiting';

-- name: notify_sent_list
SELECT s.id, s.public, s.kind, COALESCE(c.name, ''), COALESCE(r.name, ''), COALESCE(p.login, ''),
	CASE WHEN s.state = 'waiting' AND o.state = 'quarantined' THEN 'quarantined'
		WHEN s.state = 'waiting' AND o.state = 'delivered' THEN 'sent' ELSE s.state END,
	COALESCE(o.error, ''), COALESCE(o.attempts, 0), s.at, COALESCE(s.done, 0)
	FROM notify_sent s LEFT JOIN notify_channel c ON c.id = s.channel_id LEFT JOIN notify_rule r ON r.id = s.rule_id
	LEFT JOIN person p ON p.id = s.person_id LEFT JOIN outbox o ON o.target = s.public ORDER BY s.id DESC LIMIT $1;

-- name: notify_sent_look
SELECT CASE WHEN s.state = 'waiting' AND o.state = 'quarantined' THEN 'quarantined'
		WHEN s.state = 'waiting' AND o.state = 'delivered' THEN 'sent' ELSE s.state END,
	COALESCE(o.error, ''), COALESCE(o.attempts, 0)
	FROM notify_sent s LEFT JOIN outbox o ON o.target = s.public WHERE s.public = $1;

-- name: notify_by_token
SELECT rule_id, person_id FROM notify_sent WHERE token = $1;

-- name: notify_mute_add
INSERT INTO notify_mute (rule_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT (rule_id, person_id) DO NOTHING;

-- name: notify_sent_sweep
DELETE FROM notify_sent WHERE at < $1;

-- name: notify_item_sweep
DELETE FROM notify_item WHERE batch_id IS NOT NULL AND at < $1 AND due < $1;

-- name: notify_forget_person
DELETE FROM notify_sent WHERE person_id = $1;

-- name: notify_mutes_forget_person
DELETE FROM notify_mute WHERE person_id = $1;

-- name: notify_channels_forget_person
UPDATE notify_channel SET state = 'removed' WHERE person_id = $1;

-- name: calendar_put
INSERT INTO calendar_feed (person_id, hash, created) VALUES ($1, $2, $3)
	ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, created = excluded.created;

-- name: calendar_of_person
SELECT created FROM calendar_feed WHERE person_id = $1;

-- name: calendar_remove
DELETE FROM calendar_feed WHERE person_id = $1;

-- name: calendar_find
SELECT p.public FROM calendar_feed f JOIN person p ON p.id = f.person_id WHERE f.hash = $1 AND p.state = 'active';
