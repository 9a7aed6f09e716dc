/* tutela kb build: from feeds to one file. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "show/describe.h"
#include "cli/kb_cmd.h"
#include "cli/options.h"
#include "cli/output.h"
#include "show/paint.h"
#include "cli/starter.h"
#include "kb/build.h"

static const char name[] = "kb build";

enum { PROBLEMS_SHOWN = 10, PROGRESS_MS = 100 };

#define KB_BYTES_MAX ((size_t)4 << 30)

struct build {
	const char *output;
	const char *problems_path;
	bool keep_going;
	bool quiet; /* no summary, no list of what was not understood */
	struct tu_kb_build kb;
	struct tu_kb_build_counts counts;
	struct tu_output problem_file;
	bool progress; /* standard error is a terminal */
	struct timespec started;
	struct timespec told;
};

/* ---- progress ---- */

static long long milliseconds_since(const struct timespec *then)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000LL + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static void tell_progress(void *context, struct tu_str document)
{
	struct build *b = context;
	struct tu_buf text;
	struct tu_paint paint = {.out = &text};

	if (!b->progress || milliseconds_since(&b->told) < PROGRESS_MS)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, &b->told);
	tu_buf_init(&text, 64 * 1024);
	tu_paint_cut(&paint, TU_HUE_PLAIN, document, 60);
	fprintf(stderr, "\r\033[K%zu MB, %zu records: %.*s", b->kb.bytes / 1000000,
		tu_kb__build_records(&b->kb), TU_STR_FMT(tu_buf_str(&text)));
	(void)fflush(stderr);
	tu_buf_done(&text);
}

static void clear_progress(const struct build *b)
{
	if (b->progress)
		fputs("\r\033[K", stderr);
}

/* ---- what was not understood ---- */

static void take_problem(
	void *context, struct tu_str document, struct tu_str where, struct tu_str what)
{
	struct build *b = context;

	if (b->kb.problems <= PROBLEMS_SHOWN && !b->problems_path && !b->quiet) {
		clear_progress(b);
		tu_command_warn(name, "%.*s: %.*s: %.*s", TU_STR_FMT(document), TU_STR_FMT(where),
			TU_STR_FMT(what));
	}
	if (b->problems_path) {
		tu_buf_printf(&b->problem_file.sink.buf, "%.*s\t%.*s\t%.*s\n", TU_STR_FMT(document),
			TU_STR_FMT(where), TU_STR_FMT(what));
		tu_sink_spill(&b->problem_file.sink);
	}
}

static void take_broken(void *context, struct tu_str document, const struct tu_error *problem)
{
	struct build *b = context;
	struct tu_error named = *problem;
	char text[TU_ERROR_TEXT_MAX];

	clear_progress(b);
	if (document.len)
		(void)tu_error_in_file(&named, "%.*s", TU_STR_FMT(document));
	tu_command_warn(name, "%s", tu_error_text(&named, text, sizeof(text)));
}

/* ---- reading ---- */

/* The curated names that every knowledge base gets come first. */
static enum tu_status read_inputs(struct build *b, char **inputs, int count, struct tu_error *err)
{
	size_t len = (size_t)(tu_products_tsv_end - tu_products_tsv_start);
	enum tu_status status = tu_kb__build_names(&b->kb, TU_STR("built-in names"),
		tu_str_of((const char *)tu_products_tsv_start, len), err);

	for (int i = 0; status == TU_OK && i < count; i++)
		status = tu_kb__build_input(&b->kb, inputs[i], err);
	clear_progress(b);
	return status;
}

/* ---- the summary ---- */

static void print_forms(const struct build *b)
{
	printf("\n  %-14s %10s %10s %10s %15s\n", "form", "documents", "records", "left out",
		"not understood");
	for (size_t i = 0; i < TU_FEED_COUNT_; i++) {
		const struct tu_kb_tally *t = &b->kb.forms[i];

		if (i == TU_FEED_UNKNOWN || t->documents == 0)
			continue;
		printf("  %-14s %10zu %10zu %10zu %15zu\n", tu_feed_form_name((enum tu_feed_form)i),
			t->documents, t->records, t->skipped, t->problems);
	}
	printf("  %-14s %10s %10zu\n\n", "names", "", b->kb.aliases.rows);
}

static void print_details(const struct build *b)
{
	const struct tu_kb_build_counts *c = &b->counts;

	printf("%zu vulnerabilities (%zu rejected or withdrawn) from %zu records; %zu older states "
	       "superseded\n"
	       "%zu packages, %zu products, %zu affected entries, %zu version ranges\n",
		c->vulnerabilities, c->rejected, c->advisories, c->superseded, c->packages,
		c->products, c->entries, c->spans);
	if (c->alias_conflicts)
		printf("%zu alias links not followed: they would have joined two CVEs\n",
			c->alias_conflicts);
	if (c->epss_unused)
		printf("%zu EPSS scores of vulnerabilities that no other source knows\n",
			c->epss_unused);
	if (b->kb.problems)
		printf("%zu places not understood%s%s\n", b->kb.problems,
			b->problems_path ? ", listed in " : "; --problems FILE lists all",
			b->problems_path ? b->problems_path : "");
	if (b->kb.strange)
		printf("%zu documents of no known form were left out, the first: %.*s\n",
			b->kb.strange, TU_STR_FMT(tu_buf_str(&b->kb.first_strange)));
	if (b->kb.broken)
		printf("%zu documents could not be read to their end\n", b->kb.broken);
}

