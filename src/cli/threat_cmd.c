/* tutela threat: the threats of a design model. */
#include <stdio.h>

#include "app/output.h"
#include "app/threat.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/gate_conclude.h"
#include "cli/options.h"
#include "show/threat.h"

static const char name[] = "threat";

struct run {
	const char *at_text;
	const char *format;
	const char *fail_on;
	const char *colour;
	bool all;
	bool strict;
	bool json;
	int64_t at;
	struct tu_threat_answer answer;
	struct tu_gate gate;
};

typedef void write_view(const struct tu_threat_view *view, struct tu_sink *out);

static enum tu_status write_out(const struct run *run, write_view *write, struct tu_error *err)
{
	const struct tu_threat_view view = {&run->answer, run->all,
		!run->json && tu_options_colour(run->colour, 1),
		run->json ? 0 : tu_terminal_width(1)};
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	write(&view, &out.sink);
	return tu_output_close(&out, err);
}

/* The gate decides, and lints of a check. */
static int conclude(const struct run *run, bool lints_count)
{
	const struct tu_gate_input input = {.threats = &run->answer, .at = run->at};
	struct tu_gate_verdict verdict;
	const size_t *levels = run->answer.levels;
	int code;

	tu_gate_judge(&run->gate, &input, &verdict);
	code = tu_gate_conclude(name, &run->gate, &input, &verdict);
	if (code != TU_EXIT_OK || !lints_count)
		return code;
	return tu_command_judged(
		!levels[TU_LINT_ERROR] && !(run->strict && levels[TU_LINT_WARNING]));
}

static int run_view(struct run *run, const char *path, write_view *write, bool lints_count)
{
	struct tu_error err = {0};
	enum tu_status status = tu_app_threats(path, run->at, &run->answer, &err);

	if (status == TU_OK)
		status = write_out(run, write, &err);
	return status ? tu_command_failed(name, &err) : conclude(run, lints_count);
}

static int begin(const struct tu_command *command, int argc, char **argv, struct run *run)
{
	if (!tu_options_take(command, &argc, argv, run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected a device folder or a file");
	run->json = tu_options_json(run->format);
	if (!tu_context_time(name, "at", run->at_text, &run->at) ||
		!tu_gate_take(name, TU_GATE_THREATS, "fail-on", run->fail_on, &run->gate))
		return TU_EXIT_USAGE;
	return TU_EXIT_OK;
}

static int run_check(int argc, char **argv)
{
	struct run run = {0};
	int code = begin(&tu_cmd_threat_check, argc, argv, &run);

	if (code != TU_EXIT_OK)
		return code;
	code = run_view(
		&run, argv[1], run.json ? tu_threat_check_json : tu_threat_check_text, true);
	tu_threat_answer_done(&run.answer);
	return code;
}

static int run_list(int argc, char **argv)
{
	struct run run = {0};
	int code = begin(&tu_cmd_threat_list, argc, argv, &run);

	if (code != TU_EXIT_OK)
		return code;
	code = run_view(
		&run, argv[1], run.json ? tu_threat_list_json : tu_threat_list_table, false);
	tu_threat_answer_done(&run.answer);
	return code;
}

#define OPTION_FAIL_ON \
	{ \
		"fail-on", 0, "EXPRESSION", "Exit with 1 when a rule is met; see NOTES", \
			TU_TEXT(struct run, fail_on), .joined = true \
	}
#define OPTION_ALL \
	{ \
		"all", 0, NULL, "Show also what is mitigated or not applicable", \
			TU_FLAG(struct run, all) \
	}

static const struct tu_option check_options[] = {
	OPTION_FAIL_ON,
	OPTION_ALL,
	{"strict", 0, NULL, "Count warnings as errors", TU_FLAG(struct run, strict)},
	TU_OPTION_AT(struct run, at_text),
	TU_OPTION_TABLE_OR_JSON(struct run, format),
	TU_OPTION_COLOUR(struct run, colour),
};

static const struct tu_option list_options[] = {
	OPTION_FAIL_ON,
	OPTION_ALL,
	TU_OPTION_AT(struct run, at_text),
	TU_OPTION_TABLE_OR_JSON(struct run, format),
	TU_OPTION_COLOUR(struct run, colour),
};

#define GATE_NOTES \
	"The gate has the words open (also what is mitigated without evidence), unproven,\n" \
	"mitigated, accepted, transferred, reopened, uncontrolled, harm>=LEVEL,\n" \
	"harm-unknown, privacy>=LEVEL, reach>=N, stride:LETTER and category:N about\n" \
	"threats, and question, stale and lint. What is not known counts as the worst.\n" \
	"Example: --fail-on 'open&harm>=critical,question'.\n"

const struct tu_command tu_cmd_threat = {
	.name = "threat", .summary = "Derive threats from a design model"};

const struct tu_command tu_cmd_threat_check = {
	.name = "threat check",
	.summary = "Check a design model: lints, open threats, questions",
	.usage = {"DIR [OPTION...]", "FILE [OPTION...]"},
	TU_OPTIONS(check_options),
	.notes =
		"DIR is a device folder with device.yaml and model.yaml, FILE a model of any form\n"
		"that is read. Exit code 1 when a lint is an error or the gate is "
		"met.\n" GATE_NOTES,
	.run = run_check,
};

const struct tu_command tu_cmd_threat_list = {
	.name = "threat list",
	.summary = "List the threats of a design model and the questions about it",
	.usage = {"DIR [OPTION...]", "FILE [OPTION...]"},
	TU_OPTIONS(list_options),
	.notes =
		"DIR is a device folder with device.yaml and model.yaml, FILE a model of any form\n"
		"that is read. JSON is a list of everything. Exit code 1 when the gate is "
		"met.\n" GATE_NOTES,
	.run = run_list,
};
