/* tutela sbom check: what a regulator asks of an SBOM, and what this one lacks of it. */
#include <string.h>

#include <tutela/sbom_check.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/sbom_check.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "show/sbom_text.h"

static const char name[] = "sbom";

enum { TEXT_CEILING = 1 << 20, TITLE_WIDTH = 46, SHARE_WIDTH = 22 };

struct check {
	struct tu_sbom_answer answer;
	struct tu_sbom_source source;
	const char *profile_name;
	const char *at_text;
	int64_t at;
	const struct tu_check_profile *profile;
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	const struct tu_check_result *result;
};

/* ---- table ---- */

static size_t count_failed(const struct tu_check_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->profile->rule_count; i++)
		count += result->profile->rules[i].required &&
			result->tallies[i].present < result->tallies[i].asked;
	return count;
}

static void add_heading(struct check *c)
{
	const struct tu_check_result *result = c->result;
	struct tu_buf *out = c->answer.paint.out;
	struct tu_buf title;

	tu_buf_init(&title, TEXT_CEILING);
	tu_sbom_file_title(c->inventory, &title);
	tu_paint(&c->answer.paint, TU_HUE_BOLD,
		title.len ? tu_buf_str(&title) : tu_str_c(tu_sbom_source_name(&c->source)));
	tu_buf_done(&title);
	tu_buf_printf(out, ": %.*s\n", TU_STR_FMT(result->profile->title));
	tu_buf_printf(out, "score %u of 100; ", result->score);
	if (result->passed)
		tu_paint_c(&c->answer.paint, TU_HUE_GREEN, "all that is required is there");
	else if (result->judged == 0)
		tu_paint_c(&c->answer.paint, TU_HUE_RED,
			"it lists no components: there is nothing to judge");
	else
		tu_buf_printf(out, "%zu required elements are not complete", count_failed(result));
	tu_buf_printf(out, "\n%zu components judged", result->judged);
	if (result->files)
		tu_buf_printf(out, ", %zu files beside them not judged", result->files);
	tu_buf_c(out, "\n\n");
}

static void add_share(struct check *c, size_t rule)
{
	const struct tu_check_tally *tally = &c->result->tallies[rule];
	bool complete = tally->asked && tally->present == tally->asked;
	enum tu_hue hue = complete		   ? TU_HUE_GREEN
		: c->profile->rules[rule].required ? TU_HUE_RED
						   : TU_HUE_YELLOW;
	struct tu_buf words;

	tu_buf_init(&words, TEXT_CEILING);
	if (!c->profile->rules[rule].document)
		tu_buf_printf(&words, "%zu of %zu", tally->present, tally->asked);
	else
		tu_buf_c(&words, tally->present ? "yes" : tally->missing ? "no" : "");
	if (tally->undecided)
		tu_buf_printf(&words, ", %zu undecided", tally->undecided);
	tu_paint_cell(&c->answer.paint, hue, tu_buf_str(&words), SHARE_WIDTH, false);
	tu_buf_done(&words);
}

static void add_rule(struct check *c, size_t i)
{
	const struct tu_check_rule *rule = &c->profile->rules[i];
	const struct tu_paint *paint = &c->answer.paint;

	tu_buf_c(paint->out, rule->required ? "required     " : "recommended  ");
	tu_paint_cell(paint, TU_HUE_PLAIN, rule->title, TITLE_WIDTH, false);
	tu_buf_byte(paint->out, ' ');
	add_share(c, i);
	tu_paint(paint, TU_HUE_DIM, rule->clause);
	tu_buf_byte(paint->out, '\n');
}

/* "supplier name, hash (recommended)" */
static void add_elements(struct check *c, uint32_t bits)
{
	const char *comma = "";

	for (size_t i = 0; i < c->profile->rule_count; i++) {
		if (!(bits >> i & 1))
			continue;
		tu_buf_printf(c->answer.paint.out, "%s%.*s%s", comma,
			TU_STR_FMT(c->profile->rules[i].title),
			c->profile->rules[i].required ? "" : " (recommended)");
		comma = ", ";
	}
}

