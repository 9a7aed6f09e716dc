-- The stress set, as SQL that both engines understand: ten thousand releases, a million references to
-- components, ten million findings, 2.6 million decisions. Arithmetic instead of chance: the same rows each
-- time. {releases} is replaced by a number; everything else follows from it.

INSERT INTO document (digest, kind, bytes, encoding, content, received)
	VALUES ({blob}, 'stress', 0, 'plain', {blob}, 0);

INSERT INTO device (public, name, title, document_id, version, created)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {releases} / 33 + 1)
	SELECT 'd' || i, 'family-' || i, 'Family ' || i, 1, 1, 0 FROM n;

INSERT INTO release (public, device_id, version, state, locked, due, row_version, created)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {releases})
	SELECT 'r' || i, i / 33 + 1, (i % 33 / 4) || '.' || (i % 4), 'released', 1, 0, 1, 0 FROM n;

INSERT INTO vuln (name, title, severity, score, kev, epss, modified, withdrawn, exploited_by)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {releases} * 6)
	SELECT 'CVE-' || (2000 + i % 25) || '-' || (1000 + i), 'Vulnerability ' || i, i * 7 % 5 + 1, i * 37 % 101,
		CASE WHEN i % 167 = 0 THEN 1 ELSE 0 END, i * 7919 % 1000000, 1600000000000000 + i, 0,
		CASE WHEN i % 167 = 0 THEN 'CISA' ELSE '' END FROM n;

INSERT INTO package (name)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {releases} / 2)
	SELECT CASE i % 100 WHEN 0 THEN 'openssl-' || i ELSE 'package-' || i END FROM n;

INSERT INTO component (key, package_id, name, version, context, identity, known, first_seen)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {releases} * 15 / 2)
	SELECT CAST('k' || i AS {bytes}), i % ({releases} / 2) + 1,
		CASE i % ({releases} / 2) % 100 WHEN 0 THEN 'openssl-' || (i % ({releases} / 2)) ELSE 'package-' || (i % ({releases} / 2)) END,
		'1.' || i, '', {blob}, 1, 1700000000000000 + i FROM n;

INSERT INTO fact (component_id, vuln_id, verdict, reason, fixed, first_seen)
	WITH RECURSIVE j(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM j WHERE j < 249)
	SELECT c.id, (c.id * 31 + j * 17) % ({releases} * 6) + 1, CASE (c.id + j) % 9 WHEN 0 THEN 'undecided' ELSE 'affected' END,
		'in-range', CASE (c.id + j) % 3 WHEN 0 THEN '9.9' END, 1700000000000000 + c.id * 1000
	FROM component c JOIN j ON j < CASE WHEN c.id % 97 = 0 THEN 250 WHEN c.id % 7 = 0 THEN 30 ELSE 4 END;

INSERT INTO release_component (release_id, component_id, harm, uses, added)
	WITH RECURSIVE j(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM j WHERE j < 99)
	SELECT r.id, (r.id / 33 * 977 + (r.id % 33 + j) * 751) % ({releases} * 15 / 2) + 1, (r.id + j) % 6 + 1, 1,
		1700000000000000 + r.id FROM release r CROSS JOIN j;

INSERT INTO assessment (public, device_id, name, vuln, status, risk, harm, document_id, state, author, version, created)
	VALUES ('a', 1, 'a', 'CVE-0', 'affected', 'controlled', 3, 1, 'approved', 'bench', 1, 0);

INSERT INTO decision (component_id, vuln_id, release_id, assessment_id, state, status, risk, harm, at)
	SELECT r.component_id, f.vuln_id, r.release_id, 1,
		CASE (r.release_id + f.vuln_id) % 20 WHEN 0 THEN 'proposed' WHEN 4 THEN 're-opened' WHEN 8 THEN 'carried' ELSE 'decided' END,
		CASE f.vuln_id % 3 WHEN 0 THEN 'affected' ELSE 'not_affected' END, 'controlled', 3, 1750000000000000
	FROM release_component r JOIN fact f ON f.component_id = r.component_id
	WHERE (r.release_id + f.vuln_id) % 4 = 0;
