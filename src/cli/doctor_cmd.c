/* tutela doctor: is all well with a data folder? */
#include <stdio.h>

#include "app/output.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reach.h"
#include "show/paint.h"

enum { CHECK_WIDTH = 14, STATE_WIDTH = 8 };

struct request {
	const char *format;
	const char *colour;
	const char *wait;
};

static enum tu_hue hue_of(struct tu_str state)
{
	if (tu_str_eq(state, TU_STR("error")))
		return TU_HUE_RED;
	return tu_str_eq(state, TU_STR("warning")) ? TU_HUE_YELLOW : TU_HUE_GREEN;
}

static void write_row(const struct tu_paint *paint, struct tu_json row)
{
	struct tu_str state = TU_JSON_STR(row, "state"), advice = TU_JSON_STR(row, "advice");

	tu_paint_cell(paint, TU_HUE_PLAIN, TU_JSON_STR(row, "check"), CHECK_WIDTH, false);
	tu_buf_byte(paint->out, ' ');
	tu_paint_cell(paint, hue_of(state), state, STATE_WIDTH, false);
	tu_buf_byte(paint->out, ' ');
	tu_paint(paint, TU_HUE_PLAIN, TU_JSON_STR(row, "found"));
	if (advice.len) {
		tu_buf_printf(paint->out, "\n%*s ", CHECK_WIDTH + STATE_WIDTH + 1, "");
		tu_paint(paint, TU_HUE_PLAIN, advice);
	}
	tu_buf_byte(paint->out, '\n');
}

static unsigned long long number(struct tu_json root, struct tu_str key)
{
	uint64_t value = 0;

	return tu_json_u64(tu_json_get(root, key), INT64_MAX, &value) ? value : 0;
}

static void write_table(const struct tu_paint *paint, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(root, TU_STR("checks")));
	struct tu_json row;

	while (tu_json_next_item(&iter, &row))
		write_row(paint, row);
	tu_buf_printf(paint->out, "\n%llu errors, %llu warnings\n", number(root, TU_STR("errors")),
		number(root, TU_STR("warnings")));
}

/* The exit code says whether there was an error. */
static enum tu_status show(
	const struct request *request, struct tu_str answer, bool *out_fine, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	struct tu_output output;
	enum tu_status status =
		parser ? tu_json_parse(parser, answer, NULL, &root, err) : tu_no_memory(err);

	if (!status)
		status = tu_output_open(&output, NULL, err);
	if (!status) {
		struct tu_paint paint = {&output.sink.buf, tu_options_colour(request->colour, 1)};

		*out_fine = number(root, TU_STR("errors")) == 0;
		if (tu_options_json(request->format)) {
			struct tu_json_writer json = tu_json_writer(&output.sink.buf, true);

			tu_json_add_raw(&json, answer);
			tu_buf_byte(&output.sink.buf, '\n');
		} else {
			write_table(&paint, root);
		}
		status = tu_output_close(&output, err);
	}
	tu_json_parser_free(parser);
	return status;
}

static int run_doctor(int argc, char **argv)
{
	struct request request = {.wait = TU_REACH_WAIT};
	unsigned wait;
	struct tu_error err = {0};
	struct tu_buf answer;
	bool is_fine = false;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_doctor, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder");
	if (!tu_reach_seconds(request.wait, &wait))
		return tu_command_misused(argv[0], TU_REACH_WAIT_MISUSED);
	tu_buf_init(&answer, 1 << 20);
	status = tu_reach_once(argv[0], argv[1],
		&(struct tu_reach_ask){.call = "doctor", .fd = -1, .wait = wait}, &answer, &err);
	if (!status)
		status = show(&request, tu_buf_str(&answer), &is_fine, &err);
	tu_buf_done(&answer);
	return status ? tu_command_failed(argv[0], &err) : tu_command_judged(is_fine);
}

static const struct tu_option options[] = {
	TU_OPTION_TABLE_OR_JSON(struct request, format),
	TU_OPTION_COLOUR(struct request, colour),
	TU_OPTION_WAIT(struct request, wait),
};

const struct tu_command tu_cmd_doctor = {
	.name = "doctor",
	.summary = "Check a service's data folder: database, ledger, disk, clock, keys, backups",
	.usage = {"DATA [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "Exit code 1 when a check finds an error; warnings do not count.\n",
	.unconfined = true,
	.run = run_doctor,
};
