#include "cli/sbom_write.h"

#include <string.h>

#include "base/sha256.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/environment.h"
#include "app/output.h"

#define DOCUMENT_MAX ((size_t)4 << 30)
enum { SERIAL_MAX = 64, LINE_MAX = 64 };

const char *tu_sbom_target_word(size_t index)
{
	return index < TU_SBOM_TARGETS_ ? tu_sbom_target_name((enum tu_sbom_target)index) : NULL;
}

/* The document's own time in the one form that all targets hold: UTC, whole seconds. */
static void write_created(
	const char *command, const struct tu_inventory *inventory, struct tu_buf *out)
{
	int64_t seconds = 0;

	if (tu_time_parse(inventory->created, &seconds)) {
		tu_time_write(seconds, out);
		return;
	}
	if (inventory->created.len)
		tu_command_warn(command,
			"\"%.*s\" is not an RFC 3339 time: the time of writing is used instead",
			TU_STR_FMT(inventory->created));
	tu_time_write(tu_clock_created(), out);
}

/* A UUID of the content, version 8 (RFC 9562, 5.8). */
static void write_serial(const uint8_t digest[TU_SHA256_BYTES], struct tu_buf *out)
{
	unsigned char uuid[16];

	memcpy(uuid, digest, sizeof(uuid));
	uuid[6] = (unsigned char)((uuid[6] & 0x0f) | 0x80);
	uuid[8] = (unsigned char)((uuid[8] & 0x3f) | 0x80);
	tu_buf_c(out, "urn:uuid:");
	for (size_t i = 0; i < sizeof(uuid); i++)
		tu_buf_printf(
			out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", uuid[i]);
}

/* The serial number is made of a first writing, which has none. */
static enum tu_status make_serial(struct tu_arena *arena, const struct tu_inventory *inventory,
	const struct tu_sbom_write_options *options, struct tu_buf *serial, struct tu_error *err)
{
	struct tu_inventory nameless = *inventory;
	struct tu_sbom_losses losses;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_sink text;
	enum tu_status status;

	nameless.serial = TU_STR("");
	tu_sink_init_memory(&text, DOCUMENT_MAX);
	status = tu_sbom_write(
		arena, &nameless, TU_SBOM_TO_CYCLONEDX_16_JSON, options, &text, &losses, err);
	if (!status && tu_sha256(tu_buf_str(&text.buf), digest))
		status = tu_no_memory(err);
	if (!status)
		write_serial(digest, serial);
	tu_sink_done(&text);
	return status;
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
	const struct tu_inventory *inventory, enum tu_sbom_target target,
	const struct tu_sbom_write_options *options, const char *path, struct tu_error *err)
{
	struct tu_output output;
	struct tu_sbom_losses losses = {0};
	enum tu_status status = tu_output_open(&output, path, err);

	if (status)
		return status;
	status = tu_sbom_write(arena, inventory, target, options, &output.sink, &losses, err);
	if (status) {
		tu_output_abandon(&output);
		return status;
	}
	report(command, target, &losses);
	return tu_output_close(&output, err);
}

int tu_sbom_write_file(const char *command, struct tu_arena *arena,
	const struct tu_inventory *inventory, enum tu_sbom_target target, bool renew,
	const char *path)
{
	struct tu_sbom_write_options options = {
		.tool = TU_STR("tutela " TUTELA_VERSION), .created = {"", 0}, .serial = {"", 0}};
	struct tu_buf created, serial;
	struct tu_error err = {0};
	enum tu_status status = TU_OK;

	tu_buf_init(&created, LINE_MAX);
	tu_buf_init(&serial, SERIAL_MAX);
	write_created(command, inventory, &created);
	options.created = tu_buf_str(&created);
	if (renew || !inventory->serial.len ||
		!tu_sbom_target_holds_serial(target, inventory->serial))
		status = make_serial(arena, inventory, &options, &serial, &err);
	options.serial = tu_buf_str(&serial);
	if (!status)
		status = write_document(command, arena, inventory, target, &options, path, &err);
	tu_buf_done(&serial);
	tu_buf_done(&created);
	return status ? tu_command_failed(command, &err) : TU_EXIT_OK;
}
