/* tutela import: what another tool has, as device folders that are pushed. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/dtrack_import.h"
#include "base/input_file.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/environment.h"
#include "cli/options.h"
#include "cli/push_http.h"
#include "feed/post.h"
#include "portfolio/folder_tar.h"

#define MEMORY_MAX ((size_t)4 << 30)
#define FILE_MAX_BYTES ((size_t)256 << 20)
enum { DEPTH_MAX = 4, PATH_BYTES = 4096, URL_MAX = 16 << 10, SECONDS = 600, KEY_MAX = 400 };

struct request {
	const char *to;
	const char *output;
	const char *by;
	const char *key;
};

const struct tu_command tu_cmd_import = {
	.name = "import", .summary = "Take over what another tool has, as proposals"};

/* ---- a folder ---- */

struct walking {
	struct tu_dtrack_import *import;
	const char *root;
	struct tu_error *err;
};

static struct tu_str below(const struct walking *w, const char *path)
{
	return tu_str_c(path + strlen(w->root) + 1);
}

static enum tu_status read_file(struct walking *w, const char *path)
{
	struct tu_error why = {0};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX_BYTES);
	status = tu_input__read_raw(path, &text, &why);
	if (status == TU_OK)
		status =
			tu_dtrack_import_file(w->import, below(w, path), tu_buf_str(&text), w->err);
	else if (status != TU_E_NOMEM)
		status = tu_dtrack__lose(
			w->import, TU_DTRACK_LOST_FILE, below(w, path), why.message, w->err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status walk(struct walking *w, const char *folder, int depth);

/* What is no regular file is not followed: it may lead out of the folder. */
static enum tu_status take_entry(struct walking *w, const char *path, int depth)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return tu_input__fail_errno(w->err, path);
	if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
		return walk(w, path, depth + 1);
	if (S_ISREG(st.st_mode))
		return read_file(w, path);
	return tu_dtrack__lose(w->import, TU_DTRACK_LOST_FILE, below(w, path),
		S_ISLNK(st.st_mode)	      ? "a symbolic link is not followed"
			: S_ISDIR(st.st_mode) ? "folders are nested more deeply than four"
					      : "it is no regular file",
		w->err);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum tu_status walk(struct walking *w, const char *folder, int depth)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_shown, by_name);
	enum tu_status status = count < 0 ? tu_input__fail_errno(w->err, folder) : TU_OK;

	for (int i = 0; i < count; i++) {
		char path[PATH_BYTES];
		int len = snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);

		if (status == TU_OK && (len < 0 || len >= PATH_BYTES))
			status = tu_fail(w->err, TU_E_LIMIT, 0, "%s: the path is too long", folder);
		if (status == TU_OK)
			status = take_entry(w, path, depth);
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* ---- a service ---- */

struct asking {
	struct tu_str place;
	const char *key;
};

static enum tu_status get(
	void *self, struct tu_str path, struct tu_buf *out, long *out_status, struct tu_error *err)
{
	struct asking *a = self;
	struct tu_post post = {.get = true,
		.type = "application/json, application/vnd.cyclonedx+json",
		.api_key = a->key,
		.seconds_max = SECONDS,
		.ca_file = tu_user_variable("TUTELA_CA_FILE"),
		.proxy = tu_user_proxy(),
		.no_proxy = tu_user_no_proxy(),
		.answer = *out};
	struct tu_buf url;
	enum tu_status status;

	tu_buf_init(&url, URL_MAX);
	tu_buf_str_add(&url, a->place);
	tu_buf_str_add(&url, path);
	tu_buf_byte(&url, '\0');
	post.url = url.ptr;
	status = url.failed ? tu_no_memory(err) : tu_post_send(&post, err);
	*out = post.answer;
	*out_status = post.status;
	tu_buf_done(&url);
	return status;
}

/* The key of the environment, or a line of standard input: never an argument, which others see. */
static enum tu_status take_key(
	const struct request *r, char room[KEY_MAX], const char **out, struct tu_error *err)
{
	*out = tu_user_variable("TUTELA_DTRACK_KEY");
	if (r->key && strcmp(r->key, "-") != 0)
		return tu_fail(
			err, TU_E_USAGE, 0, "--key is \"-\": the key is a line of standard input");
	if (r->key) {
		if (!fgets(room, KEY_MAX, stdin))
			return tu_fail(err, TU_E_USAGE, 0, "there is no key on standard input");
		room[strcspn(room, "\r\n")] = '\0';
		*out = room;
	}
	if (!*out || !**out)
		return tu_fail(err, TU_E_USAGE, 0,
			"$TUTELA_DTRACK_KEY is not set: it has a key of Dependency-Track; or give "
			"it on standard input with --key -");
	return TU_OK;
}

static enum tu_status read_service(struct tu_dtrack_import *import, const struct request *r,
	const char *place, struct tu_error *err)
{
	char room[KEY_MAX];
	struct asking a = {.place = tu_str_c(place)};
	const struct tu_dtrack_get how = {get, &a};
	enum tu_status status = take_key(r, room, &a.key, err);

	while (a.place.len && a.place.ptr[a.place.len - 1] == '/')
		a.place.len--;
	return status ? status : tu_dtrack_import_api(import, &how, err);
}

/* ---- pushing ---- */

