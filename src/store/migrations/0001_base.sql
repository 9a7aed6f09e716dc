-- The first schema. docs/internals/store.md explains the tables.
--
-- Times are microseconds since 1970 in UTC. Public ids are 128 random bits in hexadecimal; what a
-- person may not see cannot be guessed. Enumerations are words, so that an auditor can read them.
-- Words in braces are what the engines write differently (tools/gen-statements). A text is {text}:
-- programs walk two lists that are in one order, so no order of texts may hang on a locale.

CREATE TABLE setting (
	name {text} NOT NULL PRIMARY KEY,
	value {text} NOT NULL
){keyed};

-- ---- the ledger ----

CREATE TABLE ledger (
	n {int} NOT NULL PRIMARY KEY,
	at {int} NOT NULL,
	actor {text} NOT NULL,
	action {text} NOT NULL,
	subject {text} NOT NULL,
	body {text} NOT NULL,
	hash {blob} NOT NULL
){rows};
CREATE INDEX ledger_subject ON ledger (subject, n);

CREATE TABLE ledger_head (
	one {int} NOT NULL PRIMARY KEY CONSTRAINT ledger_head_is_one CHECK (one = 1),
	n {int} NOT NULL,
	hash {blob} NOT NULL
){rows};

-- What changed of the things that lists are made of, in the order of the ledger.
CREATE TABLE change (
	n {int} NOT NULL,
	item {int} NOT NULL,
	kind {text} NOT NULL,
	key {int} NOT NULL,
	PRIMARY KEY (n, item)
){keyed};

CREATE TABLE checkpoint (
	n {int} NOT NULL PRIMARY KEY,
	at {int} NOT NULL,
	hash {blob} NOT NULL,
	key_id {text} NOT NULL,
	signature {blob} NOT NULL,
	exported {int}
){rows};

-- Personal data that is in the ledger as a salted digest only, so that it can be erased.
CREATE TABLE personal (
	id {id},
	digest {blob} NOT NULL UNIQUE,
	kind {text} NOT NULL,
	person_id {int},
	salt {blob},
	value {text},
	erased {int},
	CONSTRAINT personal_erased CHECK ((erased IS NULL) = (value IS NOT NULL)),
	CONSTRAINT personal_salt CHECK ((salt IS NULL) = (value IS NULL))
){rows};
CREATE INDEX personal_person ON personal (person_id);
CREATE INDEX personal_value ON personal (value);

CREATE TABLE signature (
	id {id},
	public {text} NOT NULL UNIQUE,
	person_id {int} NOT NULL,
	printed_name {text} NOT NULL,
	meaning {text} NOT NULL CONSTRAINT signature_meaning
		CHECK (meaning IN ('authorship', 'review', 'approval', 'responsibility')),
	subject {text} NOT NULL,
	content {blob} NOT NULL,
	signed_at {int} NOT NULL,
	zone {text} NOT NULL,
	-- JSON: what others did to the signer's credentials in the week before; null: nothing
	resets {text},
	checkpoint_key {text}
){rows};
CREATE INDEX signature_subject ON signature (subject);

-- ---- people ----

CREATE TABLE person (
	id {id},
	public {text} NOT NULL UNIQUE,
	login {text} NOT NULL UNIQUE,
	name_id {int} REFERENCES personal (id),
	mail_id {int} REFERENCES personal (id),
	role {text} NOT NULL CONSTRAINT person_role
		CHECK (role IN ('viewer', 'analyst', 'approver', 'administrator', 'auditor', 'customer')),
	state {text} NOT NULL CONSTRAINT person_state CHECK (state IN ('active', 'removed', 'erased')),
	password {text},
	-- until when a password counts that somebody else has set; null: it is the person's own
	once_until {int},
	version {int} NOT NULL,
	created {int} NOT NULL
){rows};

-- What somebody else did to a person's credentials, the last of each kind (audit/reset.h).
CREATE TABLE credential_reset (
	person_id {int} NOT NULL REFERENCES person (id),
	kind {text} NOT NULL CONSTRAINT credential_reset_kind CHECK (kind IN ('password', 'factor', 'account')),
	actor {text} NOT NULL,
	at {int} NOT NULL,
	PRIMARY KEY (person_id, kind)
){keyed};

CREATE TABLE team (
	id {id},
	public {text} NOT NULL UNIQUE,
	name {text} NOT NULL UNIQUE,
	version {int} NOT NULL
){rows};

CREATE TABLE team_member (
	team_id {int} NOT NULL REFERENCES team (id),
	person_id {int} NOT NULL REFERENCES person (id),
	PRIMARY KEY (team_id, person_id)
){keyed};

CREATE TABLE api_key (
	id {id},
	public {text} NOT NULL UNIQUE,
	person_id {int} REFERENCES person (id),
	-- whose devices a machine's key sees
	team_id {int} REFERENCES team (id),
	label {text} NOT NULL,
	hash {blob} NOT NULL UNIQUE,
	scope {text} NOT NULL,
	created {int} NOT NULL,
	expires {int},
	revoked {int}
){rows};

-- ---- signing in (docs/internals/access.md); rows go when they are over ----

-- Failures one after the other, by account and by address; a name is a keyed digest.
CREATE TABLE signin_failure (
	name {blob} NOT NULL PRIMARY KEY,
	failures {int} NOT NULL,
	last_at {int} NOT NULL
){keyed};
CREATE INDEX signin_failure_last ON signin_failure (last_at);

