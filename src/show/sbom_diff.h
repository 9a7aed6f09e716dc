/*
 * The formats of a comparison of two SBOMs (sbom diff).
 */
#ifndef TU_SHOW_SBOM_DIFF_H
#define TU_SHOW_SBOM_DIFF_H

#include <tutela/sink.h>

#include "app/sbom_diff.h"

void tu_sbom_diff_table(
	const struct tu_sbom_diff_answer *answer, bool colour, struct tu_sink *output);
void tu_sbom_diff_json(const struct tu_sbom_diff_answer *answer, struct tu_sink *output);

/* What of a pair can differ, in the order in which it is shown. */
struct tu_sbom_diff_field {
	unsigned bit; /* TU_DIFF_… */
	const char *word;
	/* What the first or the `second` document says of it. */
	void (*write)(const struct tu_sbom_diff_answer *answer, const struct tu_diff_pair *pair,
		bool second, struct tu_buf *out);
};

enum { TU_SBOM_DIFF_FIELDS = 5 };

extern const struct tu_sbom_diff_field tu_sbom_diff_fields[TU_SBOM_DIFF_FIELDS];

#endif
