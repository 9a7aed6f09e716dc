/* What a folder or a single file says, as texts. */
#define _XOPEN_SOURCE 700
#include "app/threat.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/concept_pack.h"
#include "app/threat_inside.h"
#include "base/input.h"
#include "base/vec.h"

enum { FILE_MAX_BYTES = 64 << 20, PACKS_MAX = 100 };

static const char *const model_files[] = {"model.yaml", "model.yml", "model.json"};

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum tu_status read_text(struct tu_threat_answer *answer, const char *path,
	struct tu_threat_text *out, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX_BYTES);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK && !tu_arena_dup(answer->arena, tu_buf_str(&text), &out->text))
		status = tu_no_memory(err);
	out->file = tu_str_c(path);
	tu_buf_done(&text);
	return status;
}

/* One that was found in the folder, not named. */
static enum tu_status read_found(struct tu_threat_answer *answer, const char *path,
	struct tu_threat_text *out, struct tu_error *err)
{
	enum tu_status status = tu_input_check_file(path, err);

	return status ? status : read_text(answer, path, out, err);
}

/* A file of the folder; none where it is not there. */
static enum tu_status read_beside(struct tu_threat_answer *answer, const char *name,
	struct tu_threat_text *out, struct tu_error *err)
{
	const char *path = tu_device_folder_path(&answer->folder, tu_str_c(name));

	if (!path)
		return tu_no_memory(err);
	return exists(path) ? read_found(answer, path, out, err) : TU_OK;
}

static enum tu_status read_folder_model(
	struct tu_threat_answer *answer, struct tu_threat_text *out, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(model_files) && !status && !out->file.len; i++)
		status = read_beside(answer, model_files[i], out, err);
	if (status != TU_OK || out->file.len)
		return status;
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"%.*s: no model.yaml; docs/formats/model.md describes it",
		TU_STR_FMT(answer->folder.path));
}

static bool has_file(void *self, struct tu_str path)
{
	const struct tu_threat_answer *answer = self;
	const char *name = tu_device_folder_path(&answer->folder, path);

	/* without memory it is not there: that opens a threat, never the other way round */
	return name && exists(name);
}

/* ---- packs of rules ---- */

struct packs {
	TU_VEC(const char *) names;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool tu_threat_is_pack(struct tu_str name)
{
	return name.len && name.ptr[0] != '.' &&
		(tu_str_ends(name, TU_STR(".yaml")) || tu_str_ends(name, TU_STR(".yml")));
}

/* Paths of the packs in rules/, in byte order: the order of a folder is nobody's. */
static enum tu_status list_packs(
	struct tu_threat_answer *answer, struct packs *packs, struct tu_error *err)
{
	const char *path = tu_device_folder_path(&answer->folder, TU_STR("rules"));
	DIR *dir = path ? opendir(path) : NULL;
	struct tu_device_folder below = answer->folder;
	struct dirent *entry;
	bool fine = path != NULL;

	if (path && !dir && errno != ENOENT)
		return tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
	below.path = tu_str_c(path ? path : "");
	while (fine && dir && (entry = readdir(dir)))
		if (tu_threat_is_pack(tu_str_c(entry->d_name))) {
			const char *name = tu_device_folder_path(&below, tu_str_c(entry->d_name));

			fine = name && TU_VEC_PUSH_IN(answer->arena, &packs->names, name);
		}
	if (dir)
		closedir(dir);
	if (!fine)
		return tu_no_memory(err);
	if (packs->names.count > PACKS_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "%s: more than %d packs", path, PACKS_MAX);
	if (packs->names.count)
		qsort(packs->names.at, packs->names.count, sizeof(*packs->names.at), compare_names);
	return TU_OK;
}

static enum tu_status read_packs(
	struct tu_threat_answer *answer, struct tu_threat_texts *texts, struct tu_error *err)
{
	struct packs packs = {0};
	struct tu_threat_text *list;
	enum tu_status status = list_packs(answer, &packs, err);

