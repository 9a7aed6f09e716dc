/* tutela sbom diff: what changed from one SBOM to another, in components and vulnerabilities. */
#include <string.h>

#include <tutela/match.h>
#include <tutela/sbom_diff.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/json_parts.h"
#include "app/kb_file.h"
#include "app/statements.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"

static const char name[] = "sbom";

enum { FORMAT_VERSION = 1, TEXT_CEILING = 1 << 20, ID_WIDTH = 20, WORD_WIDTH = 10 };

/* What a vulnerability is to one of the documents: the worst over its components. */
struct standing {
	enum tu_match_verdict verdict;
	bool present;
	uint32_t component; /* the first one with this verdict */
};

struct side {
	struct tu_sbom_source source;
	const struct tu_inventory *inventory;
	const struct tu_match_result *result;
	struct standing *standings; /* by vulnerability of the knowledge base */
};

struct diff {
	struct tu_sbom_answer answer;
	struct side a;
	struct side b;
	const char *kb_path;
	const char *supplement;
	struct tu_arena *arena;
	struct tu_kb_file kb;
	struct tu_kb_info kb_info;
	const struct tu_sbom_diff *diff;
	struct tu_json_writer json;
};

/* ---- vulnerabilities ---- */

static enum tu_status match_side(struct diff *d, struct side *side, struct tu_error *err)
{
	struct tu_report report = {
		.kb = d->kb.kb, .inventory = side->inventory, .inventory_path = TU_STR("")};
	struct tu_vex_files files = {.count = 0};
	enum tu_status status = tu_vex_files_match(&files, d->arena, &report, NULL, err);

	if (status)
		return status;
	side->result = report.result;
	side->standings =
		tu_arena_array(d->arena, d->kb_info.vulnerabilities, sizeof(*side->standings));
	if (!side->standings)
		return tu_no_memory(err);
	for (size_t i = 0; i < side->result->finding_count; i++) {
		const struct tu_finding *finding = &side->result->findings[i];
		struct standing *standing = &side->standings[finding->vulnerability];

		if (finding->verdict == TU_MATCH_NOT_AFFECTED)
			continue;
		if (standing->present && standing->verdict == TU_MATCH_AFFECTED)
			continue;
		if (standing->present && finding->verdict == TU_MATCH_UNDECIDED)
			continue;
		standing->present = true;
		standing->verdict = finding->verdict;
		standing->component = side->result->distinct[finding->distinct].first;
	}
	return TU_OK;
}

enum turn { TURN_NONE, TURN_CAME, TURN_WENT, TURN_CHANGED };

static enum turn turn_of(const struct diff *d, uint32_t vulnerability)
{
	const struct standing *a = &d->a.standings[vulnerability];
	const struct standing *b = &d->b.standings[vulnerability];

	if (a->present != b->present)
		return b->present ? TURN_CAME : TURN_WENT;
	return a->present && a->verdict != b->verdict ? TURN_CHANGED : TURN_NONE;
}

static size_t count_turns(const struct diff *d, enum turn turn)
{
	size_t count = 0;

	for (uint32_t i = 0; i < d->kb_info.vulnerabilities; i++)
		count += turn_of(d, i) == turn;
	return count;
}

static bool differs(const struct diff *d)
{
	return d->diff->changed || d->diff->added_count || d->diff->removed_count ||
		count_turns(d, TURN_CAME) || count_turns(d, TURN_WENT) ||
		count_turns(d, TURN_CHANGED);
}

/* ---- table ---- */

static void add_side(struct diff *d, const char *label, const struct side *side)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	tu_buf_printf(&words, "%s: ", tu_sbom_source_name(&side->source));
	tu_sbom_file_title(side->inventory, &words);
	tu_buf_printf(&words, " (%s %.*s, %zu components)",
		tu_sbom_format_name(side->inventory->format),
		TU_STR_FMT(side->inventory->spec_version), side->inventory->component_count);
	tu_sbom_answer_line(&d->answer, label, tu_buf_str(&words));
	tu_buf_done(&words);
}

