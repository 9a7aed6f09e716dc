/*
 * A device, an SBOM, a few advisories and decisions, all as text, put together for tests of the
 * assessment. Every step can fail with TU_E_NOMEM; nothing here ends the program.
 */
#ifndef TEST_DEVICE_SCENE_H
#define TEST_DEVICE_SCENE_H

#include <tutela/assess.h>

enum { SCENE_DECISIONS_MAX = 8, SCENE_FINDINGS_MAX = 64 };

struct scene {
	struct tu_arena *arena;
	struct tu_buf kb_bytes;
	struct tu_kb *kb;
	const struct tu_device *device;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match;
	struct tu_assess_finding findings[SCENE_FINDINGS_MAX];
	const struct tu_decision *decisions[SCENE_DECISIONS_MAX];
	struct tu_assess_input input;
	const struct tu_assess_result *result;
	struct tu_error err;
};

static inline enum tu_status scene__take(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(context, advisory, err);
}

static inline void scene__problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

/* Documents of feeds, NULL behind the last. */
static inline enum tu_status scene__read(
	struct scene *s, struct tu_kb_builder *builder, const char *const *feeds)
{
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	const struct tu_advisory_sink sink = {scene__take, scene__problem, builder};
	struct tu_feed_summary summary = {0};
	enum tu_status status = builder && reader ? TU_OK : TU_E_NOMEM;

	for (; *feeds && !status; feeds++) {
		struct tu_buf text;

		tu_buf_init(&text, 1 << 20);
		tu_buf_c(&text, *feeds);
		(void)tu_buf_reserve(&text, 64);
		status = text.failed ? TU_E_NOMEM
				     : tu_advisory_read(reader, TU_STR("feed"), tu_buf_str(&text),
					       &sink, &summary, &s->err);
		tu_buf_done(&text);
	}
	tu_advisory_reader_free(reader);
	return status;
}

static inline enum tu_status scene_kb(struct scene *s, const char *const *feeds)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_kb_build_counts counts;
	enum tu_status status = scene__read(s, builder, feeds);

	tu_buf_init(&s->kb_bytes, 16 << 20);
	if (status == TU_OK)
		status = tu_kb_builder_finish(builder, &s->kb_bytes, &counts, &s->err);
	if (status == TU_OK)
		status = tu_kb_open_memory(s->kb_bytes.ptr, s->kb_bytes.len, &s->kb, &s->err);
	tu_kb_builder_free(builder);
	return status;
}

/* The first score of the first record that states one: these scenes have no better question. */
static inline void scene__score(const struct tu_kb *kb, struct tu_assess_finding *finding)
{
	finding->tenths = TU_SCORE_UNSTATED;
	for (uint32_t n = 0; n < finding->facts.advisories; n++) {
		uint32_t at = tu_kb_record(kb, finding->finding->vulnerability, n);

		if (!tu_kb_advisory(kb, at).scores)
			continue;
		finding->score = tu_kb_score(kb, at, 0);
		finding->tenths = tu_score_tenths(&finding->score);
		return;
	}
}

static inline void scene__findings(struct scene *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->match->finding_count && count < SCENE_FINDINGS_MAX; i++) {
		const struct tu_finding *finding = &s->match->findings[i];

		if (finding->verdict == TU_MATCH_NOT_AFFECTED)
			continue;
		s->findings[count] = (struct tu_assess_finding){.finding = finding,
			.distinct = &s->match->distinct[finding->distinct],
			.facts = tu_kb_vulnerability(s->kb, finding->vulnerability)};
		scene__score(s->kb, &s->findings[count++]);
	}
	s->input.findings = s->findings;
	s->input.finding_count = count;
}

/* Read device and SBOM, match. `s` is zeroed but for the knowledge base. */
static inline enum tu_status scene_begin(
	struct scene *s, const char *device, const char *sbom, int64_t at)
{
	enum tu_status status;

	s->arena = tu_arena_new(64 << 20);
	if (!s->arena)
		return TU_E_NOMEM;
	status = tu_device_read(
		s->arena, TU_STR("device.yaml"), tu_str_c(device), NULL, &s->device, &s->err);
	if (status == TU_OK)
		status =
			tu_sbom_read(s->arena, tu_str_c(sbom), false, NULL, &s->inventory, &s->err);
	if (status == TU_OK)
		status = tu_match(s->arena, s->kb, s->inventory, NULL, &s->match, &s->err);
	if (status != TU_OK)
		return status;
	scene__findings(s);
	s->input.device = s->device;
	s->input.release = s->device->release_count - 1;
	s->input.at = at;
	s->input.kb = s->kb;
	s->input.inventory = s->inventory;
	s->input.decisions = s->decisions;
	return TU_OK;
}

static inline enum tu_status scene_decide(struct scene *s, const char *file, const char *text)
{
	enum tu_status status = tu_decision_read(s->arena, tu_str_c(file), tu_str_c(text), NULL,
		&s->decisions[s->input.decision_count], &s->err);

	s->input.decision_count += status == TU_OK;
	return status;
}

