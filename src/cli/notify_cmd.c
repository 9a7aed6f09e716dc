/* tutela admin notify: which channels there are, and whether a test arrives. */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <time.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

enum { LOOKS = 300, BETWEEN_NS = 200 * 1000 * 1000 };

struct request {
	const char *data;
	const char *user;
	const char *reason;
};

static void print_channel(struct tu_json channel)
{
	struct tu_str host = TU_JSON_STR(channel, "host"), user = TU_JSON_STR(channel, "user"),
		      team = TU_JSON_STR(channel, "team");

	printf("%.*s  %.*s  %.*s", TU_STR_FMT(TU_JSON_STR(channel, "id")),
		TU_STR_FMT(TU_JSON_STR(channel, "kind")), TU_STR_FMT(TU_JSON_STR(channel, "name")));
	if (host.len)
		printf("  at %.*s", TU_STR_FMT(host));
	if (user.len)
		printf("  of user %.*s", TU_STR_FMT(user));
	if (team.len)
		printf("  of team %.*s", TU_STR_FMT(team));
	printf("%s\n", tu_str_eq(TU_JSON_STR(channel, "state"), TU_STR("on")) ? "" : "  off");
}

static int run_list(int argc, char **argv)
{
	return tu_ask_list(&(const struct tu_ask_list){&tu_cmd_admin_notify_list, "admin notify",
				   "notify.list", "channels", print_channel},
		argc, argv);
}

/* ---- a test ---- */

static enum tu_status begin(
	const struct request *r, const char *channel, struct tu_buf *out_id, struct tu_error *err)
{
	struct tu_ask ask;
	enum tu_status status;

	tu_ask_begin(&ask, "admin notify test", "notify.test", r->data);
	tu_json_member_str(&ask.json, "channel", tu_str_c(channel));
	tu_json_member_opt(&ask.json, "user", tu_str_c(r->user));
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r->reason));
	status = tu_ask(&ask, err);
	if (!status)
		tu_buf_str_add(out_id, TU_JSON_STR(ask.said, "id"));
	tu_ask_end(&ask);
	return status;
}

enum outcome { WAITS, ARRIVED, FAILED };

/* How it went so far; what there is to say is printed. */
static enum tu_status look(
	const struct request *r, struct tu_str id, enum outcome *out, struct tu_error *err)
{
	struct tu_ask ask;
	struct tu_str state, problem;
	enum tu_status status;

	tu_ask_begin(&ask, "admin notify test", "notify.look", r->data);
	tu_json_member_str(&ask.json, "id", id);
	status = tu_ask(&ask, err);
	state = status ? TU_STR("") : TU_JSON_STR(ask.said, "state");
	problem = status ? TU_STR("") : TU_JSON_STR(ask.said, "error");
	*out = WAITS;
	if (tu_str_eq(state, TU_STR("sent"))) {
		*out = ARRIVED;
		puts("sent: the other side has taken it");
	} else if (problem.len) {
		*out = FAILED;
		printf("not sent: %.*s\n", TU_STR_FMT(problem));
	} else if (tu_str_eq(state, TU_STR("nothing"))) {
		*out = FAILED;
		puts("not sent: there is nobody any more to send it to");
	}
	tu_ask_end(&ask);
	return status;
}

static int run_test(int argc, char **argv)
{
	const struct timespec between = {.tv_nsec = BETWEEN_NS};
	struct request r = {0};
	enum outcome outcome = WAITS;
	struct tu_error err = {0};
	struct tu_buf id;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_notify_test, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one channel");
	tu_buf_init(&id, 1 << 10);
	status = begin(&r, argv[1], &id, &err);
	for (int i = 0; !status && i < LOOKS && outcome == WAITS; i++) {
		status = look(&r, tu_buf_str(&id), &outcome, &err);
		if (outcome == WAITS)
			(void)nanosleep(&between, NULL);
	}
	tu_buf_done(&id);
	if (status)
		return tu_command_failed(argv[0], &err);
	if (outcome == WAITS)
		puts("not sent yet: the list of notifications will say how it went");
	return tu_command_judged(outcome == ARRIVED);
}

/* ---- the rows ---- */

static const struct tu_option options[] = {
	TU_OPTION_DATA(struct request, data),
	{"user", 0, "USER", "Send a mail to this user (login or id)",
		TU_TEXT(struct request, user)},
	TU_OPTION_REASON(struct request, reason),
};

const struct tu_command tu_cmd_admin_notify = {
	.name = "admin notify", .summary = "Look whether notifications arrive"};

const struct tu_command tu_cmd_admin_notify_list = {
	.name = "admin notify list",
	.summary = "List the channels of notifications",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(tu_ask_list_options),
	.unconfined = true,
	.run = run_list,
};

const struct tu_command tu_cmd_admin_notify_test = {
	.name = "admin notify test",
	.summary = "Send a test by a channel, and say how it went",
	.usage = {"CHANNEL --data DATA [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "CHANNEL is a name or an id. The running service sends it; what goes wrong at the "
		 "first\n"
		 "attempt is printed, and ends with exit code 1. The service tries again.\n",
	.unconfined = true,
	.run = run_test,
};
