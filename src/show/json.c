/*
 * --format json: docs/formats/scan.md says what each member means and what is promised to stay.
 */
#include "show/format.h"
#include "show/json_parts.h"
#include "show/sbom_text.h"
#include "show/upgrades.h"

enum { FORMAT_VERSION = 1, WEIGHTS_MAX = 4 << 20 };

struct json_format {
	const struct tu_report *report;
	const struct tu_scan_style *style;
	struct tu_sink *out;
	struct tu_json_writer json;
	struct tu_arena *scratch; /* for one item */
	struct kb_versions versions;
	struct tu_arena *kept; /* what `weights` has: WEIGHTS_MAX bytes of text at most */
	struct tu_str *weights; /* of each vulnerability, as written; empty: not yet, or not kept */
	bool failed;
};

/* Severity, score, KEV and EPSS of a vulnerability are in its findings and in the list of
 * vulnerabilities, at the same depth and never first: the same bytes. */
static void add_weight(struct json_format *f, const struct tu_report_vulnerability *vulnerability)
{
	struct tu_str *kept = &f->weights[vulnerability - f->report->vulnerabilities];
	struct tu_buf *buf = f->json.buf;
	size_t start = buf->len;

	if (kept->len) {
		tu_buf_str_add(buf, *kept);
		return;
	}
	tu_json_weight(&f->json, f->report->kb, vulnerability);
	if (!buf->failed && tu_arena_used(f->kept) + buf->len - start <= WEIGHTS_MAX)
		f->failed |= !tu_arena_dup(f->kept, tu_str_from(tu_buf_str(buf), start), kept);
}

static void add_filter(struct json_format *f)
{
	const struct tu_report_filter *filter = &f->report->filter;

	tu_json_key(&f->json, "filter");
	tu_json_open_object(&f->json);
	tu_json_key(&f->json, "min_severity");
	if (filter->min_severity == TU_SEVERITY_UNKNOWN)
		tu_json_add_null(&f->json);
	else
		tu_json_add_str(&f->json, tu_str_c(tu_severity_name(filter->min_severity)));
	tu_json_member_bool(&f->json, "only_kev", filter->only_kev);
	tu_json_member_int(&f->json, "hidden", (int64_t)f->report->counts.hidden);
	tu_json_close_object(&f->json);
}

static void add_summary(struct json_format *f)
{
	const struct tu_report_counts *counts = &f->report->counts;
	const struct tu_match_counts *matched = &f->report->result->counts;
	const struct {
		const char *key;
		size_t value;
	} numbers[] = {
		{"components", matched->components},
		{"distinct_components", matched->distinct},
		{"components_without_data", matched->unknown},
		{"components_unidentified", matched->unidentified},
		{"affected", counts->affected},
		{"undecided", counts->undecided},
		{"not_affected_by_sbom", counts->not_affected},
		{"not_built", counts->not_built},
		{"kev", counts->kev},
		{"fixable", counts->fixable},
		{"excluded", counts->excluded},
	};

	tu_json_key(&f->json, "summary");
	tu_json_open_object(&f->json);
	for (size_t i = 0; i < TU_COUNT(numbers); i++)
		tu_json_member_int(&f->json, numbers[i].key, (int64_t)numbers[i].value);
	tu_json_key(&f->json, "severity");
	tu_json_open_object(&f->json);
	for (int s = TU_SEVERITY_COUNT_ - 1; s >= 0; s--)
		tu_json_member_int(&f->json, tu_severity_name((enum tu_severity)s),
			(int64_t)counts->severity[s]);
	tu_json_close_object(&f->json);
	tu_json_close_object(&f->json);
}

/* Index of a row's component in the list "components". */
static int64_t component_index(const struct json_format *f, const struct tu_report_row *row)
{
	return row->distinct - f->report->result->distinct;
}

