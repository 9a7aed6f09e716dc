/*
 * What catalogues of exploited vulnerabilities have taken back since the knowledge base before.
 *
 * A catalogue states what is on it, not what was. An assertion that is in the old knowledge base
 * and no longer in the catalogue, which is there in a new state, is kept as withdrawn; one of a
 * catalogue that is not there at all is not: that is counted, for it must be said.
 */
#ifndef TU_KB_CARRY_H
#define TU_KB_CARRY_H

#include <tutela/kb.h>

enum { TU_KB_CARRY_MAX = 32, TU_KB_CARRY_NAME = 64 };

/* A catalogue of the old knowledge base. */
struct tu_kb_carried_catalogue {
	char name[TU_KB_CARRY_NAME];
	size_t before; /* assertions that it stated */
	size_t withdrawn; /* of these, those that it has taken back */
	bool gone; /* none of its records are among the new ones */
};

struct tu_kb_carried {
	struct tu_kb_carried_catalogue at[TU_KB_CARRY_MAX];
	size_t count;
};

/* After all records of the new state have been added. `old`: verified. TU_E_NOMEM, TU_E_LIMIT. */
TU_NODISCARD enum tu_status tu_kb__carry_exploited(struct tu_kb_builder *builder,
	const struct tu_kb *old, struct tu_kb_carried *out_carried, struct tu_error *err);

/* Is more than a tenth of a catalogue gone at once? That is more likely a mistake than news. */
bool tu_kb__is_large_loss(const struct tu_kb_carried_catalogue *catalogue);

#endif
