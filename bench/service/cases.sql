-- Cases of the stress set, as SQL that both engines understand, over 30 devices of 3 releases that were pushed: {cases}
-- cases of two devices each, half of the parts undecided, a third with a deadline that was kept, a tenth closed.
INSERT INTO person (public, login, role, state, version, created)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19)
	SELECT 'p' || i, 'person-' || i, 'analyst', 'active', 1, 1 FROM n;

INSERT INTO vuln (name, title, severity, score, kev, epss, modified, withdrawn, exploited_by)
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {cases})
	SELECT 'CVE-' || (2014 + i % 12) || '-' || (1000 + i / 2), 'Vulnerability ' || i, i * 7 % 5 + 1, i * 37 % 101,
		CASE WHEN i % 167 = 0 THEN 1 ELSE 0 END, i * 7919 % 1000000, 1600000000000000 + i, 0,
		CASE WHEN i % 167 = 0 THEN 'CISA' ELSE '' END FROM n WHERE true
	ON CONFLICT (name) DO NOTHING;

INSERT INTO cases (public, vuln_id, everywhere, own, created)
	SELECT (100000000000000 + v.id * 7919 % 1000003) || '00' || (100000000000000 + v.id), v.id, 0, 0, 1 FROM vuln v WHERE v.title LIKE 'Vulnerability %';

INSERT INTO case_device (case_id, device_id, owner_id, state, learned_at, opened, closed_at, version)
	SELECT c.id, d.id, CASE WHEN c.id % 3 = 0 THEN (SELECT MIN(id) FROM person WHERE login = 'person-0') + c.id % 20 END,
		CASE WHEN c.id % 10 = 9 THEN 'closed' ELSE 'open' END, 1740000000000000 + c.id * 1000000000,
		1740000000000000 + c.id * 1000000000, CASE WHEN c.id % 10 = 9 THEN 1790000000000000 END, 1
	FROM cases c JOIN device d ON (c.id * 7 + d.id) % 15 = 0;

INSERT INTO case_release (case_id, release_id, state)
	SELECT p.case_id, r.id, CASE WHEN (p.case_id + p.device_id) % 2 = 0 AND p.state = 'open' THEN 'undecided'
		WHEN r.id % 3 = 0 THEN 'affected' WHEN r.id % 3 = 1 THEN 'fixed' ELSE 'not affected' END
	FROM case_device p JOIN release r ON r.device_id = p.device_id;

INSERT INTO case_deadline (case_id, device_id, rule, started, due, met, title, stop)
	SELECT p.case_id, p.device_id, 'fda-postmarket-plan', p.learned_at, p.learned_at + 2592000000000,
		CASE WHEN p.state = 'closed' THEN p.learned_at + 1000000000 END, 'Plan', 'plan-made'
	FROM case_device p WHERE (p.case_id + p.device_id) % 3 = 0;
