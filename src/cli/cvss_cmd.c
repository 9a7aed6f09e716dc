/* tutela cvss: scores of CVSS vectors. */
#include <stdio.h>
#include <string.h>

#include <tutela/score.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "score/cvss.h"

static const char name[] = "cvss";

struct question {
	const char *environment; /* a device's own metrics; NULL: none */
	bool nomenclature; /* a seventh column */
};

static void add_tenths(struct tu_buf *out, uint8_t tenths)
{
	char text[] = {'1', '0', '.', '0'};

	tu_buf_byte(out, '\t');
	if (tenths == TU_SCORE_UNSTATED) {
		tu_buf_byte(out, '-');
		return;
	}
	text[1] = (char)('0' + tenths / 10 % 10);
	text[3] = (char)('0' + tenths % 10);
	tu_buf_add(out, text + (tenths < 100), sizeof(text) - (tenths < 100));
}

/* Append one answer; nothing is appended on an error. */
static enum tu_status answer(const struct question *question, struct tu_str vector,
	struct tu_buf *out, struct tu_error *err)
{
	struct tu_cvss cvss;
	struct tu_cvss_scores scores;
	enum tu_status status = tu_cvss_parse(vector, &cvss, err);

	if (status != TU_OK)
		return status;
	if (question->environment &&
		tu_cvss_override(&cvss, tu_str_c(question->environment), err) != TU_OK)
		return tu_error_prefix(err, "--environment");
	tu_cvss_score(&cvss, &scores);
	if (question->environment)
		tu_cvss_write(&cvss, out);
	else
		tu_buf_str_add(out, vector);
	tu_buf_byte(out, '\t');
	tu_buf_str_add(out, tu_cvss_tables[cvss.version].name);
	add_tenths(out, scores.base);
	add_tenths(out, scores.threat);
	add_tenths(out, scores.environmental);
	tu_buf_byte(out, '\t');
	tu_buf_c(out, tu_severity_name(tu_severity_of(cvss.version, scores.overall)));
	if (question->nomenclature) {
		tu_buf_byte(out, '\t');
		tu_buf_c(out, tu_cvss_nomenclature(&cvss));
	}
	return TU_OK;
}

static bool answer_line(void *context, struct tu_str line, struct tu_buf *out)
{
	struct tu_error err = {0};

	if (answer(context, line, out, &err) != TU_OK)
		tu_buf_printf(out, "error: %s (byte %zu)", err.message, err.offset);
	return !out->failed;
}

static int answer_one(const struct question *question, struct tu_str vector)
{
	struct tu_error err = {0};
	struct tu_buf out;
	int code = TU_EXIT_OK;

	tu_buf_init(&out, TU_LINE_MAX);
	if (answer(question, vector, &out, &err) != TU_OK) {
		(void)tu_error_prefix(&err, "byte %zu", err.offset);
		code = tu_command_failed(name, &err);
	} else if (out.failed || printf("%.*s\n", TU_STR_FMT(tu_buf_str(&out))) < 0) {
		code = TU_EXIT_INTERNAL;
	}
	tu_buf_done(&out);
	return code;
}

static int run_cvss(int argc, char **argv)
{
	struct question question = {0};

	if (!tu_options_take(&tu_cmd_cvss, &argc, argv, &question))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected a vector or \"-\"");
	if (strcmp(argv[1], "-") == 0)
		return tu_lines_each(answer_line, &question);
	return answer_one(&question, tu_str_c(argv[1]));
}

static const struct tu_option options[] = {
	{"environment", 'e', "METRICS",
		"Apply the device's own metrics, such as MAV:P/CR:H, to each vector and print the "
		"vector with them",
		TU_TEXT(struct question, environment)},
	{"nomenclature", 0, NULL, "Add a column: CVSS-B, CVSS-BT, CVSS-BE or CVSS-BTE",
		TU_FLAG(struct question, nomenclature)},
};

const struct tu_command tu_cmd_cvss = {
	.name = "cvss",
	.summary = "Score CVSS vectors",
	.usage = {"VECTOR [OPTION...]", "- [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Prints, separated by tabs: vector, version, base score, temporal or threat "
		 "score,\n"
		 "environmental score, severity; \"-\" for what is not stated. The operand \"-\" "
		 "reads one\n"
		 "vector a line; the answer to an invalid one is \"error: ...\".\n",
	.run = run_cvss,
};
