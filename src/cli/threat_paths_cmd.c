/* tutela threat paths: how an attacker gets to what treats, measures, alarms or shows. */
#include <unistd.h>

#include "app/output.h"
#include "app/threat.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "show/threat.h"
#include "threat/paths.h"

static const char name[] = "threat paths";

struct run {
	const char *at_text, *colour, *format;
	const char *to; /* id of an element; NULL: all targets */
	int64_t at;
	struct tu_threat_answer answer;
	struct tu_attacks attacks;
};

static enum tu_status write_paths(const struct run *run, struct tu_error *err)
{
	const struct tu_threat_view view = {
		.answer = &run->answer, .colour = tu_options_colour(run->colour, STDOUT_FILENO)};
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	if (tu_options_json(run->format))
		tu_threat_paths_json(&view, &run->attacks, &out.sink);
	else
		tu_threat_paths_table(&view, &run->attacks, run->to != NULL, &out.sink);
	return tu_output_close(&out, err);
}

static int run_paths(int argc, char **argv)
{
	struct run run = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_threat_paths, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected a device folder or a file");
	if (!tu_context_time(name, "at", run.at_text, &run.at))
		return TU_EXIT_USAGE;
	status = tu_app_threats(argv[1], run.at, &run.answer, &err);
	if (status == TU_OK)
		status = tu_threat_find_paths(&run.answer,
			run.to ? tu_str_c(run.to) : (struct tu_str){0}, &run.attacks, &err);
	if (status == TU_OK)
		status = write_paths(&run, &err);
	tu_threat_answer_done(&run.answer);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	{"to", 0, "ELEMENT", "Only to this element, with the fewest flows to close",
		TU_TEXT(struct run, to)},
	TU_OPTION_AT(struct run, at_text),
	TU_OPTION_TABLE_OR_JSON(struct run, format),
	TU_OPTION_COLOUR(struct run, colour),
};

const struct tu_command tu_cmd_threat_paths = {
	.name = "threat paths",
	.summary = "Show how an attacker gets to therapy, measurement, alarm or display",
	.usage = {"DIR [OPTION...]", "FILE [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "For each target the widest path in patients, from the entry points of the "
		 "model, or\n"
		 "assumed ones where it states none; the controls whose loss alone opens a path; "
		 "with\n"
		 "--to the fewest flows to close. \"undecided\" is never \"no open path\".\n",
	.run = run_paths,
};