CREATE TABLE session (
	id {id},
	public {text} NOT NULL UNIQUE,
	hash {blob} NOT NULL UNIQUE,
	person_id {int} NOT NULL REFERENCES person (id),
	host {text} NOT NULL,
	agent {text} NOT NULL,
	strength {text} NOT NULL CONSTRAINT session_strength
		CHECK (strength IN ('password', 'two-factors', 'provider')),
	-- with a provider: whose account there it is
	issuer {text},
	subject {text},
	created {int} NOT NULL,
	used {int} NOT NULL,
	proven {int} NOT NULL,
	expires {int} NOT NULL
){rows};
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires);

-- The secret is a row of `secret`, named "totp/<public id>".
CREATE TABLE totp (
	person_id {int} NOT NULL PRIMARY KEY REFERENCES person (id),
	-- until the first code was entered it does not count
	confirmed {int},
	-- the last time step of which a code was used
	step {int} NOT NULL
){keyed};

-- Those that are not used yet.
CREATE TABLE recovery_code (
	hash {blob} NOT NULL PRIMARY KEY,
	person_id {int} NOT NULL REFERENCES person (id)
){keyed};
CREATE INDEX recovery_code_person ON recovery_code (person_id);

-- Accounts at a provider of single sign-on.
CREATE TABLE identity (
	issuer {text} NOT NULL,
	subject {text} NOT NULL,
	person_id {int} NOT NULL REFERENCES person (id),
	created {int} NOT NULL,
	PRIMARY KEY (issuer, subject)
){keyed};
CREATE INDEX identity_person ON identity (person_id);

-- Who was sent to a provider and has not come back; used once.
CREATE TABLE oidc_flow (
	state {blob} NOT NULL PRIMARY KEY,
	browser {blob} NOT NULL,
	issuer {text} NOT NULL,
	nonce {text} NOT NULL,
	verifier {text} NOT NULL,
	-- to sign again in this session; else to sign in
	session_id {int},
	created {int} NOT NULL
){keyed};
CREATE INDEX oidc_flow_created ON oidc_flow (created);

CREATE TABLE setup_token (
	one {int} NOT NULL PRIMARY KEY CONSTRAINT setup_token_is_one CHECK (one = 1),
	hash {blob} NOT NULL,
	expires {int} NOT NULL
){rows};

-- ---- what people keep for themselves ----

-- A list's filter under a name: a person's own, or a team's.
CREATE TABLE saved_view (
	id {id},
	public {text} NOT NULL UNIQUE,
	person_id {int} REFERENCES person (id),
	team_id {int} REFERENCES team (id),
	name {text} NOT NULL,
	list {text} NOT NULL CONSTRAINT saved_view_list CHECK (list IN ('findings', 'vulnerabilities')),
	filter {text} NOT NULL,
	sort {text} NOT NULL,
	columns {text} NOT NULL,
	version {int} NOT NULL,
	created {int} NOT NULL,
	CONSTRAINT saved_view_owner CHECK ((person_id IS NULL) <> (team_id IS NULL))
){rows};
CREATE INDEX saved_view_person ON saved_view (person_id);
CREATE INDEX saved_view_team ON saved_view (team_id);

-- What a person has typed into a form and not sent yet, and when their page was last heard of.
CREATE TABLE form_draft (
	person_id {int} NOT NULL REFERENCES person (id),
	subject {text} NOT NULL,
	content {text} NOT NULL,
	version {int} NOT NULL,
	changed {int} NOT NULL,
	seen {int} NOT NULL,
	PRIMARY KEY (person_id, subject)
){keyed};
CREATE INDEX form_draft_subject ON form_draft (subject, seen);

-- ---- documents as they were received ----

CREATE TABLE document (
	id {id},
	digest {blob} NOT NULL UNIQUE,
	kind {text} NOT NULL,
	bytes {int} NOT NULL,
	encoding {text} NOT NULL CONSTRAINT document_encoding CHECK (encoding IN ('plain', 'zstd')),
	content {blob} NOT NULL,
	received {int} NOT NULL
){rows};

-- What an SBOM says of files: in which releases is a file with this hash?
CREATE TABLE document_hash (
	value {text} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	name {text} NOT NULL,
	version {text} NOT NULL,
	algorithm {text} NOT NULL,
	PRIMARY KEY (value, document_id, name, version)
){keyed};
CREATE INDEX document_hash_document ON document_hash (document_id);

-- ---- devices ----

CREATE TABLE device (
	id {id},
	public {text} NOT NULL UNIQUE,
	name {text} NOT NULL UNIQUE,
	title {text} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	version {int} NOT NULL,
	created {int} NOT NULL
){rows};

CREATE TABLE team_device (
	team_id {int} NOT NULL REFERENCES team (id),
	device_id {int} NOT NULL REFERENCES device (id),
	PRIMARY KEY (team_id, device_id)
){keyed};

CREATE TABLE variant (
	id {id},
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	udi_di {text},
	model {text},
	markets {text} NOT NULL,
	UNIQUE (device_id, name)
){rows};

-- Files of a device folder beside device.yaml, its SBOMs and decisions: pulled as they were pushed.
-- Of one that was removed the path stays: the ledger is read by it.
CREATE TABLE device_file (
	device_id {int} NOT NULL REFERENCES device (id),
	path {text} NOT NULL,
	document_id {int} REFERENCES document (id),
	PRIMARY KEY (device_id, path)
){keyed};

