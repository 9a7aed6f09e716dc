#include "app/side_files.h"

#include "base/input.h"
#include "base/vec.h"

struct reading {
	const struct tu_device_folder *folder;
	struct tu_vex_files *files;
	TU_VEC(struct tu_side_file) others;
};

static bool leave(struct reading *r, struct tu_str name, struct tu_str why)
{
	struct tu_side_file file = {.name = name};

	return tu_arena_dup(r->folder->arena, why, &file.why) &&
		TU_VEC_PUSH_IN(r->folder->arena, &r->others, file);
}

/* False: out of memory. */
static bool take(struct reading *r, struct tu_str name)
{
	const char *path = tu_device_folder_path(r->folder, name);
	const struct tu_vex_document *document = NULL;
	struct tu_error problem = {0};
	char text[TU_ERROR_TEXT_MAX];
	enum tu_status status;

	if (!path)
		return false;
	if (tu_input_check_file(path, &problem))
		return leave(r, name, tu_str_c(tu_error_text(&problem, text, sizeof(text))));
	status = tu_vex_file_read(r->folder->arena, path, &document, &problem);
	if (status == TU_E_NOMEM)
		return false;
	if (status == TU_E_UNSUPPORTED || (status == TU_OK && !document->claim_count))
		return leave(r, name, TU_STR(""));
	if (status != TU_OK)
		return leave(r, name, tu_str_c(tu_error_text(&problem, text, sizeof(text))));
	if (r->files->count == TU_VEX_FILES_MAX)
		return leave(r, name, TU_STR("too many files with statements"));
	r->files->paths[r->files->count] = path;
	r->files->documents[r->files->count++] = document;
	return true;
}

enum tu_status tu_side_files_read(const struct tu_device_folder *folder,
	const struct tu_release *release, struct tu_vex_files *files, struct tu_side_files *out,
	struct tu_error *err)
{
	struct reading r = {.folder = folder, .files = files};

	for (size_t i = 0; i < release->side_files.count; i++)
		if (!take(&r, release->side_files.at[i]))
			return tu_no_memory(err);
	*out = (struct tu_side_files){r.others.at, r.others.count};
	return TU_OK;
}
