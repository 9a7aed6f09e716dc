/*
 * --format cyclonedx: a CycloneDX 1.6 document with the affected components and the
 * vulnerabilities (a VDR).
 *
 * A vulnerability stands there once with everything that is affected or undecided ("unknown"), and
 * once more with an analysis for what the SBOM itself decides. Tutela writes no analysis of its
 * own: that is a person's work.
 */
#include <stdlib.h>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/time.h"
#include "sbom/write/component.h"
#include "show/describe.h"
#include "show/format.h"

enum { TEXT_CEILING = 1 << 20, VERSION_MAX = 1024 /* of the schema */ };

struct cyclonedx {
	const struct tu_report *report;
	const struct tu_scan_style *style;
	struct tu_sink *out;
	struct tu_json_writer json;
	struct tu_buf text;
	struct tu_arena *arena; /* for the whole document */
	struct tu_arena *scratch; /* for one vulnerability */
	const struct tu_report_row **rows; /* by vulnerability, then component */
	size_t row_count;
	uint32_t *statement_about; /* statement of the SBOM -> vulnerability */
	bool failed;
};

static void member_composed(struct cyclonedx *c, const char *key)
{
	c->failed |= c->text.failed;
	tu_json_member_str(&c->json, key, tu_buf_str(&c->text));
	tu_buf_clear(&c->text);
}

/* ---- components ---- */

/* The SBOM's own reference, else one that names the place in the document. */
static void member_ref(struct cyclonedx *c, const char *key, const struct tu_component *component)
{
	if (component->ref.len) {
		tu_json_member_str(&c->json, key, component->ref);
		return;
	}
	tu_buf_c(&c->text, "tutela:");
	tu_component_pointer(c->report->inventory, component, &c->text);
	member_composed(c, key);
}

/* As a converted SBOM has it: what a consumer knows it by must not be less than in the source. */
static void add_component(struct cyclonedx *c, uint32_t index)
{
	const struct tu_inventory *inventory = c->report->inventory;
	const struct tu_component *component = &inventory->components[index];
	struct tu_str ref = component->ref;

	if (!ref.len) {
		tu_buf_c(&c->text, "tutela:");
		tu_component_pointer(inventory, component, &c->text);
		ref = tu_buf_str(&c->text);
	}
	c->failed |= c->text.failed ||
		!tu_sbom__write_component(c->arena, inventory, index, ref, &c->json);
	tu_buf_clear(&c->text);
	tu_sink_spill(c->out);
}

static void add_metadata(struct cyclonedx *c)
{
	const struct tu_inventory *inventory = c->report->inventory;

	tu_json_key(&c->json, "metadata");
	tu_json_open_object(&c->json);
	tu_json_key(&c->json, "tools");
	tu_json_open_object(&c->json);
	tu_json_key(&c->json, "components");
	tu_json_open_array(&c->json);
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "type", TU_STR("application"));
	tu_json_member_str(&c->json, "name", TU_STR("tutela"));
	tu_json_member_str(&c->json, "version", TU_STR(TUTELA_VERSION));
	tu_json_close_object(&c->json);
	tu_json_close_array(&c->json);
	tu_json_close_object(&c->json);
	if (inventory->subject != TU_NO_COMPONENT) {
		tu_json_key(&c->json, "component");
		add_component(c, inventory->subject);
	}
	tu_json_key(&c->json, "properties");
	tu_json_open_array(&c->json);
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "name", TU_STR("tutela:knowledge_base:sha256"));
	tu_sha256_write(c->report->kb_info.sha256, &c->text);
	member_composed(c, "value");
	tu_json_close_object(&c->json);
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "name", TU_STR("tutela:knowledge_base:newest"));
	if (c->report->kb_info.newest)
		tu_time_write(c->report->kb_info.newest, &c->text);
	member_composed(c, "value");
	tu_json_close_object(&c->json);
	tu_json_close_array(&c->json);
	tu_json_close_object(&c->json);
}

/* Every component that some row is about, or all, once, in document order. */
static void add_components(struct cyclonedx *c)
{
	const struct tu_inventory *inventory = c->report->inventory;
	bool *wanted = tu_arena_array(c->arena, inventory->component_count, sizeof(*wanted));

	if (!wanted) {
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < c->row_count; i++) {
		const struct tu_distinct *distinct = c->rows[i]->distinct;

		for (size_t k = 0; k < distinct->component_count; k++)
			wanted[distinct->components[k]] = true;
	}
	tu_json_key(&c->json, "components");
	tu_json_open_array(&c->json);
	for (uint32_t i = 0; i < inventory->component_count; i++)
		/* the subject stands in the metadata, and a reference names one thing only */
		if ((c->style->every_component || wanted[i]) && i != inventory->subject)
			add_component(c, i);
	tu_json_close_array(&c->json);
}