-- Decisions in threats.yaml that somebody who may approve made here: of each the threat's key and the
-- SHA-256 of all that it says. Any other decision in the file is proposed.
CREATE TABLE threat_approval (
	device_id {int} NOT NULL REFERENCES device (id),
	threat {text} NOT NULL,
	digest {blob} NOT NULL,
	PRIMARY KEY (device_id, threat)
){keyed};

-- A design at one time, named and signed: none of it changes any more. The document says what was signed.
CREATE TABLE design_baseline (
	id {id},
	public {text} NOT NULL UNIQUE,
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	at {int} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	signature_id {int} NOT NULL REFERENCES signature (id),
	UNIQUE (device_id, name)
){rows};

CREATE TABLE design_baseline_file (
	baseline_id {int} NOT NULL REFERENCES design_baseline (id),
	path {text} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	PRIMARY KEY (baseline_id, path)
){keyed};

-- What the design phase puts to the safety side: a threat that shows a hazard which device.yaml does not have, or a
-- control that makes one.
CREATE TABLE safety_record (
	id {id},
	public {text} NOT NULL UNIQUE,
	device_id {int} NOT NULL REFERENCES device (id),
	kind {text} NOT NULL CONSTRAINT safety_record_kind CHECK (kind IN ('threat', 'control')),
	subject {text} NOT NULL,
	body {text} NOT NULL,
	owner_id {int} REFERENCES person (id),
	state {text} NOT NULL CONSTRAINT safety_record_state CHECK (state IN ('open', 'closed')),
	outcome {text},
	opened {int} NOT NULL,
	version {int} NOT NULL,
	UNIQUE (device_id, kind, subject)
){rows};
CREATE INDEX safety_record_owner ON safety_record (owner_id);

-- A release that was released is locked: its SBOM changes by a correction with a reason only.
CREATE TABLE release (
	id {id},
	public {text} NOT NULL UNIQUE,
	device_id {int} NOT NULL REFERENCES device (id),
	version {text} NOT NULL,
	state {text} NOT NULL CONSTRAINT release_state CHECK (state IN ('draft', 'released', 'withdrawn')),
	released {int},
	support_end {int},
	configuration {text},
	sbom_id {int} REFERENCES document (id),
	locked {int} NOT NULL CONSTRAINT release_locked CHECK (locked IN (0, 1)),
	-- something changed of which its references and decisions do not know yet (portfolio/settle.h)
	due {int} NOT NULL CONSTRAINT release_due CHECK (due IN (0, 1)),
	-- of how many of its components nothing is known, when it was settled last
	unknown {int} NOT NULL DEFAULT 0,
	row_version {int} NOT NULL,
	created {int} NOT NULL,
	UNIQUE (device_id, version)
){rows};

CREATE INDEX release_draft ON release (released) WHERE state = 'draft';

CREATE TABLE release_correction (
	id {id},
	release_id {int} NOT NULL REFERENCES release (id),
	before_id {int} REFERENCES document (id),
	after_id {int} REFERENCES document (id),
	reason {text} NOT NULL CONSTRAINT release_correction_reason CHECK (reason <> ''),
	person_id {int},
	at {int} NOT NULL
){rows};

-- ---- what build servers send (portfolio/project.h, portfolio/build.h) ----

-- Devices that nobody described: what is uploaded under a name that is no release of a device comes here,
-- until a person says what it belongs to. They have no safety model. team_id 0: whoever sees everything.
CREATE TABLE intake (
	device_id {int} NOT NULL PRIMARY KEY REFERENCES device (id),
	name {text} NOT NULL,
	team_id {int} NOT NULL,
	UNIQUE (name, team_id)
){keyed};

-- What clients say of a release, their "project". No row: nothing.
CREATE TABLE project (
	release_id {int} NOT NULL PRIMARY KEY REFERENCES release (id),
	-- where it came in, also when it has been moved to its family: its name there stays good
	intake_id {int} REFERENCES intake (device_id),
	parent_id {int} REFERENCES release (id),
	latest {int} NOT NULL CONSTRAINT project_latest CHECK (latest IN (0, 1))
){keyed};
CREATE INDEX project_intake ON project (intake_id);
CREATE INDEX project_parent ON project (parent_id);

CREATE TABLE release_tag (
	release_id {int} NOT NULL REFERENCES release (id),
	name {text} NOT NULL,
	PRIMARY KEY (release_id, name)
){keyed};

-- Each SBOM that was uploaded for a release, in order. Of one that was dropped the row stays.
CREATE TABLE build (
	id {id},
	public {text} NOT NULL UNIQUE,
	release_id {int} NOT NULL REFERENCES release (id),
	n {int} NOT NULL,
	document_id {int} REFERENCES document (id),
	digest {blob} NOT NULL,
	bytes {int} NOT NULL,
	at {int} NOT NULL,
	actor {text} NOT NULL,
	-- when it was uploaded last: the same document again is the same build
	seen {int} NOT NULL,
	-- when the next one came: what was decided before that was decided on this one
	until {int},
	dropped {int},
	CONSTRAINT build_dropped CHECK ((dropped IS NULL) = (document_id IS NOT NULL)),
	UNIQUE (release_id, n)
){rows};
CREATE INDEX build_document ON build (document_id);