static void add_singles(struct diff *d, const char *heading, const char *sign, enum tu_hue hue,
	const struct side *side, const uint32_t *list, size_t count)
{
	struct tu_buf *out = d->answer.paint.out;

	if (count == 0)
		return;
	tu_buf_printf(out, "\n%s: %zu\n", heading, count);
	for (size_t i = 0; i < count; i++) {
		const struct tu_component *c = &side->inventory->components[list[i]];

		tu_buf_c(out, sign);
		tu_sbom_answer_component(&d->answer, hue, c);
		if (c->name.len && c->purl.len) {
			tu_buf_c(out, "  ");
			tu_paint(&d->answer.paint, TU_HUE_DIM, c->purl);
		}
		tu_buf_byte(out, '\n');
		tu_sink_spill(&d->answer.out.sink);
	}
}

static void write_licences(const struct tu_component *c, struct tu_buf *out)
{
	for (size_t i = 0; i < c->licence_count; i++)
		tu_buf_printf(out, "%s%.*s", i ? ", " : "", TU_STR_FMT(c->licences[i]));
}

static void write_hashes(const struct tu_component *c, struct tu_buf *out)
{
	for (size_t i = 0; i < c->hash_count; i++)
		tu_buf_printf(out, "%s%.*s:%.*s", i ? ", " : "", TU_STR_FMT(c->hashes[i].algorithm),
			TU_STR_FMT(c->hashes[i].value));
}

static void write_version(const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_str_add(out, c->version);
}

static void write_supplier(const struct tu_component *c, struct tu_buf *out)
{
	tu_buf_str_add(out, c->supplier);
}

static const struct {
	unsigned field;
	const char *word;
	void (*write)(const struct tu_component *c, struct tu_buf *out);
} fields[] = {
	{TU_DIFF_VERSION, "version", write_version},
	{TU_DIFF_LICENCE, "licence", write_licences},
	{TU_DIFF_SUPPLIER, "supplier", write_supplier},
	{TU_DIFF_HASHES, "hashes", write_hashes},
};

static void add_value(struct diff *d, size_t field, const struct tu_component *c)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	fields[field].write(c, &words);
	tu_paint(&d->answer.paint, TU_HUE_PLAIN, words.len ? tu_buf_str(&words) : TU_STR("(none)"));
	tu_buf_done(&words);
}

static void add_pair(struct diff *d, const struct tu_diff_pair *pair)
{
	const struct tu_component *a = &d->a.inventory->components[pair->a];
	const struct tu_component *b = &d->b.inventory->components[pair->b];
	struct tu_buf *out = d->answer.paint.out;

	tu_buf_c(out, "  ");
	tu_paint(&d->answer.paint, TU_HUE_BOLD, a->name.len ? a->name : b->name);
	if (pair->by == TU_DIFF_BY_HASH && !tu_str_eq(a->name, b->name)) {
		tu_buf_c(out, " is now ");
		tu_paint(&d->answer.paint, TU_HUE_BOLD, b->name);
	}
	tu_buf_byte(out, '\n');
	for (size_t i = 0; i < TU_COUNT(fields); i++) {
		if (!(pair->fields & fields[i].field))
			continue;
		tu_buf_c(out, "    ");
		tu_paint_cell(
			&d->answer.paint, TU_HUE_DIM, tu_str_c(fields[i].word), WORD_WIDTH, false);
		add_value(d, i, a);
		tu_buf_c(out, " \xe2\x86\x92 ");
		add_value(d, i, b);
		tu_buf_byte(out, '\n');
	}
	tu_sink_spill(&d->answer.out.sink);
}

static void add_pairs(struct diff *d)
{
	if (d->diff->changed == 0)
		return;
	tu_buf_printf(d->answer.paint.out, "\nChanged: %zu\n", d->diff->changed);
	for (size_t i = 0; i < d->diff->pair_count; i++)
		if (d->diff->pairs[i].fields)
			add_pair(d, &d->diff->pairs[i]);
}