/* ---- vulnerabilities ---- */

static void add_source(struct cyclonedx *c, struct tu_str name)
{
	tu_json_key(&c->json, "source");
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "name", name);
	tu_json_close_object(&c->json);
}

/* "GHSA" of "GHSA-…": the catalogue that gives the id. */
static struct tu_str catalogue_of(struct tu_str id)
{
	return tu_str_first(id, tu_str_find(id, '-'));
}

static void add_references(struct cyclonedx *c, const struct tu_report_vulnerability *v)
{
	struct tu_report_texts aliases = {0};

	c->failed |= !tu_report_aliases(c->scratch, c->report->kb, v, &aliases);
	if (aliases.count == 0)
		return;
	tu_json_key(&c->json, "references");
	tu_json_open_array(&c->json);
	for (size_t i = 0; i < aliases.count; i++) {
		tu_json_open_object(&c->json);
		tu_json_member_str(&c->json, "id", aliases.at[i]);
		add_source(c, catalogue_of(aliases.at[i]));
		tu_json_close_object(&c->json);
	}
	tu_json_close_array(&c->json);
}

static void add_rating(
	struct cyclonedx *c, const struct tu_kb_advisory *advisory, const struct tu_score *score)
{
	static const char *const methods[] = {
		[TU_CVSS_NONE] = "other",
		[TU_CVSS_2] = "CVSSv2",
		[TU_CVSS_3_0] = "CVSSv3",
		[TU_CVSS_3_1] = "CVSSv31",
		[TU_CVSS_4_0] = "CVSSv4",
	};
	uint8_t tenths = tu_score_tenths(score);

	tu_json_open_object(&c->json);
	add_source(c, score->scorer.len ? score->scorer : tu_describe_source(advisory));
	if (tenths != TU_SCORE_UNSTATED) {
		tu_json_key(&c->json, "score");
		tu_json_add_number(&c->json, tenths / 10.0);
	}
	tu_json_member_str(
		&c->json, "severity", tu_str_c(tu_severity_name(tu_score_severity(score))));
	tu_json_member_str(&c->json, "method", tu_str_c(methods[score->version]));
	tu_json_member_opt(&c->json, "vector", score->vector);
	tu_json_close_object(&c->json);
}

/* All of them: sources disagree, and the reader should see it. */
static void add_ratings(struct cyclonedx *c, const struct tu_report_vulnerability *v)
{
	const struct tu_kb *kb = c->report->kb;

	if (!v->has_score)
		return;
	tu_json_key(&c->json, "ratings");
	tu_json_open_array(&c->json);
	for (uint32_t r = 0; r < v->facts.advisories; r++) {
		uint32_t record = tu_kb_record(kb, v->index, r);
		struct tu_kb_advisory advisory = tu_kb_advisory(kb, record);

		for (uint32_t s = 0; s < advisory.scores; s++) {
			struct tu_score score = tu_kb_score(kb, record, s);

			add_rating(c, &advisory, &score);
		}
	}
	tu_json_close_array(&c->json);
}

static void add_cwes(struct cyclonedx *c, const struct tu_report_vulnerability *v)
{
	struct tu_report_texts cwes = {0};

	c->failed |= !tu_report_cwes(c->scratch, c->report->kb, v, &cwes);
	if (cwes.count == 0)
		return;
	tu_json_key(&c->json, "cwes");
	tu_json_open_array(&c->json);
	for (size_t i = 0; i < cwes.count; i++) {
		struct tu_str number = cwes.at[i];
		uint64_t value;

		if (tu_str_skip(&number, TU_STR("CWE-")) &&
			tu_str_to_u64(number, 1000000, &value) && value > 0)
			tu_json_add_int(&c->json, (int64_t)value);
	}
	tu_json_close_array(&c->json);
}

/* The schema wants IRI references: no blanks, quotes, brackets or control characters. */
static bool is_iri(struct tu_str url)
{
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.ptr[i] <= ' ' || strchr("\"<>\\^`{|}", url.ptr[i]))
			return false;
	return url.len > 0;
}

