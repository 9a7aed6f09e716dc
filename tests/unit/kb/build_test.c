/*
 * Building from files in one thread and in several: the same bytes, the same account, the same
 * calls of the hooks in the same order, and the same errors.
 */
#define _GNU_SOURCE /* mkdtemp, symlink */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error_text.h"
#include "kb/build.h"
#include "kb/record.h"
#include "pack.h"
#include "support/faults.h"

enum { KB_MAX = 64 << 20, TRACE_MAX = 4 << 20, PATH_BYTES = 512, DOCUMENTS = 60, RECORDS = 9000 };

static const size_t threads_tried[] = {0, 1, 2, 3, 8};

static char folder[64]; /* of the feeds that this test makes */
static char few[PATH_BYTES]; /* the same, with little in it */

/* ---- feeds ---- */

static void put_file(const char *path, struct tu_str text)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

static void put(const char *in, const char *name, const char *text)
{
	char path[2 * PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/%s", in, name);
	put_file(path, tu_str_c(text));
}

static void write_record(struct tu_buf *out, size_t number)
{
	tu_buf_printf(out,
		"{\"id\":\"GHSA-0000-0000-%04zu\",\"modified\":\"2024-01-01T00:00:00Z\","
		"\"aliases\":[\"CVE-2024-%04zu\"],\"summary\":\"record %zu\",\"affected\":[{"
		"\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"package-%zu\"},\"versions\":["
		"\"1.%zu\",\"1.%zu\"]}],\"references\":[{\"type\":\"WEB\",\"url\":"
		"\"https://example.org/%zu\"}]}\n",
		number, number, number, number % 100, number % 7, number % 11, number);
}

/* Enough for several chunks. Every thousandth line is not JSON. */
static void put_lines(const char *in, const char *name, size_t first, size_t count)
{
	char path[2 * PATH_BYTES];
	struct tu_buf text;

	tu_buf_init(&text, KB_MAX);
	for (size_t i = first; i < first + count; i++) {
		if (i % 1000 == 999)
			tu_buf_c(&text, "{\"id\": no\n");
		else
			write_record(&text, i);
	}
	(void)snprintf(path, sizeof(path), "%s/%s", in, name);
	put_file(path, tu_buf_str(&text));
	tu_buf_done(&text);
}

/* Unpacks to more than one piece; the torn one is damaged at its end. */
static void put_packed(const char *in, const char *name, bool torn)
{
	char path[2 * PATH_BYTES];
	struct tu_buf text, packed;

	tu_buf_init(&text, KB_MAX);
	tu_buf_init(&packed, KB_MAX);
	for (size_t i = 0; text.len < (5 << 20); i++)
		write_record(&text, 30000 + i);
	pack_gzip(tu_buf_str(&text), &packed);
	if (torn)
		packed.ptr[packed.len - 7] ^= 1;
	(void)snprintf(path, sizeof(path), "%s/%s", in, name);
	put_file(path, tu_buf_str(&packed));
	tu_buf_done(&text);
	tu_buf_done(&packed);
}

/* Small documents that follow each other: records, one that is cut, and one that is no feed. */
static void put_documents(const char *in)
{
	char name[32];

	for (size_t i = 0; i < DOCUMENTS; i++) {
		(void)snprintf(name, sizeof(name), "m%03zu.json", i);
		if (i % 20 == 7)
			put(in, name, "{\"id\": \"GHSA-");
		else if (i % 20 == 11)
			put(in, name, "{\"title\": \"no feed\"}");
		else
			put_lines(in, name, 20000 + i, 1);
	}
}

static void put_archive(const char *in, const char *name, bool zip)
{
	const struct pack_entry entries[] = {
		{"first.json", TU_STR("{\"id\": \"GHSA-cut"), NULL, 0},
		{"second.json", TU_STR("{\"title\": \"no feed\"}"), NULL, 0},
	};
	char path[2 * PATH_BYTES];
	struct tu_buf bytes;

	tu_buf_init(&bytes, KB_MAX);
	pack_archive(zip, entries, TU_COUNT(entries), &bytes);
	(void)snprintf(path, sizeof(path), "%s/%s", in, name);
	put_file(path, tu_buf_str(&bytes));
	tu_buf_done(&bytes);
}

static const char names[] = "zlib\tzlib\tzlib\tgeneric\nbad line\nopenssl\topenssl\topenssl\n";

static int set_up(void **state)
{
	char path[PATH_BYTES];
	(void)state;

	pack_folder(folder);
	(void)snprintf(few, sizeof(few), "%s/few", folder);
	assert_int_equal(mkdir(few, 0700), 0);
	put(few, "a.json", "{\"id\": ");
	put(few, "b.tsv", names);
	put_lines(few, "c.jsonl", 1, 2);
	put_lines(folder, "a.jsonl", 0, RECORDS);
	(void)snprintf(path, sizeof(path), "%s/b", folder);
	assert_int_equal(symlink("/etc", path), 0); /* leads out: is not followed */
	put_documents(folder);
	put(folder, "n.tsv", names);
	put_archive(folder, "o.zip", true);
	put_archive(folder, "p.tar", false);
	put_packed(folder, "q.jsonl.gz", false);
	put_packed(folder, "r.jsonl.gz", true);
	put_lines(folder, "z.jsonl", RECORDS / 2, RECORDS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pack_remove(folder);
	return 0;
}

/* ---- one build ---- */

struct built {
	struct tu_kb_build build;
	struct tu_buf trace; /* what the hooks heard, a line each */
	struct tu_buf bytes;
	size_t stop_at; /* this document ends the build; 0: none */
};

static bool hear_document(void *self, const struct tu_kb_build *build)
{
	struct built *b = self;

	tu_buf_printf(&b->trace, "document %.*s after %zu bytes, %zu records\n",
		TU_STR_FMT(build->document), build->bytes, tu_kb__build_records(build));
	return build->documents != b->stop_at;
}

static void hear_problem(
	void *self, struct tu_str document, struct tu_str where, struct tu_str what)
{
	struct built *b = self;

	tu_buf_printf(&b->trace, "problem %.*s: %.*s: %.*s\n", TU_STR_FMT(document),
		TU_STR_FMT(where), TU_STR_FMT(what));
}

static void hear_broken(void *self, struct tu_str document, const struct tu_error *problem)
{
	struct built *b = self;

	tu_buf_printf(&b->trace, "broken %.*s: %s\n", TU_STR_FMT(document), error_text(problem));
}

static enum tu_status init(struct built *b, size_t threads, struct tu_error *err)
{
	const struct tu_kb_build_hooks hooks = {hear_document, hear_problem, hear_broken, b};
	enum tu_status status;

	*b = (struct built){.stop_at = 0};
	tu_buf_init(&b->trace, TRACE_MAX);
	tu_buf_init(&b->bytes, KB_MAX);
	status = tu_kb__build_init(&b->build, &hooks, err);
	b->build.threads = threads;
	return status;
}

static void write_account(struct built *b)
{
	const struct tu_kb_build *k = &b->build;

	for (size_t i = 0; i < TU_FEED_COUNT_; i++)
		tu_buf_printf(&b->trace, "%zu %zu %zu %zu\n", k->forms[i].documents,
			k->forms[i].records, k->forms[i].skipped, k->forms[i].problems);
	tu_buf_printf(&b->trace,
		"%zu torn, %zu names, %zu wrong; %zu bytes, %zu unpacked, %zu strange: %.*s\n",
		k->torn, k->aliases.rows, k->aliases.problems, k->bytes, k->unpacked, k->strange,
		TU_STR_FMT(tu_buf_str(&k->first_strange)));
}

static void done(struct built *b)
{
	tu_kb__build_done(&b->build);
	tu_buf_done(&b->trace);
	tu_buf_done(&b->bytes);
}

static enum tu_status read_all(
	struct built *b, const char *const *paths, size_t count, struct tu_error *err)
{
	struct tu_kb_build_counts counts;
	enum tu_status status = tu_kb__build_inputs(&b->build, paths, count, err);

	write_account(b);
	return status ? status : tu_kb__build_finish(&b->build, &b->bytes, &counts, err);
}

static void same_text(struct tu_str a, struct tu_str b)
{
	struct tu_str line_a, line_b;

	while (tu_str_split(&a, '\n', &line_a)) {
		assert_true(tu_str_split(&b, '\n', &line_b));
		if (!tu_str_eq(line_a, line_b))
			fail_msg(
				"\"%.*s\" is now \"%.*s\"", TU_STR_FMT(line_a), TU_STR_FMT(line_b));
	}
}

/* ---- tests ---- */

/* Everything that feeds may contain, by way of the tables of other tests. */
static size_t all_inputs(const char *paths[4], char buffers[3][PATH_BYTES])
{
	static const char *const more[] = {"advisory/forms", "match/feed.jsonl", "match/names.tsv"};
	const char *tables = getenv("TU_TABLES");

	paths[0] = folder;
	if (!tables)
		return 1;
	for (size_t i = 0; i < TU_COUNT(more); i++) {
		(void)snprintf(buffers[i], PATH_BYTES, "%s/%s", tables, more[i]);
		paths[i + 1] = buffers[i];
	}
	return 4;
}

static void threads_do_not_show(void **state)
{
	char buffers[3][PATH_BYTES];
	const char *paths[4];
	size_t count = all_inputs(paths, buffers);
	struct built one, other;
	(void)state;

	assert_int_equal(init(&one, 0, NULL), TU_OK);
	assert_int_equal(read_all(&one, paths, count, NULL), TU_OK);
	assert_true(one.build.broken >= 6 && one.build.strange >= 5 && one.build.problems >= 18);
	for (size_t i = 1; i < TU_COUNT(threads_tried); i++) {
		assert_int_equal(init(&other, threads_tried[i], NULL), TU_OK);
		assert_int_equal(read_all(&other, paths, count, NULL), TU_OK);
		same_text(tu_buf_str(&one.trace), tu_buf_str(&other.trace));
		assert_int_equal(one.trace.len, other.trace.len);
		assert_true(tu_str_eq(tu_buf_str(&one.bytes), tu_buf_str(&other.bytes)));
		done(&other);
	}
	done(&one);
}

static void stops_where_it_is_asked(void **state)
{
	const char *const paths[] = {folder};
	const size_t places[] = {1, 2, 30, DOCUMENTS + 2};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(threads_tried) * TU_COUNT(places); i++) {
		struct tu_error err = {0};
		struct built b;

		assert_int_equal(init(&b, threads_tried[i % TU_COUNT(threads_tried)], NULL), TU_OK);
		b.stop_at = places[i / TU_COUNT(threads_tried)];
		assert_int_equal(read_all(&b, paths, 1, &err), TU_E_CANCELLED);
		assert_int_equal(b.build.documents, b.stop_at);
		assert_int_equal(err.status, TU_E_CANCELLED);
		done(&b);
	}
}

/* The limit is on all files together, wherever they are read. */
static void unpacks_no_more_than_it_may(void **state)
{
	const char *const paths[] = {folder, few};
	struct tu_buf first;
	(void)state;

	tu_buf_init(&first, TRACE_MAX);
	for (size_t i = 0; i < TU_COUNT(threads_tried); i++) {
		struct tu_error err = {0};
		struct built b;

		assert_int_equal(init(&b, threads_tried[i], NULL), TU_OK);
		b.build.unpacked_max = 3500000;
		assert_int_equal(read_all(&b, paths, 2, &err), TU_E_LIMIT);
		assert_non_null(strstr(err.message, "3 MiB for all together"));
		if (i == 0)
			tu_buf_str_add(&first, tu_buf_str(&b.trace));
		same_text(tu_buf_str(&first), tu_buf_str(&b.trace));
		done(&b);
	}
	tu_buf_done(&first);
}

/* What was named before it is read and reported all the same. */
static void names_a_path_that_is_not_there(void **state)
{
	const char *const paths[] = {few, "/nowhere/at-all", folder};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(threads_tried); i++) {
		struct tu_error err = {0};
		struct built b;

		assert_int_equal(init(&b, threads_tried[i], NULL), TU_OK);
		assert_int_equal(read_all(&b, paths, TU_COUNT(paths), &err), TU_E_NOTFOUND);
		assert_non_null(strstr(error_text(&err), "/nowhere/at-all"));
		assert_int_equal(b.build.documents, 3);
		assert_int_equal(tu_kb__build_records(&b.build), 2);
		done(&b);
	}
}