static void add_row(struct json_format *f, const struct tu_report_row *row)
{
	const struct tu_finding *finding = row->finding;
	const struct tu_kb_vulnerability *facts = &row->vulnerability->facts;
	struct tu_json_writer *json = &f->json;

	tu_json_open_object(json);
	tu_json_member_str(json, "id", facts->id);
	tu_json_member_str(json, "verdict", tu_str_c(tu_match_verdict_name(finding->verdict)));
	tu_json_member_str(json, "reason", tu_str_c(tu_reason_name(finding->reason)));
	tu_json_member_str(json, "explanation", tu_str_c(tu_reason_sentence(finding->reason)));
	tu_json_member_opt(json, "statement", finding->statement);
	add_weight(f, row->vulnerability);
	tu_json_member_opt(json, "fixed", finding->fixed);
	tu_json_member_str(json, "title", facts->title);
	tu_json_member_int(json, "component", component_index(f, row));
	tu_json_member_str(json, "name", row->component->name);
	tu_json_member_opt(json, "version", row->component->version);
	tu_json_member_opt(json, "purl", row->component->purl);
	if (row->distinct->excluded)
		tu_json_member_bool(json, "excluded", true);
	tu_json_key(json, "evidence");
	tu_json_open_array(json);
	for (size_t i = 0; i < finding->evidence_count; i++)
		tu_json_evidence(json, &f->versions, finding, i);
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_sink_spill(f->out);
}

/* The affected or the undecided rows of all groups. */
static void add_groups(struct json_format *f, const char *key, bool undecided)
{
	tu_json_key(&f->json, key);
	tu_json_open_array(&f->json);
	for (size_t g = 0; g < f->report->group_count; g++) {
		const struct tu_report_group *group = &f->report->groups[g];
		size_t at = undecided ? group->affected : 0;
		size_t end = undecided ? group->affected + group->undecided : group->affected;

		for (; at < end; at++)
			add_row(f, &group->rows[at]);
	}
	tu_json_close_array(&f->json);
}

static void add_not_affected(struct json_format *f)
{
	tu_json_key(&f->json, "not_affected");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < f->report->not_affected_count; i++)
		add_row(f, &f->report->not_affected[i]);
	tu_json_close_array(&f->json);
}

static void add_vulnerability(
	struct json_format *f, const struct tu_report_vulnerability *vulnerability)
{
	const struct tu_kb_vulnerability *facts = &vulnerability->facts;
	const struct tu_kb *kb = f->report->kb;
	struct tu_report_texts aliases = {0}, cwes = {0}, references = {0};

	tu_arena_reset(f->scratch);
	if (!tu_report_aliases(f->scratch, kb, vulnerability, &aliases) ||
		!tu_report_cwes(f->scratch, kb, vulnerability, &cwes) ||
		!tu_report_references(f->scratch, kb, vulnerability, &references))
		f->failed = true;
	tu_json_open_object(&f->json);
	tu_json_member_str(&f->json, "id", facts->id);
	tu_json_texts(&f->json, "aliases", aliases.at, aliases.count);
	tu_json_member_str(&f->json, "title", facts->title);
	if (facts->disputed)
		tu_json_member_bool(&f->json, "disputed", true);
	add_weight(f, vulnerability);
	tu_json_texts(&f->json, "cwes", cwes.at, cwes.count);
	tu_json_texts(&f->json, "references", references.at, references.count);
	tu_json_close_object(&f->json);
	tu_sink_spill(f->out);
}

static void add_vulnerabilities(struct json_format *f)
{
	tu_json_key(&f->json, "vulnerabilities");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < f->report->vulnerability_count; i++)
		add_vulnerability(f, &f->report->vulnerabilities[i]);
	tu_json_close_array(&f->json);
}

