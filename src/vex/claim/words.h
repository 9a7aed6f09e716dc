/* The words of OpenVEX for a status, for tables: X(word, status). Decisions have the same words. */
#ifndef TU_VEX_CLAIM_WORDS_H
#define TU_VEX_CLAIM_WORDS_H

#include <tutela/claim.h>

#define TU_OPENVEX_STATUSES(X) \
	X("under_investigation", TU_CLAIM_UNDER_INVESTIGATION) \
	X("not_affected", TU_CLAIM_NOT_AFFECTED) \
	X("affected", TU_CLAIM_AFFECTED) \
	X("fixed", TU_CLAIM_FIXED)

#endif
