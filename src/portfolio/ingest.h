/*
 * An SBOM becomes a release's: its document, its components, the facts of those that are new, its
 * references and decisions, in one transaction.
 */
#ifndef TU_PORTFOLIO_INGEST_H
#define TU_PORTFOLIO_INGEST_H

#include "portfolio/settle.h"

struct tu_ingest {
	const struct tu_settling *by;
	struct tu_release_row *release; /* is as it is then */
	struct tu_str text; /* of the document, as received */
	struct tu_prepared *prepared; /* of its inventory, with by->kb */
	struct tu_settled settled; /* what came of it */
};

/* Errors as of tu_release_set_sbom() and tu_settle(). The same document once more settles the
 * release again. */
TU_NODISCARD enum tu_status tu_release_ingest(
	struct tu_work *w, struct tu_ingest *ingest, struct tu_error *err);

#endif
