#include "cli/sbom_write.h"

#include "app/output.h"
#include "app/sbom_convert.h"
#include "cli/command.h"
#include "cli/environment.h"

const char *tu_sbom_target_word(size_t index)
{
	return index < TU_SBOM_TARGETS_ ? tu_sbom_target_name((enum tu_sbom_target)index) : NULL;
}

static void report(
	const char *command, enum tu_sbom_target target, const struct tu_sbom_losses *losses)
{
	for (size_t i = 0; i < losses->count; i++) {
		const struct tu_sbom_note *note = &losses->notes[i];

		tu_command_warn(command, "%s: %.*s (%zu place%s%s%.*s)",
			tu_sbom_target_name(target), TU_STR_FMT(note->message), note->count,
			note->count == 1 ? "" : "s", note->pointer.len ? ", first " : "",
			TU_STR_FMT(note->pointer));
	}
}

static enum tu_status write_document(const char *command, struct tu_arena *arena,
	const struct tu_sbom_convert *convert, const char *path, struct tu_error *err)
{
	struct tu_output output;
	struct tu_sbom_losses losses = {0};
	enum tu_status status = tu_output_open(&output, path, err);

	if (status)
		return status;
	status = tu_sbom_convert(arena, convert, &output.sink, &losses, err);
	if (status) {
		tu_output_abandon(&output);
		return status;
	}
	report(command, convert->target, &losses);
	return tu_output_close(&output, err);
}

int tu_sbom_write_file(const char *command, struct tu_arena *arena,
	const struct tu_inventory *inventory, enum tu_sbom_target target, bool renew,
	const char *path)
{
	const struct tu_sbom_convert convert = {.inventory = inventory,
		.target = target,
		.now = tu_clock_created(),
		.renew = renew};
	struct tu_error err = {0};

	if (inventory->created.len && !tu_sbom_convert_keeps_time(inventory))
		tu_command_warn(command,
			"\"%.*s\" is not an RFC 3339 time: the time of writing is used instead",
			TU_STR_FMT(inventory->created));
	return write_document(command, arena, &convert, path, &err)
		? tu_command_failed(command, &err)
		: TU_EXIT_OK;
}
