#define _XOPEN_SOURCE 700
#include "app/threat.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/input.h"
#include "base/vec.h"

#include <tutela/threat_rule.h>

enum { FILE_MAX_BYTES = 64 << 20, MEMORY_MAX = 1 << 30, PACKS_MAX = 100 };

static const char *const model_files[] = {"model.yaml", "model.yml", "model.json"};

bool tu_threat_is_open(const struct tu_threat *threat)
{
	return threat->outcome == TU_THREAT_OPEN || threat->outcome == TU_THREAT_UNPROVEN;
}

struct tu_str tu_threat_spot_id(const struct tu_model *model, struct tu_spot spot)
{
	if (spot.is_flow)
		return spot.index < model->flows_count ? model->flows[spot.index].id
						       : (struct tu_str){0};
	return spot.index < model->elements_count ? model->elements[spot.index].id
						  : (struct tu_str){0};
}

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

/* ---- the model ---- */

static enum tu_status read_model(
	struct tu_threat_answer *answer, const char *path, struct tu_error *err)
{
	struct tu_model_source source = {.file = tu_str_c(path), .device = answer->folder.device};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX_BYTES);
	status = tu_input_read(path, &text, err);
	source.text = tu_buf_str(&text);
	if (status == TU_OK)
		status =
			tu_model_read(answer->arena, &source, &answer->model, &answer->losses, err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_folder_model(struct tu_threat_answer *answer, struct tu_error *err)
{
	for (size_t i = 0; i < TU_COUNT(model_files); i++) {
		const char *path = tu_device_folder_path(&answer->folder, tu_str_c(model_files[i]));

		if (!path)
			return tu_no_memory(err);
		if (exists(path))
			return read_model(answer, path, err);
	}
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"%.*s: no model.yaml; docs/formats/model.md describes it",
		TU_STR_FMT(answer->folder.path));
}

/* Is the evidence the path of a file, with a slash and an ending, and not the number of a document?
 */
static bool is_path(struct tu_str evidence)
{
	size_t slash = tu_str_rfind(evidence, '/'), dot = tu_str_rfind(evidence, '.');

	return slash && slash < dot && dot + 1 < evidence.len && evidence.len - dot <= 6 &&
		tu_char_is_alpha(evidence.ptr[dot + 1]) &&
		tu_str_find(evidence, ' ') == evidence.len &&
		tu_str_find(evidence, ':') == evidence.len;
}

/* Evidence that names a file of the folder which is not there is none. */
static enum tu_status look_for_evidence(struct tu_threat_answer *answer, struct tu_error *err)
{
	size_t count = answer->model->controls_count;
	struct tu_model *model = tu_arena_alloc(answer->arena, sizeof(*model));
	struct tu_model_control *controls = tu_arena_array(answer->arena, count, sizeof(*controls));

	if (!model || !controls)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct tu_str evidence = answer->model->controls[i].evidence;
		struct tu_str name = tu_str_first(evidence, tu_str_find(evidence, '#'));
		const char *path =
			is_path(name) ? tu_device_folder_path(&answer->folder, name) : "";

		if (!path)
			return tu_no_memory(err);
		controls[i] = answer->model->controls[i];
		controls[i].evidence_gone = path[0] && !exists(path);
	}
	*model = *answer->model;
	model->controls = controls;
	answer->model = model;
	return TU_OK;
}

/* ---- packs of rules ---- */

struct packs {
	TU_VEC(const char *) names;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_pack(const char *name)
{
	struct tu_str s = tu_str_c(name);

	return name[0] != '.' &&
		(tu_str_ends(s, TU_STR(".yaml")) || tu_str_ends(s, TU_STR(".yml")));
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
		if (is_pack(entry->d_name)) {
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

static enum tu_status read_pack(struct tu_threat_answer *answer, const char *path,
	const struct tu_threat_pack **out_pack, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, FILE_MAX_BYTES);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK)
		status = tu_threat_pack_read(
			answer->arena, tu_str_c(path), tu_buf_str(&text), out_pack, err);
	tu_buf_done(&text);
	return status;
}

/* The rule of the pack whose id a rule of the other has, too; NULL: none. */
static const struct tu_threat_rule *shared_rule(
	const struct tu_threat_pack *pack, const struct tu_threat_pack *other)
{
	for (size_t i = 0; i < pack->rule_count; i++)
		for (size_t o = 0; o < other->rule_count; o++)
			if (tu_str_eq(pack->rules[i].id, other->rules[o].id))
				return &pack->rules[i];
	return NULL;
}

/* A key names a threat by the rule and a decision names the pack: both have one meaning. */
static enum tu_status check_pack(
	const struct tu_threat_pack *const *packs, size_t index, struct tu_error *err)
{
	const struct tu_threat_pack *pack = packs[index];

	for (size_t i = 0; i < index; i++) {
		const struct tu_threat_rule *rule = shared_rule(pack, packs[i]);

		if (tu_str_eq(packs[i]->id, pack->id))
			return tu_fail(err, TU_E_SYNTAX, 0,
				"%.*s: /id: there is another pack \"%.*s\": give this one an id of "
				"its own",
				TU_STR_FMT(pack->file), TU_STR_FMT(pack->id));
		if (rule)
			return tu_fail(err, TU_E_SYNTAX, 0,
				"%.*s:%u:%u: the pack \"%.*s\" has a rule \"%.*s\", too: a "
				"decision "
				"about one would be about both",
				TU_STR_FMT(pack->file), rule->place.line, rule->place.column,
				TU_STR_FMT(packs[i]->id), TU_STR_FMT(rule->id));
	}
	return TU_OK;
}

static enum tu_status read_packs(struct tu_threat_answer *answer, struct tu_error *err)
{
	const struct tu_threat_pack **list;
	struct packs packs = {0};
	enum tu_status status = TU_OK;

