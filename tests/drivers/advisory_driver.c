/*
 * Reads vulnerability intelligence and prints what came out, for conformance and speed.
 *
 *   advisory_driver FILE…          one line a file: path, status, form, records, skipped, problems,
 *                                  message; then its first problems, indented
 *   advisory_driver --dump FILE…   each advisory with all its facts, tab-separated
 *   advisory_driver --speed FILE…  all files are decompressed first; then MB/s of processor time
 *                                  for reading alone, reading and collecting, and writing
 *   advisory_driver --names FILE…  compares the short way for CPE names with the parser's on every
 *                                  string that starts with "cpe:2.3:"
 *
 * Exit code 1 when a file could not be read.
 */
#define _POSIX_C_SOURCE 200809L

#include <tutela/advisory.h>
#include <tutela/kb.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "advisory/reader.h"
#include "base/alloc.h"
#include "base/input.h"
#include "support/advisory_text.h"

enum { PROBLEMS_SHOWN = 5 };

#define FILE_MAX ((size_t)3 << 30)

/* ---- text ---- */

static void put_text(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == '\\' || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

/* ---- one line a file ---- */

struct report {
	size_t shown;
	struct tu_str problem[PROBLEMS_SHOWN * 2];
	char text[PROBLEMS_SHOWN * 2][512];
};

static enum tu_status ignore(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	(void)context;
	(void)advisory;
	(void)err;
	return TU_OK;
}

static void keep(struct report *report, size_t slot, struct tu_str text)
{
	text = tu_str_first(text, sizeof(report->text[slot]));
	memcpy(report->text[slot], text.ptr ? text.ptr : "", text.len);
	report->problem[slot] = tu_str_of(report->text[slot], text.len);
}

static void note_problem(void *context, struct tu_str where, struct tu_str what)
{
	struct report *report = context;

	if (report->shown >= PROBLEMS_SHOWN)
		return;
	keep(report, report->shown * 2, where);
	keep(report, report->shown * 2 + 1, what);
	report->shown++;
}

static void put_report(const char *path, enum tu_status status, const struct tu_feed_summary *s,
	const struct report *report, const struct tu_error *err)
{
	printf("%s\t%s\t%s\t%zu\t%zu\t%zu\t", path, tu_status_name(status),
		tu_feed_form_name(s->form), s->records, s->skipped, s->problems);
	put_text(tu_str_c(status ? err->message : ""));
	putchar('\n');
	for (size_t i = 0; i < report->shown; i++) {
		putchar('\t');
		put_text(report->problem[i * 2]);
		printf(": ");
		put_text(report->problem[i * 2 + 1]);
		putchar('\n');
	}
}

/* ---- dump ---- */

static enum tu_status dump(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	struct tu_buf text;

	(void)context;
	(void)err;
	tu_buf_init(&text, FILE_MAX);
	advisory_text(a, &text);
	(void)fwrite(text.ptr, 1, text.len, stdout);
	tu_buf_done(&text);
	return TU_OK;
}

static void put_problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	printf("problem\t");
	put_text(where);
	putchar('\t');
	put_text(what);
	putchar('\n');
}

/* ---- speed ---- */

struct texts {
	struct tu_buf *at;
	size_t count;
	size_t bytes;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum tu_status collect(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	return tu_kb_builder_add(context, a, err);
}

static bool read_all(struct tu_advisory_reader *reader, const struct texts *texts,
	const struct tu_advisory_sink *sink, struct tu_feed_summary *summary)
{
	struct tu_error err = {0};

	for (size_t i = 0; i < texts->count; i++) {
		if (tu_advisory_read(
			    reader, TU_STR(""), tu_buf_str(&texts->at[i]), sink, summary, &err)) {
			fprintf(stderr, "%s\n", err.message);
			return false;
		}
	}
	return true;
}

static void put_speed(const char *what, double mb, double from)
{
	double took = seconds() - from;

	printf("%s\t%.0f MB\t%.3f s\t%.0f MB/s\n", what, mb, took, mb / took);
	(void)fflush(stdout);
}

static bool measure(struct tu_advisory_reader *reader, const struct texts *texts)
{
	struct tu_advisory_sink only_read = {ignore, NULL, NULL};
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_sink building = {collect, NULL, builder};
	struct tu_feed_summary summary = {0};
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};
	struct tu_buf out;
	double mb = (double)texts->bytes / 1e6;
	double from;
	bool fine = true;

