/*
 * From a maker's decisions to statements that can be published.
 *
 * What is stated: decisions that are in force at `at`; the release that has the fix is fixed once
 * it is out, if no decision of its own says otherwise; where the match of its SBOM does not show
 * that (assess/publish_fix.h), it is under investigation instead. With an assessment of the
 * release, also what earlier releases carry to it, and what was re-opened is under investigation; a
 * note names where each comes from.
 */
#ifndef TU_ASSESS_PUBLISH_H
#define TU_ASSESS_PUBLISH_H

#include <tutela/assess.h>
#include <tutela/issue.h>

#include "base/vec.h"

/* What the maker calls a vulnerability that no knowledge base has a name for. */
struct tu_publish_title {
	struct tu_str id, title;
};
struct tu_publish_titles {
	TU_VEC(struct tu_publish_title) list;
};

struct tu_publish_input {
	struct tu_arena *arena; /* of all that is made */
	const struct tu_device *device;
	const struct tu_decision *const *decisions;
	size_t decision_count;
	const struct tu_assess_result *assessed; /* of `release`; NULL: only what decisions name */
	const char *release; /* NULL: every release that decisions name */
	const char *const *ids; /* vulnerabilities; none: all */
	size_t id_count;
	const struct tu_kb *kb; /* for titles, vectors and whether a fix shows; or NULL */
	const struct tu_publish_titles *own; /* titles that the maker gave; NULL: none */
	bool plain; /* no titles, vectors and names of the knowledge base: what decisions say */
	int64_t at;
	/* The SBOM of a release of the device, by its index; NULL where it has none. Called at most
	 * once for each release that something is stated about or that a decision names as its fix.
	 */
	enum tu_status (*read_sbom)(void *self, size_t release,
		const struct tu_inventory **out_inventory, struct tu_error *err);
	/* Called for a release whose SBOM does not know its subject by the purl or CPE that
	 * statements have: others cannot match them. `stated`: device.yaml states these. */
	void (*tell_release)(void *self, size_t release, bool stated);
	void *self;
};

/* Fill products, entries and the maker's names of `issue`. Decisions that another supersedes or
 * that have ended at `at` are left out; `*out_expired` counts the latter. TU_E_NOMEM, and the
 * errors of `read_sbom`. */
TU_NODISCARD enum tu_status tu_assess__publish(const struct tu_publish_input *input,
	struct tu_issue *issue, size_t *out_expired, struct tu_error *err);

#endif