	if (answer->folder.device)
		status = list_packs(answer, &packs, err);
	if (status != TU_OK)
		return status;
	list = tu_arena_array(answer->arena, packs.names.count + 1, sizeof(const void *));
	if (!list)
		return tu_no_memory(err);
	status = tu_threat_pack_builtin(answer->arena, &list[0], err);
	for (size_t i = 0; i < packs.names.count && !status; i++) {
		status = read_pack(answer, packs.names.at[i], &list[i + 1], err);
		if (status == TU_OK)
			status = check_pack(list, i + 1, err);
	}
	answer->packs = list;
	answer->pack_count = packs.names.count + 1;
	return status;
}

/* ---- what has been decided ---- */

static enum tu_status read_decisions(
	struct tu_threat_answer *answer, struct tu_dispositions *out, struct tu_error *err)
{
	const char *path = tu_device_folder_path(&answer->folder, TU_STR("threats.yaml"));
	struct tu_buf text;
	enum tu_status status;

	if (!path)
		return tu_no_memory(err);
	if (!exists(path))
		return TU_OK;
	tu_buf_init(&text, FILE_MAX_BYTES);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK)
		status = tu_dispositions_read(
			answer->arena, tu_str_c(path), tu_buf_str(&text), out, err);
	tu_buf_done(&text);
	return status;
}

/* ---- all of it ---- */

static enum tu_status find(struct tu_threat_answer *answer, struct tu_error *err)
{
	struct tu_threat_input input = {.model = answer->model,
		.device = answer->folder.device,
		.packs = answer->packs,
		.pack_count = answer->pack_count,
		.at = answer->at};
	enum tu_status status =
		tu_model_lint(answer->arena, answer->model, answer->at, &answer->lints, err);

	if (status == TU_OK)
		status = tu_threat_lint_words(answer->arena, &input, &answer->lints, err);
	if (status == TU_OK && answer->folder.device)
		status = read_decisions(answer, &input.dispositions, err);
	answer->dispositions = input.dispositions;
	if (status == TU_OK)
		status = tu_threat_find(answer->arena, &input, &answer->threats, err);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < answer->lints.count; i++)
		answer->levels[answer->lints.at[i].level]++;
	for (size_t i = 0; i < answer->threats.count; i++)
		answer->counts[answer->threats.at[i].outcome]++;
	return TU_OK;
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

enum tu_status tu_app_threats(
	const char *path, int64_t at, struct tu_threat_answer *answer, struct tu_error *err)
{
	const char *folder;
	enum tu_status status;

	*answer = (struct tu_threat_answer){.arena = tu_arena_new(MEMORY_MAX), .at = at};
	if (!answer->arena)
		return tu_no_memory(err);
	folder = is_folder(path) ? path : folder_of(answer->arena, path);
	if (folder) {
		status = tu_device_folder_open(folder, &answer->folder, err);
		if (status == TU_OK)
			status = folder == path ? read_folder_model(answer, err)
						: read_model(answer, path, err);
		if (status == TU_OK)
			status = look_for_evidence(answer, err);
	} else {
		status = read_model(answer, path, err);
	}
	if (status == TU_OK)
		status = read_packs(answer, err);
	return status ? status : find(answer, err);
}

void tu_threat_answer_done(struct tu_threat_answer *answer)
{
	tu_arena_free(answer->arena);
	tu_device_folder_done(&answer->folder);
	*answer = (struct tu_threat_answer){0};
}
