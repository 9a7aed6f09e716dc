/* tutela kb build: from feeds to one file. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/build.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/kb_cmd.h"
#include "cli/options.h"
#include "show/paint.h"

static const char name[] = "kb build";

enum { PROBLEMS_SHOWN = 10, PROGRESS_MS = 100, UNPACKED_MIB_MAX = 1 << 30, JOBS_MAX = 64 };

struct build {
	const char *output;
	const char *problems_path;
	const char *max_unpacked; /* MiB, as it was given */
	uint64_t unpacked_max; /* the same as a number */
	const char *jobs; /* as it was given */
	uint64_t job_count; /* 0: not given */
	bool keep_going;
	struct tu_build_answer answer;
	struct tu_output problem_file;
	size_t problems;
	struct tu_kb_progress progress;
	struct timespec started;
};

/* ---- progress ---- */

static long long milliseconds_since(const struct timespec *then)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000LL + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static bool show_document(void *self, const struct tu_kb_build *kb)
{
	struct tu_kb_progress *progress = self;
	struct tu_buf text;
	struct tu_paint paint = {.out = &text};

	if (!progress->on_terminal || milliseconds_since(&progress->shown) < PROGRESS_MS)
		return true;
	(void)clock_gettime(CLOCK_MONOTONIC, &progress->shown);
	tu_buf_init(&text, 64 * 1024);
	tu_paint_cut(&paint, TU_HUE_PLAIN, kb->document, 60);
	fprintf(stderr, "\r\033[K%zu MB, %zu records: %.*s", kb->bytes / 1000000,
		tu_kb__build_records(kb), TU_STR_FMT(tu_buf_str(&text)));
	(void)fflush(stderr);
	tu_buf_done(&text);
	return true;
}

void tu_kb_progress_clear(const struct tu_kb_progress *progress)
{
	if (progress->on_terminal)
		fputs("\r\033[K", stderr);
}

static void show_broken(void *self, struct tu_str document, const struct tu_error *problem)
{
	struct tu_error named = *problem;
	char text[TU_ERROR_TEXT_MAX];

	tu_kb_progress_clear(self);
	if (document.len)
		(void)tu_error_in_file(&named, "%.*s", TU_STR_FMT(document));
	tu_command_warn(name, "%s", tu_error_text(&named, text, sizeof(text)));
}

struct tu_kb_build_hooks tu_kb_progress_hooks(struct tu_kb_progress *progress)
{
	return (struct tu_kb_build_hooks){
		.document = show_document, .broken = show_broken, .self = progress};
}

/* ---- what was not understood ---- */

static bool take_document(void *self, const struct tu_kb_build *kb)
{
	return show_document(&((struct build *)self)->progress, kb);
}

static void take_broken(void *self, struct tu_str document, const struct tu_error *problem)
{
	show_broken(&((struct build *)self)->progress, document, problem);
}

static void take_problem(
	void *self, struct tu_str document, struct tu_str where, struct tu_str what)
{
	struct build *b = self;

	if (++b->problems <= PROBLEMS_SHOWN && !b->problems_path) {
		tu_kb_progress_clear(&b->progress);
		tu_command_warn(name, "%.*s: %.*s: %.*s", TU_STR_FMT(document), TU_STR_FMT(where),
			TU_STR_FMT(what));
	}
	if (b->problems_path) {
		tu_buf_printf(&b->problem_file.sink.buf, "%.*s\t%.*s\t%.*s\n", TU_STR_FMT(document),
			TU_STR_FMT(where), TU_STR_FMT(what));
		tu_sink_spill(&b->problem_file.sink);
	}
}

/* ---- the summary ---- */

static void print_forms(const struct build *b)
{
	printf("\n  %-14s %10s %10s %10s %15s\n", "form", "documents", "records", "left out",
		"not understood");
	for (size_t i = 0; i < TU_FEED_COUNT_; i++) {
		const struct tu_kb_tally *t = &b->answer.kb.forms[i];

		if (i == TU_FEED_UNKNOWN || t->documents == 0)
			continue;
		printf("  %-14s %10zu %10zu %10zu %15zu\n", tu_feed_form_name((enum tu_feed_form)i),
			t->documents, t->records, t->skipped, t->problems);
	}
	printf("  %-14s %10s %10zu\n\n", "names", "", b->answer.kb.aliases.rows);
}

static void print_details(const struct build *b)
{
	const struct tu_kb_build_counts *c = &b->answer.counts;

	printf("%zu vulnerabilities (%zu rejected or withdrawn) from %zu records; %zu older states "
	       "superseded\n"
	       "%zu packages, %zu products, %zu affected entries, %zu version ranges\n",
		c->vulnerabilities, c->rejected, c->advisories, c->superseded, c->packages,
		c->products, c->entries, c->spans);
	if (c->alias_conflicts)
		printf("%zu alias links not followed: they would have joined two CVEs\n",
			c->alias_conflicts);
	if (c->withdrawn_kev)
		printf("%zu assertions of exploitation withdrawn by their catalogue, kept as "
		       "such\n",
			c->withdrawn_kev);
	if (c->epss_unused)
		printf("%zu EPSS scores of vulnerabilities that no other source knows\n",
			c->epss_unused);
	if (b->answer.kb.problems)
		printf("%zu places not understood%s%s\n", b->answer.kb.problems,
			b->problems_path ? ", listed in " : "; --problems FILE lists all",
			b->problems_path ? b->problems_path : "");
	if (b->answer.kb.strange)
		printf("%zu documents of no known form were left out, the first: %.*s\n",
			b->answer.kb.strange, TU_STR_FMT(tu_buf_str(&b->answer.kb.first_strange)));
	if (b->answer.kb.broken)
		printf("%zu documents could not be read to their end\n", b->answer.kb.broken);
}

