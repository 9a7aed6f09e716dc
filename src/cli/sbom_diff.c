/* tutela sbom diff: what changed from one SBOM to another, in components and vulnerabilities. */
#include <string.h>

#include "app/sbom_diff.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "show/sbom_diff.h"

static const char name[] = "sbom";

struct diff {
	struct tu_sbom_answer answer;
	struct tu_sbom_diff_request request;
};

static bool read_request(int argc, char **argv, struct diff *d)
{
	if (!tu_options_take(&tu_cmd_sbom_diff, &argc, argv, d))
		return false;
	if (argc != 3) {
		tu_command_misused(name, "expected two SBOMs");
		return false;
	}
	if (strcmp(argv[1], "-") == 0 && strcmp(argv[2], "-") == 0) {
		tu_command_misused(name, "standard input can be read only once");
		return false;
	}
	d->request.a = argv[1];
	d->request.b = argv[2];
	tu_sbom_answer_read(&d->answer);
	return true;
}

static int print(struct diff *d, const struct tu_sbom_diff_answer *answer)
{
	struct tu_error err = {0};

	if (tu_sbom_answer_open(&d->answer, &err) != TU_OK)
		return tu_command_failed(name, &err);
	tu_sbom_cmd_same_serial(
		d->request.a, answer->a.inventory, d->request.b, answer->b.inventory);
	if (d->answer.json)
		tu_sbom_diff_json(answer, &d->answer.out.sink);
	else
		tu_sbom_diff_table(answer, d->answer.paint.colour, &d->answer.out.sink);
	/* As diff(1): 0 equal, 1 different. */
	return tu_sbom_answer_close(&d->answer, tu_command_judged(!tu_sbom_diff_differs(answer)));
}

static int run_diff(int argc, char **argv)
{
	struct diff d = {.answer = {.json = false}};
	struct tu_sbom_diff_answer answer;
	struct tu_error err = {0};
	int code;

	if (!read_request(argc, argv, &d))
		return TU_EXIT_USAGE;
	if (tu_app_sbom_diff(tu_context(), &d.request, &answer, &err) == TU_OK)
		code = print(&d, &answer);
	else
		code = tu_command_failed(name, &err);
	tu_sbom_diff_done(&answer);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct diff, request.kb),
	TU_OPTION_SUPPLEMENT(struct diff, request.supplement),
	TU_SBOM_ANSWER_OPTIONS(struct diff),
};

const struct tu_command tu_cmd_sbom_diff = {
	.name = "sbom diff",
	.summary = "List what changed between two SBOMs",
	.usage = {"A B [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Exit code 1 when they differ.\n",
	.run = run_diff,
};
