/*
 * An inventory as a document of another format, with the time and the serial number that the target
 * needs.
 */
#ifndef TU_APP_SBOM_CONVERT_H
#define TU_APP_SBOM_CONVERT_H

#include <tutela/sbom.h>

struct tu_sbom_convert {
	const struct tu_inventory *inventory;
	enum tu_sbom_target target;
	int64_t now; /* seconds; the time of a document that states none which can be read */
	bool renew; /* it says something else than its source: it gets another serial number */
};

/* Is the document's time one that all targets can have? Else `now` takes its place. */
bool tu_sbom_convert_keeps_time(const struct tu_inventory *inventory);

/* Write it. The serial number is the source's where the target can have it, else made of the
 * content, so that the same inventory gives the same bytes. Errors as of tu_sbom_write(). */
TU_NODISCARD enum tu_status tu_sbom_convert(struct tu_arena *arena,
	const struct tu_sbom_convert *convert, struct tu_sink *sink,
	struct tu_sbom_losses *out_losses, struct tu_error *err);

#endif
