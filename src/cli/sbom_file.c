#include "cli/sbom_file.h"

#include "base/input.h"

enum tu_status tu_sbom_file_read(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, (size_t)1 << 30);
	status = tu_input_read(path, &text, err);
	if (status == TU_OK) {
		status = tu_sbom_read(arena, tu_buf_str(&text), true, NULL, out_inventory, err);
		if (status != TU_OK)
			tu_error_prefix(err, "%s", path);
	}
	tu_buf_done(&text);
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
