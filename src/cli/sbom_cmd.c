/* tutela sbom: look into SBOMs, judge and compare them. */
#include "cli/sbom_cmd.h"

#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

static const char name[] = "sbom";

const struct tu_command tu_cmd_sbom = {
	.name = "sbom", .summary = "Show, check, compare, merge and convert SBOMs"};

/* ---- answers ---- */

void tu_sbom_answer_read(struct tu_sbom_answer *answer)
{
	answer->json = tu_options_json(answer->format_name);
	answer->paint.colour = tu_options_colour(answer->colour_when, STDOUT_FILENO);
}

enum tu_status tu_sbom_answer_open(struct tu_sbom_answer *answer, struct tu_error *err)
{
	answer->paint.out = &answer->out.sink.buf;
	return tu_output_open(&answer->out, NULL, err);
}

int tu_sbom_answer_close(struct tu_sbom_answer *answer, int code)
{
	struct tu_error err = {0};

	return tu_output_close(&answer->out, &err) ? tu_command_failed(name, &err) : code;
}

void tu_sbom_cmd_warn_notes(const char *path, const struct tu_inventory *inventory)
{
	size_t count = inventory->note_count + inventory->notes_left_out;

	if (count)
		tu_command_warn(name,
			"%s: %zu note%s on what was read; \"tutela sbom show\" lists them", path,
			count, count == 1 ? "" : "s");
}

void tu_sbom_cmd_same_serial(const char *path_a, const struct tu_inventory *a, const char *path_b,
	const struct tu_inventory *b)
{
	if (a->serial.len && tu_str_eq(a->serial, b->serial))
		tu_command_warn(name,
			"%s and %s have the same serial number or namespace, %.*s: they claim to "
			"be one document",
			path_a, path_b, TU_STR_FMT(a->serial));
}