static void add_lacking(struct check *c, const char *heading, const uint32_t *bits)
{
	struct tu_buf *out = c->answer.paint.out;
	struct tu_buf pointer;
	bool begun = false;

	tu_buf_init(&pointer, TEXT_CEILING);
	for (size_t i = 0; i < c->inventory->component_count; i++) {
		const struct tu_component *component = &c->inventory->components[i];

		if (!bits[i])
			continue;
		if (!begun)
			tu_buf_printf(out, "\n%s\n", heading);
		begun = true;
		tu_buf_clear(&pointer);
		tu_component_pointer(c->inventory, component, &pointer);
		tu_buf_c(out, "  ");
		tu_sbom_text_component(&c->answer.paint, TU_HUE_BOLD, component);
		tu_buf_c(out, " (");
		tu_paint(&c->answer.paint, TU_HUE_DIM, tu_buf_str(&pointer));
		tu_buf_c(out, "): ");
		add_elements(c, bits[i]);
		tu_buf_byte(out, '\n');
		tu_sink_spill(&c->answer.out.sink);
	}
	tu_buf_done(&pointer);
}

/* Why a value does not count, and what it means. */
static void add_remarks(struct check *c)
{
	const struct tu_check_result *result = c->result;
	struct tu_buf *out = c->answer.paint.out;

	if (result->remark_count)
		tu_buf_c(out, "\nRemarks:\n");
	for (size_t i = 0; i < result->remark_count; i++) {
		const struct tu_check_remark *remark = &result->remarks[i];

		tu_buf_c(out, "  ");
		tu_sbom_text_component(&c->answer.paint, TU_HUE_BOLD,
			&c->inventory->components[remark->component]);
		tu_buf_c(out, ": ");
		tu_paint(&c->answer.paint, TU_HUE_PLAIN, remark->words);
		tu_buf_byte(out, '\n');
		tu_sink_spill(&c->answer.out.sink);
	}
}

static void write_table(struct check *c)
{
	add_heading(c);
	for (size_t i = 0; i < c->profile->rule_count; i++)
		add_rule(c, i);
	add_lacking(c, "Missing:", c->result->missing);
	add_lacking(c,
		"Undecided, since this is not read from documents of this format; a person must "
		"look:",
		c->result->undecided);
	add_remarks(c);
	tu_sbom_text_notes(&c->answer.paint, &c->answer.out.sink, c->inventory, "the SBOM");
}

/* ---- the command ---- */

static const char *profile_word(size_t index)
{
	return index < tu_check_profile_count ? tu_check_profiles[index].name.ptr : NULL;
}

static bool read_request(int argc, char **argv, struct check *c)
{
	if (!tu_options_take(&tu_cmd_sbom_check, &argc, argv, c))
		return false;
	c->profile = tu_check_profile_by_name(tu_str_c(c->profile_name));
	tu_sbom_answer_read(&c->answer);
	if (!tu_context_time(name, "at", c->at_text, &c->at))
		return false;
	return tu_sbom_source_take(name, argc, argv, &c->source);
}

static int run(struct check *c)
{
	struct tu_error err = {0};
	enum tu_status status = tu_sbom_source_read(c->arena, &c->source, &c->inventory, &err);

	if (!status)
		status = tu_sbom_check(c->arena,
			&(struct tu_check_request){c->profile, c->inventory, c->at}, &c->result,
			&err);
	if (!status)
		status = tu_sbom_answer_open(&c->answer, &err);
	if (status)
		return tu_command_failed(name, &err);
	if (c->answer.json)
		tu_sbom_check_json(&(struct tu_sbom_checked){.inventory = c->inventory,
					   .result = c->result,
					   .source = tu_str_c(tu_sbom_source_name(&c->source))},
			true, &c->answer.out.sink);
	else
		write_table(c);
	return tu_sbom_answer_close(&c->answer, tu_command_judged(c->result->passed));
}

static int run_check(int argc, char **argv)
{
	struct check c = {.profile = NULL};
	int code;

	if (!read_request(argc, argv, &c))
		return TU_EXIT_USAGE;
	c.arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	code = c.arena ? run(&c) : tu_command_no_memory(name);
	tu_arena_free(c.arena);
	return code;
}

static const struct tu_option options[] = {
	{"profile", 'p', "NAME", "Check against this profile", TU_TEXT(struct check, profile_name),
		.word = profile_word, .required = true},
	{"at", 0, "TIME", "Judge ends of support as of this time (default: now)",
		TU_TEXT(struct check, at_text)},
	TU_OPTION_ROOTFS(struct check, source.rootfs),
	TU_OPTION_SUPPLEMENT(struct check, source.supplement),
	TU_SBOM_ANSWER_OPTIONS(struct check),
};

const struct tu_command tu_cmd_sbom_check = {
	.name = "sbom check",
	.summary = "List what an SBOM is missing for a profile",
	.usage = {"SBOM --profile NAME [OPTION...]", "--rootfs DIR --profile NAME [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Exit code 1 when something that is required is missing.\n",
	.run = run_check,
};
