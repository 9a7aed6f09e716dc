/*
 * Writing an inventory: what the writers of all targets share.
 */
#ifndef TU_SBOM_WRITE_H
#define TU_SBOM_WRITE_H

#include <tutela/sbom.h>

#include "base/json_writer.h"

/* What can be lost; the words are in write.c. */
enum tu_sbom_loss {
	TU_LOSS_KIND,
	TU_LOSS_NAME,
	TU_LOSS_GROUP,
	TU_LOSS_SCOPE,
	TU_LOSS_HASH,
	TU_LOSS_LICENCE,
	TU_LOSS_PROPERTY,
	TU_LOSS_RESOLVED_SOURCE,
	TU_LOSS_RELATION,
	TU_LOSS_STATEMENT,
	TU_LOSS_JUSTIFICATION,
	TU_LOSS_SERIAL,
	TU_LOSS_CREATED,
	TU_LOSSES_
};

struct tu_sbom_writing {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	const struct tu_sbom_write_options *options;
	struct tu_json_writer to;
	size_t lost[TU_LOSSES_];
	const struct tu_component *first[TU_LOSSES_]; /* where first; NULL: the document */
};

/* Count a loss; `component` may be NULL. */
void tu_sbom__lose(
	struct tu_sbom_writing *w, enum tu_sbom_loss loss, const struct tu_component *component);
/* The option, else what the inventory has. */
struct tu_str tu_sbom__created_of(const struct tu_sbom_writing *w);
struct tu_str tu_sbom__serial_of(const struct tu_sbom_writing *w);
/* "2024-01-02T03:04:05Z", the form that both targets accept. */
bool tu_sbom__is_utc(struct tu_str text);

TU_NODISCARD enum tu_status tu_sbom__write_cyclonedx(
	struct tu_sbom_writing *w, struct tu_error *err);
TU_NODISCARD enum tu_status tu_sbom__write_spdx(struct tu_sbom_writing *w, struct tu_error *err);

#endif
