/* tutela explain: why a component is affected, why it is not, and what was considered. */
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/describe.h"
#include "show/format.h"
#include "app/purl_sbom.h"
#include "app/scan.h"
#include "cli/options.h"
#include "app/output.h"
#include "ident/lenient.h"
#include "show/paint.h"

static const char name[] = "explain";

enum {
	TEXT_CEILING = 1 << 20,
	SPANS_SHOWN = 12,
	SUBJECTS_SHOWN = 20,
	ALIKE_SHOWN = 8,
	FINDINGS_SHOWN = 10,
	RUNNERS_UP_SHOWN = 3
};

struct explain {
	struct tu_sbom_source source;
	const char *component;
	const char *id; /* NULL: every vulnerability that was considered */
	const char *kb_path;
	const char *format;
	const char *colour_when;
	struct tu_kernel_files kernel;
	bool all; /* every record in full */
	struct tu_scan_answer matching;
	const struct tu_report *report; /* of the matching */
	struct tu_output out;
	struct tu_paint paint;
	int64_t now;
};

/* ---- pieces of text ---- */

static void line(struct explain *x, const char *label, struct tu_str text)
{
	tu_buf_c(x->paint.out, "    ");
	tu_paint_cell(&x->paint, TU_HUE_DIM, tu_str_c(label), 12, false);
	tu_paint(&x->paint, TU_HUE_PLAIN, text);
	tu_buf_c(x->paint.out, "\n");
}

static enum tu_hue hue_of(enum tu_match_verdict verdict)
{
	static const enum tu_hue hues[] = {[TU_MATCH_UNDECIDED] = TU_HUE_YELLOW,
		[TU_MATCH_AFFECTED] = TU_HUE_BRIGHT_RED,
		[TU_MATCH_NOT_AFFECTED] = TU_HUE_GREEN};

	return hues[verdict];
}

/* ---- evidence ---- */

static void add_record(struct explain *x, const struct tu_evidence *e)
{
	struct tu_kb_advisory record = tu_kb_advisory(x->report->kb, e->advisory);
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_printf(&text, "%.*s, record %.*s", TU_STR_FMT(tu_describe_source(&record)),
		TU_STR_FMT(record.id));
	if (record.state != TU_ADVISORY_PUBLISHED)
		tu_buf_printf(&text, " (%s)", tu_advisory_state_name(record.state));
	if (tu_describe_date(&record)) {
		tu_buf_c(&text, ", of ");
		tu_time_write_date(tu_describe_date(&record), &text);
		tu_buf_c(&text, ", ");
		tu_describe_age(tu_describe_date(&record), x->now, &text);
	}
	line(x, "source", tu_buf_str(&text));
	tu_buf_done(&text);
}

static void add_range(struct explain *x, const struct tu_evidence *e)
{
	struct tu_kb_entry entry = tu_kb_entry(x->report->kb, e->entry);
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_describe_subject(&entry, &text);
	line(x, "about", tu_buf_str(&text));
	if (entry.module.len && tu_str_eq(entry.type, TU_STR("golang")))
		line(x, "only in", entry.module);
	tu_buf_clear(&text);
	if (e->span != TU_KB_NONE) {
		struct tu_span span = tu_kb_span(x->report->kb, e->entry, e->span);

		tu_describe_interval(&span.interval, &text);
	} else {
		tu_describe_entry(x->report->kb, &entry, e->entry, SPANS_SHOWN, &text);
	}
	tu_buf_printf(&text, "  (versions as %.*s)", TU_STR_FMT(tu_scheme_name(entry.scheme)));
	line(x, "versions", tu_buf_str(&text));
	tu_buf_done(&text);
}

static void add_evidence(struct explain *x, const struct tu_evidence *e)
{
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_c(x->paint.out, e->decisive ? "  * " : "  - ");
	tu_paint_c(&x->paint, hue_of(e->verdict), tu_match_verdict_name(e->verdict));
	tu_buf_c(x->paint.out, ": ");
	tu_paint_c(&x->paint, TU_HUE_PLAIN, tu_reason_sentence(e->reason));
	tu_buf_c(x->paint.out, e->decisive ? " (this decided)\n" : "\n");
	add_record(x, e);
	tu_buf_printf(&text, "%s: %.*s", tu_describe_by(e->by), TU_STR_FMT(e->identifier));
	line(x, "matched by", tu_buf_str(&text));
	add_range(x, e);
	line(x, "compared", e->version.len ? e->version : TU_STR("no version is stated"));
	if (e->platform_assumed)
		line(x, "assumed", TU_STR("hardware that the record needs and SBOMs do not list"));
	tu_buf_done(&text);
}