/* ---- out of memory ---- */

static enum tu_status build_few(void *context, size_t nth, size_t *out_asked)
{
	const char *const paths[] = {few};
	struct built b;
	struct tu_error err = {0};
	enum tu_status status;

	tu_fault_set(nth);
	status = init(&b, *(const size_t *)context, &err);
	if (!status)
		status = tu_kb__build_inputs(&b.build, paths, 1, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	if (!status)
		assert_int_equal(tu_kb__build_records(&b.build), 2);
	done(&b);
	return status;
}

static void each_allocation_may_fail(void **state)
{
	size_t none = 0, two = 2;
	(void)state;

	fail_each(build_few, &none, TU_OK, 100);
	fail_each(build_few, &two, TU_OK, 50);
}

static enum tu_status no_more(struct tu_kb_recorder *recorder)
{
	(void)recorder;
	return TU_OK;
}

/* What a thread of its own does, in this one: only here can its allocations fail. */
static enum tu_status record_few(void *context, size_t nth, size_t *out_asked)
{
	struct tu_kb_recorder recorder = {.turn = no_more};
	struct tu_kb_intake intake = tu_kb__recorder_intake(&recorder);
	struct tu_kb_reading reading;
	struct tu_input_walk walk;
	enum tu_status status;
	struct built b;
	(void)context;