	tu_buf_init(&out, FILE_MAX);
	for (size_t i = 0; fine && i < 2; i++) {
		from = seconds();
		fine = read_all(reader, texts, &only_read, &summary);
		put_speed(i ? "read" : "read, first time", mb, from);
	}
	from = seconds();
	fine = fine && builder && read_all(reader, texts, &building, &summary);
	put_speed("read and collect", mb, from);
	fine = fine && !tu_kb_builder_finish(builder, &out, &counts, &err);
	put_speed("read, collect, write", mb, from);
	if (fine)
		printf("knowledge base\t%.1f MB\t%zu vulnerabilities\t%zu entries\t%zu spans\n",
			(double)out.len / 1e6, counts.vulnerabilities, counts.entries,
			counts.spans);
	tu_buf_done(&out);
	tu_kb_builder_free(builder);
	return fine;
}

static int speed(struct tu_advisory_reader *reader, int count, char **paths)
{
	struct texts texts = {tu_alloc((size_t)count, sizeof(*texts.at)), 0, 0};
	struct tu_error err = {0};
	bool fine = texts.at != NULL;

	for (int i = 0; fine && i < count; i++) {
		tu_buf_init(&texts.at[i], FILE_MAX);
		fine = !tu_input_read(paths[i], &texts.at[i], &err);
		texts.count++;
		texts.bytes += texts.at[i].len;
	}
	if (fine)
		fine = measure(reader, &texts);
	else
		fprintf(stderr, "%s\n", err.message);
	for (size_t i = 0; i < texts.count; i++)
		tu_buf_done(&texts.at[i]);
	tu_free(texts.at);
	return fine ? 0 : 1;
}

/* ---- names ---- */

static bool same_name(const struct tu_cpe *a, const struct tu_cpe *b)
{
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		if (!tu_str_eq(a->attr[i], b->attr[i]))
			return false;
	}
	return true;
}

/* Strings of JSON as written; one with an escape in it is compared in its escaped form: the two
 * ways must agree on that as well. */
static int compare_names(struct tu_advisory_reader *reader, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	size_t names = 0, wrong = 0;

	while (text.len) {
		size_t at = tu_str_search(text, TU_STR("\"cpe:2.3:"));
		struct tu_str name = tu_str_from(text, at + 1);
		struct tu_cpe ours, theirs;
		enum tu_status a, b;

		text = name;
		name = tu_str_first(name, tu_str_find(name, '"'));
		if (name.len == 0)
			break;
		tu_arena_reset(arena);
		tu_arena_reset(reader->arena);
		a = tu_advisory__cpe(reader, name, &ours);
		b = tu_cpe_parse(arena, name, &theirs, NULL);
		names++;
		if (a != b || (!a && !same_name(&ours, &theirs))) {
			wrong++;
			printf("differs\t");
			put_text(name);
			putchar('\n');
		}
	}
	printf("%zu names, %zu differ\n", names, wrong);
	tu_arena_free(arena);
	return wrong ? 1 : 0;
}

/* ---- main ---- */

static int read_one(struct tu_advisory_reader *reader, const char *mode, const char *path)
{
	struct report report = {0};
	struct tu_advisory_sink sink = {ignore, note_problem, &report};
	struct tu_feed_summary summary = {0};
	struct tu_error err = {0};
	enum tu_status status;
	struct tu_buf text;
	int differ = 0;

	tu_buf_init(&text, FILE_MAX);
	status = tu_input_read(path, &text, &err);
	if (!status && strcmp(mode, "--names") == 0) {
		differ = compare_names(reader, tu_buf_str(&text));
		tu_buf_done(&text);
		return differ;
	}
	if (strcmp(mode, "--dump") == 0)
		sink = (struct tu_advisory_sink){dump, put_problem, NULL};
	if (!status)
		status = tu_advisory_read(
			reader, tu_str_c(path), tu_buf_str(&text), &sink, &summary, &err);
	put_report(path, status, &summary, &report, &err);
	tu_buf_done(&text);
	return status ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	const char *mode = argc > 1 && argv[1][0] == '-' && argv[1][1] == '-' ? argv[1] : "";
	int first = mode[0] ? 2 : 1;
	int result = 0;

	if (!reader)
		return 1;
	if (strcmp(mode, "--speed") == 0)
		result = speed(reader, argc - first, argv + first);
	else
		for (int i = first; i < argc; i++)
			result |= read_one(reader, mode, argv[i]);
	tu_advisory_reader_free(reader);
	return result;
}