/* ---- a finding ---- */

static void add_weight(struct explain *x, const struct tu_report_vulnerability *v)
{
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_c(&text, tu_severity_name(v->severity));
	if (v->tenths != TU_SCORE_UNSTATED)
		tu_buf_printf(&text, " %.1f (CVSS %s by %.*s)", v->tenths / 10.0,
			tu_cvss_version_name(v->score.version), TU_STR_FMT(v->score.scorer));
	if (v->facts.epss_score >= 0)
		tu_buf_printf(&text, ", EPSS %.2f%%", (double)v->facts.epss_score * 100);
	if (v->facts.has_kev || v->facts.was_kev) {
		tu_buf_c(&text, v->facts.has_kev ? ", known to be exploited: " : ", ");
		tu_describe_exploited(x->report->kb, v->index, &text);
	}
	tu_paint(&x->paint, tu_paint_severity(v->severity), tu_buf_str(&text));
	tu_buf_done(&text);
}

static void add_finding_head(struct explain *x, const struct tu_report_row *row)
{
	const struct tu_finding *finding = row->finding;

	tu_buf_c(x->paint.out, "\n");
	tu_paint(&x->paint, TU_HUE_BOLD, row->vulnerability->facts.id);
	tu_buf_c(x->paint.out, "  ");
	tu_paint_c(&x->paint, hue_of(finding->verdict), tu_match_verdict_name(finding->verdict));
	tu_buf_c(x->paint.out, ": ");
	tu_paint_c(&x->paint, TU_HUE_PLAIN, tu_reason_sentence(finding->reason));
	tu_buf_c(x->paint.out, "\n  ");
	tu_paint(&x->paint, TU_HUE_PLAIN, row->vulnerability->facts.title);
	tu_buf_c(x->paint.out, "\n  ");
	add_weight(x, row->vulnerability);
	tu_buf_c(x->paint.out, "\n");
	if (finding->statement.len)
		line(x, finding->reason == TU_WHY_NOT_BUILT ? "build shows" : "SBOM says",
			finding->statement);
	if (finding->fixed.len)
		line(x, "fixed in", finding->fixed);
}

/* One line for evidence that did not decide. */
static void add_runner_up(struct explain *x, const struct tu_evidence *e)
{
	struct tu_kb_advisory record = tu_kb_advisory(x->report->kb, e->advisory);
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_printf(&text, ": %s (%.*s, record %.*s)", tu_reason_sentence(e->reason),
		TU_STR_FMT(tu_describe_source(&record)), TU_STR_FMT(record.id));
	tu_buf_c(x->paint.out, "  - ");
	tu_paint_c(&x->paint, hue_of(e->verdict), tu_match_verdict_name(e->verdict));
	tu_paint(&x->paint, TU_HUE_PLAIN, tu_buf_str(&text));
	tu_buf_c(x->paint.out, "\n");
	tu_buf_done(&text);
}

static void add_more(struct explain *x, size_t count, const char *what)
{
	if (count)
		tu_buf_printf(x->paint.out, "  and %zu more %s (--all)\n", count, what);
}

/* What decided, in full; the next few reasons in a line each. */
static void add_evidence_short(struct explain *x, const struct tu_finding *finding)
{
	size_t decisive = 0, shown = 0;

	while (decisive < finding->evidence_count && !finding->evidence[decisive].decisive)
		decisive++;
	if (decisive < finding->evidence_count)
		add_evidence(x, &finding->evidence[decisive]);
	for (size_t i = 0; i < finding->evidence_count && shown < RUNNERS_UP_SHOWN; i++) {
		if (i == decisive)
			continue;
		add_runner_up(x, &finding->evidence[i]);
		shown++;
	}
	add_more(x, finding->evidence_count - shown - (decisive < finding->evidence_count),
		"records");
}