	assert_int_equal(init(&b, 0, NULL), TU_OK);
	tu_fault_set(nth);
	recorder.chunk = tu_kb__chunk_new();
	status = tu_kb__reading_init(&reading, &intake, NULL);
	walk = tu_kb__reading_walk(&reading, 0);
	if (!recorder.chunk)
		status = TU_E_NOMEM;
	if (!status)
		status = tu_input_each(few, &walk, NULL);
	if (!status)
		status = recorder.status;
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	/* that memory ran out while reading is heard in its place */
	if (!status)
		status = tu_kb__chunk_play(recorder.chunk, &b.build.intake, NULL);
	if (!status) {
		assert_int_equal(tu_kb__build_records(&b.build), 2);
		assert_int_equal(b.build.aliases.rows, 2);
	}
	tu_kb__reading_done(&reading);
	tu_kb__chunk_free(recorder.chunk);
	done(&b);
	return status;
}

static void recording_may_run_out_of_memory(void **state)
{
	(void)state;
	fail_each(record_few, NULL, TU_OK, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_show),
		cmocka_unit_test(stops_where_it_is_asked),
		cmocka_unit_test(unpacks_no_more_than_it_may),
		cmocka_unit_test(names_a_path_that_is_not_there),
		cmocka_unit_test(each_allocation_may_fail),
		cmocka_unit_test(recording_may_run_out_of_memory),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
