/* tutela kb sync: fetch what is new, build a new knowledge base beside the old one, swap. */
#define _XOPEN_SOURCE 700
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "app/sync.h"
#include "base/file.h"
#include "base/input.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/environment.h"
#include "cli/kb_cmd.h"
#include "cli/options.h"
#include "feed/url.h"
#include "show/paint.h"
#include "show/sync.h"

static const char name[] = "kb sync";

enum { NAME_LIMIT = 16 * 1024, ONLY_MAX = 64, CONFIG_MAX = 1024 * 1024 };

struct sync {
	struct tu_values sources;
	struct tu_str only[ONLY_MAX];
	size_t only_count;
	const char *config_path;
	const char *mirror;
	const char *ca_file;
	const char *output;
	bool offline;
	bool list;
	bool progress; /* standard error is a terminal */
	struct tu_arena *arena;
	struct tu_feed_config config;
};

/* ---- the request ---- */

/* "--source a,b --source c" names three. */
static bool take_sources(const struct tu_values *values, struct sync *s)
{
	for (size_t i = 0; i < values->count; i++) {
		struct tu_str rest = tu_str_c(values->at[i]);
		struct tu_str part;

		while (tu_str_split(&rest, ',', &part)) {
			if (s->only_count == ONLY_MAX) {
				tu_command_misused(name, "more than %d sources", ONLY_MAX);
				return false;
			}
			s->only[s->only_count++] = part;
		}
	}
	return true;
}

static bool read_request(int argc, char **argv, struct sync *s)
{
	if (!tu_options_take(&tu_cmd_kb_sync, &argc, argv, s) || !take_sources(&s->sources, s))
		return false;
	if (argc > 1) {
		tu_command_misused(name, "unexpected \"%s\"; --source names sources", argv[1]);
		return false;
	}
	return true;
}

/* A key for a feed is as good as a password. */
static enum tu_status check_keys(const struct sync *s, const char *path, struct tu_error *err)
{
	for (size_t i = 0; i < s->config.source_count; i++) {
		if (s->config.sources[i].key.len)
			return tu_file_check_private(path, "an API key", err);
	}
	return TU_OK;
}

static enum tu_status read_config_file(
	struct sync *s, const char *path, bool must_exist, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, CONFIG_MAX);
	status = tu_input_read(path, &text, err);
	if (status == TU_E_NOTFOUND && !must_exist)
		status = TU_OK;
	else if (status == TU_OK) {
		status = tu_feed_config_apply(s->arena, tu_buf_str(&text), &s->config, err);
		if (status != TU_OK)
			status = tu_error_in_file(err, "%s", path);
		else
			status = check_keys(s, path, err);
	}
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_config(struct sync *s, struct tu_error *err)
{
	struct tu_buf path;
	struct tu_url url;
	enum tu_status status = TU_OK;

	if (!tu_feed_config_init(s->arena, &s->config))
		return tu_no_memory(err);
	tu_buf_init(&path, NAME_LIMIT);
	if (s->config_path)
		status = read_config_file(s, s->config_path, true, err);
	else if (tu_user_path("XDG_CONFIG_HOME", ".config", "tutela/feeds.conf", &path))
		status = read_config_file(s, path.ptr, false, err);
	tu_buf_done(&path);
	if (status == TU_OK && s->mirror) {
		s->config.mirror = tu_str_c(s->mirror);
		status = tu_url_parse(s->config.mirror, &url, err);
	}
	if (s->ca_file)
		s->config.ca_file = tu_str_c(s->ca_file);
	return status;
}

/* ---- hooks ---- */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static bool is_interrupted(void *self)
{
	(void)self;
	return interrupted != 0;
}

static uint64_t elapsed(void *self)
{
	struct timespec now = {0};
	(void)self;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Lines on a terminal; elsewhere only the table at the end. */
static void tell(void *self, struct tu_str source, struct tu_str what)
{
	const struct sync *s = self;
	struct tu_buf line;
	struct tu_paint paint = {.out = &line};

	if (!s->progress)
		return;
	tu_buf_init(&line, 64 * 1024);
	tu_paint_cell(&paint, TU_HUE_PLAIN, source, 14, false);
	tu_paint_cut(&paint, TU_HUE_PLAIN, what, 200);
	fprintf(stderr, "%.*s\n", TU_STR_FMT(tu_buf_str(&line)));
	tu_buf_done(&line);
}

/* ---- the command ---- */

static enum tu_status print_list(const struct sync *s, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, NULL, err);

	if (status != TU_OK)
		return status;
	tu_feed_table(&s->config, &output.sink.buf);
	return tu_output_close(&output, err);
}

