/* tutela push and pull: a device folder into a store, and back. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/push_http.h"
#include "cli/reach.h"
#include "datadir/calls.h"
#include "portfolio/work.h"

struct request {
	const char *to;
	const char *from;
	const char *output;
	const char *kb;
	const char *by;
	const char *reason;
	bool new_device, renew;
};

/* ---- the folder ---- */

static enum tu_status open_folder(const char *path, int *out_fd, struct tu_error *err)
{
	*out_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*out_fd >= 0)
		return TU_OK;
	return tu_fail(
		err, errno == ENOENT ? TU_E_NOTFOUND : TU_E_IO, 0, "%s: %s", path, strerror(errno));
}

/* ---- the call ---- */

struct calling {
	const char *command; /* which is the call, too */
	const char *data; /* the store */
	const char *folder;
	const char *device; /* of a pull */
	const struct request *request;
	int fd; /* of the folder */
	struct tu_buf answer;
	struct tu_json_parser *parser;
	struct tu_json said; /* the answer, parsed */
};

/* The owner of the store may have another working folder. */
static void write_kb(struct tu_json_writer *json, const char *path)
{
	char *whole = path ? realpath(path, NULL) : NULL;

	tu_json_member_opt(json, "kb", tu_str_c(whole ? whole : path));
	free(whole);
}

static void write_arguments(const struct calling *c, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "folder", tu_str_c(c->folder));
	tu_json_member_opt(&json, "device", tu_str_c(c->device));
	if (c->request->by)
		tu_json_member_str(&json, "by", tu_str_c(c->request->by));
	tu_json_member_opt(&json, "reason", tu_str_c(c->request->reason));
	if (c->request->new_device)
		tu_json_member_bool(&json, "new_device", true);
	if (c->request->renew)
		tu_json_member_bool(&json, "renew", true);
	write_kb(&json, c->request->kb);
	tu_json_close_object(&json);
}

static enum tu_status parse_answer(struct calling *c, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = TU_CALL_ANSWER_MAX, .depth = 32};

	c->parser = tu_json_parser_new();
	return c->parser ? tu_json_parse(c->parser, tu_buf_str(&c->answer), &limits, &c->said, err)
			 : tu_no_memory(err);
}

static enum tu_status call(struct calling *c, struct tu_error *err)
{
	struct tu_reach_ask ask = {.call = c->command, .fd = c->fd};
	struct tu_buf arguments;
	enum tu_status status;

	tu_buf_init(&c->answer, TU_CALL_ANSWER_MAX);
	tu_buf_init(&arguments, 1 << 20);
	write_arguments(c, &arguments);
	ask.arguments = tu_buf_str(&arguments);
	status = arguments.failed ? tu_no_memory(err)
				  : tu_reach_once(c->command, c->data, &ask, &c->answer, err);
	tu_buf_done(&arguments);
	return status ? status : parse_answer(c, err);
}

static void end(struct calling *c)
{
	if (c->fd >= 0)
		(void)close(c->fd);
	tu_json_parser_free(c->parser);
	tu_buf_done(&c->answer);
}

/* ---- what it said ---- */

static unsigned long long count_of(const struct calling *c, struct tu_str key)
{
	uint64_t number = 0;

	return tu_json_u64(tu_json_get(c->said, key), INT64_MAX, &number) ? number : 0;
}

static void say_all(const struct calling *c, struct tu_str key)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(c->said, key));
	struct tu_json line;

	while (tu_json_next_item(&iter, &line))
		tu_command_warn(c->command, "%.*s", TU_STR_FMT(tu_json_str(line)));
}

/* Clashes, notes, and why nothing was done. True: it was refused. */
static bool say_refusal(const struct calling *c)
{
	struct tu_str refused = TU_JSON_STR(c->said, "refused");

	say_all(c, TU_STR("clashes"));
	say_all(c, TU_STR("notes"));
	if (refused.len)
		tu_command_warn(c->command, "%.*s", TU_STR_FMT(refused));
	return refused.len > 0;
}

/* ---- push ---- */

static int say_push(const struct calling *c)
{
	unsigned long long newer = count_of(c, TU_STR("newer"));

	if (say_refusal(c))
		return TU_EXIT_POLICY;
	printf("%.*s: device.yaml %.*s, %llu SBOMs, %llu other files, %llu decisions proposed\n",
		TU_STR_FMT(TU_JSON_STR(c->said, "device")),
		TU_STR_FMT(TU_JSON_STR(c->said, "device_yaml")), count_of(c, TU_STR("sboms")),
		count_of(c, TU_STR("files")), count_of(c, TU_STR("decisions")));
	if (newer)
		tu_command_warn("push",
			"%llu files were not pushed: the store has newer ones; \"tutela pull\" "
			"writes them here",
			newer);
	return newer || count_of(c, TU_STR("kept")) ? TU_EXIT_POLICY : TU_EXIT_OK;
}

/* ---- a service ---- */

static struct tu_push_http over_http(struct calling *c)
{
	tu_buf_init(&c->answer, TU_CALL_ANSWER_MAX);
	return (struct tu_push_http){.place = c->data,
		.key = tu_user_variable("TUTELA_KEY"),
		.folder = c->folder,
		.device = c->device,
		.reason = c->request->reason,
		.new_device = c->request->new_device,
		.renew = c->request->renew,
		.answer = &c->answer};
}