static void add_advisories(struct cyclonedx *c, const struct tu_report_vulnerability *v)
{
	struct tu_report_texts urls = {0};

	c->failed |= !tu_report_references(c->scratch, c->report->kb, v, &urls);
	if (urls.count == 0)
		return;
	tu_json_key(&c->json, "advisories");
	tu_json_open_array(&c->json);
	for (size_t i = 0; i < urls.count; i++) {
		if (!is_iri(urls.at[i]))
			continue;
		tu_json_open_object(&c->json);
		tu_json_member_str(&c->json, "url", urls.at[i]);
		tu_json_close_object(&c->json);
	}
	tu_json_close_array(&c->json);
}

static void add_affected(
	struct cyclonedx *c, const struct tu_component *component, enum tu_match_verdict verdict)
{
	static const char *const statuses[] = {
		[TU_MATCH_UNDECIDED] = "unknown",
		[TU_MATCH_AFFECTED] = "affected",
		[TU_MATCH_NOT_AFFECTED] = "unaffected",
	};

	tu_json_open_object(&c->json);
	member_ref(c, "ref", component);
	if (component->version.len && component->version.len <= VERSION_MAX) {
		tu_json_key(&c->json, "versions");
		tu_json_open_array(&c->json);
		tu_json_open_object(&c->json);
		tu_json_member_str(&c->json, "version", component->version);
		tu_json_member_str(&c->json, "status", tu_str_c(statuses[verdict]));
		tu_json_close_object(&c->json);
		tu_json_close_array(&c->json);
	}
	tu_json_close_object(&c->json);
	tu_sink_spill(c->out);
}

static void add_affects(struct cyclonedx *c, size_t first, size_t end)
{
	tu_json_key(&c->json, "affects");
	tu_json_open_array(&c->json);
	for (size_t i = first; i < end; i++) {
		const struct tu_distinct *distinct = c->rows[i]->distinct;

		for (size_t k = 0; k < distinct->component_count; k++)
			add_affected(c, &c->report->inventory->components[distinct->components[k]],
				c->rows[i]->finding->verdict);
	}
	tu_json_close_array(&c->json);
}

/* ---- what the SBOM itself says ---- */

static bool concerns(const struct tu_vex_claim *claim, const struct tu_distinct *distinct)
{
	for (size_t i = 0; i < claim->product_count; i++)
		for (size_t n = 0; n < claim->products[i].component_count; n++)
			for (size_t k = 0; k < distinct->component_count; k++)
				if (claim->products[i].components[n] == distinct->components[k])
					return true;
	return false;
}

/* The statement in the SBOM that closed a finding, where it names the component. */
static const struct tu_vex_claim *statement_of(
	const struct cyclonedx *c, const struct tu_report_row *row)
{
	const struct tu_inventory *inventory = c->report->inventory;

	if (row->finding->reason != TU_WHY_VEX || !row->finding->own_word)
		return NULL;
	for (size_t i = 0; i < inventory->claim_count; i++)
		if (c->statement_about[i] == row->finding->vulnerability &&
			tu_claim_clears(inventory->claims[i].status) &&
			concerns(&inventory->claims[i], row->distinct))
			return &inventory->claims[i];
	return NULL;
}

/* Other formats of VEX have words that CycloneDX does not have. */
static bool is_justification(struct tu_str word)
{
	static const char *const words[] = {"code_not_present", "code_not_reachable",
		"requires_configuration", "requires_dependency", "requires_environment",
		"protected_by_compiler", "protected_at_runtime", "protected_at_perimeter",
		"protected_by_mitigating_control"};

	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_eq(word, tu_str_c(words[i])))
			return true;
	return false;
}

static void add_analysis(struct cyclonedx *c, const struct tu_report_row *row)
{
	const struct tu_vex_claim *statement = statement_of(c, row);
	struct tu_str detail = statement ? tu_claim_detail(statement) : TU_STR("");
	struct tu_str state = tu_str_c(
		row->finding->reason == TU_WHY_PATCHED ? "resolved_with_pedigree" : "not_affected");

	tu_json_key(&c->json, "analysis");
	tu_json_open_object(&c->json);
	if (statement)
		state = tu_claim_state(statement);
	tu_json_member_str(&c->json, "state", state);
	if (statement && is_justification(statement->justification))
		tu_json_member_str(&c->json, "justification", statement->justification);
	else if (row->finding->reason == TU_WHY_NOT_BUILT)
		tu_json_member_str(&c->json, "justification", TU_STR("code_not_present"));
	tu_json_member_opt(&c->json, "detail", detail.len ? detail : row->finding->statement);
	tu_json_close_object(&c->json);
}

