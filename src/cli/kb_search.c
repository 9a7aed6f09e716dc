/* tutela kb search: vulnerabilities whose id, title, packages or products hold all given words. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"
#include "app/findings.h"

static const char name[] = "kb search";

enum { WORDS_MAX = 8, LIMIT_DEFAULT = 50, LIMIT_MAX = 10000000 };

struct search {
	const struct tu_kb *kb;
	struct tu_kb_info info;
	struct tu_str words[WORDS_MAX];
	size_t word_count;
	uint8_t *found; /* per vulnerability: a bit for each word that it holds */
	struct tu_report_vulnerability *hits;
	struct tu_report_row *rows;
	size_t hit_count;
};

static uint8_t words_in(const struct search *s, struct tu_str text)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < s->word_count; i++)
		if (tu_str_isearch(text, s->words[i]) < text.len)
			bits |= (uint8_t)(1u << i);
	return bits;
}

static void look_everywhere(struct search *s)
{
	for (uint32_t i = 0; i < s->info.vulnerabilities; i++) {
		struct tu_kb_vulnerability v = tu_kb_vulnerability(s->kb, i);

		s->found[i] |= words_in(s, v.id) | words_in(s, v.title);
	}
	for (uint32_t i = 0; i < s->info.entries; i++) {
		struct tu_kb_entry e = tu_kb_entry(s->kb, i);

		s->found[e.vulnerability] |= words_in(s, e.is_package ? e.name : e.product) |
			words_in(s, e.is_package ? e.namespace_ : e.vendor);
	}
}

static int compare_hits(const void *left, const void *right)
{
	return tu_report_compare_rows(left, right);
}

/* Vulnerabilities that hold every word, what matters most first. */
static bool collect(struct search *s)
{
	static const struct tu_finding as_affected = {.verdict = TU_MATCH_AFFECTED};
	uint8_t all = (uint8_t)((1u << s->word_count) - 1);
	size_t count = 0;

	for (uint32_t i = 0; i < s->info.vulnerabilities; i++)
		count += s->found[i] == all;
	s->hits = tu_alloc(count + 1, sizeof(*s->hits));
	s->rows = tu_alloc(count + 1, sizeof(*s->rows));
	if (!s->hits || !s->rows)
		return false;
	for (uint32_t i = 0; i < s->info.vulnerabilities; i++) {
		struct tu_report_vulnerability *hit = &s->hits[s->hit_count];

		if (s->found[i] != all)
			continue;
		hit->index = i;
		hit->facts = tu_kb_vulnerability(s->kb, i);
		tu_report_choose_score(s->kb, hit);
		s->rows[s->hit_count++] =
			(struct tu_report_row){.finding = &as_affected, .vulnerability = hit};
	}
	qsort(s->rows, s->hit_count, sizeof(*s->rows), compare_hits);
	return true;
}

static void write_hit(const struct tu_paint *paint, const struct tu_report_vulnerability *v)
{
	char score[16] = "-";

	if (v->tenths != TU_SCORE_UNSTATED)
		(void)snprintf(score, sizeof(score), "%.1f", v->tenths / 10.0);
	tu_paint_cell(paint, TU_HUE_BOLD, v->facts.id, 18, false);
	tu_buf_c(paint->out, " ");
	tu_paint_cell(
		paint, TU_HUE_BRIGHT_RED, v->facts.has_kev ? TU_STR("KEV") : TU_STR(""), 4, false);
	tu_paint_cell(paint, tu_paint_severity(v->severity),
		tu_str_c(tu_severity_name(v->severity)), 9, false);
	tu_paint_cell(paint, TU_HUE_PLAIN, tu_str_c(score), 4, true);
	tu_buf_c(paint->out, "  ");
	tu_paint(paint, TU_HUE_PLAIN, v->facts.title);
	tu_buf_c(paint->out, "\n");
}

static enum tu_status write_hits(
	const struct search *s, size_t limit, bool colour, struct tu_error *err)
{
	struct tu_output out;
	struct tu_paint paint = {.out = &out.sink.buf, .colour = colour};
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < s->hit_count && i < limit; i++) {
		write_hit(&paint, s->rows[i].vulnerability);
		tu_sink_spill(&out.sink);
	}
	tu_buf_printf(&out.sink.buf, "%zu of %u vulnerabilities%s", s->hit_count,
		s->info.vulnerabilities, s->hit_count > limit ? "" : "\n");
	if (s->hit_count > limit)
		tu_buf_printf(
			&out.sink.buf, "; %zu are not shown (--limit)\n", s->hit_count - limit);
	return tu_output_close(&out, err);
}

static enum tu_status search(struct search *s, size_t limit, bool colour, struct tu_error *err)
{
	enum tu_status status;

	tu_kb_info(s->kb, &s->info);
	s->found = tu_alloc((size_t)s->info.vulnerabilities + 1, sizeof(*s->found));
	if (!s->found)
		return tu_no_memory(err);
	look_everywhere(s);
	status = collect(s) ? write_hits(s, limit, colour, err) : tu_no_memory(err);
	tu_free(s->found);
	tu_free(s->rows);
	tu_free(s->hits);
	return status;
}

struct request {
	const char *kb;
	const char *limit;
	const char *colour;
};

static int run_search(int argc, char **argv)
{
	struct request request = {0};
	struct search s = {0};
	struct tu_kb_file file;
	struct tu_error err = {0};
	uint64_t limit = LIMIT_DEFAULT;
	bool colour;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_kb_search, &argc, argv, &request))
		return TU_EXIT_USAGE;
	colour = tu_options_colour(request.colour, STDOUT_FILENO);
	if (argc < 2 || argc > WORDS_MAX + 1)
		return tu_command_misused(name, "expected one to %d words", WORDS_MAX);
	if (request.limit && !tu_str_to_u64(tu_str_c(request.limit), LIMIT_MAX, &limit))
		return tu_command_misused(
			name, "--limit must be a number, not \"%s\"", request.limit);
	for (int i = 1; i < argc; i++)
		s.words[s.word_count++] = tu_str_c(argv[i]);
	status = tu_kb_file_open(tu_context(), request.kb, TU_KB_VERIFY_ONCE, &file, &err);
	if (status == TU_OK) {
		s.kb = file.kb;
		status = search(&s, (size_t)limit, colour, &err);
		tu_kb_file_close(&file);
	}
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	{"limit", 0, "N", "Show at most N vulnerabilities", TU_TEXT(struct request, limit)},
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_COLOUR(struct request, colour),
};

const struct tu_command tu_cmd_kb_search = {
	.name = "kb search",
	.summary = "Find vulnerabilities that contain all words",
	.usage = {"WORD... [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_search,
};
