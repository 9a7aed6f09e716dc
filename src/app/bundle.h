/*
 * Carry a knowledge base across an air gap: make keys, write a signed bundle, install one.
 */
#ifndef TU_APP_BUNDLE_H
#define TU_APP_BUNDLE_H

#include "app/context.h"

/* Write a new pair of keys, "NAME.key" for its owner alone and "NAME.pub". A file that exists is
 * never replaced. TU_E_IO, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_app_keygen(const char *name, struct tu_error *err);

struct tu_export_request {
	const char *kb; /* the argument of --kb, or NULL */
	const char *key; /* file of the key that signs */
	const char *base; /* an older knowledge base: write the difference from it; or NULL */
	const char *output; /* the bundle */
};

struct tu_export_answer {
	uint64_t bundle_bytes;
	uint64_t kb_bytes;
};

/* Verify the knowledge base and write its bundle. It always has a build time: that of the account
 * or, where there is none, when the file was written (and an account of no source with it).
 * TU_E_NOTFOUND also where there is none but the starter; TU_E_UNSUPPORTED for a base that is no
 * knowledge base; others as of reading them. */
TU_NODISCARD enum tu_status tu_app_export(const struct tu_app_context *context,
	const struct tu_export_request *request, struct tu_export_answer *answer,
	struct tu_error *err);

struct tu_import_request {
	const char *bundle;
	const char *key; /* file of the key that verifies */
	const char *output; /* the knowledge base */
	bool allow_older; /* take it although it is older, or may be, or is of the future */
};

struct tu_import_answer {
	uint64_t kb_bytes;
};

/* Verify a bundle and put its knowledge base and account in place. Keeps syncs and other imports
 * out where context->feeds is known. TU_E_UNSUPPORTED for one that is older than what is there,
 * that is of the same newest record with other content and not built later, or that was built after
 * context->now (by more than an hour); a present one that is damaged is no reason to refuse. Others
 * as of kb/bundle.h and tu_kb_put(). */
TU_NODISCARD enum tu_status tu_app_import(const struct tu_app_context *context,
	const struct tu_import_request *request, struct tu_import_answer *answer,
	struct tu_error *err);

#endif