/* As `tutela push` does it: one way into a store. */
static int push(const struct request *r, const char *folder, struct tu_str device)
{
	char path[PATH_BYTES], name[] = "push", to[] = "--to", by[] = "--by";
	char keeps[] = "--renew";
	char *place = strdup(r->to), *who = strdup(r->by ? r->by : "");
	char *argv[] = {name, path, to, place, keeps, by, who, NULL};
	int code = TU_EXIT_INTERNAL;

	(void)snprintf(path, sizeof(path), "%s/%.*s", folder, TU_STR_FMT(device));
	if (place && who) {
		if (!r->by)
			argv[5] = NULL;
		code = tu_cmd_push.run(r->by ? 7 : 5, argv);
	}
	free(place);
	free(who);
	return code;
}

static int push_all(
	const struct tu_dtrack_import *import, const struct request *r, const char *folder)
{
	int worst = TU_EXIT_OK;

	for (size_t i = 0; i < import->folders.count; i++) {
		int code = push(r, folder, import->folders.at[i]);

		worst = code > worst ? code : worst;
	}
	return worst;
}

/* ---- the report ---- */

static void say(const struct tu_dtrack_import *import)
{
	size_t counts[TU_DTRACK_LOST_KINDS] = {0};

	for (size_t i = 0; i < import->lost.count; i++)
		counts[import->lost.at[i].kind]++;
	printf("read: %zu devices, %zu releases, %zu BOMs, %zu VEX documents, %zu findings, %zu "
	       "decisions\n",
		import->devices, import->releases, import->boms, import->statements,
		import->findings, import->decisions);
	printf("not carried over: %zu", import->lost.count);
	for (int kind = 0; kind < TU_DTRACK_LOST_KINDS; kind++)
		if (counts[kind])
			printf(", %zu %s", counts[kind],
				tu_dtrack_kind_name((enum tu_dtrack_kind)kind));
	printf("\n");
	for (size_t i = 0; i < import->lost.count; i++)
		printf("  %s: %.*s: %.*s\n", tu_dtrack_kind_name(import->lost.at[i].kind),
			TU_STR_FMT(import->lost.at[i].name), TU_STR_FMT(import->lost.at[i].why));
}

/* ---- the command ---- */

static enum tu_status read_all(struct tu_dtrack_import *import, const struct request *r,
	const char *source, const char *folder, struct tu_error *err)
{
	struct walking w = {import, source, err};
	enum tu_status status = tu_push_is_http(source) ? read_service(import, r, source, err)
							: walk(&w, source, 0);

	if (status == TU_OK && !import->projects.count)
		printf("no project was found\n");
	return status ? status : tu_dtrack_import_write(import, folder, err);
}

static int import_into(struct tu_dtrack_import *import, const struct request *r, const char *source,
	const char *folder)
{
	struct tu_error err = {0};
	int code;

	if (read_all(import, r, source, folder, &err))
		return tu_command_failed("import dependency-track", &err);
	code = push_all(import, r, folder);
	say(import);
	if (code != TU_EXIT_OK)
		return code;
	return import->lost.count || !import->projects.count ? TU_EXIT_POLICY : TU_EXIT_OK;
}

static int run_import(int argc, char **argv)
{
	struct request r = {0};
	struct tu_error err = {0};
	char temporary[TU_FOLDER_TEMPORARY] = "";
	struct tu_dtrack_import *import;
	struct tu_arena *arena;
	int code = TU_EXIT_INTERNAL;

	if (!tu_options_take(&tu_cmd_import_dependency_track, &argc, argv, &r))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(argv[0], "expected one folder or URL");
	if (r.output && mkdir(r.output, 0777) != 0 && errno != EEXIST)
		return tu_command_misused(argv[0], "%s: %s", r.output, strerror(errno));
	if (!r.output && tu_folder_make_temporary(temporary, &err))
		return tu_command_failed(argv[0], &err);
	arena = tu_arena_new(MEMORY_MAX);
	import = arena ? tu_arena_alloc(arena, sizeof(*import)) : NULL;
	if (import) {
		*import = (struct tu_dtrack_import){.arena = arena};
		code = import_into(import, &r, argv[1], r.output ? r.output : temporary);
	}
	if (!r.output)
		tu_folder_remove_temporary(temporary);
	tu_arena_free(arena);
	return code;
}

static const struct tu_option options[] = {
	{"to", 0, "STORE",
		"Push into the data folder STORE, or a URL \"postgresql://…\" or \"https://…\"",
		TU_TEXT(struct request, to), .required = true},
	{"output", 'o', "DIR", "Keep the device folders that are pushed in DIR",
		TU_TEXT(struct request, output)},
	{"by", 0, "WHO", "Record WHO as who pushes (default: local)", TU_TEXT(struct request, by)},
	{"key", 0, "-", "Read the key of Dependency-Track from standard input",
		TU_TEXT(struct request, key)},
};

const struct tu_command tu_cmd_import_dependency_track = {
	.name = "import dependency-track",
	.summary = "Import projects, BOMs and decisions of Dependency-Track",
	.usage = {"FOLDER --to STORE [OPTION...]", "URL --to STORE [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "FOLDER has files of findings (FPF), SBOMs and VEX documents; URL is that of the\n"
		 "service, whose key is in $TUTELA_DTRACK_KEY. A project becomes a device with a\n"
		 "release, and what was decided on its findings proposals: nothing is signed. The\n"
		 "same import again changes nothing; what was changed there meanwhile is proposed\n"
		 "in place of what was proposed before, and never in place of an approved\n"
		 "decision, which is named and stays. What does not carry over is listed, each\n"
		 "thing with the reason, and the exit code is then 1.\n",
	.unconfined = true,
	.run = run_import,
};