static void add_vulnerability(struct diff *d, uint32_t index, enum turn turn)
{
	const struct side *side = turn == TURN_WENT ? &d->a : &d->b;
	const struct standing *standing = &side->standings[index];
	struct tu_report_vulnerability v = {
		.index = index, .facts = tu_kb_vulnerability(d->kb.kb, index)};
	struct tu_buf *out = d->answer.paint.out;

	tu_report_choose_score(d->kb.kb, &v);
	tu_buf_c(out, "  ");
	tu_paint_cell(&d->answer.paint, TU_HUE_BOLD, v.facts.id, ID_WIDTH, false);
	tu_buf_byte(out, ' ');
	tu_paint_cell(&d->answer.paint, tu_paint_severity(v.severity),
		tu_str_c(tu_severity_name(v.severity)), WORD_WIDTH, false);
	if (turn == TURN_CHANGED)
		tu_buf_printf(out, "%s \xe2\x86\x92 ",
			tu_match_verdict_name(d->a.standings[index].verdict));
	tu_buf_printf(out, "%s, ", tu_match_verdict_name(standing->verdict));
	tu_sbom_answer_component(
		&d->answer, TU_HUE_PLAIN, &side->inventory->components[standing->component]);
	if (v.facts.has_kev)
		tu_buf_c(out, ", known to be exploited");
	tu_buf_byte(out, '\n');
	tu_sink_spill(&d->answer.out.sink);
}

static const struct {
	enum turn turn;
	const char *heading;
	const char *key;
} turns[] = {
	{TURN_CAME, "Vulnerabilities that came", "came"},
	{TURN_WENT, "Vulnerabilities that went", "went"},
	{TURN_CHANGED, "Vulnerabilities with another verdict", "changed_verdict"},
};

static void add_vulnerabilities(struct diff *d)
{
	for (size_t t = 0; t < TU_COUNT(turns); t++) {
		size_t count = count_turns(d, turns[t].turn);

		if (count == 0)
			continue;
		tu_buf_printf(d->answer.paint.out, "\n%s: %zu\n", turns[t].heading, count);
		for (uint32_t i = 0; i < d->kb_info.vulnerabilities; i++)
			if (turn_of(d, i) == turns[t].turn)
				add_vulnerability(d, i, turns[t].turn);
	}
}

static void write_table(struct diff *d)
{
	const struct tu_sbom_diff *diff = d->diff;

	add_side(d, "from", &d->a);
	add_side(d, "to", &d->b);
	add_singles(d, "Added", "  + ", TU_HUE_GREEN, &d->b, diff->added, diff->added_count);
	add_singles(d, "Removed", "  - ", TU_HUE_RED, &d->a, diff->removed, diff->removed_count);
	add_pairs(d);
	add_vulnerabilities(d);
	tu_buf_printf(d->answer.paint.out, "\n%zu components are the same\n",
		diff->pair_count - diff->changed);
	tu_sbom_answer_notes(&d->answer, d->a.inventory, tu_sbom_source_name(&d->a.source));
	tu_sbom_answer_notes(&d->answer, d->b.inventory, tu_sbom_source_name(&d->b.source));
}

/* ---- JSON ---- */

static void add_json_singles(struct diff *d, const char *key, const struct side *side,
	const uint32_t *list, size_t count)
{
	tu_json_key(&d->json, key);
	tu_json_open_array(&d->json);
	for (size_t i = 0; i < count; i++) {
		tu_json_component(&d->json, side->inventory, &side->inventory->components[list[i]]);
		tu_sink_spill(&d->answer.out.sink);
	}
	tu_json_close_array(&d->json);
}

static void add_json_value(
	struct diff *d, const char *key, size_t field, const struct tu_component *c)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	fields[field].write(c, &words);
	tu_json_member_str(&d->json, key, tu_buf_str(&words));
	tu_buf_done(&words);
}

