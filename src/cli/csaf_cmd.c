/* tutela csaf: is a document valid CSAF? */
#include <stdio.h>
#include <string.h>

#include <tutela/csaf.h>

#include "base/input.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"

static const char name[] = "csaf";

struct request {
	const char *format;
	const char *tests;
	bool json;
	unsigned classes;
};

/* One run over the files. */
struct run {
	const struct request *request;
	struct tu_output output;
	struct tu_json_writer writer;
	int code;
};

static const struct {
	const char *word;
	unsigned classes;
} test_words[] = {
	{"mandatory", 1u << TU_CSAF_SCHEMA | 1u << TU_CSAF_MANDATORY},
	{"optional", 1u << TU_CSAF_SCHEMA | 1u << TU_CSAF_MANDATORY | 1u << TU_CSAF_OPTIONAL},
	{"all", 0},
};

/* What the standard calls a failed test of each class. */
static const char *const weights[TU_CSAF_CLASSES] = {"error", "error", "warning", "information"};

static const char *test_word(size_t index)
{
	return index < TU_COUNT(test_words) ? test_words[index].word : NULL;
}

static void read_request(struct request *request)
{
	size_t i = 0;

	while (strcmp(request->tests, test_words[i].word) != 0)
		i++;
	request->classes = test_words[i].classes;
	request->json = tu_options_json(request->format);
}

/* ---- text ---- */

static void add_clean(struct tu_buf *out, struct tu_str text)
{
	struct tu_paint paint = {.out = out};

	tu_paint(&paint, TU_HUE_PLAIN, text);
}

static void add_count(struct tu_buf *out, size_t count, const char *what)
{
	tu_buf_printf(out, ", %zu %s%s", count, what, count == 1 ? "" : "s");
}

static void write_text(struct tu_buf *out, const char *path, const struct tu_csaf_report *report)
{
	add_clean(out, tu_str_c(path));
	tu_buf_printf(out, ": %s CSAF %.*s ", report->valid ? "valid" : "invalid",
		TU_STR_FMT(report->version));
	add_clean(out, report->category);
	tu_buf_byte(out, ' ');
	add_clean(out, report->id);
	add_count(out, report->counts[TU_CSAF_SCHEMA] + report->counts[TU_CSAF_MANDATORY], "error");
	add_count(out, report->counts[TU_CSAF_OPTIONAL], "warning");
	tu_buf_printf(out, ", %zu information; %zu tests\n", report->counts[TU_CSAF_INFORMATIVE],
		report->tests_run);
	for (size_t i = 0; i < report->problem_count; i++) {
		const struct tu_csaf_problem *problem = &report->problems[i];
		tu_buf_printf(out, "  %-11s %-8.*s ", weights[problem->class_],
			TU_STR_FMT(problem->test));
		add_clean(out, problem->pointer.len ? problem->pointer : TU_STR("(document)"));
		tu_buf_c(out, ": ");
		add_clean(out, problem->message);
		tu_buf_byte(out, '\n');
	}
	if (report->left_out)
		tu_buf_printf(out, "  and %zu more\n", report->left_out);
	if (report->not_run_count)
		tu_buf_c(out, "  not run:");
	for (size_t i = 0; i < report->not_run_count; i++)
		tu_buf_printf(out, " %.*s", TU_STR_FMT(report->not_run[i]));
	if (report->not_run_count)
		tu_buf_c(out, "\n");
}

/* ---- JSON ---- */

static void write_counts(struct tu_json_writer *writer, const struct tu_csaf_report *report)
{
	tu_json_key(writer, "counts");
	tu_json_open_object(writer);
	for (unsigned i = 0; i < TU_CSAF_CLASSES; i++)
		tu_json_member_int(writer, tu_csaf_class_name((enum tu_csaf_class)i),
			(int64_t)report->counts[i]);
	tu_json_close_object(writer);
}

static void write_problem(struct tu_json_writer *writer, const struct tu_csaf_problem *problem)
{
	tu_json_open_object(writer);
	tu_json_member_str(writer, "test", problem->test);
	tu_json_member_str(writer, "title", problem->title);
	tu_json_member_str(writer, "class", tu_str_c(tu_csaf_class_name(problem->class_)));
	tu_json_member_str(writer, "pointer", problem->pointer);
	tu_json_member_str(writer, "message", problem->message);
	tu_json_close_object(writer);
}

static void write_json(
	struct tu_json_writer *writer, const char *path, const struct tu_csaf_report *report)
{
	tu_json_open_object(writer);
	tu_json_member_str(writer, "file", tu_str_c(path));
	tu_json_member_str(writer, "version", report->version);
	tu_json_member_str(writer, "category", report->category);
	tu_json_member_str(writer, "id", report->id);
	tu_json_member_bool(writer, "valid", report->valid);
	write_counts(writer, report);
	tu_json_key(writer, "problems");
	tu_json_open_array(writer);
	for (size_t i = 0; i < report->problem_count; i++)
		write_problem(writer, &report->problems[i]);
	tu_json_close_array(writer);
	tu_json_member_int(writer, "left_out", (int64_t)report->left_out);
	tu_json_member_int(writer, "tests_run", (int64_t)report->tests_run);
	tu_json_key(writer, "not_run");
	tu_json_open_array(writer);
	for (size_t i = 0; i < report->not_run_count; i++)
		tu_json_add_str(writer, report->not_run[i]);
	tu_json_close_array(writer);
	tu_json_close_object(writer);
}

