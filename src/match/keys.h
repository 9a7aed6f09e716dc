/*
 * What a re-match after a change of the knowledge base needs to know of a component: under which
 * keys records could be found for it, which of its properties count, and whether it is a system
 * that records need beside others.
 *
 * A component whose keys are none of those that a change touched has the same findings before and
 * after it. Keys are texts:
 *
 *   p:TYPE/NAMESPACE/NAME   a package of an ecosystem or a distribution
 *   s:TYPE/NAMESPACE        all packages of a distribution: which of its releases records cover
 *   t:TYPE                  an ecosystem: whether there are records of it at all
 *   c:PRODUCT               products of CPE names, whatever the vendor
 *   n:NAME                  curated names of products
 *
 * Threads: pure functions of their arguments.
 */
#ifndef TU_MATCH_KEYS_H
#define TU_MATCH_KEYS_H

#include <tutela/arena.h>
#include <tutela/kb.h>
#include <tutela/sbom.h>

#include "base/vec.h"

struct tu_match_keys {
	TU_VEC(struct tu_str) list; /* in the arena; a key may be in it more than once */
	bool all; /* touched: of every component */
};

/* The keys of a component. `distro`: the operating system of its inventory, as a match result has
 * it. `*out_release_counts`: the operating system's release counts for it. False: no memory. */
TU_NODISCARD bool tu_match__keys(struct tu_arena *arena, const struct tu_component *component,
	struct tu_str distro, struct tu_match_keys *out, bool *out_release_counts);

/* The keys that a change from one knowledge base to another touched; `diff` is of
 * tu_kb_compare(). False: no memory. */
TU_NODISCARD bool tu_match__touched(struct tu_arena *arena, const struct tu_kb *old_kb,
	const struct tu_kb *new_kb, const struct tu_kb_diff *diff, struct tu_match_keys *out);

/* Is this a property that matching reads? */
bool tu_match__reads_property(struct tu_str name);

/* Are these operating systems that are known as such, by kind, CPE name or a curated one: what
 * records need beside other products? A device's own firmware is none. One flag a component; false:
 * no memory. */
TU_NODISCARD bool tu_match__find_systems(
	const struct tu_kb *kb, const struct tu_inventory *inventory, bool *out_systems);

#endif
