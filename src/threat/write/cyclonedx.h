/*
 * The parts of a CycloneDX document of declarations (cyclonedx.c), in two files: claims with their
 * evidence and attestation, and targets with what is lost.
 */
#ifndef TU_THREAT_WRITE_CYCLONEDX_H
#define TU_THREAT_WRITE_CYCLONEDX_H

#include "threat/write/write.h"

struct tu_declaring {
	struct tu_model_writing *w;
	struct tu_json_writer *json;
	const struct tu_model *model;
	bool *elements, *flows; /* targets of a claim */
};

typedef void tu_declaring_parts(struct tu_declaring *d);

void tu_declaring_open_list(struct tu_declaring *d, const char *key);
void tu_declaring_list(struct tu_declaring *d, const char *key, tu_declaring_parts *write);
/* "key": "kind:ID", the id percent-encoded, so that two ids never make one. */
void tu_declaring_ref(struct tu_declaring *d, const char *key, const char *kind, struct tu_str id);
/* In place, and it covers something: it makes claims. */
bool tu_declaring_is_claimed(const struct tu_model_control *control);

/* The lists of "targets". */
tu_declaring_parts tu_declaring_organizations, tu_declaring_components, tu_declaring_services;
/* What the document does not hold, by name. */
tu_declaring_parts tu_declaring_losses;

#endif
