/*
 * What operations share that decide and sign.
 */
#ifndef TU_API_SIGN_H
#define TU_API_SIGN_H

#include "api/finding_json.h"
#include "audit/person.h"

/* Who signs: by the members "password" and "code" of the body, or, without a password, by a session
 * that proved it in the last five minutes. Another problem than that of the status is in the call.
 */
TU_NODISCARD enum tu_status tu_api_prove_to_sign(
	struct tu_api_call *call, struct tu_proof *out_proof, struct tu_error *err);

/* The current knowledge base as the database has it, for whoever writes; in place of the one that
 * is held. TU_E_BUSY: there is none yet. */
TU_NODISCARD enum tu_status tu_api_kb_newest(struct tu_api_call *call, struct tu_error *err);

/* A decision that was first, as a thing that is in the way: where in the body, what it says, and
 * (as `expected`) its id. */
void tu_api_name_obstacle(struct tu_api_call *call, struct tu_str pointer, struct tu_str detail,
	struct tu_str public_id);

#endif
