#include "app/sbom_convert.h"

#include <string.h>

#include "base/sha256.h"
#include "base/time.h"

#define DOCUMENT_MAX ((size_t)4 << 30)
enum { SERIAL_MAX = 64, TIME_MAX = 64 };

bool tu_sbom_convert_keeps_time(const struct tu_inventory *inventory)
{
	int64_t seconds;

	return tu_time_parse(inventory->created, &seconds);
}

/* The document's own time in the one form that all targets hold: UTC, whole seconds. */
static void write_created(const struct tu_sbom_convert *convert, struct tu_buf *out)
{
	int64_t seconds = 0;

	tu_time_write(
		tu_time_parse(convert->inventory->created, &seconds) ? seconds : convert->now, out);
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

enum tu_status tu_sbom_convert(struct tu_arena *arena, const struct tu_sbom_convert *convert,
	struct tu_sink *sink, struct tu_sbom_losses *out_losses, struct tu_error *err)
{
	const struct tu_inventory *inventory = convert->inventory;
	struct tu_sbom_write_options options = {.tool = TU_STR("tutela " TUTELA_VERSION)};
	struct tu_buf created, serial;
	enum tu_status status = TU_OK;

	tu_buf_init(&created, TIME_MAX);
	tu_buf_init(&serial, SERIAL_MAX);
	write_created(convert, &created);
	options.created = tu_buf_str(&created);
	if (convert->renew || !inventory->serial.len ||
		!tu_sbom_target_holds_serial(convert->target, inventory->serial))
		status = make_serial(arena, inventory, &options, &serial, err);
	options.serial = tu_buf_str(&serial);
	if (!status)
		status = tu_sbom_write(
			arena, inventory, convert->target, &options, sink, out_losses, err);
	tu_buf_done(&serial);
	tu_buf_done(&created);
	return status;
}