static int push_to_service(struct calling *c)
{
	const struct tu_push_http request = over_http(c);
	struct tu_error err = {0};

	if (c->request->by || c->request->kb)
		return tu_command_misused("push",
			"a service knows who pushes by the key, and has its own knowledge base");
	return tu_push_over_http(&request, &err) || parse_answer(c, &err)
		? tu_command_failed("push", &err)
		: say_push(c);
}

static int run_push(int argc, char **argv)
{
	struct request r = {0};
	struct calling c = {.command = "push", .request = &r, .fd = -1};
	struct tu_error err = {0};
	int code;

	if (!tu_options_take(&tu_cmd_push, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one device folder");
	if (r.by && tu_actor_check(tu_str_c(r.by), &err) != TU_OK)
		return tu_command_misused(argv[0], "--by: %s", err.message);
	c.folder = argv[1];
	c.data = r.to;
	if (tu_push_is_http(c.data))
		code = push_to_service(&c);
	else
		code = open_folder(argv[1], &c.fd, &err) || call(&c, &err)
			? tu_command_failed("push", &err)
			: say_push(&c);
	end(&c);
	return code;
}

/* ---- pull ---- */

static int say_pull(const struct calling *c)
{
	if (say_refusal(c))
		return TU_EXIT_POLICY;
	printf("%s: %llu files\n", c->folder, count_of(c, TU_STR("files")));
	return TU_EXIT_OK;
}

static int pull_from_service(struct calling *c)
{
	const struct tu_push_http request = over_http(c);
	struct tu_error err = {0};
	size_t files;

	if (tu_pull_over_http(&request, &files, &err))
		return tu_command_failed("pull", &err);
	if (c->answer.len) {
		if (parse_answer(c, &err))
			return tu_command_failed("pull", &err);
		(void)say_refusal(c);
		return TU_EXIT_POLICY;
	}
	printf("%s: %zu files\n", c->folder, files);
	return TU_EXIT_OK;
}

static int run_pull(int argc, char **argv)
{
	struct request r = {0};
	struct calling c = {.command = "pull", .request = &r, .fd = -1};
	struct tu_error err = {0};
	bool is_new;
	int code;

	if (!tu_options_take(&tu_cmd_pull, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected the name of one device");
	c.folder = r.output;
	c.data = r.from;
	c.device = argv[1];
	is_new = mkdir(r.output, 0777) == 0;
	if (tu_push_is_http(c.data))
		code = pull_from_service(&c);
	else
		code = open_folder(r.output, &c.fd, &err) || call(&c, &err)
			? tu_command_failed("pull", &err)
			: say_pull(&c);
	end(&c);
	if (is_new && code != TU_EXIT_OK)
		(void)rmdir(r.output); /* what was written stays */
	return code;
}

static const struct tu_option push_options[] = {
	{"to", 0, "STORE",
		"Push into the data folder STORE, or a URL \"postgresql://…\" or \"https://…\"",
		TU_TEXT(struct request, to), .required = true},
	{"by", 0, "WHO", "Record WHO as who pushes (default: local)", TU_TEXT(struct request, by)},
	{"reason", 0, "TEXT", "Correct the SBOM of a locked release, for this reason",
		TU_TEXT(struct request, reason)},
	{"new-device", 0, NULL, "Add a device, also where it looks like one of the store",
		TU_FLAG(struct request, new_device)},
	{"renew", 0, NULL,
		"Propose changed decisions in place of one's own proposals; what is approved or "
		"of others stays",
		TU_FLAG(struct request, renew)},
	TU_OPTION_KB(struct request, kb),
};

static const struct tu_option pull_options[] = {
	{"from", 0, "STORE",
		"Pull from the data folder STORE, or a URL \"postgresql://…\" or \"https://…\"",
		TU_TEXT(struct request, from), .required = true},
	{"output", 'o', "DIR", "Write into the folder DIR, which is made when it is missing",
		TU_TEXT(struct request, output), .required = true},
};

const struct tu_command tu_cmd_push = {
	.name = "push",
	.summary = "Push a device folder into a store",
	.usage = {"DIR --to STORE [OPTION...]"},
	TU_OPTIONS(push_options),
	.notes = "Decisions become proposals; nothing that was approved or released is altered.\n"
		 "What was changed both here and in the store since the last push or pull is\n"
		 "listed, and nothing is pushed. The exit code is 1 when the store refuses the\n"
		 "push, or left out a file because it has a newer one, or a decision because it\n"
		 "is approved there or of others (--renew).\n\n"
		 "WHO is the login or id of a user, the id of a program's key, or another name\n"
		 "of at most 200 bytes. The ledger has the id; any other name is recorded as it\n"
		 "is given. Users do not approve what they or their keys pushed.\n",
	.unconfined = true,
	.run = run_push,
};

const struct tu_command tu_cmd_pull = {
	.name = "pull",
	.summary = "Write a device of a store as a device folder",
	.usage = {"DEVICE --from STORE -o DIR"},
	TU_OPTIONS(pull_options),
	.notes = "A file of DIR that was changed since it was pushed or pulled is not written\n"
		 "over: all of them are listed, nothing is written, and the exit code is 1.\n",
	.unconfined = true,
	.run = run_pull,
};
