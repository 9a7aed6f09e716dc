/* tutela threat diff: what changed between two design models. */
#include "app/output.h"
#include "app/threat.h"
#include "app/threat_diff.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "show/threat.h"

static const char name[] = "threat diff";

struct run {
	const char *at_text;
	const char *format;
	bool strict;
	int64_t at;
	struct tu_threat_answer before, after;
	struct tu_model_diff diff;
};

static enum tu_status compare(struct run *run, char **paths, struct tu_error *err)
{
	struct tu_model_side before, after;
	enum tu_status status = tu_app_threats(paths[0], run->at, &run->before, err);

	if (status == TU_OK)
		status = tu_app_threats(paths[1], run->at, &run->after, err);
	if (status != TU_OK)
		return status;
	before = (struct tu_model_side){run->before.model, run->before.threats};
	after = (struct tu_model_side){run->after.model, run->after.threats};
	return tu_model_compare(run->after.arena, &before, &after, &run->diff, err);
}

static enum tu_status write_diff(const struct run *run, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	if (tu_options_json(run->format))
		tu_threat_diff_json(&run->diff, &out.sink);
	else
		tu_threat_diff_text(&run->diff, &out.sink);
	return tu_output_close(&out, err);
}

static int run_diff(int argc, char **argv)
{
	struct run run = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_threat_diff, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 3)
		return tu_command_misused(name, "expected two device folders or files");
	if (!tu_context_time(name, "at", run.at_text, &run.at))
		return TU_EXIT_USAGE;
	status = compare(&run, argv + 1, &err);
	if (status == TU_OK)
		status = write_diff(&run, &err);
	tu_threat_answer_done(&run.before);
	tu_threat_answer_done(&run.after);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	return tu_command_judged(!run.strict || run.diff.words_only);
}

static const struct tu_option options[] = {
	{"strict", 0, NULL, "Exit with 1 when more than words changed",
		TU_FLAG(struct run, strict)},
	TU_OPTION_AT(struct run, at_text),
	TU_OPTION_TEXT_OR_JSON(struct run, format),
};

const struct tu_command tu_cmd_threat_diff = {
	.name = "threat diff",
	.summary = "Show what changed between two design models and their threats",
	.usage = {"BEFORE AFTER [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "BEFORE and AFTER are device folders or models of any form that is read. Things "
		 "are\n"
		 "compared by their ids and threats by their keys. A change is unlikely to affect\n"
		 "security only when nothing but names and descriptions differs and each threat "
		 "and\n"
		 "question is the same.\n",
	.run = run_diff,
};