static void print_summary(const struct build *b)
{
	double seconds = (double)milliseconds_since(&b->started) / 1000;

	printf("%s: %.1f MB, from %.1f MB in %zu documents, %.1f s", b->output,
		(double)b->answer.bytes / 1e6, (double)b->answer.kb.bytes / 1e6,
		b->answer.kb.documents, seconds);
	if (seconds > 0.1)
		printf(" (%.0f MB/s)", (double)b->answer.kb.bytes / 1e6 / seconds);
	printf("\n");
	print_forms(b);
	print_details(b);
}

static void warn_loss(void *self, const char *sentence)
{
	(void)self;
	tu_command_warn(name, "%s", sentence);
}

static void warn_losses(const struct tu_build_answer *answer)
{
	if (answer->not_carried.status != TU_OK)
		tu_command_warn(name,
			"%s; what catalogues of exploited vulnerabilities have taken back since "
			"then is not known",
			answer->not_carried.message);
	tu_build_losses(&answer->carried, warn_loss, NULL);
}

/* ---- the command ---- */

static enum tu_status build(
	struct build *b, const char *const *inputs, size_t count, struct tu_error *err)
{
	const struct tu_kb_build_hooks hooks = {take_document, take_problem, take_broken, b};
	const struct tu_build_request request = {.output = b->output,
		.inputs = inputs,
		.input_count = count,
		.unpacked_max = (size_t)b->unpacked_max << 20,
		.jobs = (size_t)b->job_count,
		.keep_going = b->keep_going,
		.hooks = &hooks};
	enum tu_status status = tu_app_build(tu_context(), &request, &b->answer, err);

	tu_kb_progress_clear(&b->progress);
	if (status == TU_OK)
		status = tu_output_close(&b->answer.output, err);
	if (status == TU_OK)
		warn_losses(&b->answer);
	if (status == TU_OK)
		print_summary(b);
	tu_build_done(&b->answer);
	return status;
}

static int run(struct build *b, const char *const *inputs, size_t count)
{
	struct tu_error err = {0}, late = {0};
	enum tu_status status = TU_OK;

	if (b->problems_path)
		status = tu_output_open(&b->problem_file, b->problems_path, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	status = build(b, inputs, count, &err);
	if (b->problems_path && tu_output_close(&b->problem_file, &late) != TU_OK &&
		status == TU_OK)
		return tu_command_failed(name, &late);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static int run_build(int argc, char **argv)
{
	struct build b = {.progress = {.on_terminal = isatty(STDERR_FILENO) == 1}};

	if (!tu_options_take(&tu_cmd_kb_build, &argc, argv, &b))
		return TU_EXIT_USAGE;
	if (strcmp(b.output, "-") == 0)
		return tu_command_misused(
			name, "a knowledge base is not written to standard output");
	if (argc < 2)
		return tu_command_misused(name, "expected feeds: files, folders or archives");
	if (b.max_unpacked &&
		(!tu_str_to_u64(tu_str_c(b.max_unpacked), UNPACKED_MIB_MAX, &b.unpacked_max) ||
			b.unpacked_max == 0))
		return tu_command_misused(name,
			"--max-unpacked must be a number of MiB from 1 to %d, not \"%s\"",
			UNPACKED_MIB_MAX, b.max_unpacked);
	if (b.jobs && (!tu_str_to_u64(tu_str_c(b.jobs), JOBS_MAX, &b.job_count) || !b.job_count))
		return tu_command_misused(name,
			"--jobs must be a number of threads from 1 to %d, not \"%s\"", JOBS_MAX,
			b.jobs);
	(void)clock_gettime(CLOCK_MONOTONIC, &b.started);
	return run(&b, (const char *const *)argv + 1, (size_t)argc - 1);
}

static const struct tu_option options[] = {
	{"output", 'o', "FILE", "Write the knowledge base to FILE", TU_TEXT(struct build, output),
		.written = true, .required = true},
	{"problems", 0, "FILE", "List every place that was not understood in FILE",
		TU_TEXT(struct build, problems_path), .written = true},
	{"keep-going", 0, NULL, "Build from the rest when a feed cannot be read",
		TU_FLAG(struct build, keep_going)},
	{"max-unpacked", 0, "MIB",
		"Stop when the inputs unpack to more than this, all together (default: 65536)",
		TU_TEXT(struct build, max_unpacked)},
	{"jobs", 'j', "N", "Read feeds in N threads (default: one for each core, up to 4)",
		TU_TEXT(struct build, jobs)},
};

const struct tu_command tu_cmd_kb_build = {
	.name = "kb build",
	.summary = "Build a knowledge base from feeds: files, folders, archives",
	.usage = {"-o FILE INPUT... [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_build,
};