static void print_summary(const struct build *b, size_t bytes)
{
	double seconds = (double)milliseconds_since(&b->started) / 1000;

	printf("%s: %.1f MB, from %.1f MB in %zu documents, %.1f s", b->output, (double)bytes / 1e6,
		(double)b->kb.bytes / 1e6, b->kb.documents, seconds);
	if (seconds > 0.1)
		printf(" (%.0f MB/s)", (double)b->kb.bytes / 1e6 / seconds);
	printf("\n");
	print_forms(b);
	print_details(b);
}

/* ---- the command ---- */

/* Nothing is written when a part of what was named could not be read: a knowledge base that lacks
 * a feed looks like a device without vulnerabilities. */
static enum tu_status check_whole(const struct build *b, struct tu_error *err)
{
	if (b->kb.broken && !b->keep_going)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"%zu documents could not be read to their end; nothing was written "
			"(--keep-going builds from the rest)",
			b->kb.broken);
	if (tu_kb__build_records(&b->kb) == 0)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"no record in %zu documents%s%.*s; nothing was written", b->kb.documents,
			b->kb.strange ? ", " : "", TU_STR_FMT(tu_buf_str(&b->kb.first_strange)));
	return TU_OK;
}

static enum tu_status write_kb(struct build *b, size_t *out_bytes, struct tu_error *err)
{
	struct tu_output output;
	struct tu_buf kb;
	enum tu_status status = tu_output_open(&output, b->output, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&kb, KB_BYTES_MAX);
	status = tu_kb__build_finish(&b->kb, &kb, &b->counts, err);
	*out_bytes = kb.len;
	if (status == TU_OK) {
		/* the output takes the bytes over */
		tu_buf_done(&output.sink.buf);
		output.sink.buf = kb;
		return tu_output_close(&output, err);
	}
	tu_buf_done(&kb);
	tu_output_abandon(&output);
	return status;
}

static enum tu_status build(struct build *b, char **inputs, int count, struct tu_error *err)
{
	const struct tu_kb_build_hooks hooks = {tell_progress, take_problem, take_broken, b};
	size_t bytes = 0;
	enum tu_status status = tu_kb__build_init(&b->kb, &hooks, err);

	if (status == TU_OK)
		status = read_inputs(b, inputs, count, err);
	if (status == TU_OK)
		status = check_whole(b, err);
	if (status == TU_OK)
		status = write_kb(b, &bytes, err);
	if (status == TU_OK && !b->quiet)
		print_summary(b, bytes);
	return status;
}

static int run(struct build *b, char **inputs, int count)
{
	struct tu_error err = {0};
	enum tu_status status = TU_OK;

	if (b->problems_path)
		status = tu_output_open(&b->problem_file, b->problems_path, &err);
	if (status == TU_OK) {
		status = build(b, inputs, count, &err);
		if (b->problems_path) {
			struct tu_error late = {0};
			enum tu_status closed = tu_output_close(&b->problem_file, &late);

			if (status == TU_OK && closed != TU_OK) {
				status = closed;
				err = late;
			}
		}
	}
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

enum tu_status tu_kb_build_from(const char *output, char **inputs, int count, struct tu_error *err)
{
	struct build b = {.output = output,
		.keep_going = true,
		.quiet = true,
		.progress = isatty(STDERR_FILENO) == 1};
	enum tu_status status;

	(void)clock_gettime(CLOCK_MONOTONIC, &b.started);
	status = build(&b, inputs, count, err);
	tu_kb__build_done(&b.kb);
	return status;
}

static int run_build(int argc, char **argv)
{
	struct build b = {.progress = isatty(STDERR_FILENO) == 1};
	int code;

	if (!tu_options_take(&tu_cmd_kb_build, &argc, argv, &b))
		return TU_EXIT_USAGE;
	if (strcmp(b.output, "-") == 0)
		return tu_command_misused(
			name, "a knowledge base is not written to standard output");
	if (argc < 2)
		return tu_command_misused(name, "expected feeds: files, folders or archives");
	(void)clock_gettime(CLOCK_MONOTONIC, &b.started);
	code = run(&b, argv + 1, argc - 1);
	tu_kb__build_done(&b.kb);
	return code;
}

static const struct tu_option options[] = {
	{"output", 'o', "FILE", "Write the knowledge base to FILE", TU_TEXT(struct build, output),
		.required = true},
	{"problems", 0, "FILE", "List every place that was not understood in FILE",
		TU_TEXT(struct build, problems_path)},
	{"keep-going", 0, NULL, "Build from the rest when a feed cannot be read",
		TU_FLAG(struct build, keep_going)},
};

const struct tu_command tu_cmd_kb_build = {
	.name = "kb build",
	.summary = "Build a knowledge base from feeds: files, folders, archives",
	.usage = {"-o FILE INPUT... [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_build,
};
