#include "app/concept.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/concept_pack.h"
#include "app/output.h"
#include "base/input.h"
#include "concept/lines.h"

enum { FILE_MAX = 16 << 20, MEMORY_MAX = 512 << 20 };

static enum tu_status path_of(struct tu_concept_folder *folder, const char *name,
	const char **out_path, struct tu_error *err)
{
	size_t len = strlen(name);
	char *path = tu_arena_text(folder->arena, folder->path.len + len + 2);

	if (!path)
		return tu_no_memory(err);
	if (folder->path.len)
		memcpy(path, folder->path.ptr, folder->path.len);
	path[folder->path.len] = '/';
	memcpy(path + folder->path.len + 1, name, len + 1);
	*out_path = path;
	return TU_OK;
}

/* The text of a file in the arena; empty, with `*out_exists` false, where there is none. A pipe
 * would be waited for. */
static enum tu_status read_file(struct tu_concept_folder *folder, const char *path,
	struct tu_str *out_text, bool *out_exists, struct tu_error *err)
{
	struct tu_buf text;
	struct stat st;
	enum tu_status status;

	*out_text = (struct tu_str){"", 0};
	*out_exists = false;
	if (stat(path, &st) != 0)
		return errno == ENOENT ? TU_OK
				       : tu_fail(err, TU_E_IO, 0, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "%s: expected a file", path);
	tu_buf_init(&text, FILE_MAX);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK && !tu_arena_dup(folder->arena, tu_buf_str(&text), out_text))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	*out_exists = status == TU_OK;
	return status;
}

static enum tu_status write_file(const char *path, struct tu_str text, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, path, err);

	if (status != TU_OK)
		return status;
	tu_buf_str_add(&output.sink.buf, text);
	return tu_output_close(&output, err);
}

/* ---- the record ---- */

static enum tu_status take_record(
	struct tu_concept_folder *folder, struct tu_str text, struct tu_error *err)
{
	const struct tu_concept_text record = {tu_str_c(folder->file), text};

	return tu_concept_phase_read(folder->arena, &folder->phase, &record, folder->now, err);
}

static enum tu_status load(struct tu_concept_folder *folder, struct tu_error *err)
{
	struct tu_str text;
	enum tu_status status = read_file(folder, folder->file, &text, &folder->exists, err);

	if (status != TU_OK)
		return status;
	if (folder->exists)
		return take_record(folder, text, err);
	return tu_concept_phase_read(
		folder->arena, &folder->phase, &(struct tu_concept_text){0}, folder->now, err);
}

enum tu_status tu_concept_folder_open(const struct tu_concept_request *request,
	struct tu_concept_folder *folder, struct tu_error *err)
{
	struct tu_concept_pack pack = {0};
	struct stat st;
	enum tu_status status;

	*folder = (struct tu_concept_folder){.arena = tu_arena_new(MEMORY_MAX),
		.path = tu_str_c(request->path),
		.now = request->now};
	if (!folder->arena)
		return tu_no_memory(err);
	while (folder->path.len > 1 && folder->path.ptr[folder->path.len - 1] == '/')
		folder->path.len--;
	if (stat(request->path, &st) != 0 || !S_ISDIR(st.st_mode))
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"%s: no such folder; \"tutela device new\" makes one", request->path);
	status = path_of(folder, "concept.yaml", &folder->file, err);
	if (status == TU_OK && request->pack)
		status = tu_concept_pack_open(folder->arena, request->pack, &pack, err);
	else if (status == TU_OK)
		status = tu_concept_pack_beside(folder->arena, request->path, &pack, err);
	if (status == TU_OK)
		status = tu_concept_phase_open(folder->arena, &pack, &folder->phase, err);
	return status ? status : load(folder, err);
}

void tu_concept_folder_done(struct tu_concept_folder *folder)
{
	tu_arena_free(folder->arena);
	*folder = (struct tu_concept_folder){0};
}

/* ---- changes ---- */

/* The file as it is now, or what a new one begins with. */
static enum tu_status current(struct tu_concept_folder *folder, enum tu_device_class device_class,
	struct tu_str *out_text, struct tu_error *err)
{
	struct tu_buf begin;
	enum tu_status status = read_file(folder, folder->file, out_text, &folder->exists, err);

	if (status != TU_OK || folder->exists)
		return status;
	tu_buf_init(&begin, FILE_MAX);
	tu_concept_record_begin(device_class, &begin);
	if (begin.failed || !tu_arena_dup(folder->arena, tu_buf_str(&begin), out_text))
		status = tu_no_memory(err);
	tu_buf_done(&begin);
	return status;
}

/* A complete text: it is read before it is written, so that no wrong one is left. */
static enum tu_status save(
	struct tu_concept_folder *folder, struct tu_str text, struct tu_error *err)
{
	enum tu_status status = take_record(folder, text, err);

	if (status == TU_OK)
		status = write_file(folder->file, text, err);
	folder->exists = folder->exists || status == TU_OK;
	return status;
}