-- ---- facts, references, decisions ----

CREATE TABLE vuln (
	id {id},
	name {text} NOT NULL UNIQUE,
	title {text},
	severity {int} NOT NULL,
	score {int} NOT NULL,
	kev {int} NOT NULL,
	epss {int} NOT NULL,
	modified {int} NOT NULL,
	withdrawn {int} NOT NULL,
	exploited_by {text} NOT NULL, -- names of the catalogues that say so, a line each
	exploited_at {int} -- when a re-match learned that kev is 1 and no longer 0
){rows};

CREATE TABLE package (
	id {id},
	name {text} NOT NULL UNIQUE
){rows};

-- A distinct component: all that matching asks for is in `identity`, canonical JSON of it and of the
-- systems it was found with; `key` is the SHA-256 of that.
CREATE TABLE component (
	id {id},
	key {blob} NOT NULL UNIQUE,
	package_id {int} NOT NULL REFERENCES package (id),
	name {text} NOT NULL,
	version {text} NOT NULL,
	purl {text},
	context {text} NOT NULL,
	identity {blob} NOT NULL,
	known {int} NOT NULL,
	first_seen {int} NOT NULL
){rows};
CREATE INDEX component_package ON component (package_id);

-- Under which names records may be found for a component: what a change of the knowledge base
-- touches is looked up here (match/keys.h).
CREATE TABLE component_key (
	key {text} NOT NULL,
	component_id {int} NOT NULL REFERENCES component (id),
	PRIMARY KEY (key, component_id)
){keyed};

-- What a re-match has in hand: the components of which it looks; empty at its end.
CREATE TABLE component_touched (
	component_id {int} NOT NULL PRIMARY KEY REFERENCES component (id)
){keyed};

CREATE TABLE fact (
	component_id {int} NOT NULL REFERENCES component (id),
	vuln_id {int} NOT NULL REFERENCES vuln (id),
	verdict {text} NOT NULL CONSTRAINT fact_verdict
		CHECK (verdict IN ('affected', 'undecided', 'not affected')),
	reason {text} NOT NULL,
	fixed {text},
	first_seen {int} NOT NULL,
	PRIMARY KEY (component_id, vuln_id)
){keyed};
CREATE INDEX fact_vuln ON fact (vuln_id);

CREATE TABLE release_component (
	release_id {int} NOT NULL REFERENCES release (id),
	component_id {int} NOT NULL REFERENCES component (id),
	harm {int} NOT NULL,
	uses {int} NOT NULL,
	added {int} NOT NULL,
	PRIMARY KEY (release_id, component_id)
){keyed};
CREATE INDEX release_component_component ON release_component (component_id);

-- The assessment of a finding as a person wrote it; superseded, never changed.
CREATE TABLE assessment (
	id {id},
	public {text} NOT NULL UNIQUE,
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	vuln {text} NOT NULL,
	status {text} NOT NULL,
	risk {text} NOT NULL,
	harm {int} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	state {text} NOT NULL CONSTRAINT assessment_state
		CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded')),
	author {text} NOT NULL,
	supersedes {int} REFERENCES assessment (id),
	signature_id {int} REFERENCES signature (id),
	version {int} NOT NULL,
	created {int} NOT NULL
){rows};
-- Of those that stand, one has a name; what it superseded keeps its own.
CREATE UNIQUE INDEX assessment_name ON assessment (device_id, name)
	WHERE state IN ('proposed', 'approved');
CREATE INDEX assessment_vuln ON assessment (vuln);
CREATE INDEX assessment_created ON assessment (created, public);

-- Which assessment speaks for a finding, and what lists show of it. Sparse: no row is "not assessed".
CREATE TABLE decision (
	component_id {int} NOT NULL REFERENCES component (id),
	vuln_id {int} NOT NULL REFERENCES vuln (id),
	release_id {int} NOT NULL REFERENCES release (id),
	assessment_id {int} NOT NULL REFERENCES assessment (id),
	state {text} NOT NULL CONSTRAINT decision_state
		CHECK (state IN ('proposed', 'decided', 'carried', 're-opened')),
	status {text} NOT NULL,
	risk {text} NOT NULL,
	harm {int} NOT NULL,
	reopen {text},
	at {int} NOT NULL,
	PRIMARY KEY (component_id, vuln_id, release_id)
){keyed};
CREATE INDEX decision_release ON decision (release_id);
CREATE INDEX release_due ON release (id) WHERE due = 1;
CREATE INDEX decision_vuln ON decision (vuln_id);
CREATE INDEX decision_assessment ON decision (assessment_id);

-- ---- cases ----

CREATE TABLE cases (
	id {id},
	public {text} NOT NULL UNIQUE,
	vuln_id {int} NOT NULL UNIQUE REFERENCES vuln (id),
	-- opened by somebody who sees all devices: it is about every device that has the vulnerability
	everywhere {int} NOT NULL CONSTRAINT cases_everywhere CHECK (everywhere IN (0, 1)),
	-- no knowledge base had a name for it: people say which devices it is about, decisions which releases
	own {int} NOT NULL CONSTRAINT cases_own CHECK (own IN (0, 1)),
	created {int} NOT NULL,
	-- the number of the last transaction that wrote anything of it (portfolio/case_index.h)
	touched {int} NOT NULL DEFAULT 0
){rows};
CREATE INDEX cases_touched ON cases (touched);