static void add_finding(struct explain *x, const struct tu_report_row *row)
{
	add_finding_head(x, row);
	if (!x->all) {
		add_evidence_short(x, row->finding);
	} else {
		for (size_t i = 0; i < row->finding->evidence_count; i++)
			add_evidence(x, &row->finding->evidence[i]);
	}
	tu_sink_spill(&x->out.sink);
}

/* Without an id asked for: one line for what was considered and does not apply. */
static void add_rejected(struct explain *x, const struct tu_report_row *row)
{
	const struct tu_evidence *e = row->finding->evidence;
	struct tu_kb_entry entry;
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_printf(&text, "%-16.*s  %s", TU_STR_FMT(row->vulnerability->facts.id),
		tu_reason_sentence(row->finding->reason));
	if (row->finding->statement.len) {
		tu_buf_printf(&text, ": %.*s", TU_STR_FMT(row->finding->statement));
	} else if (row->finding->evidence_count) {
		entry = tu_kb_entry(x->report->kb, e->entry);
		tu_buf_c(&text, ": ");
		tu_describe_entry(x->report->kb, &entry, e->entry, 3, &text);
	}
	tu_buf_c(x->paint.out, "  ");
	tu_paint(&x->paint, TU_HUE_PLAIN, tu_buf_str(&text));
	tu_buf_c(x->paint.out, "\n");
	tu_buf_done(&text);
	tu_sink_spill(&x->out.sink);
}

/* ---- the component ---- */

/* What is wrong with an identifier, and whether it was used all the same. */
static void add_fault(struct explain *x, enum tu_status status, const struct tu_error *fault)
{
	struct tu_buf text;

	if (status == TU_E_NOMEM || fault->status == TU_OK)
		return;
	tu_buf_init(&text, TEXT_CEILING);
	tu_buf_printf(&text, "%s; %s", fault->message,
		status ? "not used" : "used as far as it is clear");
	line(x, "not valid", tu_buf_str(&text));
	tu_buf_done(&text);
}

static void add_identifiers(struct explain *x, const struct tu_component *c)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_error fault = {0};
	struct tu_purl purl;
	struct tu_cpe cpe;

	line(x, "purl", c->purl.len ? c->purl : TU_STR("none stated"));
	if (arena && c->purl.len)
		add_fault(x, tu_purl_read(arena, c->purl, &purl, &fault), &fault);
	for (size_t i = 0; i < c->cpe_count; i++) {
		line(x, "CPE", c->cpes[i]);
		fault = (struct tu_error){0};
		if (arena)
			add_fault(x, tu_cpe_read(arena, c->cpes[i], &cpe, &fault), &fault);
	}
	tu_arena_free(arena);
}

static void add_component(struct explain *x, const struct tu_distinct *distinct)
{
	const struct tu_inventory *inventory = x->report->inventory;
	const struct tu_component *c = &inventory->components[distinct->first];
	struct tu_buf text;

	tu_buf_init(&text, TEXT_CEILING);
	tu_paint(&x->paint, TU_HUE_BOLD, c->name);
	tu_buf_c(x->paint.out, " ");
	tu_paint(&x->paint, TU_HUE_BOLD, c->version.len ? c->version : TU_STR("(no version)"));
	tu_buf_c(x->paint.out, "\n");
	add_identifiers(x, c);
	tu_component_pointer(inventory, c, &text);
	if (distinct->component_count > 1)
		tu_buf_printf(&text, " and %zu more places", distinct->component_count - 1);
	line(x, "location", tu_buf_str(&text));
	if (!distinct->identified)
		line(x, "identity",
			TU_STR("no purl, no CPE, and not both a name and a version: only "
			       "the name is looked up"));
	else if (!distinct->known)
		line(x, "data",
			TU_STR("no record of this knowledge base is about this package or "
			       "product"));
	tu_buf_done(&text);
}

/* The vulnerability that was asked for met none of the component's identifiers: what is it about?
 */
