/* tutela kb sync: fetch what is new, build a new knowledge base beside the old one, swap. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/input.h"
#include "base/sha256.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "show/describe.h"
#include "cli/kb_cmd.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "show/paint.h"
#include "cli/environment.h"
#include "feed/sync.h"
#include "feed/url.h"

static const char name[] = "kb sync";

enum { NAME_CEILING = 16 * 1024, ONLY_MAX = 64, CONFIG_MAX = 1024 * 1024 };

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
	struct tu_buf kb; /* path, NUL-terminated */
	struct tu_buf cache; /* folder, NUL-terminated */
	struct tu_sync_result result;
	int64_t now;
	int64_t built; /* when the knowledge base that stays was built; 0: it is new */
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
	tu_buf_init(&path, NAME_CEILING);
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

static enum tu_status find_folders(struct sync *s, struct tu_error *err)
{
	bool ok = true;

	if (s->output) {
		tu_buf_c(&s->kb, s->output);
		tu_buf_byte(&s->kb, '\0');
	} else {
		ok = tu_user_path("XDG_DATA_HOME", ".local/share", "tutela/tutela.kb", &s->kb);
	}
	ok = ok && tu_user_path("XDG_CACHE_HOME", ".cache", "tutela/feeds", &s->cache);
	return ok && !s->kb.failed
		? TU_OK
		: tu_fail(err, TU_E_IO, 0, "no place to write to: neither HOME nor XDG_… is set");
}

/* ---- hooks ---- */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static bool is_stopped(void *context)
{
	(void)context;
	return interrupted != 0;
}

/* In small pieces, so that an interrupt is heard. */
static void rest(void *context, uint64_t ms)
{
	while (ms && !is_stopped(context)) {
		uint64_t piece = ms < 200 ? ms : 200;
		const struct timespec pause = {
			(time_t)(piece / 1000), (long)(piece % 1000) * 1000000};

		(void)nanosleep(&pause, NULL);
		ms -= piece;
	}
}