-- The part of a case that is about one device: who does not see the device sees nothing of it.
CREATE TABLE case_device (
	case_id {int} NOT NULL REFERENCES cases (id),
	device_id {int} NOT NULL REFERENCES device (id),
	owner_id {int} REFERENCES person (id),
	state {text} NOT NULL CONSTRAINT case_device_state CHECK (state IN ('open', 'closed')),
	learned_at {int} NOT NULL,
	opened {int} NOT NULL,
	closed_at {int},
	version {int} NOT NULL,
	PRIMARY KEY (case_id, device_id)
){keyed};

-- What a case consists of besides its releases: evidence, communications, statements.
CREATE TABLE case_item (
	id {id},
	public {text} NOT NULL UNIQUE,
	case_id {int} NOT NULL REFERENCES cases (id),
	-- the device that it is about; none: whoever sees the case sees it
	device_id {int} REFERENCES device (id),
	kind {text} NOT NULL CONSTRAINT case_item_kind
		CHECK (kind IN ('note', 'event', 'evidence', 'communication', 'statement')),
	name {text} NOT NULL,
	text {text} NOT NULL,
	document_id {int} REFERENCES document (id),
	at {int} NOT NULL,
	actor {text} NOT NULL
){rows};
CREATE INDEX case_item_case ON case_item (case_id, id);

-- What happened that deadlines start or end at, besides the events that decisions state.
CREATE TABLE case_event (
	id {id},
	public {text} NOT NULL UNIQUE,
	case_id {int} NOT NULL REFERENCES cases (id),
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	at {int} NOT NULL,
	evidence {text} NOT NULL,
	contents {text} NOT NULL, -- words with commas between them
	recorded {int} NOT NULL,
	actor {text} NOT NULL,
	-- the event that was wrong, which stays; one correction each
	replaces_id {int} UNIQUE REFERENCES case_event (id),
	reason {text} NOT NULL DEFAULT '',
	-- it only says that what it replaces did not happen
	taken_back {int} NOT NULL DEFAULT 0 CONSTRAINT case_event_taken_back CHECK (taken_back IN (0, 1)),
	CONSTRAINT case_event_reason CHECK (replaces_id IS NULL OR reason <> '')
){rows};
CREATE INDEX case_event_device ON case_event (device_id, id);

CREATE TABLE case_release (
	case_id {int} NOT NULL REFERENCES cases (id),
	release_id {int} NOT NULL REFERENCES release (id),
	state {text} NOT NULL CONSTRAINT case_release_state
		CHECK (state IN ('affected', 'undecided', 'not affected', 'fixed')),
	fix_release_id {int} REFERENCES release (id),
	units_open {int},
	uncontrolled {int}, -- of a case of our own: 1 as decided, 0; null: the decisions on its findings say it
	PRIMARY KEY (case_id, release_id)
){keyed};

CREATE TABLE case_deadline (
	case_id {int} NOT NULL REFERENCES cases (id),
	device_id {int} NOT NULL REFERENCES device (id),
	rule {text} NOT NULL,
	started {int} NOT NULL,
	due {int} NOT NULL,
	met {int},
	title {text} NOT NULL DEFAULT '', -- of the rule, which device.yaml may lose
	stop {text} NOT NULL DEFAULT '', -- the event that meets it; '' is not known
	PRIMARY KEY (case_id, device_id, rule, started)
){keyed};

-- Deadlines that had started by a device.yaml or knowledge base that was replaced, of a vulnerability without a case.
CREATE TABLE kept_deadline (
	device_id {int} NOT NULL REFERENCES device (id),
	vuln {text} NOT NULL, -- as its decisions name it
	rule {text} NOT NULL,
	started {int} NOT NULL,
	due {int} NOT NULL,
	met {int},
	title {text} NOT NULL DEFAULT '',
	stop {text} NOT NULL DEFAULT '',
	PRIMARY KEY (device_id, vuln, rule, started)
){keyed};

-- Something that may be a vulnerability, before anybody knows.
CREATE TABLE signal (
	id {id},
	public {text} NOT NULL UNIQUE,
	source {text} NOT NULL, -- by which way it came: "form", "mail", "telephone"
	kind {text} NOT NULL CONSTRAINT signal_kind CHECK (kind IN ('researcher', 'complaint', 'service', 'supplier',
		'customer', 'authority', 'internal', 'other')), -- who says it
	title {text} NOT NULL,
	document_id {int} REFERENCES document (id),
	reporter_id {int} REFERENCES personal (id),
	credit_id {int} REFERENCES personal (id), -- whom to thank
	state {text} NOT NULL CONSTRAINT signal_state
		CHECK (state IN ('received', 'acknowledged', 'confirmed', 'rejected')),
	severity {text} CONSTRAINT signal_severity CHECK (severity IN ('none', 'low', 'medium', 'high', 'critical')),
	case_id {int} REFERENCES cases (id),
	-- the device that it is about; none is known: who sees all devices sees it
	device_id {int} REFERENCES device (id),
	duplicate_id {int} REFERENCES signal (id), -- of the one that was there before
	reason {text}, -- of the last move
	received {int} NOT NULL,
	learned {int} NOT NULL, -- what starts deadlines; never after it was received, and corrected to an earlier time only
	acknowledge_by {int} NOT NULL,
	acknowledged {int},
	embargo {int}, -- nothing is published before
	receipt {blob} UNIQUE, -- SHA-256 of what its reporter shows to see its state
	version {int} NOT NULL
){rows};
CREATE INDEX signal_received ON signal (received, public);