/* One item more of the list `key`. */
static enum tu_status add(struct tu_concept_folder *folder, struct tu_str key,
	const struct tu_buf *item, struct tu_error *err)
{
	struct tu_lines lines = {folder->arena, tu_str_c(folder->file), {"", 0}};
	struct tu_str kept;
	struct tu_buf grown;
	enum tu_status status = current(folder, TU_CLASS_UNSTATED, &lines.text, err);

	if (status != TU_OK)
		return status;
	if (item->failed)
		return tu_no_memory(err);
	tu_buf_init(&grown, FILE_MAX);
	status =
		tu_lines_add(&lines, &(struct tu_lines_new){key, tu_buf_str(item), 1}, &grown, err);
	if (status == TU_OK && !tu_arena_dup(folder->arena, tu_buf_str(&grown), &kept))
		status = tu_no_memory(err);
	tu_buf_done(&grown);
	return status ? status : save(folder, kept, err);
}

enum tu_status tu_concept_folder_set_class(
	struct tu_concept_folder *folder, enum tu_device_class device_class, struct tu_error *err)
{
	struct tu_str text;
	struct tu_buf line;
	enum tu_status status = current(folder, device_class, &text, err);

	if (status != TU_OK)
		return status;
	if (!folder->exists)
		return save(folder, text, err);
	if (folder->phase.record.device_class != TU_CLASS_UNSTATED)
		return tu_fail(err, TU_E_USAGE, 0, "%s states the class already: change it there",
			folder->file);
	tu_buf_init(&line, 4096);
	tu_buf_printf(&line, "class: %s\n", tu_words_name(&tu_words_class, (int)device_class));
	status = add(folder, (struct tu_str){"", 0}, &line, err);
	tu_buf_done(&line);
	return status;
}

enum tu_status tu_concept_folder_answer(struct tu_concept_folder *folder,
	const struct tu_concept_answer *answer, struct tu_error *err)
{
	struct tu_buf item;
	enum tu_status status;

	tu_buf_init(&item, FILE_MAX);
	tu_concept_answer_write(answer, &item);
	status = add(folder, TU_STR("answers"), &item, err);
	tu_buf_done(&item);
	return status;
}

enum tu_status tu_concept_folder_record_pack(struct tu_concept_folder *folder, struct tu_error *err)
{
	struct tu_buf item;
	enum tu_status status;

	if (!folder->phase.pack.count || folder->phase.pack_recorded || folder->phase.pack_differs)
		return TU_OK;
	tu_buf_init(&item, FILE_MAX);
	tu_concept_pack_record_write(&folder->phase.pack.record, &item);
	status = add(folder, TU_STR("packs"), &item, err);
	tu_buf_done(&item);
	return status;
}

/* ---- seeds ---- */

static enum tu_status seed(struct tu_concept_folder *folder, struct tu_concept_seeding *seeding,
	struct tu_concept_seed_answer *answer, struct tu_error *err)
{
	struct tu_buf model;
	bool exists;
	enum tu_status status = read_file(folder, answer->model, &seeding->model, &exists, err);

	if (status != TU_OK)
		return status;
	answer->is_new = !exists;
	tu_buf_init(&model, FILE_MAX);
	status = tu_concept_seed_model(seeding, &model, &answer->seeded, err);
	if (status == TU_OK)
		status = tu_concept_seed_facts(seeding, &answer->facts, err);
	tu_concept_seed_unknown(seeding, &answer->unknown);
	tu_concept_seed_device(seeding, &answer->device);
	if (status == TU_OK &&
		(answer->device.failed || answer->facts.failed || answer->unknown.failed))
		status = tu_no_memory(err);
	if (status == TU_OK && model.len)
		status = write_file(answer->model, tu_buf_str(&model), err);
	tu_buf_done(&model);
	return status;
}

enum tu_status tu_concept_folder_seed(struct tu_concept_folder *folder,
	struct tu_concept_seed_answer *out_answer, struct tu_error *err)
{
	struct tu_concept_seeding seeding = {.arena = folder->arena, .state = &folder->phase.state};
	struct tu_device_folder device = {0};
	enum tu_status status;
	const char *path;

	*out_answer = (struct tu_concept_seed_answer){0};
	tu_buf_init(&out_answer->device, FILE_MAX);
	tu_buf_init(&out_answer->facts, FILE_MAX);
	tu_buf_init(&out_answer->unknown, FILE_MAX);
	status = path_of(folder, "", &path, err);
	if (status != TU_OK)
		return status;
	status = tu_device_folder_open(path, &device, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK; /* the concept comes before the device */
	if (status == TU_OK)
		status = path_of(folder, "model.yaml", &out_answer->model, err);
	if (status == TU_OK) {
		seeding.device = device.device;
		seeding.model_file = tu_str_c(out_answer->model);
		status = seed(folder, &seeding, out_answer, err);
	}
	tu_device_folder_done(&device);
	return status;
}