/* Lines on a terminal; elsewhere only the table at the end. */
static void tell(void *context, struct tu_str source, struct tu_str what)
{
	const struct sync *s = context;
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

/* ---- the knowledge base ---- */

static bool composed(struct tu_buf *out, const char *path, const char *ending)
{
	tu_buf_init(out, NAME_CEILING);
	tu_buf_printf(out, "%s%s", path, ending);
	tu_buf_byte(out, '\0');
	return !out->failed;
}

static enum tu_status put_in_place(const struct sync *s, const char *next, struct tu_error *err)
{
	struct tu_kb *kb = NULL;
	enum tu_status status = tu_kb_open(next, &kb, err);

	/* nothing that does not hold takes the place of something that does */
	if (status == TU_OK)
		status = tu_kb_verify(kb, err);
	tu_kb_close(kb);
	if (status == TU_OK && rename(next, s->kb.ptr) != 0)
		status = tu_fail(err, TU_E_IO, 0, "%s: cannot put the new file in place: %s",
			s->kb.ptr, strerror(errno));
	if (status != TU_OK)
		(void)unlink(next);
	return status;
}

static enum tu_status build(struct sync *s, struct tu_error *err)
{
	char **inputs = tu_arena_array(s->arena, s->result.source_count, sizeof(*inputs));
	struct tu_buf next;
	int count = 0;
	enum tu_status status;

	if (!inputs || !composed(&next, s->kb.ptr, ".next"))
		return tu_no_memory(err);
	for (size_t i = 0; i < s->result.source_count; i++)
		if (s->result.sources[i].files)
			inputs[count++] = (char *)(uintptr_t)s->result.sources[i].files;
	status = count ? tu_kb_build_from(next.ptr, inputs, count, err)
		       : tu_fail(err, TU_E_NOTFOUND, 0, "no source has given anything yet");
	if (status == TU_OK)
		status = put_in_place(s, next.ptr, err);
	tu_buf_done(&next);
	return status;
}

/* Was the knowledge base built from just these sources, and from what they have now? */
static bool is_up_to_date(const struct sync *s, const struct tu_sidecar *old)
{
	size_t now = 0, then = 0, both = 0;

	for (size_t k = 0; k < old->source_count; k++)
		then += old->sources[k].records > 0;
	for (size_t i = 0; i < s->result.source_count; i++) {
		const struct tu_sync_source *source = &s->result.sources[i];

		if (!source->files)
			continue;
		now++;
		if (source->last_change > old->built)
			return false;
		for (size_t k = 0; k < old->source_count; k++)
			both += old->sources[k].records > 0 &&
				tu_str_eq(old->sources[k].name, source->account.name);
	}
	return now == then && now == both;
}

static bool must_build(struct sync *s)
{
	struct tu_kb_file file;
	bool fits;

	if (s->result.changed || access(s->kb.ptr, F_OK) != 0 ||
		tu_kb_file_open(tu_context(), s->kb.ptr, TU_KB_VERIFY_ONCE, &file, NULL) != TU_OK)
		return true;
	fits = file.sidecar && is_up_to_date(s, file.sidecar);
	s->built = fits ? file.sidecar->built : 0;
	tu_kb_file_close(&file);
	return !fits;
}

static enum tu_status write_account(struct sync *s, struct tu_error *err)
{
	struct tu_sidecar sidecar = {
		.built = s->built ? s->built : s->now, .source_count = s->result.source_count};
	struct tu_sidecar_source *sources =
		tu_arena_array(s->arena, s->result.source_count, sizeof(*sources));
	struct tu_kb *kb = NULL;
	struct tu_output output;
	struct tu_buf path, digest;
	struct tu_kb_info info;
	enum tu_status status = tu_kb_open(s->kb.ptr, &kb, err);

	if (status != TU_OK)
		return status;
	tu_kb_info(kb, &info);
	tu_kb_close(kb);
	if (!sources || !composed(&path, s->kb.ptr, TU_KB_SIDECAR))
		return tu_no_memory(err);
	for (size_t i = 0; i < s->result.source_count; i++)
		sources[i] = s->result.sources[i].account;
	tu_buf_init(&digest, 128);
	tu_sha256_write(info.sha256, &digest);
	sidecar.sources = sources;
	sidecar.kb_sha256 = tu_buf_str(&digest);
	status = tu_output_open(&output, path.ptr, err);
	if (status == TU_OK) {
		tu_sidecar_write(&sidecar, &output.sink.buf);
		status = tu_output_close(&output, err);
	}
	tu_buf_done(&digest);
	tu_buf_done(&path);
	return status;
}

/* ---- what the user sees ---- */

static void add_bytes(struct tu_buf *out, uint64_t bytes)
{
	if (bytes < 1000000)
		tu_buf_printf(out, "%10.1f kB", (double)bytes / 1e3);
	else
		tu_buf_printf(out, "%10.1f MB", (double)bytes / 1e6);
}

static void print_table(const struct sync *s)
{
	struct tu_buf out;
	struct tu_paint paint = {.out = &out};

	tu_buf_init(&out, 1024 * 1024);
	tu_buf_printf(&out, "%-14s %-15s %-16s %10s %13s %13s\n", "source", "status", "fetched",
		"records", "stored", "received");
	for (size_t i = 0; i < s->result.source_count; i++) {
		const struct tu_sync_source *source = &s->result.sources[i];

		tu_paint_cell(&paint, TU_HUE_PLAIN, source->account.name, 15, false);
		tu_describe_freshness(&source->account, s->now, &out);
		tu_buf_printf(&out, " %10llu", (unsigned long long)source->account.records);
		add_bytes(&out, source->account.bytes);
		add_bytes(&out, source->received);
		tu_buf_c(&out, "\n");
	}
	for (size_t i = 0; i < s->result.source_count; i++) {
		const struct tu_sidecar_source *source = &s->result.sources[i].account;

		if (source->last_error.len == 0)
			continue;
		tu_buf_printf(&out, "%.*s: ", TU_STR_FMT(source->name));
		tu_paint(&paint, TU_HUE_PLAIN, source->last_error);
		tu_buf_c(&out, "\n");
	}
	printf("%.*s", TU_STR_FMT(tu_buf_str(&out)));
	tu_buf_done(&out);
}

static void print_list(const struct sync *s)
{
	for (size_t i = 0; i < s->config.source_count; i++) {
		const struct tu_feed_source *source = &s->config.sources[i];

		printf("%.*s%s\n    gives   %.*s\n    from    %.*s\n", TU_STR_FMT(source->name),
			source->refused		 ? "  (off)"
				: source->chosen ? ""
						 : "  (only when named or enabled)",
			TU_STR_FMT(source->gives), TU_STR_FMT(source->url));
		if (source->items.len)
			printf("    items   %.*s\n", TU_STR_FMT(source->items));
		if (source->openpgp_key.len)
			printf("    pinned  each document is signed by the OpenPGP key of %.*s\n",
				TU_STR_FMT(source->openpgp_key));
		printf("    method  %.*s; a pause of %.1f s; stale after %u hours\n"
		       "    check   %.*s\n",
			TU_STR_FMT(tu_feed_method_name(source->method)),
			(source->key.len && source->keyed_delay_ms ? source->keyed_delay_ms
								   : source->delay_ms) /
				1000.0,
			source->max_age / 3600, TU_STR_FMT(source->check));
	}
}

/* ---- the command ---- */

static enum tu_status fetch(struct sync *s, struct tu_error *err)
{
	const struct tu_sync_request request = {.config = &s->config,
		.folder = s->cache.ptr,
		.only = s->only,
		.only_count = s->only_count,
		.offline = s->offline,
		.now = s->now,
		.seed = (uint64_t)s->now ^ (uint64_t)getpid() << 32,
		.hooks = {.tell = tell, .pause = rest, .stopped = is_stopped, .context = s}};
	struct sigaction act = {.sa_handler = interrupt};

	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGTERM, &act, NULL);
	return tu_sync_run(s->arena, &request, &s->result, err);
}

