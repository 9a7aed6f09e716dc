/* tutela clocks: what is due, met, missed, and what evidence is lacking. */
#include "app/deadlines.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/gate_conclude.h"
#include "show/deadlines.h"
#include "cli/options.h"
#include "app/output.h"

static const char name[] = "clocks";

enum { EXPRESSION_MAX = 64 * 1024 };

struct clocks_run {
	const char *path;
	const char *at_text;
	const char *kb_path;
	const char *format;
	const char *fail_on;
	bool fail_on_missed;
	bool json;
	int64_t at;
	struct tu_deadlines_answer answer;
	struct tu_buf expression; /* of --fail-on and --fail-on-missed; empty: neither */
	struct tu_gate gate;
	struct tu_gate_verdict verdict;
	struct tu_deadlines_view view;
};

static enum tu_status write_out(struct clocks_run *run, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	run->view.answer = &run->answer;
	run->view.at = run->at;
	run->view.zone = &run->answer.folder.device->policy.zone;
	run->view.gate = tu_str_c(run->expression.ptr);
	run->view.verdict = &run->verdict;
	status = (run->json ? tu_deadlines_json : tu_deadlines_table)(&run->view, &out.sink, err);
	if (status == TU_OK)
		return tu_output_close(&out, err);
	tu_output_abandon(&out);
	return status;
}

static int run_command(struct clocks_run *run)
{
	struct tu_error err = {0};
	struct tu_gate_input input;
	const struct tu_deadlines_request request = {
		.folder = run->path, .kb = run->kb_path, .at = run->at};
	enum tu_status status = tu_app_deadlines(tu_context(), &request, &run->answer, &err);

	if (status != TU_OK)
		return tu_command_failed(name, &err);
	input = (struct tu_gate_input){.origin = &run->answer.origin,
		.kb = run->answer.kb.kb,
		.at = run->at,
		.cases = run->answer.all.cases,
		.deadlines = run->answer.all.clocks,
		.case_count = run->answer.all.case_count};
	tu_gate_judge(&run->gate, &input, &run->verdict);
	if (write_out(run, &err) != TU_OK)
		return tu_command_failed(name, &err);
	return tu_gate_conclude(name, &run->gate, &input, &run->verdict);
}

/* --fail-on-missed is one rule more. */
static bool take_gate(struct clocks_run *run)
{
	if (!run->fail_on && !run->fail_on_missed)
		return true;
	if (run->fail_on)
		tu_buf_c(&run->expression, run->fail_on);
	if (run->fail_on_missed)
		tu_buf_c(&run->expression, run->fail_on ? ",missed" : "missed");
	tu_buf_byte(&run->expression, '\0');
	if (run->expression.failed) {
		tu_command_misused(name, "--fail-on: the expression is too long");
		return false;
	}
	return tu_gate_take(name, TU_GATE_CLOCKS, "fail-on", run->expression.ptr, &run->gate);
}

static int run_deadlines(int argc, char **argv)
{
	struct clocks_run run = {0};
	int code;

	if (!tu_options_take(&tu_cmd_deadlines, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected one device folder");
	run.path = argv[1];
	run.json = tu_options_json(run.format);
	tu_buf_init(&run.expression, EXPRESSION_MAX);
	if (!tu_context_time(name, "at", run.at_text, &run.at) || !take_gate(&run))
		code = TU_EXIT_USAGE;
	else
		code = run_command(&run);
	tu_buf_done(&run.expression);
	tu_deadlines_done(&run.answer);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_AT(struct clocks_run, at_text),
	TU_OPTION_KB(struct clocks_run, kb_path),
	TU_OPTION_TEXT_OR_JSON(struct clocks_run, format),
	{"fail-on", 0, "RULES", "Exit with 1 when a rule is met, such as missed",
		TU_TEXT(struct clocks_run, fail_on), .joined = true},
	{"fail-on-missed", 0, NULL, "Exit with 1 when a deadline is missed: --fail-on missed",
		TU_FLAG(struct clocks_run, fail_on_missed)},
};

const struct tu_command tu_cmd_deadlines = {
	.name = "deadlines",
	.also = "clocks",
	.summary = "List the deadlines of a device: running, met, missed, and missing evidence",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_deadlines,
};