static void add_json_pair(struct diff *d, const struct tu_diff_pair *pair)
{
	const struct tu_component *a = &d->a.inventory->components[pair->a];
	const struct tu_component *b = &d->b.inventory->components[pair->b];

	tu_json_open_object(&d->json);
	tu_json_member_str(&d->json, "paired_by", tu_str_c(tu_diff_by_name(pair->by)));
	tu_json_key(&d->json, "from");
	tu_json_component(&d->json, d->a.inventory, a);
	tu_json_key(&d->json, "to");
	tu_json_component(&d->json, d->b.inventory, b);
	tu_json_key(&d->json, "changes");
	tu_json_open_array(&d->json);
	for (size_t i = 0; i < TU_COUNT(fields); i++) {
		if (!(pair->fields & fields[i].field))
			continue;
		tu_json_open_object(&d->json);
		tu_json_member_str(&d->json, "field", tu_str_c(fields[i].word));
		add_json_value(d, "from", i, a);
		add_json_value(d, "to", i, b);
		tu_json_close_object(&d->json);
	}
	tu_json_close_array(&d->json);
	tu_json_close_object(&d->json);
	tu_sink_spill(&d->answer.out.sink);
}

static void add_json_standing(struct diff *d, const char *key, const struct standing *standing,
	const struct tu_inventory *inventory)
{
	if (!standing->present)
		return;
	tu_json_key(&d->json, key);
	tu_json_open_object(&d->json);
	tu_json_member_str(&d->json, "verdict", tu_str_c(tu_match_verdict_name(standing->verdict)));
	tu_json_key(&d->json, "component");
	tu_json_component(&d->json, inventory, &inventory->components[standing->component]);
	tu_json_close_object(&d->json);
}

static void add_json_turns(struct diff *d, const char *key, enum turn turn)
{
	tu_json_key(&d->json, key);
	tu_json_open_array(&d->json);
	for (uint32_t i = 0; i < d->kb_info.vulnerabilities; i++) {
		struct tu_report_vulnerability v = {.index = i};

		if (turn_of(d, i) != turn)
			continue;
		v.facts = tu_kb_vulnerability(d->kb.kb, i);
		tu_report_choose_score(d->kb.kb, &v);
		tu_json_open_object(&d->json);
		tu_json_member_str(&d->json, "id", v.facts.id);
		tu_json_weight(&d->json, d->kb.kb, &v);
		add_json_standing(d, "from", &d->a.standings[i], d->a.inventory);
		add_json_standing(d, "to", &d->b.standings[i], d->b.inventory);
		tu_json_close_object(&d->json);
		tu_sink_spill(&d->answer.out.sink);
	}
	tu_json_close_array(&d->json);
}

static void add_json_side(struct diff *d, const char *key, const struct side *side)
{
	tu_json_key(&d->json, key);
	tu_json_open_object(&d->json);
	tu_json_sbom(&d->json, side->inventory, tu_str_c(tu_sbom_source_name(&side->source)));
	tu_json_member_int(&d->json, "components", (int64_t)side->inventory->component_count);
	tu_sbom_answer_json_notes(&d->json, side->inventory);
	tu_json_close_object(&d->json);
}

static void write_json(struct diff *d)
{
	struct tu_json_writer *json = &d->json;
	const struct tu_sbom_diff *diff = d->diff;

	*json = tu_json_writer(d->answer.paint.out, true);
	tu_json_open_object(json);
	tu_json_member_str(json, "format", TU_STR("tutela-sbom-diff"));
	tu_json_member_int(json, "format_version", FORMAT_VERSION);
	tu_json_tool(json);
	add_json_side(d, "from", &d->a);
	add_json_side(d, "to", &d->b);
	tu_json_knowledge_base(
		json, &d->kb_info, tu_str_c(d->kb.starter ? "" : d->kb.path.ptr), d->kb.sidecar);
	tu_json_member_bool(json, "equal", !differs(d));
	tu_json_member_int(json, "same", (int64_t)(diff->pair_count - diff->changed));
	add_json_singles(d, "added", &d->b, diff->added, diff->added_count);
	add_json_singles(d, "removed", &d->a, diff->removed, diff->removed_count);
	tu_json_key(json, "changed");
	tu_json_open_array(json);
	for (size_t i = 0; i < diff->pair_count; i++)
		if (diff->pairs[i].fields)
			add_json_pair(d, &diff->pairs[i]);
	tu_json_close_array(json);
	tu_json_key(json, "vulnerabilities");
	tu_json_open_object(json);
	for (size_t t = 0; t < TU_COUNT(turns); t++)
		add_json_turns(d, turns[t].key, turns[t].turn);
	tu_json_close_object(json);
	tu_json_close_object(json);
	tu_buf_byte(d->answer.paint.out, '\n');
}