/* Rows from `first` to before `end` are about one vulnerability and belong together. */
static void add_vulnerability(struct cyclonedx *c, size_t first, size_t end)
{
	const struct tu_report_row *row = c->rows[first];
	const struct tu_report_vulnerability *v = row->vulnerability;

	tu_arena_reset(c->scratch);
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", v->facts.id);
	add_source(c, catalogue_of(v->facts.id));
	add_references(c, v);
	add_ratings(c, v);
	add_cwes(c, v);
	tu_json_member_opt(&c->json, "description", v->facts.title);
	add_advisories(c, v);
	if (row->finding->verdict == TU_MATCH_NOT_AFFECTED)
		add_analysis(c, row);
	add_affects(c, first, end);
	tu_json_close_object(&c->json);
	tu_sink_spill(c->out);
}

static void add_vulnerabilities(struct cyclonedx *c)
{
	size_t first = 0;

	tu_json_key(&c->json, "vulnerabilities");
	tu_json_open_array(&c->json);
	while (first < c->row_count) {
		const struct tu_report_row *row = c->rows[first];
		size_t end = first + 1;

		if (row->finding->verdict != TU_MATCH_NOT_AFFECTED)
			while (end < c->row_count &&
				c->rows[end]->vulnerability == row->vulnerability &&
				c->rows[end]->finding->verdict != TU_MATCH_NOT_AFFECTED)
				end++;
		add_vulnerability(c, first, end);
		first = end;
	}
	tu_json_close_array(&c->json);
}

/* ---- the whole ---- */

static int compare_rows(const void *left, const void *right)
{
	const struct tu_report_row *a = *(const struct tu_report_row *const *)left;
	const struct tu_report_row *b = *(const struct tu_report_row *const *)right;
	bool a_decided = a->finding->verdict == TU_MATCH_NOT_AFFECTED;
	bool b_decided = b->finding->verdict == TU_MATCH_NOT_AFFECTED;

	if (a->vulnerability != b->vulnerability)
		return a->vulnerability < b->vulnerability ? -1 : 1;
	if (a_decided != b_decided)
		return a_decided ? 1 : -1;
	return (a->distinct > b->distinct) - (a->distinct < b->distinct);
}

static bool gather_rows(struct cyclonedx *c)
{
	const struct tu_report *report = c->report;
	size_t most = report->row_count + report->not_affected_count;

	c->rows = tu_arena_array(c->arena, most, sizeof(const struct tu_report_row *));
	if (!c->rows)
		return false;
	for (size_t g = 0; g < report->group_count; g++)
		for (size_t i = 0; i < report->groups[g].affected + report->groups[g].undecided;
			i++)
			c->rows[c->row_count++] = &report->groups[g].rows[i];
	for (size_t i = 0; i < report->not_affected_count; i++)
		c->rows[c->row_count++] = &report->not_affected[i];
	if (c->row_count)
		qsort(c->rows, c->row_count, sizeof(const struct tu_report_row *), compare_rows);
	return true;
}

static bool gather_statements(struct cyclonedx *c)
{
	const struct tu_inventory *inventory = c->report->inventory;

	c->statement_about =
		tu_arena_array(c->arena, inventory->claim_count, sizeof(*c->statement_about));
	if (!c->statement_about)
		return false;
	for (size_t i = 0; i < inventory->claim_count; i++)
		c->statement_about[i] =
			tu_kb_find(c->report->kb, inventory->claims[i].vulnerability);
	return true;
}

static void write_all(struct cyclonedx *c)
{
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "bomFormat", TU_STR("CycloneDX"));
	tu_json_member_str(&c->json, "specVersion", TU_STR("1.6"));
	tu_json_member_int(&c->json, "version", 1);
	add_metadata(c);
	add_components(c);
	add_vulnerabilities(c);
	tu_json_close_object(&c->json);
	tu_buf_c(&c->out->buf, "\n");
}

enum tu_status tu_format_cyclonedx(const struct tu_report *report,
	const struct tu_scan_style *style, struct tu_sink *out, struct tu_error *err)
{
	struct cyclonedx c = {
		.report = report,
		.style = style,
		.out = out,
		.json = tu_json_writer(&out->buf, true),
		.arena = tu_arena_new(0),
		.scratch = tu_arena_new(0),
	};

	tu_buf_init(&c.text, TEXT_CEILING);
	if (!c.arena || !c.scratch || !gather_rows(&c) || !gather_statements(&c))
		c.failed = true;
	else
		write_all(&c);
	tu_buf_done(&c.text);
	tu_arena_free(c.scratch);
	tu_arena_free(c.arena);
	return c.failed ? tu_scan_format_no_memory(err) : TU_OK;
}