static void write_unreadable(
	struct tu_json_writer *writer, const char *path, const struct tu_error *err)
{
	char text[TU_ERROR_TEXT_MAX];

	tu_json_open_object(writer);
	tu_json_member_str(writer, "file", tu_str_c(path));
	tu_json_member_bool(writer, "valid", false);
	tu_json_member_str(writer, "error", tu_str_c(tu_error_text(err, text, sizeof(text))));
	tu_json_close_object(writer);
}

/* ---- files ---- */

static enum tu_status validate(struct tu_arena *arena, const char *path, unsigned classes,
	const struct tu_csaf_report **out_report, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_csaf_validate(arena, tu_buf_str(&text), true, classes, out_report, err);
		if (status != TU_OK)
			(void)tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

static void keep_code(struct run *run, int code)
{
	if (code > run->code)
		run->code = code;
}

static void validate_file(struct run *run, const char *path)
{
	struct tu_arena *arena = tu_arena_new((size_t)4 << 30);
	const struct tu_csaf_report *report = NULL;
	struct tu_error err = {0};

	if (!arena) {
		keep_code(run, tu_command_no_memory(name));
		return;
	}
	if (validate(arena, path, run->request->classes, &report, &err) != TU_OK) {
		keep_code(run, tu_command_failed(name, &err));
		if (run->request->json)
			write_unreadable(&run->writer, path, &err);
	} else {
		keep_code(run, tu_command_judged(report->valid));
		if (run->request->json)
			write_json(&run->writer, path, report);
		else
			write_text(&run->output.sink.buf, path, report);
	}
	tu_arena_free(arena);
	tu_sink_spill(&run->output.sink);
}

static int validate_files(const struct request *request, int count, char **paths)
{
	struct run run = {.request = request};
	struct tu_error err = {0};

	if (tu_output_open(&run.output, NULL, &err) != TU_OK)
		return tu_command_failed(name, &err);
	run.writer = tu_json_writer(&run.output.sink.buf, true);
	if (request->json)
		tu_json_open_array(&run.writer);
	for (int i = 0; i < count; i++)
		validate_file(&run, paths[i]);
	if (request->json) {
		tu_json_close_array(&run.writer);
		tu_buf_byte(&run.output.sink.buf, '\n');
	}
	if (tu_output_close(&run.output, &err) != TU_OK)
		return tu_command_failed(name, &err);
	return run.code;
}

static int list_tests(void)
{
	struct tu_csaf_test_info info;

	for (size_t i = 0; tu_csaf_test_info(i, &info); i++)
		if (printf("%s\t%s\t%s%s%s\t%s\n", info.id, tu_csaf_class_name(info.class_),
			    info.in_20 ? "2.0" : "", info.in_20 && info.in_21 ? "," : "",
			    info.in_21 ? "2.1" : "", info.title) < 0)
			return TU_EXIT_INPUT;
	return TU_EXIT_OK;
}

static int run_tests(int argc, char **argv)
{
	if (!tu_options_take(&tu_cmd_csaf_tests, &argc, argv, NULL))
		return TU_EXIT_USAGE;
	return argc == 1 ? list_tests()
			 : tu_command_misused(tu_cmd_csaf_tests.name, "expected no operand");
}

static int run_validate(int argc, char **argv)
{
	struct request request = {0};

	if (!tu_options_take(&tu_cmd_csaf_validate, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc < 2)
		return tu_command_misused(argv[0], "expected a document");
	read_request(&request);
	return validate_files(&request, argc - 1, argv + 1);
}

static const struct tu_option options[] = {
	TU_OPTION_TEXT_OR_JSON(struct request, format),
	{"tests", 0, "TESTS", "Run the mandatory tests, the optional ones too, or all",
		TU_TEXT(struct request, tests), .word = test_word, .preset = "all"},
};

const struct tu_command tu_cmd_csaf = {
	.name = "csaf", .summary = "Check whether CSAF documents are valid"};

const struct tu_command tu_cmd_csaf_validate = {
	.name = "csaf validate",
	.summary = "Validate CSAF documents against the schema and the tests of the standard",
	.usage = {"FILE... [OPTION...]"},
	TU_OPTIONS(options),
	.notes =
		"Exit code 1 when a document is not valid: its schema or a mandatory test fails.\n",
	.run = run_validate,
};

const struct tu_command tu_cmd_csaf_tests = {
	.name = "csaf tests",
	.summary = "List the tests: id, class, versions of CSAF, title",
	.run = run_tests,
};