-- What came with it; never shown, only saved.
CREATE TABLE signal_document (
	id {id},
	public {text} NOT NULL UNIQUE,
	signal_id {int} NOT NULL REFERENCES signal (id),
	name {text} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	at {int} NOT NULL
){rows};
CREATE INDEX signal_document_signal ON signal_document (signal_id, id);

-- Messages of the mailbox that were taken. A row without a number: it is read from the beginning after it.
CREATE TABLE mailbox_message (
	id {id},
	uidvalidity {int} NOT NULL,
	uid {int} NOT NULL,
	digest {blob}, -- SHA-256 of its bytes
	at {int} NOT NULL
){rows};
CREATE INDEX mailbox_message_digest ON mailbox_message (digest);

-- What happened to a signal, and what was said about it: added, never changed.
CREATE TABLE signal_entry (
	id {id},
	public {text} NOT NULL UNIQUE,
	signal_id {int} NOT NULL REFERENCES signal (id),
	kind {text} NOT NULL CONSTRAINT signal_entry_kind
		CHECK (kind IN ('received', 'moved', 'triaged', 'note', 'reply', 'message', 'document')),
	text {text} NOT NULL,
	author {text}, -- null: the reporter
	at {int} NOT NULL
){rows};
CREATE INDEX signal_entry_signal ON signal_entry (signal_id, id);

-- ---- statements: what is said to others, byte for byte (portfolio/statement.h) ----

CREATE TABLE statement (
	id {id},
	public {text} NOT NULL UNIQUE,
	device_id {int} NOT NULL REFERENCES device (id),
	release {text} NOT NULL, -- empty: every release that decisions name
	vulns {text} NOT NULL, -- names with commas between them; empty: all
	tlp {text} NOT NULL CONSTRAINT statement_tlp CHECK (tlp IN ('WHITE', 'GREEN', 'AMBER', 'RED')),
	revision {int} NOT NULL, -- the newest
	version {int} NOT NULL,
	created {int} NOT NULL,
	serial {int} NOT NULL, -- of those whose CSAF documents would have the same id
	embargo {int} -- us; nothing is published before
){rows};
CREATE INDEX statement_device ON statement (device_id);
CREATE INDEX statement_created ON statement (created, public);

CREATE TABLE statement_revision (
	id {id},
	statement_id {int} NOT NULL REFERENCES statement (id),
	n {int} NOT NULL,
	state {text} NOT NULL CONSTRAINT statement_revision_state
		CHECK (state IN ('draft', 'approved', 'scheduled', 'published', 'replaced', 'withdrawn')),
	digest {blob} NOT NULL, -- over all its documents and who gets them: what is signed
	basis {blob} NOT NULL, -- the same without titles and scores of the knowledge base
	previous_id {int} REFERENCES statement_revision (id), -- what it was written to replace
	summary {text} NOT NULL,
	author {text} NOT NULL,
	created {int} NOT NULL,
	approved {int},
	published {int},
	withdrawn {int},
	reason {text},
	UNIQUE (statement_id, n)
){rows};

CREATE TABLE statement_document (
	revision_id {int} NOT NULL REFERENCES statement_revision (id),
	format {text} NOT NULL,
	document_id {int} NOT NULL REFERENCES document (id),
	approved_id {int} NOT NULL REFERENCES document (id), -- as it was signed: with other dates
	PRIMARY KEY (revision_id, format)
){keyed};

-- For whom AMBER and RED are.
CREATE TABLE statement_customer (
	revision_id {int} NOT NULL REFERENCES statement_revision (id),
	person_id {int} NOT NULL REFERENCES person (id),
	PRIMARY KEY (revision_id, person_id)
){keyed};

-- ---- what of a release others may have (portfolio/publication.h) ----

-- Nothing but what has a row here, and published statements, leaves; what was taken back stays as a row with an end.
CREATE TABLE publication (
	id {id},
	release_id {int} NOT NULL REFERENCES release (id),
	artifact {text} NOT NULL, -- public id: the same for all revisions of one
	kind {text} NOT NULL CONSTRAINT publication_kind CHECK (kind IN ('release', 'sbom', 'file')),
	path {text} NOT NULL, -- of a file; else empty
	type {text} NOT NULL,
	level {text} NOT NULL CONSTRAINT publication_level CHECK (level IN ('public', 'customer', 'internal')),
	revision {int} NOT NULL, -- of the content
	document_id {int} REFERENCES document (id),
	media {text} NOT NULL,
	since {int} NOT NULL,
	until {int}
){rows};
CREATE INDEX publication_release ON publication (release_id, id);
CREATE INDEX publication_artifact ON publication (artifact);
-- One row stands for one thing.
CREATE UNIQUE INDEX publication_stands ON publication (release_id, kind, path) WHERE until IS NULL;

-- ---- what others fetch: the provider of CSAF documents (portfolio/provider.h) ----

-- No two statements have documents of one name.
CREATE TABLE csaf_name (
	name {text} NOT NULL PRIMARY KEY,
	statement_id {int} NOT NULL REFERENCES statement (id)
){keyed};

