/* tutela threat report, tutela threat view: a design model for people and for a submission. */
#include <string.h>

#include "app/output.h"
#include "app/threat.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "api/threat_trace.h"
#include "report/diagram.h"

struct run {
	const char *name;
	const char *at_text;
	const char *format;
	const char *path; /* flows to highlight, with commas */
	const char *view; /* its id or kind; NULL: everything */
	const char *output;
	int64_t at;
	struct tu_threat_answer answer;
};

typedef enum tu_status write_fn(const struct run *run, struct tu_sink *out, struct tu_error *err);

static enum tu_status write_out(const struct run *run, write_fn *write, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, run->output, err);

	if (status != TU_OK)
		return status;
	status = write(run, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static int run_with(struct run *run, const char *path, write_fn *write)
{
	struct tu_error err = {0};
	enum tu_status status = tu_app_threats(path, run->at, &run->answer, &err);

	if (status == TU_OK)
		status = write_out(run, write, &err);
	tu_threat_answer_done(&run->answer);
	return status ? tu_command_failed(run->name, &err) : TU_EXIT_OK;
}

/* ---- report ---- */

static const char *report_format(size_t index)
{
	static const char *const words[] = {"html", "csv", "xlsx"};

	return index < TU_COUNT(words) ? words[index] : NULL;
}

static enum tu_status write_report(const struct run *run, struct tu_sink *out, struct tu_error *err)
{
	if (strcmp(run->format, "csv") == 0)
		return tu_threat_trace_csv(&run->answer, out, err);
	if (strcmp(run->format, "xlsx") == 0)
		return tu_threat_trace_xlsx(&run->answer, out, err);
	return tu_threat_trace_page(&run->answer, out, err);
}

static int run_report(int argc, char **argv)
{
	struct run run = {.name = "threat report"};

	if (!tu_options_take(&tu_cmd_threat_report, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(run.name, "expected a device folder or a file");
	if (!tu_context_time(run.name, "at", run.at_text, &run.at))
		return TU_EXIT_USAGE;
	return run_with(&run, argv[1], write_report);
}

static const struct tu_option report_options[] = {
	{"format", 'f', "FORMAT", "Choose the output format", TU_TEXT(struct run, format),
		.word = report_format, .preset = "html"},
	TU_OPTION_OUTPUT(struct run, output),
	TU_OPTION_AT(struct run, at_text),
};

const struct tu_command tu_cmd_threat_report = {
	.name = "threat report",
	.summary = "Write the threat model as one self-contained page, or its trace as a table",
	.usage = {"DIR [OPTION...]", "FILE [OPTION...]"},
	TU_OPTIONS(report_options),
	.notes =
		"The page has the method, the architecture views with a table of each, the life\n"
		"cycle, the risk assessment, the trace from threat to test evidence, questions,\n"
		"assumptions and lints. csv and xlsx are the trace, with a row for each control.\n",
	.run = run_report,
};

/* ---- view ---- */

static enum tu_status write_view(const struct run *run, struct tu_sink *out, struct tu_error *err)
{
	const struct tu_model *model = run->answer.model;
	struct tu_diagram_input input = {.model = model, .threats = &run->answer.threats};
	enum tu_status status = TU_OK;

	if (run->view)
		status = tu_threat_find_view(model, tu_str_c(run->view), &input.view, err);
	if (status == TU_OK && run->path)
		status = tu_threat_find_flows(
			run->answer.arena, model, tu_str_c(run->path), &input.path, err);
	return status ? status : tu_diagram_write(run->answer.arena, &input, &out->buf, err);
}

static int run_view(int argc, char **argv)
{
	struct run run = {.name = "threat view"};

	if (!tu_options_take(&tu_cmd_threat_view, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2 && argc != 3)
		return tu_command_misused(
			run.name, "expected a device folder or a file, and perhaps a view");
	run.view = argc == 3 ? argv[2] : NULL;
	if (!tu_context_time(run.name, "at", run.at_text, &run.at))
		return TU_EXIT_USAGE;
	return run_with(&run, argv[1], write_view);
}

static const struct tu_option view_options[] = {
	{"path", 0, "FLOW,…", "Highlight these flows", TU_TEXT(struct run, path)},
	TU_OPTION_OUTPUT(struct run, output),
	TU_OPTION_AT(struct run, at_text),
};

const struct tu_command tu_cmd_threat_view = {
	.name = "threat view",
	.summary = "Draw a view of a design model as SVG",
	.usage = {"DIR [VIEW] [OPTION...]", "FILE [VIEW] [OPTION...]"},
	TU_OPTIONS(view_options),
	.notes = "VIEW is the id of a view, or its kind: global, multi-patient, updateability,\n"
		 "use-case. Without it everything is drawn. The picture is complete in itself: no\n"
		 "style sheet, no font, no script.\n",
	.run = run_view,
};
