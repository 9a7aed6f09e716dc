/* tutela admin job, knowledge, reload, stop: what a service does, and what it works with. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"

struct request {
	const char *data;
	const char *reason;
	bool allow_older;
};

static const char command[] = "admin";

/* ---- jobs ---- */

static void print_time(struct tu_json object, const char *key)
{
	const uint64_t at = tu_ask_number(object, key) / 1000000;
	struct tu_buf text;

	tu_buf_init(&text, 64);
	if (at && at <= TU_TIME_MAX)
		tu_time_write((int64_t)at, &text);
	printf("%-20.*s  ", TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
}

static void print_job(struct tu_json job)
{
	struct tu_str error = TU_JSON_STR(job, "error");

	printf("%.*s  %-14.*s  %-11.*s  ", TU_STR_FMT(TU_JSON_STR(job, "id")),
		TU_STR_FMT(TU_JSON_STR(job, "kind")), TU_STR_FMT(TU_JSON_STR(job, "state")));
	print_time(job, "created");
	printf("%llu of %llu attempts%s%.*s\n", (unsigned long long)tu_ask_number(job, "attempts"),
		(unsigned long long)tu_ask_number(job, "attempts_max"), error.len ? ": " : "",
		TU_STR_FMT(error));
}

static int run_job_list(int argc, char **argv)
{
	return tu_ask_list(&(const struct tu_ask_list){&tu_cmd_admin_job_list, command, "job.list",
				   "jobs", print_job},
		argc, argv);
}

static int change_job(const char *name, const char *call, const char *job, const struct request *r)
{
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	tu_ask_begin(&ask, command, call, r->data);
	tu_json_member_str(&ask.json, "job", tu_str_c(job));
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r->reason));
	status = tu_ask(&ask, &err);
	tu_ask_end(&ask);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static int run_job_cancel(int argc, char **argv)
{
	struct request r = {0};

	if (!tu_options_take(&tu_cmd_admin_job_cancel, &argc, argv, &r))
		return TU_EXIT_USAGE;
	return argc == 2 ? change_job(argv[0], "job.cancel", argv[1], &r)
			 : tu_command_misused(argv[0], "expected the id of one job");
}

static int run_job_release(int argc, char **argv)
{
	struct request r = {0};

	if (!tu_options_take(&tu_cmd_admin_job_release, &argc, argv, &r))
		return TU_EXIT_USAGE;
	return argc == 2 ? change_job(argv[0], "job.release", argv[1], &r)
			 : tu_command_misused(argv[0], "expected the id of one job");
}

/* ---- the knowledge base ---- */

static void print_put(struct tu_json said)
{
	struct tu_str job = TU_JSON_STR(said, "job");

	printf("knowledge base %.*s\n", TU_STR_FMT(TU_JSON_STR(said, "knowledge")));
	if (tu_json_true(tu_json_get(said, TU_STR("current"))))
		printf("It is in use already.\n");
	else
		printf("%s\njob %.*s\n",
			tu_json_true(tu_json_get(said, TU_STR("service")))
				? "The service matches the portfolio against it now."
				: "It is in use when a service has matched the portfolio against "
				  "it.",
			TU_STR_FMT(job));
}

static int run_knowledge(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_admin_knowledge, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected the file of one knowledge base");
	tu_ask_begin(&ask, command, "knowledge.put", r.data);
	ask.fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	tu_json_member_str(&ask.json, "file", tu_str_c(argv[1]));
	tu_json_member_bool(&ask.json, "allow_older", r.allow_older);
	tu_json_member_opt(&ask.json, "reason", tu_str_c(r.reason));
	status = ask.fd < 0 ? tu_fail(&err, errno == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %s",
				      argv[1], strerror(errno))
			    : tu_ask(&ask, &err);
	if (!status)
		print_put(ask.said);
	if (ask.fd >= 0)
		(void)close(ask.fd);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

/* ---- the process ---- */

static int tell(const struct tu_command *row, const char *call, int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	struct tu_ask ask;
	enum tu_status status;

	if (!tu_options_take(row, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 1)
		return tu_command_misused(argv[0], "expected no arguments but options");
	tu_ask_begin(&ask, command, call, r.data);
	status = tu_ask(&ask, &err);
	tu_ask_end(&ask);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static int run_reload(int argc, char **argv)
{
	return tell(&tu_cmd_admin_reload, "reload", argc, argv);
}

static int run_stop(int argc, char **argv)
{
	return tell(&tu_cmd_admin_stop, "stop", argc, argv);
}

/* ---- the rows ---- */

static const struct tu_option change_options[] = {
	TU_OPTION_DATA(struct request, data), TU_OPTION_REASON(struct request, reason)};
static const struct tu_option knowledge_options[] = {
	TU_OPTION_DATA(struct request, data),
	{"allow-older", 0, NULL,
		"Take it although it is older than the one in use, or of the same time",
		TU_FLAG(struct request, allow_older)},
	TU_OPTION_REASON(struct request, reason),
};
static const struct tu_option tell_options[] = {TU_OPTION_DATA(struct request, data)};

const struct tu_command tu_cmd_admin_job = {
	.name = "admin job", .summary = "Look after the jobs of a service"};

const struct tu_command tu_cmd_admin_job_list = {
	.name = "admin job list",
	.summary = "List the newest 200 jobs: kind, state, when queued, what went wrong",
	.usage = {"--data DATA [OPTION...]"},
	TU_OPTIONS(tu_ask_list_options),
	.unconfined = true,
	.run = run_job_list,
};

const struct tu_command tu_cmd_admin_job_cancel = {
	.name = "admin job cancel",
	.summary = "Cancel a job: at once when it waits, soon when it runs",
	.usage = {"ID --data DATA [OPTION...]"},
	TU_OPTIONS(change_options),
	.unconfined = true,
	.run = run_job_cancel,
};

const struct tu_command tu_cmd_admin_job_release = {
	.name = "admin job release",
	.summary = "Let a job that failed too often be tried again",
	.usage = {"ID --data DATA [OPTION...]"},
	TU_OPTIONS(change_options),
	.unconfined = true,
	.run = run_job_release,
};

const struct tu_command tu_cmd_admin_knowledge = {
	.name = "admin knowledge",
	.summary = "Give a service another knowledge base",
	.usage = {"FILE --data DATA [OPTION...]"},
	TU_OPTIONS(knowledge_options),
	.notes = "FILE is what \"tutela kb sync\", \"kb build\" or \"kb import\" wrote. It is "
		 "verified, kept in the\ndatabase, and in use when the service has matched the "
		 "portfolio against it, which the\nprinted job does.\n",
	.unconfined = true,
	.run = run_knowledge,
};

const struct tu_command tu_cmd_admin_reload = {
	.name = "admin reload",
	.summary = "Let the running service read tutela.yaml again",
	.usage = {"--data DATA"},
	TU_OPTIONS(tell_options),
	.unconfined = true,
	.run = run_reload,
};

const struct tu_command tu_cmd_admin_stop = {
	.name = "admin stop",
	.summary = "Let the running service stop: requests and jobs come to their end first",
	.usage = {"--data DATA"},
	TU_OPTIONS(tell_options),
	.unconfined = true,
	.run = run_stop,
};