CREATE TABLE csaf_file (
	id {id},
	revision_id {int} NOT NULL REFERENCES statement_revision (id),
	format {text} NOT NULL,
	name {text} NOT NULL,
	tracking {text} NOT NULL,
	title {text} NOT NULL,
	version {text} NOT NULL,
	initial {int} NOT NULL, -- s; of the first version
	released {int} NOT NULL, -- s; of this one
	document_id {int} NOT NULL REFERENCES document (id),
	sha512 {blob} NOT NULL,
	signature {text}, -- armored, by the key of the fingerprint
	fingerprint {text},
	UNIQUE (revision_id, format),
	CONSTRAINT csaf_file_signature CHECK ((signature IS NULL) = (fingerprint IS NULL))
){rows};
CREATE INDEX csaf_file_name ON csaf_file (name);

CREATE TABLE openpgp_key (
	fingerprint {text} NOT NULL PRIMARY KEY,
	armored {text} NOT NULL,
	seen {int} NOT NULL,
	revoked {int}
){keyed};

-- ---- the safety model of a device ----

CREATE TABLE hazard (
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	title {text} NOT NULL,
	harm {int} NOT NULL,
	reference {text},
	PRIMARY KEY (device_id, name)
){keyed};

CREATE TABLE asset (
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	title {text} NOT NULL,
	function {text} NOT NULL,
	privacy {int} NOT NULL,
	harmless {int} NOT NULL,
	rationale {text},
	PRIMARY KEY (device_id, name)
){keyed};

CREATE TABLE asset_hazard (
	device_id {int} NOT NULL,
	asset {text} NOT NULL,
	hazard {text} NOT NULL,
	loss {int} NOT NULL,
	PRIMARY KEY (device_id, asset, hazard),
	FOREIGN KEY (device_id, asset) REFERENCES asset (device_id, name),
	FOREIGN KEY (device_id, hazard) REFERENCES hazard (device_id, name)
){keyed};

CREATE TABLE interface (
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	title {text} NOT NULL,
	kind {text} NOT NULL,
	PRIMARY KEY (device_id, name)
){keyed};

CREATE TABLE control (
	device_id {int} NOT NULL REFERENCES device (id),
	name {text} NOT NULL,
	title {text} NOT NULL,
	PRIMARY KEY (device_id, name)
){keyed};

-- ---- how it was ----

-- How a device stood when it was looked at last on a day of UTC (portfolio/trend.h). No row: nobody looked.
CREATE TABLE trend (
	device_id {int} NOT NULL REFERENCES device (id),
	day {int} NOT NULL, -- since 1970
	releases {int} NOT NULL, -- that were released
	unknown {int} NOT NULL, -- of these nothing is known
	components_unknown {int} NOT NULL,
	findings {int} NOT NULL,
	undecided {int} NOT NULL,
	not_assessed {int} NOT NULL,
	not_assessed_30 {int} NOT NULL, -- found 30 days ago or earlier
	reopened {int} NOT NULL,
	proposed {int} NOT NULL,
	uncontrolled {int} NOT NULL,
	controlled {int} NOT NULL,
	closed {int} NOT NULL,
	newest {int} NOT NULL, -- s; of the records of the knowledge base; 0: none
	PRIMARY KEY (device_id, day)
){keyed};
CREATE INDEX trend_day ON trend (day);

-- ---- the knowledge base in use ----

CREATE TABLE knowledge (
	id {id},
	digest {blob} NOT NULL UNIQUE,
	bytes {int} NOT NULL,
	chunks {int} NOT NULL,
	vulnerabilities {int} NOT NULL,
	newest {int} NOT NULL,
	added {int} NOT NULL
){rows};

CREATE TABLE knowledge_chunk (
	knowledge_id {int} NOT NULL REFERENCES knowledge (id),
	n {int} NOT NULL,
	content {blob} NOT NULL,
	PRIMARY KEY (knowledge_id, n)
){rows};

-- ---- jobs and what leaves ----

CREATE TABLE job (
	id {id},
	public {text} NOT NULL UNIQUE,
	kind {text} NOT NULL,
	key {text} NOT NULL,
	state {text} NOT NULL CONSTRAINT job_state
		CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'quarantined')),
	run_at {int} NOT NULL,
	lease_until {int},
	lease_owner {text},
	attempts {int} NOT NULL,
	attempts_max {int} NOT NULL,
	progress {int} NOT NULL,
	cancel {int} NOT NULL,
	again {int} NOT NULL, -- it was asked for once more while it ran
	payload {text} NOT NULL,
	result {text},
	error {text},
	created {int} NOT NULL,
	finished {int}
){rows};
-- One job at a time for one thing.
CREATE UNIQUE INDEX job_open ON job (kind, key) WHERE state IN ('queued', 'running');
CREATE INDEX job_next ON job (run_at, id) WHERE state IN ('queued', 'running');

