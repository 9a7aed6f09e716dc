/* tutela rubric: the questions for applying CVSS v3 to a medical device. */
#include <stdio.h>
#include <string.h>

#include <tutela/rubric.h>

#include "base/input.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

static const char name[] = "rubric";

enum { ANSWERS_MAX = 1024 * 1024 };

static const struct {
	const char *name;
	enum tu_cvss_version version;
} versions[] = {
	{"3.0", TU_CVSS_3_0},
	{"3.1", TU_CVSS_3_1},
};

static int print_questions(void)
{
	const struct tu_rubric_question *question;

	for (size_t i = 0; (question = tu_rubric_question_at(i)); i++)
		printf("%s\t%s\t%s\t%s\n", question->id, question->metric, question->asks,
			question->explains);
	return TU_EXIT_OK;
}

/* The ids of questions whose answer counted as the worst, or did not count at all. */
static void note(const struct tu_rubric *rubric, bool asked, const char *what)
{
	const char *before = what;

	for (size_t i = 0; i < TU_RUBRIC_COUNT; i++) {
		bool answered = rubric->answers[i] != TU_RUBRIC_UNANSWERED;
		if (tu_rubric_asks(rubric, i) != asked || answered == asked)
			continue;
		fprintf(stderr, "%s %s", before, tu_rubric_question_at(i)->id);
		before = ",";
	}
	if (before != what)
		fputc('\n', stderr);
}

/* Vector, extended vector, score with its severity: one a line. */
static int print_result(const struct tu_rubric *rubric, enum tu_cvss_version version)
{
	struct tu_error err = {0};
	struct tu_cvss_scores scores;
	struct tu_cvss cvss;
	struct tu_buf out;
	int code = TU_EXIT_OK;

	tu_buf_init(&out, 4096);
	if (tu_rubric_score(rubric, version, &cvss, &err) != TU_OK)
		return tu_command_failed(name, &err);
	tu_cvss_score(&cvss, &scores);
	tu_cvss_write(&cvss, &out);
	tu_buf_byte(&out, '\n');
	tu_rubric_write(rubric, &out);
	tu_buf_printf(&out, "\n%d.%d %s\n", scores.base / 10, scores.base % 10,
		tu_severity_name(tu_severity_of(version, scores.base)));
	if (out.failed || fwrite(out.ptr, 1, out.len, stdout) != out.len)
		code = TU_EXIT_INTERNAL;
	tu_buf_done(&out);
	note(rubric, true, "tutela rubric: not answered, scored as the worst:");
	note(rubric, false, "tutela rubric: answered, but earlier answers do not lead there:");
	return code;
}

static int from_file(const char *path, enum tu_cvss_version version)
{
	struct tu_error err = {0};
	struct tu_rubric rubric;
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, ANSWERS_MAX);
	status = tu_input_read(path, &text, &err);
	if (status == TU_OK) {
		status = tu_rubric_parse(tu_buf_str(&text), &rubric, &err);
		if (status != TU_OK)
			(void)tu_error_prefix(&err, "%s: byte %zu", path, err.offset);
	}
	tu_buf_done(&text);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	return print_result(&rubric, version);
}

/* A line of standard input; false at its end. The rest of a line that is too long is dropped. */
static bool read_line(char *line, size_t size)
{
	if (!fgets(line, (int)size, stdin))
		return false;
	if (!strchr(line, '\n'))
		for (int c = getchar(); c != EOF && c != '\n'; c = getchar())
			continue;
	return true;
}

/* Ask until there is an answer; false at the end of the input. */
static bool ask(struct tu_rubric *rubric, size_t index)
{
	const struct tu_rubric_question *question = tu_rubric_question_at(index);
	char line[64];
	char text[128];
	struct tu_rubric one;

	fprintf(stderr, "\n%s (%s) %s\n  %s\n", question->id, question->metric, question->asks,
		question->explains);
	for (;;) {
		fputs("  y(es), n(o), u(nknown)? ", stderr);
		if (!read_line(line, sizeof(line)))
			return false;
		line[strcspn(line, "\n#/")] = '\0';
		snprintf(text, sizeof(text), "%s:%s", question->id, line);
		if (tu_rubric_parse(tu_str_c(text), &one, NULL) == TU_OK) {
			rubric->answers[index] = one.answers[index];
			return true;
		}
	}
}

static int from_person(enum tu_cvss_version version)
{
	struct tu_rubric rubric = {{0}};
	size_t index;

	while ((index = tu_rubric_next(&rubric)) < TU_RUBRIC_COUNT)
		if (!ask(&rubric, index))
			break;
	fputc('\n', stderr);
	return print_result(&rubric, version);
}

struct request {
	const char *answers;
	const char *cvss;
	bool questions;
};

static const char *version_word(size_t index)
{
	return index < TU_COUNT(versions) ? versions[index].name : NULL;
}

static int run_rubric(int argc, char **argv)
{
	struct request request = {0};
	size_t v = 0;

	if (!tu_options_take(&tu_cmd_rubric, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(name, "expected no operand");
	while (strcmp(request.cvss, versions[v].name) != 0)
		v++;
	if (request.questions)
		return print_questions();
	return request.answers ? from_file(request.answers, versions[v].version)
			       : from_person(versions[v].version);
}

static const struct tu_option options[] = {
	{"answers", 'a', "FILE",
		"Read the answers from FILE (\"-\": standard input): lines of \"ID: yes\", \"no\" "
		"or "
		"\"unknown\", or an extended vector",
		TU_TEXT(struct request, answers)},
	{"cvss", 0, "VERSION", "Write a vector of this version; FDA qualified the rubric for 3.0",
		TU_TEXT(struct request, cvss), .word = version_word, .preset = "3.0"},
	{"questions", 0, NULL, "List the questions", TU_FLAG(struct request, questions)},
};

const struct tu_command tu_cmd_rubric = {
	.name = "rubric",
	.summary = "Apply CVSS v3 to a medical device by MITRE's rubric",
	.usage = {"[OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Asks the questions on a terminal and prints the vector, the answers as an "
		 "extended\n"
		 "vector, the score and its severity.\n",
	.run = run_rubric,
};