	if (status != TU_OK)
		return status;
	list = tu_arena_array(answer->arena, packs.names.count, sizeof(*list));
	if (!list)
		return tu_no_memory(err);
	for (size_t i = 0; i < packs.names.count && !status; i++)
		status = read_found(answer, packs.names.at[i], &list[i], err);
	texts->packs = list;
	texts->pack_count = packs.names.count;
	return status;
}

/* The folder whose part a file is: "x/model.yaml" is of "x" where it has a device.yaml. NULL: the
 * file is alone, or no memory. */
static const char *folder_of(struct tu_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = slash ? (size_t)(slash - path) : 1;
	struct tu_str from = slash ? tu_str_of(path, len ? len : 1) : TU_STR(".");
	char *folder, *device;
	bool is_model = false;

	for (size_t i = 0; i < TU_COUNT(model_files); i++)
		is_model |= strcmp(base, model_files[i]) == 0;
	folder = is_model ? tu_arena_text(arena, from.len + 1) : NULL;
	device = folder ? tu_arena_text(arena, from.len + sizeof("/device.yaml")) : NULL;
	if (!device)
		return NULL;
	memcpy(folder, from.ptr, from.len);
	folder[from.len] = '\0';
	memcpy(device, from.ptr, from.len);
	memcpy(device + from.len, "/device.yaml", sizeof("/device.yaml"));
	return exists(device) ? folder : NULL;
}

static enum tu_status read_folder(struct tu_threat_answer *answer, struct tu_threat_texts *texts,
	const char *file, struct tu_error *err)
{
	enum tu_status status;

	texts->device = answer->folder.device;
	texts->has_file = has_file;
	texts->self = answer;
	status = file ? read_text(answer, file, &texts->model, err)
		      : read_folder_model(answer, &texts->model, err);
	if (status == TU_OK)
		status = read_packs(answer, texts, err);
	return status ? status : read_beside(answer, "threats.yaml", &texts->decisions, err);
}

/* ---- the files of a folder ---- */

struct gathering {
	const struct tu_device_folder *folder;
	TU_VEC(struct tu_str) paths;
};

static bool is_file(const struct tu_device_folder *folder, struct tu_str name)
{
	const char *path = tu_device_folder_path(folder, name);
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static enum tu_status gather(struct gathering *g, struct tu_str name, struct tu_error *err)
{
	for (size_t i = 0; i < g->paths.count; i++)
		if (tu_str_eq(g->paths.at[i], name))
			return TU_OK;
	if (!is_file(g->folder, name) || TU_VEC_PUSH_IN(g->folder->arena, &g->paths, name))
		return TU_OK;
	return tu_no_memory(err);
}

/* From the folder, as "rules/own.yaml". */
static enum tu_status gather_packs(struct gathering *g, struct tu_error *err)
{
	struct tu_threat_answer answer = {.arena = g->folder->arena, .folder = *g->folder};
	struct packs packs = {0};
	enum tu_status status = list_packs(&answer, &packs, err);

	for (size_t i = 0; status == TU_OK && i < packs.names.count; i++) {
		struct tu_str path = tu_str_c(packs.names.at[i]);

		status = gather(
			g, tu_str_from(path, tu_str_rfind(path, '/') - strlen("rules")), err);
	}
	return status;
}

static enum tu_status gather_questions(struct gathering *g, struct tu_error *err)
{
	const char *folder = tu_device_folder_path(g->folder, TU_STR("."));
	struct tu_texts paths;
	enum tu_status status = folder
		? tu_concept_pack_files(g->folder->arena, folder, &paths, err)
		: tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < paths.count; i++)
		status = gather(g, paths.at[i], err);
	return status;
}

/* Evidence outside of the folder stays there. */
static bool is_inside(struct tu_str path)
{
	struct tu_str rest = path, step;
	bool inside = path.len && path.ptr[0] != '/';

	while (inside && tu_str_split(&rest, '/', &step))
		inside =
			step.len && !tu_str_eq(step, TU_STR("..")) && !tu_str_eq(step, TU_STR("."));
	return inside;
}

static enum tu_status gather_evidence(struct gathering *g, struct tu_error *err)
{
	struct tu_threat_answer answer = {.arena = g->folder->arena, .folder = *g->folder};
	struct tu_threat_text text = {0};
	const struct tu_model *model;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(model_files) && !status && !text.file.len; i++)
		status = read_beside(&answer, model_files[i], &text, err);
	if (status != TU_OK || !text.file.len)
		return status;
	status = tu_model_read(g->folder->arena,
		&(struct tu_model_source){text.file, text.text, g->folder->device}, &model, NULL,
		err);
	for (size_t i = 0; status == TU_OK && i < model->controls_count; i++) {
		struct tu_str path = tu_threat_evidence_path(model->controls[i].evidence);

		if (is_inside(path))
			status = gather(g, path, err);
	}
	return status;
}

enum tu_status tu_threat_folder_files(
	const struct tu_device_folder *folder, struct tu_texts *out, struct tu_error *err)
{
	static const char *const others[] = {"threats.yaml", "positions.json", "concept.yaml"};
	struct gathering g = {.folder = folder};
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < TU_COUNT(model_files); i++)
		status = gather(&g, tu_str_c(model_files[i]), err);
	for (size_t i = 0; status == TU_OK && i < TU_COUNT(others); i++)
		status = gather(&g, tu_str_c(others[i]), err);
	if (status == TU_OK)
		status = gather_packs(&g, err);
	if (status == TU_OK)
		status = gather_questions(&g, err);
	if (status == TU_OK)
		status = gather_evidence(&g, err);
	*out = (struct tu_texts){g.paths.at, g.paths.count};
	return status;
}

enum tu_status tu_app_threats(
	const char *path, int64_t at, struct tu_threat_answer *answer, struct tu_error *err)
{
	struct tu_threat_texts texts = {0};
	const char *folder;
	enum tu_status status;

	*answer = (struct tu_threat_answer){.arena = tu_arena_new(TU_THREAT_MEMORY), .at = at};
	if (!answer->arena)
		return tu_no_memory(err);
	folder = is_folder(path) ? path : folder_of(answer->arena, path);
	if (folder) {
		status = tu_device_folder_open(folder, &answer->folder, err);
		if (status == TU_OK)
			status = read_folder(answer, &texts, folder == path ? NULL : path, err);
	} else {
		status = read_text(answer, path, &texts.model, err);
	}
	return status ? status : tu_threat__judge(answer, &texts, err);
}
