/* Who asks for a call that signs: login, password and, where they have a second factor, a code. */
#ifndef TU_SERVICE_CALL_PROOF_H
#define TU_SERVICE_CALL_PROOF_H

#include "audit/person.h"
#include "datadir/calls.h"

/* Of the arguments "by", "password", "code"; failures count (access/backoff.h). TU_E_CONSTRAINT
 * "authentication", or "code" when one is needed; TU_E_BUSY "signin-wait". */
TU_NODISCARD enum tu_status tu_call_prove(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_proof *out_proof, struct tu_error *err);

#endif