static enum tu_status fetch_and_build(
	struct sync *s, struct tu_kb_sync_answer *answer, struct tu_error *err)
{
	const struct tu_app_hook hook = {.is_cancelled = is_interrupted};
	struct tu_app_context context = *tu_context();
	struct tu_kb_progress progress = {.on_terminal = s->progress};
	const struct tu_kb_build_hooks build = tu_kb_progress_hooks(&progress);
	const struct tu_kb_sync_request request = {.config = &s->config,
		.output = s->output ? s->output : context.kb_default,
		.only = s->only,
		.only_count = s->only_count,
		.offline = s->offline,
		.seed = (uint64_t)context.now ^ (uint64_t)getpid() << 32,
		.proxy = tu_user_proxy(),
		.no_proxy = tu_user_no_proxy(),
		.tell = tell,
		.elapsed = elapsed,
		.self = s,
		.build = &build};
	struct sigaction act = {.sa_handler = interrupt};
	enum tu_status status;

	if (!request.output || !context.feeds)
		return tu_fail(
			err, TU_E_IO, 0, "no place to write to: neither HOME nor XDG_… is set");
	context.hook = &hook;
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	status = tu_app_sync(&context, &request, answer, err);
	tu_kb_progress_clear(&progress);
	return status;
}

static void warn_loss(void *self, const char *sentence)
{
	(void)self;
	tu_command_warn(name, "%s", sentence);
}

/* What the code says: 0 all is fresh, 3 something failed; both with a knowledge base in place. */
static int conclude(const struct tu_kb_sync_answer *answer)
{
	const struct tu_error *problem = &answer->problem;
	char text[TU_ERROR_TEXT_MAX];
	struct tu_output output;
	struct tu_error err = {0};
	enum tu_status status = tu_output_open(&output, NULL, &err);

	if (status == TU_OK) {
		tu_sync_table(answer, &output.sink.buf);
		status = tu_output_close(&output, &err);
	}
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	tu_build_losses(&answer->carried, warn_loss, NULL);
	if (problem->status != TU_OK)
		tu_command_warn(name, "no new knowledge base: %s%s",
			tu_error_text(problem, text, sizeof(text)),
			answer->exists ? "; the old one stays" : "");
	else if (answer->fetched.failed)
		tu_command_warn(name,
			"some sources failed; the knowledge base is built from what is there, and "
			"says so");
	return problem->status != TU_OK || answer->fetched.failed ? TU_EXIT_INPUT : TU_EXIT_OK;
}

static int run(struct sync *s)
{
	struct tu_kb_sync_answer answer = {0};
	struct tu_error err = {0};
	enum tu_status status = read_config(s, &err);
	int code;

	if (status == TU_OK && s->list)
		status = print_list(s, &err);
	else if (status == TU_OK)
		status = fetch_and_build(s, &answer, &err);
	if (status != TU_OK)
		code = tu_command_failed(name, &err);
	else
		code = s->list ? TU_EXIT_OK : conclude(&answer);
	tu_kb_sync_done(&answer);
	return code;
}

static int run_sync(int argc, char **argv)
{
	struct sync s = {.progress = isatty(STDERR_FILENO) == 1};
	int code;

	if (!read_request(argc, argv, &s))
		return TU_EXIT_USAGE;
	s.arena = tu_arena_new(0);
	code = s.arena ? run(&s) : tu_command_no_memory(name);
	tu_arena_free(s.arena);
	return code;
}

static const struct tu_option options[] = {
	{"source", 0, "NAME", "Fetch only this source", TU_LIST(struct sync, sources)},
	{"offline", 0, NULL, "Fetch nothing; build from what was fetched before",
		TU_FLAG(struct sync, offline)},
	{"mirror", 0, "URL", "Fetch from this mirror", TU_TEXT(struct sync, mirror)},
	{"config", 0, "FILE", "Read the sources from FILE; see tutela-kb-sync(1)",
		TU_TEXT(struct sync, config_path)},
	{"ca-file", 0, "FILE", "Trust the certificate authorities in FILE",
		TU_TEXT(struct sync, ca_file)},
	{"output", 'o', "FILE", "Write the knowledge base to FILE (default: the user's own)",
		TU_TEXT(struct sync, output), .written = true},
	{"list", 0, NULL, "List the sources and fetch nothing", TU_FLAG(struct sync, list)},
};

const struct tu_command tu_cmd_kb_sync = {
	.name = "kb sync",
	.summary = "Fetch what is new, build the knowledge base and replace the old one",
	.usage = {"[OPTION...]", "--list"},
	TU_OPTIONS(options),
	.unconfined = true,
	.run = run_sync,
};

const struct tu_command tu_cmd_kb = {
	.name = "kb", .summary = "Build, fetch and query knowledge bases"};