CREATE TABLE outbox (
	id {id},
	public {text} NOT NULL UNIQUE,
	kind {text} NOT NULL,
	target {text} NOT NULL,
	payload {text} NOT NULL,
	state {text} NOT NULL CONSTRAINT outbox_state
		CHECK (state IN ('waiting', 'delivered', 'quarantined')),
	attempts {int} NOT NULL,
	attempts_max {int} NOT NULL,
	next_at {int} NOT NULL,
	lease_until {int},
	lease_owner {text},
	error {text},
	created {int} NOT NULL,
	delivered {int},
	quarantined {int}
){rows};
CREATE INDEX outbox_next ON outbox (next_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_target ON outbox (target);

-- Requests under a key of idempotency, and their answers, for a day (src/job/once.h).
CREATE TABLE idempotency (
	owner {text} NOT NULL,
	key {text} NOT NULL,
	digest {blob} NOT NULL,
	created {int} NOT NULL,
	status {int},
	type {text},
	etag {text},
	location {text},
	body {blob},
	PRIMARY KEY (owner, key)
){keyed};
CREATE INDEX idempotency_created ON idempotency (created);

-- When a kind of job is due again, or up to which change a follower has come. Whoever moves it from
-- the value that it read does the work: of several processes one.
CREATE TABLE schedule (
	kind {text} NOT NULL PRIMARY KEY,
	due {int} NOT NULL
){keyed};

-- ---- notices: who is notified of what, and how (src/notify) ----

-- What leads somewhere. Of a webhook the whole address is a row of `secret`.
CREATE TABLE notify_channel (
	id {id},
	public {text} NOT NULL UNIQUE,
	name {text} NOT NULL,
	kind {text} NOT NULL CONSTRAINT notify_channel_kind CHECK (kind IN ('mail', 'webhook', 'slack', 'teams')),
	host {text} NOT NULL,
	-- whose devices it is about; neither: all
	person_id {int} REFERENCES person (id),
	team_id {int} REFERENCES team (id),
	state {text} NOT NULL CONSTRAINT notify_channel_state CHECK (state IN ('on', 'off', 'removed')),
	version {int} NOT NULL,
	created {int} NOT NULL
){rows};

CREATE TABLE notify_rule (
	id {id},
	public {text} NOT NULL UNIQUE,
	name {text} NOT NULL,
	channel_id {int} NOT NULL REFERENCES notify_channel (id),
	events {text} NOT NULL,
	device {text} NOT NULL,
	severity {int} NOT NULL,
	harm {int} NOT NULL,
	within {int} NOT NULL,
	delivery {text} NOT NULL CONSTRAINT notify_rule_delivery CHECK (delivery IN ('now', 'day', 'week')),
	minute {int} NOT NULL,
	weekday {int} NOT NULL,
	zone {text} NOT NULL,
	quiet_from {int} NOT NULL,
	quiet_to {int} NOT NULL,
	urgent {int} NOT NULL,
	gap {int} NOT NULL,
	state {text} NOT NULL CONSTRAINT notify_rule_state CHECK (state IN ('on', 'off', 'removed')),
	left_at {int} NOT NULL,
	-- what was not kept, for there was too much
	dropped {int} NOT NULL,
	version {int} NOT NULL,
	created {int} NOT NULL
){rows};

-- What left together.
CREATE TABLE notify_batch (
	id {id},
	rule_id {int} NOT NULL REFERENCES notify_rule (id),
	at {int} NOT NULL,
	dropped {int} NOT NULL
){rows};

-- Something that a rule is about; it happens once under its name.
CREATE TABLE notify_item (
	id {id},
	rule_id {int} NOT NULL REFERENCES notify_rule (id),
	name {text} NOT NULL,
	kind {text} NOT NULL,
	device_id {int},
	device {text} NOT NULL,
	subject {text} NOT NULL,
	severity {int} NOT NULL,
	harm {int} NOT NULL,
	due {int} NOT NULL,
	at {int} NOT NULL,
	leave_at {int} NOT NULL,
	batch_id {int} REFERENCES notify_batch (id),
	UNIQUE (rule_id, name)
){rows};
CREATE INDEX notify_item_open ON notify_item (rule_id, leave_at) WHERE batch_id IS NULL;
CREATE INDEX notify_item_batch ON notify_item (batch_id);

-- Who wants no more of a rule.
CREATE TABLE notify_mute (
	rule_id {int} NOT NULL REFERENCES notify_rule (id),
	person_id {int} NOT NULL REFERENCES person (id),
	at {int} NOT NULL,
	PRIMARY KEY (rule_id, person_id)
){keyed};

-- What was sent to whom. The message in the outbox has `public` as its target.
CREATE TABLE notify_sent (
	id {id},
	public {text} NOT NULL UNIQUE,
	kind {text} NOT NULL,
	channel_id {int} REFERENCES notify_channel (id),
	rule_id {int} REFERENCES notify_rule (id),
	batch_id {int} REFERENCES notify_batch (id),
	person_id {int} REFERENCES person (id),
	-- SHA-256 of what unsubscribes
	token {blob},
	state {text} NOT NULL CONSTRAINT notify_sent_state CHECK (state IN ('waiting', 'sent', 'nothing')),
	at {int} NOT NULL,
	done {int}
){rows};
CREATE INDEX notify_sent_token ON notify_sent (token);
CREATE INDEX notify_sent_person ON notify_sent (person_id);

-- The secret address of a person's calendar, as SHA-256.
CREATE TABLE calendar_feed (
	person_id {int} NOT NULL PRIMARY KEY REFERENCES person (id),
	hash {blob} NOT NULL UNIQUE,
	created {int} NOT NULL
){keyed};

-- ---- secrets, sealed with a key that is not in the database ----

CREATE TABLE secret (
	name {text} NOT NULL PRIMARY KEY,
	key_id {text} NOT NULL,
	nonce {blob} NOT NULL,
	box {blob} NOT NULL,
	changed {int} NOT NULL
){keyed};

INSERT INTO ledger_head (one, n, hash) VALUES (1, 0, {zero});