static enum tu_status make_folder_of(const char *path, struct tu_error *err)
{
	struct tu_output probe;
	enum tu_status status;

	tu_kb_file_make_folders(path);
	status = tu_output_open(&probe, path, err);
	if (status == TU_OK)
		tu_output_abandon(&probe);
	return status;
}

/* What the code says: 0 all is fresh, 3 something failed; both with a knowledge base in place. */
static int conclude(struct sync *s, enum tu_status built, const struct tu_error *err)
{
	bool old = access(s->kb.ptr, F_OK) == 0;
	char text[TU_ERROR_TEXT_MAX];

	print_table(s);
	if (built != TU_OK) {
		tu_command_warn(name, "no new knowledge base: %s%s",
			tu_error_text(err, text, sizeof(text)), old ? "; the old one stays" : "");
		return TU_EXIT_INPUT;
	}
	if (s->result.failed)
		tu_command_warn(name,
			"some sources failed; the knowledge base is built from what is there, and "
			"says so");
	return s->result.failed ? TU_EXIT_INPUT : TU_EXIT_OK;
}

static int run(struct sync *s)
{
	struct tu_error err = {0};
	enum tu_status status = read_config(s, &err);

	if (status == TU_OK && s->list) {
		print_list(s);
		return TU_EXIT_OK;
	}
	if (status == TU_OK)
		status = find_folders(s, &err);
	if (status == TU_OK)
		status = make_folder_of(s->kb.ptr, &err);
	if (status == TU_OK)
		status = fetch(s, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	if (interrupted)
		tu_command_warn(name, "stopped; what came so far is kept");
	else if (must_build(s))
		status = build(s, &err);
	/* an old knowledge base keeps its old account: what was fetched is not yet in it */
	if (!interrupted && status == TU_OK)
		status = write_account(s, &err);
	return interrupted ? TU_EXIT_INPUT : conclude(s, status, &err);
}

static int run_sync(int argc, char **argv)
{
	struct sync s = {.progress = isatty(STDERR_FILENO) == 1, .now = tu_clock_now()};
	int code;

	if (!read_request(argc, argv, &s))
		return TU_EXIT_USAGE;
	s.arena = tu_arena_new(0);
	tu_buf_init(&s.kb, NAME_CEILING);
	tu_buf_init(&s.cache, NAME_CEILING);
	if (s.arena) {
		code = run(&s);
	} else {
		tu_command_warn(name, "out of memory");
		code = TU_EXIT_INTERNAL;
	}
	tu_buf_done(&s.kb);
	tu_buf_done(&s.cache);
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
		TU_TEXT(struct sync, output)},
	{"list", 0, NULL, "List the sources and fetch nothing", TU_FLAG(struct sync, list)},
};

const struct tu_command tu_cmd_kb_sync = {
	.name = "kb sync",
	.summary = "Fetch what is new, build the knowledge base and replace the old one",
	.usage = {"[OPTION...]", "--list"},
	TU_OPTIONS(options),
	.run = run_sync,
};

const struct tu_command tu_cmd_kb = {
	.name = "kb", .summary = "Build, fetch and query knowledge bases"};
