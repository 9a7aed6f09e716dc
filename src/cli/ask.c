#include "cli/ask.h"

#include <stdio.h>

#include "base/ed25519.h"
#include "cli/command.h"
#include "datadir/calls.h"

void tu_ask_begin(struct tu_ask *ask, const char *command, const char *call, const char *data)
{
	*ask = (struct tu_ask){.command = command, .call = call, .data = data, .fd = -1};
	tu_buf_init(&ask->arguments, 1 << 20);
	tu_buf_init(&ask->answer, TU_CALL_ANSWER_MAX);
	ask->json = tu_json_writer(&ask->arguments, false);
	tu_json_open_object(&ask->json);
}

enum tu_status tu_ask(struct tu_ask *ask, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TU_CALL_ANSWER_MAX, .depth = 32};
	struct tu_reach_ask reach = {.call = ask->call, .fd = ask->fd};
	enum tu_status status;

	tu_json_close_object(&ask->json);
	reach.arguments = tu_buf_str(&ask->arguments);
	status = ask->arguments.failed
		? tu_no_memory(err)
		: tu_reach_once(ask->command, ask->data, &reach, &ask->answer, err);
	if (status)
		return status;
	ask->parser = tu_json_parser_new();
	return ask->parser
		? tu_json_parse(ask->parser, tu_buf_str(&ask->answer), &limits, &ask->said, err)
		: tu_no_memory(err);
}

void tu_ask_end(struct tu_ask *ask)
{
	tu_wipe(ask->arguments.ptr, ask->arguments.len);
	tu_buf_done(&ask->arguments);
	tu_wipe(ask->answer.ptr, ask->answer.len);
	tu_buf_done(&ask->answer);
	tu_json_parser_free(ask->parser);
	*ask = (struct tu_ask){0};
}

uint64_t tu_ask_number(struct tu_json object, const char *key)
{
	uint64_t number = 0;

	return tu_json_u64(tu_json_get(object, tu_str_c(key)), INT64_MAX, &number) ? number : 0;
}

/* ---- lists ---- */

struct listing {
	const char *data;
	const char *format;
};

const struct tu_option tu_ask_list_options[2] = {
	TU_OPTION_DATA(struct listing, data),
	TU_OPTION_TEXT_OR_JSON(struct listing, format),
};

int tu_ask_list(const struct tu_ask_list *list, int argc, char **argv)
{
	struct listing r = {0};
	struct tu_error err = {0};
	struct tu_json_iter items;
	struct tu_json item;
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(list->row, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "expected no arguments but options");
	tu_ask_begin(&ask, list->command, list->call, r.data);
	status = tu_ask(&ask, &err);
	items = tu_json_iter(tu_json_get(ask.said, tu_str_c(list->member)));
	if (!status && tu_options_json(r.format))
		printf("%.*s\n", TU_STR_FMT(tu_buf_str(&ask.answer)));
	else
		while (!status && tu_json_next_item(&items, &item))
			list->print(item);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}