static void add_distinct(struct json_format *f, const struct tu_distinct *distinct)
{
	const struct tu_match_result *result = f->report->result;
	const struct tu_inventory *inventory = f->report->inventory;
	const struct tu_component *first = &inventory->components[distinct->first];
	int64_t by_verdict[3] = {0};

	for (size_t i = 0; i < distinct->finding_count; i++)
		by_verdict[result->findings[distinct->first_finding + i].verdict]++;
	tu_json_open_object(&f->json);
	tu_json_member_str(&f->json, "name", first->name);
	tu_json_member_opt(&f->json, "version", first->version);
	tu_json_member_opt(&f->json, "purl", first->purl);
	tu_json_member_bool(&f->json, "identified", distinct->identified);
	tu_json_member_bool(&f->json, "known", distinct->known);
	if (distinct->excluded)
		tu_json_member_bool(&f->json, "excluded", true);
	tu_json_member_int(&f->json, "affected", by_verdict[TU_MATCH_AFFECTED]);
	tu_json_member_int(&f->json, "undecided", by_verdict[TU_MATCH_UNDECIDED]);
	tu_json_member_int(&f->json, "not_affected_by_sbom", by_verdict[TU_MATCH_NOT_AFFECTED]);
	tu_json_key(&f->json, "occurrences");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < distinct->component_count; i++) {
		tu_json_component(
			&f->json, inventory, &inventory->components[distinct->components[i]]);
		tu_sink_spill(f->out);
	}
	tu_json_close_array(&f->json);
	tu_json_close_object(&f->json);
}

static void add_components(struct json_format *f)
{
	tu_json_key(&f->json, "components");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < f->report->result->distinct_count; i++)
		add_distinct(f, &f->report->result->distinct[i]);
	tu_json_close_array(&f->json);
}

/* No word on whether they are over: no member depends on the clock. */
static void add_releases(struct json_format *f)
{
	const struct tu_match_result *result = f->report->result;

	tu_json_key(&f->json, "releases");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < result->release_count; i++) {
		const struct tu_supported_release *release = &result->releases[i];
		struct tu_support_cycle cycle = tu_kb_lifecycle(f->report->kb, release->lifecycle);

		tu_json_open_object(&f->json);
		if (release->distinct != TU_KB_NONE)
			tu_json_member_int(&f->json, "component", release->distinct);
		tu_json_lifecycle_members(&f->json, &cycle);
		tu_json_close_object(&f->json);
	}
	tu_json_close_array(&f->json);
}

/* Nothing is known of their packages, whatever the findings say. */
static void add_uncovered(struct json_format *f)
{
	const struct tu_match_result *result = f->report->result;

	tu_json_key(&f->json, "distro_releases_without_data");
	tu_json_open_array(&f->json);
	for (size_t i = 0; i < result->uncovered_count; i++)
		tu_json_add_str(&f->json, result->uncovered[i]);
	tu_json_close_array(&f->json);
}

static void write_all(struct json_format *f)
{
	const struct tu_report *report = f->report;

	tu_json_open_object(&f->json);
	tu_json_member_str(&f->json, "format", TU_STR("tutela-scan"));
	tu_json_member_int(&f->json, "format_version", FORMAT_VERSION);
	tu_json_tool(&f->json);
	tu_json_sbom(&f->json, report->inventory, report->inventory_path);
	tu_json_member_opt(&f->json, "distro", report->result->distro);
	add_uncovered(f);
	tu_json_knowledge_base(
		&f->json, &report->kb_info, report->origin.path, report->origin.sidecar);
	add_filter(f);
	tu_json_gate(&f->json, f->style->gate, f->style->verdict);
	add_summary(f);
	if (f->style->upgrades)
		tu_upgrades_json(report, f->style->upgrades, &f->json, f->out);
	add_groups(f, "findings", false);
	add_groups(f, "undecided", true);
	add_not_affected(f);
	add_vulnerabilities(f);
	add_components(f);
	add_releases(f);
	tu_json_notes(&f->json, f->report->inventory);
	tu_json_close_object(&f->json);
	tu_buf_c(&f->out->buf, "\n");
}

enum tu_status tu_format_json(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err)
{
	struct json_format f = {
		.report = report,
		.style = style,
		.out = out,
		.json = tu_json_writer(&out->buf, true),
		.scratch = tu_arena_new(0),
		.kept = tu_arena_new(0),
	};

	if (f.kept)
		f.weights = tu_arena_array(f.kept, report->vulnerability_count, sizeof(*f.weights));
	f.failed = !tu_match__versions_init(&f.versions, report->kb) || !f.scratch || !f.weights;
	if (!f.failed)
		write_all(&f);
	tu_match__versions_done(&f.versions);
	tu_arena_free(f.scratch);
	tu_arena_free(f.kept);
	return f.failed ? tu_scan_format_no_memory(err) : TU_OK;
}
