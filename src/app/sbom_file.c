#include "app/sbom_file.h"

#include <sys/stat.h>

#include <tutela/sbom_above.h>
#include <tutela/supplement.h>

#include "app/purl_sbom.h"
#include "base/input.h"

static enum tu_status read_file(struct tu_arena *arena, const char *path, bool for_matching,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_sbom_limits limits = {.for_matching = for_matching};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_sbom_read(arena, tu_buf_str(&text), true, &limits, out_inventory, err);
		if (status != TU_OK)
			tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

enum tu_status tu_sbom_file_read(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	return read_file(arena, path, false, out_inventory, err);
}

enum tu_status tu_sbom_file_of_release(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	enum tu_status status = tu_input_check_file(path, err);

	if (status == TU_OK)
		status = read_file(arena, path, true, out_inventory, err);
	return status ? status : tu_sbom_find_above(arena, *out_inventory, out_inventory, err);
}

const char *tu_sbom_source_name(const struct tu_sbom_source *source)
{
	if (source->purl_count)
		return source->purls[0];
	return source->rootfs ? source->rootfs : source->path;
}

enum tu_status tu_sbom_file_supplement(struct tu_arena *arena, const char *path,
	const struct tu_inventory **inventories, size_t count, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TU_SUPPLEMENT_BYTES_MAX);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_supplement_apply(arena, tu_buf_str(&text), inventories, count, err);
		if (status != TU_OK)
			tu_error_in_file(err, "%s", path);
	}
	tu_buf_done(&text);
	return status;
}

/* A folder is no SBOM, but two other things that are read by other words. */
static enum tu_status refuse_folder(const char *path, struct tu_error *err)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return TU_OK;
	return tu_fail(err, TU_E_IO, 0,
		"%s is a folder: \"--rootfs %s\" reads a root file system, \"tutela assess %s\" a "
		"device folder",
		path, path, path);
}

enum tu_status tu_sbom_source_read(struct tu_arena *arena, const struct tu_sbom_source *source,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_inventory *inventory = NULL;
	enum tu_status status;

	if (source->purl_count)
		status = tu_purl_sbom(arena, source->purls, source->purl_count, &inventory, err);
	else if (source->rootfs)
		status = tu_sbom_read_rootfs(arena, source->rootfs, NULL, &inventory, err);
	else if ((status = refuse_folder(source->path, err)) == TU_OK)
		status = read_file(arena, source->path, source->for_matching, &inventory, err);

	if (status == TU_OK && source->supplement)
		status = tu_sbom_file_supplement(arena, source->supplement, &inventory, 1, err);
	if (status == TU_OK)
		*out_inventory = inventory;
	return status;
}

void tu_sbom_file_title(const struct tu_inventory *inventory, struct tu_buf *out)
{
	const struct tu_component *subject = inventory->subject == TU_NO_COMPONENT
		? NULL
		: &inventory->components[inventory->subject];

	tu_buf_str_add(out, subject && subject->name.len ? subject->name : inventory->name);
	if (subject && subject->version.len)
		tu_buf_printf(out, " %.*s", TU_STR_FMT(subject->version));
}