static inline enum tu_status scene_assess(struct scene *s)
{
	return tu_assess(s->arena, &s->input, &s->result, &s->err);
}

/* Never NULL: an assessment of nothing where there is none. */
static inline const struct tu_assessment *scene_find(const struct scene *s, const char *id)
{
	static const struct tu_assessment nothing = {.reopen = TU_REOPEN_COUNT_};

	for (size_t i = 0; i < s->result->count; i++)
		if (tu_str_eq(s->result->assessments[i].of->facts.id, tu_str_c(id)))
			return &s->result->assessments[i];
	return &nothing;
}

/* Everything but the knowledge base. */
static inline void scene_reset(struct scene *s)
{
	struct tu_buf kb_bytes = s->kb_bytes;
	struct tu_kb *kb = s->kb;

	tu_arena_free(s->arena);
	*s = (struct scene){.kb_bytes = kb_bytes, .kb = kb};
}

static inline void scene_end(struct scene *s)
{
	tu_arena_free(s->arena);
	tu_kb_close(s->kb);
	tu_buf_done(&s->kb_bytes);
}

/* ---- the scene of these tests ---- */

#define SCENE_NVD(id, modified, vector, more) \
	"{\"cve\":{\"id\":\"" id "\",\"published\":\"2026-01-10T00:00:00.000\"," \
	"\"lastModified\":\"" modified "T00:00:00.000\",\"vulnStatus\":\"Analyzed\"," \
	"\"descriptions\":[{\"lang\":\"en\",\"value\":\"Test.\"}],\"metrics\":{" \
	"\"cvssMetricV31\":[{\"source\":\"nvd@nist.gov\",\"type\":\"Primary\",\"cvssData\":{" \
	"\"version\":\"3.1\",\"vectorString\":\"" vector "\",\"baseScore\":" more "}}]}," \
	"\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":true," \
	"\"criteria\":\"cpe:2.3:a:acme:pumpd:*:*:*:*:*:*:*:*\",\"versionEndExcluding\":\"2.0\"}]}" \
	"]}]," \
	"\"references\":[]}}\n"

static const char scene_feed[] = SCENE_NVD(
	"CVE-2026-0001", "2026-01-10", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "9.8")
	SCENE_NVD("CVE-2026-0002", "2026-01-10", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L",
		"1.8") SCENE_NVD("CVE-2026-0003", "2026-01-10",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "7.5");

static const char scene_kev[] =
	"{\"title\":\"CISA Catalog of Known Exploited "
	"Vulnerabilities\",\"catalogVersion\":\"2026.02.01\","
	"\"dateReleased\":\"2026-02-01T00:00:00Z\",\"count\":1,\"vulnerabilities\":[{\"cveID\":"
	"\"CVE-2026-0001\",\"vendorProject\":\"acme\",\"product\":\"pumpd\",\"vulnerabilityName\":"
	"\"x\",\"dateAdded\":\"2026-02-01\",\"shortDescription\":\"x\",\"requiredAction\":\"x\","
	"\"dueDate\":\"2026-02-22\",\"knownRansomwareCampaignUse\":\"Unknown\",\"notes\":\"\"}]}\n";

static const char scene_sbom[] =
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"components\":["
	"{\"type\":\"application\",\"bom-ref\":\"pumpd\",\"name\":\"pumpd\",\"version\":\"1.3\","
	"\"cpe\":\"cpe:2.3:a:acme:pumpd:1.3:*:*:*:*:*:*:*\"}]}";

static const char scene_device[] =
	"family: Test pump\n"
	"releases:\n"
	"  - {version: '1.0', released: 2025-06-01, sbom: a.json}\n"
	"  - {version: '1.1', released: 2025-12-01, sbom: b.json}\n"
	"  - {version: '1.2', released: 2026-03-01, sbom: c.json}\n"
	"hazards:\n"
	"  - {id: overdose, severity: catastrophic}\n"
	"  - {id: late, severity: minor}\n"
	"assets:\n"
	"  - id: delivery\n"
	"    privacy: none\n"
	"    hazards: [{hazard: overdose, on_loss_of: integrity}, {hazard: late, on_loss_of: "
	"availability}]\n"
	"components:\n"
	"  - {match: pumpd, assets: [delivery]}\n"
	"interfaces:\n"
	"  - {id: lan, kind: network, reaches: [pumpd]}\n"
	"controls:\n"
	"  - {id: wall, interfaces: [lan], lowers: {exploitability: 1}, evidence: T-1}\n";

static const char *const scene_feeds[] = {scene_feed, NULL};
static const char *const scene_feeds_kev[] = {scene_feed, scene_kev, NULL};

#define SCENE_AT INT64_C(1773576000) /* 2026-03-15T12:00:00Z */

/* A decision on release 1.1; what `more` states comes last. */
#define SCENE_DECISION(id, status, more) \
	"vulnerability: " id "\ncomponent: pumpd\nstatus: " status "\n" \
	"validity: {releases: ['1.1']}\ndecided_by: lead\n" \
	"decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n" more

#endif