/* ---- the command ---- */

static bool read_request(int argc, char **argv, struct diff *d)
{
	if (!tu_options_take(&tu_cmd_sbom_diff, &argc, argv, d))
		return false;
	if (argc != 3) {
		tu_command_misused(name, "expected two SBOMs");
		return false;
	}
	if (strcmp(argv[1], "-") == 0 && strcmp(argv[2], "-") == 0) {
		tu_command_misused(name, "standard input can be read only once");
		return false;
	}
	d->a.source = (struct tu_sbom_source){.path = argv[1]};
	d->b.source = (struct tu_sbom_source){.path = argv[2]};
	tu_sbom_answer_read(&d->answer);
	return true;
}

static enum tu_status read_sides(struct diff *d, struct tu_error *err)
{
	const struct tu_inventory *inventories[2];
	enum tu_status status = tu_sbom_source_read(d->arena, &d->a.source, &inventories[0], err);

	if (!status)
		status = tu_sbom_source_read(d->arena, &d->b.source, &inventories[1], err);
	if (!status && d->supplement)
		status = tu_sbom_file_supplement(d->arena, d->supplement, inventories, 2, err);
	if (status)
		return status;
	d->a.inventory = inventories[0];
	d->b.inventory = inventories[1];
	return TU_OK;
}

static enum tu_status compare(struct diff *d, struct tu_error *err)
{
	enum tu_status status = read_sides(d, err);

	if (!status)
		status = tu_sbom_diff(d->arena, d->a.inventory, d->b.inventory, &d->diff, err);
	if (!status)
		status = tu_kb_file_open(tu_context(), d->kb_path, TU_KB_VERIFY_ONCE, &d->kb, err);
	if (status)
		return status;
	tu_kb_info(d->kb.kb, &d->kb_info);
	status = match_side(d, &d->a, err);
	return status ? status : match_side(d, &d->b, err);
}

static int run(struct diff *d)
{
	struct tu_error err = {0};
	enum tu_status status = compare(d, &err);

	if (!status)
		status = tu_sbom_answer_open(&d->answer, &err);
	if (status)
		return tu_command_failed(name, &err);
	tu_sbom_cmd_same_serial(d->a.source.path, d->a.inventory, d->b.source.path, d->b.inventory);
	if (d->answer.json)
		write_json(d);
	else
		write_table(d);
	/* As diff(1): 0 equal, 1 different. */
	return tu_sbom_answer_close(&d->answer, tu_command_judged(!differs(d)));
}

static int run_diff(int argc, char **argv)
{
	struct diff d = {.kb_path = NULL};
	int code;

	if (!read_request(argc, argv, &d))
		return TU_EXIT_USAGE;
	d.arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	code = d.arena ? run(&d) : tu_command_no_memory(name);
	tu_kb_file_close(&d.kb);
	tu_arena_free(d.arena);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct diff, kb_path),
	TU_OPTION_SUPPLEMENT(struct diff, supplement),
	TU_SBOM_ANSWER_OPTIONS(struct diff),
};

const struct tu_command tu_cmd_sbom_diff = {
	.name = "sbom diff",
	.summary = "List what changed between two SBOMs",
	.usage = {"A B [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Exit code 1 when they differ.\n",
	.run = run_diff,
};
