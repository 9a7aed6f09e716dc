/*
 * Merging inventories: several suppliers' documents into one about the whole device.
 *
 * Ownership: the merged inventory lives in the arena and borrows from its inputs.
 * Threads:   one arena, one thread.
 */
#ifndef TUTELA_SBOM_MERGE_H
#define TUTELA_SBOM_MERGE_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_merge_options {
	struct tu_str name; /* of the new subject */
	struct tu_str version;
	enum tu_component_kind kind;
	/* Join components that are alike (the same purl; without one the same group, name and
	 * version): the first one stays, with what only a later one states. Nesting becomes
	 * "contains". */
	bool flatten;
};

struct tu_merge_counts {
	size_t joined; /* components that another one stands for */
	size_t contradictions; /* of these, stating a supplier, licence or hash otherwise */
};

/*
 * Without `flatten` each input's subject becomes a component, on which the new subject depends, and
 * contains what its document lists; of a document without a subject, so does each component at its
 * top. References get a
 * prefix ("1:", "2:", …) and stay unique. Statements about a whole document become ones about what
 * came from it.
 *
 * TU_E_LIMIT when there are more components than an inventory may hold; TU_E_NOMEM.
 */
TU_API TU_NODISCARD enum tu_status tu_sbom_merge(struct tu_arena *arena,
	const struct tu_inventory *const *inputs, size_t count,
	const struct tu_merge_options *options, const struct tu_inventory **out_inventory,
	struct tu_merge_counts *out_counts, struct tu_error *err);

TU_END_C

#endif
