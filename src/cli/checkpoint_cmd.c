/* tutela ledger checkpoint: sign the head of the ledger, and carry checkpoints out. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/reach.h"
#include "ledger/checkpoint.h"

enum { FILE_MAX = 64 << 20, ANSWER_MAX = 128 << 20 };

struct request {
	const char *output;
};

/* A file that checkpoints are appended to. */
struct appended {
	const char *path;
	struct tu_buf before; /* what is in it */
	int fd; /* -1: not open */
	bool made;
};

static enum tu_status failed(const char *path, const char *doing, struct tu_error *err)
{
	return tu_fail(err, TU_E_IO, 0, "%s: cannot %s: %s", path, doing, strerror(errno));
}

/* What is there must be checkpoints: nothing else gets lines of ours. */
static enum tu_status check_before(struct appended *file, struct tu_error *err)
{
	struct tu_checkpoints list = {0};
	struct stat info;
	enum tu_status status;

	if (fstat(file->fd, &info) || !S_ISREG(info.st_mode))
		return tu_fail(
			err, TU_E_USAGE, 0, "%s: expected the name of a regular file", file->path);
	if (info.st_size == 0)
		return TU_OK;
	status = tu_input_read(file->path, &file->before, err);
	if (!status)
		status = tu_checkpoints_read(&list, tu_buf_str(&file->before), err);
	tu_checkpoints_done(&list);
	if (status == TU_E_SYNTAX)
		(void)tu_error_in_file(err, "%s", file->path);
	return status;
}

static enum tu_status open_file(struct appended *file, struct tu_error *err)
{
	const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK;

	file->fd = open(file->path, flags | O_CREAT | O_EXCL, 0666);
	file->made = file->fd >= 0;
	if (file->fd < 0 && errno == EEXIST)
		file->fd = open(file->path, flags);
	return file->fd < 0 ? failed(file->path, "open", err) : check_before(file, err);
}

static bool has_line(struct tu_str text, struct tu_str line)
{
	while (text.len) {
		size_t end = tu_str_find(text, '\n');

		if (tu_str_eq(tu_str_first(text, end), line))
			return true;
		text = tu_str_from(text, end < text.len ? end + 1 : end);
	}
	return false;
}

/* The lines that are not in it yet, in one write. */
static enum tu_status append(struct appended *file, struct tu_str lines, struct tu_error *err)
{
	struct tu_buf fresh;
	enum tu_status status = TU_OK;

	tu_buf_init(&fresh, FILE_MAX);
	while (lines.len) {
		size_t end = tu_str_find(lines, '\n');
		struct tu_str line = tu_str_first(lines, end);

		if (!has_line(tu_buf_str(&file->before), line)) {
			tu_buf_str_add(&fresh, line);
			tu_buf_byte(&fresh, '\n');
		}
		lines = tu_str_from(lines, end < lines.len ? end + 1 : end);
	}
	if (fresh.failed)
		status = tu_no_memory(err);
	else if (write(file->fd, fresh.ptr, fresh.len) != (ssize_t)fresh.len || fsync(file->fd))
		status = failed(file->path, "write all checkpoints; run it again", err);
	tu_buf_done(&fresh);
	return status;
}

static enum tu_status take_answer(
	const char *data, struct appended *file, struct tu_str answer, struct tu_error *err)
{
	const struct tu_json_limits limits = {.bytes = ANSWER_MAX, .depth = 4};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	uint64_t n = 0;
	enum tu_status status =
		parser ? tu_json_parse(parser, answer, &limits, &root, err) : tu_no_memory(err);

	if (!status && file->path)
		status = append(file, TU_JSON_STR(root, "lines"), err);
	if (!status) {
		(void)tu_json_u64(tu_json_get(root, TU_STR("n")), INT64_MAX, &n);
		printf("record %llu of instance %.*s, hash %.*s\n"
		       "signed with key %.*s: %s/keys/checkpoint.pub\n",
			(unsigned long long)n, TU_STR_FMT(TU_JSON_STR(root, "instance")),
			TU_STR_FMT(TU_JSON_STR(root, "hash")), TU_STR_FMT(TU_JSON_STR(root, "key")),
			data);
		if (file->path)
			printf("exported to %s; keep it, and a copy of the .pub file, where nobody "
			       "who can change the database can change them\n",
				file->path);
	}
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status checkpoint(const char *data, struct appended *file, struct tu_error *err)
{
	struct tu_reach_ask ask = {.call = "ledger.checkpoint", .fd = -1};
	struct tu_buf answer;
	enum tu_status status = file->path ? open_file(file, err) : TU_OK;

	if (file->path)
		ask.arguments = TU_STR("{\"export\":true}");
	tu_buf_init(&answer, ANSWER_MAX);
	if (!status)
		status = tu_reach_once("ledger checkpoint", data, &ask, &answer, err);
	if (status && file->made)
		(void)unlink(file->path);
	if (!status)
		status = take_answer(data, file, tu_buf_str(&answer), err);
	if (file->fd >= 0)
		(void)close(file->fd);
	tu_buf_done(&answer);
	return status;
}

static int run_checkpoint(int argc, char **argv)
{
	struct request request = {0};
	struct appended file = {.fd = -1};
	struct tu_error err = {0};
	enum tu_status status = TU_OK;

	if (!tu_options_take(&tu_cmd_ledger_checkpoint, &argc, argv, &request))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one data folder");
	file.path = request.output;
	tu_buf_init(&file.before, FILE_MAX + TU_JSON_PADDING);
	if (file.path)
		status = tu_datadir_check_outside(argv[1], file.path, &err);
	if (!status)
		status = checkpoint(argv[1], &file, &err);
	tu_buf_done(&file.before);
	return status ? tu_command_failed(argv[0], &err) : TU_EXIT_OK;
}

static const struct tu_option checkpoint_options[] = {
	{"output", 'o', "FILE", "Append all checkpoints that FILE does not have yet",
		TU_TEXT(struct request, output), .written = true},
};

const struct tu_command tu_cmd_ledger_checkpoint = {
	.name = "ledger checkpoint",
	.summary = "Sign the head of the ledger, to be kept elsewhere",
	.usage = {"DATA [OPTION...]"},
	TU_OPTIONS(checkpoint_options),
	.notes = "The key is DATA/keys/checkpoint.key, made when it is missing. With -o the "
		 "checkpoints\n"
		 "count as exported, which is what doctor asks for.\n",
	.unconfined = true,
	.run = run_checkpoint,
};
