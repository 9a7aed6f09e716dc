/*
 * Statements that somebody sends about a release (OpenVEX, CycloneDX, CSAF), as proposals: they are
 * read and applied by the one rule of tutela/vex.h, and what applies is proposed. Nobody's
 * statement decides here, whoever is said to have made it.
 *
 * What is decided or proposed already stays: a statement takes no place of anything, and the same
 * document once more changes nothing. Whatever does not become a proposal is counted, by why.
 */
#ifndef TU_PORTFOLIO_VEX_PROPOSE_H
#define TU_PORTFOLIO_VEX_PROPOSE_H

#include <tutela/vex.h>

#include "list/query.h"
#include "portfolio/settle.h"

struct tu_vex_propose {
	struct tu_str release; /* public id */
	const struct tu_list_scope *scope;
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	struct tu_str text; /* the document, with TU_JSON_PADDING after it where `padded` */
	bool padded;
	struct tu_str origin; /* how it came, for the rationale */
	/* what came of it; texts in the work's arena */
	const struct tu_vex_document *document;
	size_t statements; /* products of claims */
	size_t outcomes[TU_VEX_OUTCOMES];
	size_t findings; /* to which something applies */
	size_t proposed, standing; /* standing: something is proposed or decided of it already */
	size_t undecided; /* it says that it is looked into, or nothing that is a status */
	size_t without_reason; /* "not affected" without a justification or a statement why */
};

/* TU_E_NOTFOUND: no such release in the scope, or it has no SBOM. TU_E_SYNTAX, TU_E_UNSUPPORTED,
 * TU_E_LIMIT: of tu_vex_read(). TU_E_USAGE: nothing of it is about this release. */
TU_NODISCARD enum tu_status tu_vex_propose(
	struct tu_work *w, struct tu_vex_propose *propose, struct tu_error *err);

#endif