static void add_subjects(struct explain *x)
{
	const struct tu_kb *kb = x->report->kb;
	uint32_t wanted = tu_kb_find(kb, tu_str_c(x->id));
	uint32_t shown = 0;
	struct tu_buf text;

	tu_buf_c(x->paint.out, "\n");
	tu_paint_c(&x->paint, TU_HUE_BOLD, x->id);
	tu_buf_c(x->paint.out,
		"  no identifier of the component meets any of its records. They "
		"are about:\n");
	for (uint32_t i = 0; i < x->report->kb_info.entries; i++) {
		struct tu_kb_entry entry = tu_kb_entry(kb, i);

		if (entry.vulnerability != wanted || shown++ >= SUBJECTS_SHOWN)
			continue;
		tu_buf_init(&text, TEXT_CEILING);
		tu_describe_subject(&entry, &text);
		tu_buf_c(&text, "  ");
		tu_describe_entry(kb, &entry, i, SPANS_SHOWN, &text);
		line(x, "", tu_buf_str(&text));
		tu_buf_done(&text);
	}
	if (shown > SUBJECTS_SHOWN)
		tu_buf_printf(x->paint.out, "    and %u more\n", shown - SUBJECTS_SHOWN);
	if (shown == 0)
		line(x, "", TU_STR("nothing that has applicability data"));
}

/* Whether the n-th of a list is still shown. */
static bool is_shown(const struct explain *x, size_t n)
{
	return x->all || n < FINDINGS_SHOWN;
}

static void add_open_findings(struct explain *x, const struct tu_distinct *distinct)
{
	const struct tu_report *report = x->report;

	for (size_t g = 0; g < report->group_count; g++) {
		const struct tu_report_group *group = &report->groups[g];
		size_t count = group->affected + group->undecided, i = 0;

		if (group->distinct != distinct)
			continue;
		for (; i < count && is_shown(x, i); i++)
			add_finding(x, &group->rows[i]);
		add_more(x, count - i, "findings");
	}
}

static void add_findings(struct explain *x, const struct tu_distinct *distinct)
{
	const struct tu_report *report = x->report;
	size_t rejected = 0, shown = 0;

	add_open_findings(x, distinct);
	for (size_t i = 0; i < report->not_affected_count; i++) {
		const struct tu_report_row *row = &report->not_affected[i];

		if (row->distinct != distinct)
			continue;
		if (!x->id && rejected++ == 0)
			tu_buf_c(x->paint.out, "\nConsidered and rejected:\n");
		if (x->id) {
			add_finding(x, row);
		} else if (is_shown(x, shown)) {
			add_rejected(x, row);
			shown++;
		}
	}
	add_more(x, rejected - shown, "rejected");
	if (distinct->finding_count == 0 && x->id)
		add_subjects(x);
}

static void write_text(struct explain *x)
{
	const struct tu_match_result *result = x->report->result;

	for (size_t i = 0; i < result->distinct_count; i++) {
		if (i)
			tu_buf_c(x->paint.out, "\n");
		add_component(x, &result->distinct[i]);
		add_findings(x, &result->distinct[i]);
	}
}

/* ---- the command ---- */

/* The n-th component's name as a C string; NULL after the last. */
static const char *name_word(const void *context, size_t index)
{
	const struct explain *x = context;
	const struct tu_inventory *inventory = x->report->inventory;
	struct tu_str text;
	char *word;

	if (index >= inventory->component_count)
		return NULL;
	text = inventory->components[index].name;
	word = tu_arena_alloc(x->matching.arena, text.len + 1);
	if (word && text.len)
		memcpy(word, text.ptr, text.len);
	return word;
}

static void suggest_nearest(const struct explain *x)
{
	const char *nearest = tu_word_nearest(name_word, x, x->component);

	if (nearest)
		tu_command_warn(name, "did you mean %s?", nearest);
}

/* Names that contain the word that was asked for, otherwise the one that is most like it. */
static void suggest(const struct explain *x)
{
	const struct tu_inventory *inventory = x->report->inventory;
	size_t shown = 0;

	for (size_t i = 0; i < inventory->component_count && shown < ALIKE_SHOWN; i++) {
		const struct tu_component *c = &inventory->components[i];

		if (tu_str_isearch(c->name, tu_str_c(x->component)) == c->name.len)
			continue;
		shown++;
		tu_command_warn(name, "did you mean %.*s@%.*s?", TU_STR_FMT(c->name),
			TU_STR_FMT(c->version));
	}
	if (shown == 0)
		suggest_nearest(x);
}

