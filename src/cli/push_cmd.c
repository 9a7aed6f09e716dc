/* tutela push and pull: a device folder into a store, and back. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/store_open.h"
#include "portfolio/push.h"

#define MEMORY_MAX ((size_t)4 << 30)

struct request {
	const char *to;
	const char *from;
	const char *output;
	const char *kb;
	const char *by;
	const char *reason;
};

static struct tu_act act_of(const struct request *r)
{
	return (struct tu_act){.at = tu_clock_now_us(),
		.actor = tu_str_c(r->by ? r->by : "local"),
		.reason = tu_str_c(r->reason)};
}

static void say_all(const char *command, const struct tu_str *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tu_command_warn(command, "%.*s", TU_STR_FMT(lines[i]));
}

/* ---- push ---- */

static enum tu_status push_into(const struct request *r, struct tu_push *push, struct tu_error *err)
{
	const struct tu_act act = act_of(r);
	struct tu_command_store store;
	enum tu_status status = tu_command_store_open(&store, "push", r->to, err);

	if (status == TU_OK)
		status = tu_command_store_knowledge(&store, r->kb, &act, err);
	push->kb = store.kb;
	if (status == TU_OK)
		status = tu_push_folder(store.store, &act, push, err);
	tu_command_store_close(&store);
	return status;
}

static int run_push(int argc, char **argv)
{
	struct request r = {0};
	struct tu_push push = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_push, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one device folder");
	if (r.by && tu_actor_check(tu_str_c(r.by), &err) != TU_OK)
		return tu_command_misused(argv[0], "--by: %s", err.message);
	push.folder = argv[1];
	push.arena = tu_arena_new(MEMORY_MAX);
	if (!push.arena)
		return tu_command_no_memory("push");
	status = push_into(&r, &push, &err);
	say_all("push", push.said.clashes.at, push.said.clashes.count);
	say_all("push", push.said.notes.at, push.said.notes.count);
	if (status == TU_OK)
		printf("%.*s: device.yaml %s, %zu SBOMs, %zu other files, %zu decisions proposed\n",
			TU_STR_FMT(push.device),
			push.device_new		      ? "new"
				: push.device_changed ? "changed"
						      : "as before",
			push.sboms, push.files, push.decisions);
	tu_arena_free(push.arena);
	if (status != TU_OK)
		return tu_command_failed("push", &err);
	if (push.newer)
		tu_command_warn("push",
			"%zu files were not pushed: the store has newer ones; \"tutela pull\" "
			"writes them here",
			push.newer);
	return push.newer ? TU_EXIT_POLICY : TU_EXIT_OK;
}

/* ---- pull ---- */

static enum tu_status pull_from(const struct request *r, struct tu_pull *pull, struct tu_error *err)
{
	const struct tu_act act = act_of(r);
	struct tu_command_store store;
	enum tu_status status = tu_command_store_open(&store, "pull", r->from, err);

	if (status == TU_OK)
		status = tu_pull_folder(store.store, &act, pull, err);
	tu_command_store_close(&store);
	return status;
}

static int run_pull(int argc, char **argv)
{
	struct request r = {0};
	struct tu_pull pull = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_pull, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected the name of one device");
	pull.device = tu_str_c(argv[1]);
	pull.folder = r.output;
	pull.arena = tu_arena_new(MEMORY_MAX);
	if (!pull.arena)
		return tu_command_no_memory("pull");
	status = pull_from(&r, &pull, &err);
	say_all("pull", pull.said.clashes.at, pull.said.clashes.count);
	if (status == TU_OK)
		printf("%s: %zu files\n", pull.folder, pull.files);
	tu_arena_free(pull.arena);
	return status ? tu_command_failed("pull", &err) : TU_EXIT_OK;
}

static const struct tu_option push_options[] = {
	{"to", 0, "STORE", "Push into the data folder STORE, or a URL \"postgresql://…\"",
		TU_TEXT(struct request, to), .required = true},
	{"by", 0, "KEY", "Record KEY as who pushes (default: local)", TU_TEXT(struct request, by)},
	{"reason", 0, "TEXT", "Correct the SBOM of a locked release, for this reason",
		TU_TEXT(struct request, reason)},
	TU_OPTION_KB(struct request, kb),
};

static const struct tu_option pull_options[] = {
	{"from", 0, "STORE", "Pull from the data folder STORE, or a URL \"postgresql://…\"",
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
		 "listed, and nothing is pushed. The exit code is 1 when a file was left out\n"
		 "because the store has a newer one.\n\n"
		 "A KEY is the name under which the ledger has what is done: the public id of a\n"
		 "person or of a program's key, or another name of at most 200 bytes. It is\n"
		 "recorded as it is given.\n",
	.unconfined = true,
	.run = run_push,
};

const struct tu_command tu_cmd_pull = {
	.name = "pull",
	.summary = "Write a device of a store as a device folder",
	.usage = {"DEVICE --from STORE -o DIR"},
	TU_OPTIONS(pull_options),
	.notes = "A file of DIR that was changed since it was pushed or pulled is not written "
		 "over.\n",
	.unconfined = true,
	.run = run_pull,
};
