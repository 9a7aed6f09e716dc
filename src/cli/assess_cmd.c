/* tutela assess: findings of a release, proposals beside decisions. */
#include <string.h>
#include <unistd.h>

#include "show/assess.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/gate_conclude.h"
#include "cli/options.h"
#include "cli/outputs.h"

static const char name[] = "assess";

static const struct {
	const char *name;
	enum tu_status (*write)(
		const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);
} formats[] = {{"table", tu_assess_table}, {"json", tu_assess_json}};

struct request {
	struct tu_assess_request assessing;
	struct tu_values format_names;
	const char *fail_on;
	const char *at;
	const char *output;
	const char *colour_when;
	struct tu_outputs outputs;
	struct tu_gate gate;
	const char *only;
	const char *limit;
	bool summary;
	struct tu_gate only_gate;
	struct tu_assess_selection selection;
};

static const char *format_word(size_t index)
{
	return index < TU_COUNT(formats) ? formats[index].name : NULL;
}

/* --summary alone lists no findings. */
static bool read_selection(struct request *request)
{
	enum { LIMIT_MAX = 1000000000 };
	uint64_t limit = 0;

	if (request->limit && !tu_str_to_u64(tu_str_c(request->limit), LIMIT_MAX, &limit)) {
		tu_command_misused(name, "--limit must be a number, not \"%s\"", request->limit);
		return false;
	}
	request->selection.limit = request->limit || request->summary ? (size_t)limit : SIZE_MAX;
	if (!tu_gate_take(name, TU_GATE_ASSESS, "only", request->only, &request->only_gate))
		return false;
	for (size_t i = 0; i < request->only_gate.rule_count; i++)
		if (request->only_gate.rules[i].about == TU_GATE_SOURCE) {
			tu_command_misused(name, "--only lists findings; \"%.*s\" is about sources",
				TU_STR_FMT(request->only_gate.rules[i].text));
			return false;
		}
	if (request->only)
		request->selection.only = &request->only_gate;
	return true;
}

static bool read_request(int argc, char **argv, struct request *request)
{
	if (!tu_options_take(&tu_cmd_assess, &argc, argv, request))
		return false;
	if (argc != 2) {
		tu_command_misused(
			name, argc < 2 ? "a device folder is missing" : "more than one folder");
		return false;
	}
	request->assessing.folder = argv[1];
	return tu_outputs_take(
		       name, &request->format_names, "table", request->output, &request->outputs) &&
		tu_context_time(name, "at", request->at, &request->assessing.at) &&
		tu_gate_take(name, TU_GATE_ASSESS, "fail-on", request->fail_on, &request->gate) &&
		read_selection(request);
}

/* ---- the run ---- */

struct writing {
	const struct request *request;
	const struct tu_assess_view *view;
};

static enum tu_status write_view(
	void *context, size_t index, struct tu_sink *sink, struct tu_error *err)
{
	const struct writing *writing = context;
	const struct tu_outputs *outputs = &writing->request->outputs;
	struct tu_assess_view view = *writing->view;
	size_t format = 0;

	view.colour = tu_options_colour(
		writing->request->colour_when, tu_outputs_terminal(outputs, index));
	while (!tu_str_ieq(outputs->at[index].format, tu_str_c(formats[format].name)))
		format++;
	return formats[format].write(&view, sink, err);
}

/* Everything that the view shows beside the findings' own facts. */
static enum tu_status complete(const struct request *request, struct tu_assess_answer *assessing,
	struct tu_assess_view *view, struct tu_error *err)
{
	struct tu_deadlines_of clocking = {0};
	enum tu_status status = tu_deadline_rules(assessing->matching.arena,
		assessing->folder.device, &view->rules, &view->rule_count, err);

	if (status == TU_OK)
		status = tu_deadlines_of_folder(&clocking, &assessing->folder,
			assessing->matching.report.kb, request->assessing.at, err);
	if (status == TU_OK)
		status = tu_deadlines_sort(
			&clocking, assessing->matching.arena, &view->deadlines, err);
	if (status == TU_OK)
		status = tu_assess_select(assessing, &request->selection, &view->findings, err);
	return status;
}

static int run(struct request *request, struct tu_assess_answer *assessing)
{
	const struct tu_report *report = &assessing->matching.report;
	struct tu_gate_input input = {.report = report, .at = request->assessing.at};
	struct tu_gate_verdict verdict;
	struct tu_assess_view view = {.assessing = assessing,
		.gate = tu_str_c(request->fail_on),
		.verdict = &verdict,
		.selected = request->summary || request->only || request->limit ||
			request->selection.component,
		.summary = request->summary};
	struct writing writing = {request, &view};
	struct tu_error err = {0};
	enum tu_status status = tu_app_assess(tu_context(), &request->assessing, assessing, &err);

	if (status == TU_OK)
		status = complete(request, assessing, &view, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	input.assessed = assessing->result;
	input.origin = &report->origin;
	input.kb = report->kb;
	tu_gate_judge(&request->gate, &input, &verdict);
	tu_command_warnings(name, &assessing->warnings);
	if (tu_outputs_write(&request->outputs, write_view, &writing, &err) != TU_OK)
		return tu_command_failed(name, &err);
	return tu_gate_conclude(name, &request->gate, &input, &verdict);
}

static int run_assess(int argc, char **argv)
{
	struct request request = {0};
	struct tu_assess_answer assessing = {0};
	int code;

	if (!read_request(argc, argv, &request))
		return TU_EXIT_USAGE;
	code = run(&request, &assessing);
	tu_assess_done(&assessing);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_RELEASE(struct request, assessing.release),
	TU_OPTION_KB(struct request, assessing.kb),
	{"format", 'f', "FORMAT[=FILE]", "Choose the output format, and with FILE one more output",
		TU_LIST(struct request, format_names), .written = true, .word = format_word},
	TU_OPTION_OUTPUT(struct request, output),
	{"summary", 0, NULL,
		"Print counts, matrix and next deadline; findings only with --limit, in two lines "
		"each",
		TU_FLAG(struct request, summary)},
	{"limit", 0, "N", "List the N findings that matter most", TU_TEXT(struct request, limit)},
	{"component", 'c', "NAME", "List the findings in this component (name, reference or purl)",
		TU_TEXT(struct request, selection.component)},
	{"only", 0, "RULES", "List the findings that match one of the rules; see below",
		TU_TEXT(struct request, only)},
	{"fail-on", 0, "RULES",
		"Exit with 1 when a finding, listed or not, matches one of the rules; see below",
		TU_TEXT(struct request, fail_on), .joined = true},
	TU_OPTION_AT(struct request, at),
	TU_OPTION_COLOUR(struct request, colour_when),
};

const struct tu_command tu_cmd_assess = {
	.name = "assess",
	.summary = "Assess the findings of a release: what is proposed and what is decided",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes =
		"DIR is a device folder. RULES are separated by \",\" (or), the terms of a rule "
		"by\n"
		"\"&\" (and); \"!\" negates a term. The terms are those of scan, and not-assessed\n"
		"not-assessed>DAYS age>DAYS decided carried reopened expired uncontrolled "
		"controlled\n"
		"closed harm-unknown harm>=LEVEL level>=N. Example:\n"
		"--fail-on 'uncontrolled,not-assessed>7d,kev&!decided'\n",
	.run = run_assess,
};