/* Is it the vulnerability that nothing has? Then the component needs no suggestion. */
static bool knows_id(const struct explain *x)
{
	return !x->id || tu_kb_find(x->report->kb, tu_str_c(x->id)) != TU_KB_NONE;
}

static enum tu_status write_all(struct explain *x, bool json, struct tu_error *err)
{
	const struct tu_scan_style style = {0};
	enum tu_status status = tu_output_open(&x->out, NULL, err);

	if (status != TU_OK)
		return status;
	x->paint.out = &x->out.sink.buf;
	if (json)
		status = tu_format_json(x->report, &style, &x->out.sink, err);
	else
		write_text(x);
	if (status == TU_OK)
		return tu_output_close(&x->out, err);
	tu_output_abandon(&x->out);
	return status;
}

/* A package URL is the SBOM and its component. */
static bool read_operands(int argc, char **argv, struct explain *x)
{
	bool purl = argc > 1 && tu_purl_sbom_is(argv[1]);
	int component = purl ? 1 : 2;

	if (argc < component + 1 || argc > component + 2)
		return false;
	x->source.path = argv[1];
	x->source.purls = (const char *const *)argv + 1;
	x->source.purl_count = purl;
	x->component = argv[component];
	x->id = argc == component + 2 ? argv[component + 1] : NULL;
	return true;
}

static bool read_request(int argc, char **argv, struct explain *x, bool *out_json)
{
	if (!tu_options_take(&tu_cmd_explain, &argc, argv, x))
		return false;
	if (!read_operands(argc, argv, x)) {
		tu_command_misused(name, "expected SBOM COMPONENT [ID], or PURL [ID]");
		return false;
	}
	*out_json = tu_options_json(x->format);
	x->paint.colour = tu_options_colour(x->colour_when, STDOUT_FILENO);
	return true;
}

static int run(struct explain *x, bool json)
{
	const struct tu_scan_request request = {.source = x->source,
		.kb = x->kb_path,
		.kernel = x->kernel,
		.options = {.keep_all = true, .only_component = x->component, .only_id = x->id}};
	struct tu_error err = {0};
	enum tu_status status;
	int code;

	x->report = &x->matching.report;
	status = tu_app_scan(tu_context(), &request, &x->matching, &err);
	if (status == TU_OK)
		status = write_all(x, json, &err);
	if (status == TU_OK)
		return TU_EXIT_OK;
	code = tu_command_failed(name, &err);
	if (status == TU_E_NOTFOUND && x->report->kb && knows_id(x))
		suggest(x);
	return code;
}

static int run_explain(int argc, char **argv)
{
	struct explain x = {.now = tu_context()->now};
	bool json;
	int code;

	if (!read_request(argc, argv, &x, &json))
		return TU_EXIT_USAGE;
	code = run(&x, json);
	tu_scan_done(&x.matching);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct explain, kb_path),
	TU_OPTION_SUPPLEMENT(struct explain, source.supplement),
	TU_OPTION_TEXT_OR_JSON(struct explain, format),
	{"kernel-build", 0, "DIR", "Read the kernel's build folder",
		TU_TEXT(struct explain, kernel.build)},
	{"kernel-source", 0, "DIR", "Read the kernel's source tree",
		TU_TEXT(struct explain, kernel.source)},
	{"kernel-config", 0, "FILE", "Read the .config of the kernel that was built",
		TU_TEXT(struct explain, kernel.config)},
	{"compiled-files", 0, "FILE", "Read the list of the kernel's compiled files, one a line",
		TU_TEXT(struct explain, kernel.compiled)},
	{"all", 'a', NULL, "Show every finding and every record in full",
		TU_FLAG(struct explain, all)},
	TU_OPTION_COLOUR(struct explain, colour_when),
};

const struct tu_command tu_cmd_explain = {
	.name = "explain",
	.summary = "Explain why a component is affected or not",
	.usage = {"SBOM COMPONENT [ID] [OPTION...]", "PURL [ID] [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "COMPONENT is a name, name@version, purl or bom-ref. Shows the verdict, the\n"
		 "record that decided it (by which identifier, which range, its source and age)\n"
		 "and the next reasons in a line each; --all shows every record in full. With ID,\n"
		 "only that vulnerability.\n",
	.run = run_explain,
};
